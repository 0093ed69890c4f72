"""The update from 19.0.1.0.0 by the clock, with a million contacts and ten million moves, beside an update of the same
database that has nothing to migrate.

Each is what an administrator waits for: Odoo's command line, on a copy of the database.
"""

import subprocess
import sys
import time

from databases import copy_of

DATABASES = ("history",)

# What tells a database of 19.0.1.0.0, as far as its time goes: moves that do not say when the stage had been entered.
AS_BEFORE = """
    ALTER TABLE lifecycle_transition DROP COLUMN date_entered;
    UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = 'contact_lifecycle';
"""


def seconds_of(prepare=None):
    """:return: seconds of an update of a copy of the database"""
    with copy_of("history") as copy:
        if prepare:
            subprocess.run(["psql", "--quiet", "--dbname", copy, "--command", prepare], check=True)
        command = [
            sys.executable,
            "-m",
            "odoo",
            "-u",
            "contact_lifecycle",
            "--stop-after-init",
            "--no-http",
            "-d",
            copy,
        ]
        start = time.perf_counter()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds


def measure(_purpose, table):
    table.add("update from 19.0.1.0.0", seconds_of(AS_BEFORE), "without its migration", seconds_of(), None)
