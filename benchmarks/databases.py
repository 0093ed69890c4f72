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
def copy_of(purpose):
    """:return: context manager with the name of a copy of the database, for what uses it up"""
    original = name_of(purpose)
    copy = f"{original}_copy"
    close_db(original)
    subprocess.run(["dropdb", "--if-exists", "--force", copy], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["createdb", "--template", original, copy], check=True)
    # what others measured and rolled back is still in the tables; and writing the copy to the disk would go on
    vacuum = ["--command", "VACUUM ANALYZE", "--command", "CHECKPOINT"]
    subprocess.run(["psql", "--quiet", "--dbname", copy, *vacuum], check=True)
    try:
        yield copy
    finally:
        close_db(copy)
        subprocess.run(["dropdb", "--force", copy], check=True)
