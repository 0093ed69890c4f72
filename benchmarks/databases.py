"""The databases that ``benchmarks/run`` makes, by what they are for."""

import os
import subprocess
from contextlib import contextmanager

from odoo import api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db


def name_of(purpose):
    """
    :param str purpose: ``small``, ``large``, ``peer``, …: see ``benchmarks/run``
    :return: the name of the database
    """
    return os.environ[f"BENCH_{purpose.upper()}"]


def environment(purpose):
    """:return: context manager with an Environment of the superuser, of which nothing is kept"""
    return environment_in(name_of(purpose))


@contextmanager
def environment_in(name):
    """The same for the database of that name."""
    with Registry(name).cursor() as cr:
        yield api.Environment(cr, api.SUPERUSER_ID, {})
        cr.rollback()


@contextmanager
def copy_of(purpose, is_compact=False):
    """A copy of the database, for what uses it up.

    :param bool is_compact: whether its tables and indexes are written anew, as what others measured and rolled back has
        blown them up: for what is compared with a database in which nobody measured
    :return: context manager with its name
    """
    original = name_of(purpose)
    copy = f"{original}_copy"
    close_db(original)
    subprocess.run(["dropdb", "--if-exists", "--force", copy], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["createdb", "--template", original, copy], check=True)
    # writing the copy to the disk would go on
    vacuum = "VACUUM (ANALYZE, FULL)" if is_compact else "VACUUM (ANALYZE)"
    subprocess.run(
        ["psql", "--quiet", "--dbname", copy, "--command", vacuum, "--command", "CHECKPOINT"], check=True
    )
    try:
        yield copy
    finally:
        close_db(copy)
        subprocess.run(["dropdb", "--force", copy], check=True)
