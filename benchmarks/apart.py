"""Measurements in a process of their own: what one leaves behind in memory is no burden to the next."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from odoo.tools import config


def prepare():
    config.parse_config(["--no-http", "--log-level", "warn"], setup_logging=True)


def apart(function, *arguments):
    """Call a function in a new process.

    :param function: one that a module beside this one defines
    :param arguments: what it takes, and returns, is copied
    :return: what it returns
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=prepare) as pool:
        return pool.submit(function, *arguments).result()
