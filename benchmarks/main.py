"""Runs the measurements named on the command line and prints one table: ``main.py NAME...``.

Each is a function ``measure(env, table)`` in a file ``measure_NAME.py``, called for the small and the large
database, or for those that the file names in ``DATABASES``.
"""

import importlib
import sys

from databases import environment, name_of
from timing import Table

from odoo.tools import config


def main(*names):
    config.parse_config(["--no-http", "--log-level", "warn"], setup_logging=True)
    table = Table()
    for name in names:
        module = importlib.import_module(f"measure_{name}")
        for purpose in getattr(module, "DATABASES", ("small", "large")):
            with environment(purpose) as env:
                table.size = f"{name_of(purpose).rpartition('_')[2]} contacts"
                module.measure(env, table)
    print(table)
    return 0 if table.is_within_limits() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
