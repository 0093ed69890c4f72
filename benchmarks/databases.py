"""The databases that ``benchmarks/run`` makes, by what they are for."""

import os
from contextlib import contextmanager

from odoo import api
from odoo.modules.registry import Registry


def name_of(purpose):
    """
    :param str purpose: ``small``, ``large``, ``peer`` or ``deletion``: see ``benchmarks/run``
    :return: the name of the database
    """
    return os.environ[f"BENCH_{purpose.upper()}"]


@contextmanager
def environment(purpose):
    """:return: context manager with an Environment of the superuser, of which nothing is kept"""
    with Registry(name_of(purpose)).cursor() as cr:
        yield api.Environment(cr, api.SUPERUSER_ID, {})
        cr.rollback()
