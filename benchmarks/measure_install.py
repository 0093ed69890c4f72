"""Installing and uninstalling the addon by the clock, where there are a million contacts and where there are none.

Each is what an administrator waits for: Odoo's command line, on a copy of the database.
"""

import statistics
import subprocess
import sys
import time

from databases import copy_of, name_of

DATABASES = ("plain_large",)
BESIDE = ("plain", "small", "large")
# seconds that a million contacts may add
LIMIT = 2
ROUNDS = 3

COMMANDS = {
    "installing": (["-i", "contact_lifecycle", "--stop-after-init", "--no-http"], "plain", "plain_large"),
    "uninstalling": (["module", "uninstall", "contact_lifecycle"], "small", "large"),
}


def seconds_of(arguments, purpose):
    """:return: seconds that Odoo needs for it on a copy of the database"""
    with copy_of(purpose) as copy:
        command = [sys.executable, "-m", "odoo", *arguments, "-d", copy]
        start = time.perf_counter()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds


def measure(_purpose, table):
    for name, (arguments, few, many) in COMMANDS.items():
        times = {purpose: [] for purpose in (few, many)}
        for _round in range(ROUNDS):
            for purpose, taken in times.items():
                taken.append(seconds_of(arguments, purpose))
        added = statistics.median(times[many]) - statistics.median(times[few])
        size = name_of(few).rpartition("_")[2]
        table.add_value(f"{name}, beyond that with {size}", added, "s", LIMIT)
