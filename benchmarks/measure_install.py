"""Installing and uninstalling the addon by the clock, where there are a million contacts and where there are none."""

import statistics

from commands import seconds_of
from databases import name_of

DATABASES = ("plain_large",)
BESIDE = ("plain", "small", "large")
# seconds that a million contacts may add
LIMIT = 2
ROUNDS = 3

COMMANDS = {
    "installing": (["-i", "contact_lifecycle", "--stop-after-init", "--no-http"], "plain", "plain_large"),
    "uninstalling": (["module", "uninstall", "contact_lifecycle"], "small", "large"),
}


def measure(_purpose, table):
    for name, (arguments, few, many) in COMMANDS.items():
        times = {purpose: [] for purpose in (few, many)}
        for _round in range(ROUNDS):
            for purpose, taken in times.items():
                taken.append(seconds_of(arguments, purpose))
        added = statistics.median(times[many]) - statistics.median(times[few])
        size = name_of(few).rpartition("_")[2]
        table.add_value(f"{name}, beyond that with {size}", added, "s", LIMIT)
