"""Runs the measurements named on the command line and prints one table: ``main.py NAME...``.

Each is a function ``measure(purpose, table)`` in a file ``measure_NAME.py``, called for the small and the large
database, or for those that the file names in ``DATABASES``, each time in a process of its own. What others it needs
is in ``BESIDE``.
``main.py --databases NAME...`` prints which databases that are.
"""

import importlib
import sys

from apart import apart
from databases import name_of
from timing import Table


def import_all(names):
    """:return: list of (module, purposes of the databases that it is called for)"""
    modules = [importlib.import_module(f"measure_{name}") for name in names]
    return [(module, getattr(module, "DATABASES", ("small", "large"))) for module in modules]


def print_databases(*names):
    purposes = {}
    for module, databases in import_all(names):
        purposes |= dict.fromkeys((*databases, *getattr(module, "BESIDE", ())))
    print(*purposes)
    return 0


def rows_of(name, purpose):
    """:return: rows of the table, what the measurement has to say of this database"""
    table = Table(f"{name_of(purpose).rpartition('_')[2]} contacts")
    importlib.import_module(f"measure_{name}").measure(purpose, table)
    return table.rows


def main(*names):
    table = Table()
    for name, (_module, databases) in zip(names, import_all(names), strict=True):
        for purpose in databases:
            rows = apart(rows_of, name, purpose)
            table.rows += rows
            for row in rows:  # it takes a while until the table is whole
                print(*filter(None, row), sep=", ", file=sys.stderr, flush=True)
    print(table)
    return 0 if table.is_within_limits() else 1


if __name__ == "__main__":
    names = sys.argv[1:]
    sys.exit(print_databases(*names[1:]) if names[:1] == ["--databases"] else main(*names))
