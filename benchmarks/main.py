"""Runs the measurements named on the command line and prints one table: ``main.py SMALL LARGE NAME...``."""

import importlib
import sys

from timing import Table

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config


def main(small, large, *names):
    config.parse_config(["--no-http", "--log-level", "warn"], setup_logging=True)
    table = Table()
    for name in names:
        measure = importlib.import_module(f"measure_{name}").measure
        for database in (small, large):
            with Registry(database).cursor() as cr:
                table.size = f"{database.rpartition('_')[2]} contacts"
                measure(api.Environment(cr, api.SUPERUSER_ID, {}), table)
                cr.rollback()
    print(table)
    return 0 if table.is_within_limits() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
