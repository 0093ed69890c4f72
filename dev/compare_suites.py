"""python compare_suites.py WITHOUT.log WITH.log: says which tests pass in the first run and not in the second."""

import re
import sys
from pathlib import Path

from verdict import read_entries, shorten

STARTED = re.compile(r"Starting (\S+\.test\S*) \.\.\.")
BROKEN = re.compile(r"(?:FAIL|ERROR): (?:Subtest )?(\S+)|skipped (\S+) : ")
HOOT = re.compile(r'\[HOOT\] Test "(.*)" passed|(?:\[HOOT\] )?Test "(.*)" failed')

# Failures that are the addon's purpose.
EXPLAINED = {
    "im_livechat.tests.test_get_discuss_channel: TestGetDiscussChannel.test_channel_get_livechat_visitor_info": (
        "it counts what is on the bus, where open dashboards and inboxes are told of a new conversation (M2)"
    ),
}


class Results:
    """The names of the tests in a log, and the texts of those that did not pass."""

    def __init__(self, path):
        self.passed = set()
        self.broken = {}
        self.hoot = 0
        for entry in read_entries(path):
            self.read_entry(entry["logger"], entry["text"])
        self.passed -= set(self.broken)

    def read_entry(self, logger, text):
        module = logger.removeprefix("odoo.addons.")
        if match := STARTED.match(text):
            self.passed.add(f"{module}: {match[1]}")
        elif match := BROKEN.match(text):
            self.broken.setdefault(f"{module}: {match[1] or match[2]}", text)
        elif match := HOOT.search(text):
            name = f"{module}: {match[1] or match[2]}"
            self.hoot += 1
            if match[1]:
                self.passed.add(name)
            else:
                self.broken.setdefault(name, text)

    def __str__(self):
        total = len(self.passed | set(self.broken))
        return f"{total} tests ({self.hoot} of them HOOT), {len(self.broken)} failed or skipped"


def main(without_path, with_path):
    without, with_addon = Results(Path(without_path)), Results(Path(with_path))
    print(f"without the addon: {without}", f"with the addon:    {with_addon}", sep="\n")
    for name in sorted(set(without.broken) & set(with_addon.broken)):
        print(f"in both:   {name}")
    only_with = sorted(without.passed - with_addon.passed)
    for name in set(EXPLAINED).intersection(only_with):
        print(f"explained: {name}: {EXPLAINED[name]}")
        only_with.remove(name)
    for name in only_with:
        print("-" * 100, f"ONLY WITH: {name}", shorten(with_addon.broken.get(name, "not run")), sep="\n")
    if not without.passed:
        print("no test passed without the addon")
    print(f"{len(only_with)} tests fail only with the addon")
    sys.exit(bool(only_with) or not without.passed)


if __name__ == "__main__":
    main(*sys.argv[1:])
