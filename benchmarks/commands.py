"""Odoo's command line by the clock: what an administrator waits for."""

import subprocess
import sys
import time

from databases import copy_of


def seconds_of(arguments, purpose, prepare=None):
    """
    :param list arguments: of Odoo's command line, without the database
    :param str purpose: of the database, of which a copy is made
    :param str prepare: SQL that is run on the copy before, off the clock
    :return: seconds that Odoo needs for it
    """
    with copy_of(purpose) as copy:
        if prepare:
            subprocess.run(["psql", "--quiet", "--dbname", copy, "--command", prepare], check=True)
        command = [sys.executable, "-m", "odoo", *arguments, "-d", copy]
        start = time.perf_counter()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds
