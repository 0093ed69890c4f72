"""Reads what a test run left, says what went wrong and what took longest, and ends with the line "N passed, M failed".

    python verdict.py FOLDER --odoo-status STATUS --failed-checks COUNT [--only-some]

FOLDER has ``odoo.log`` and, but for ``--only-some``, ``pytest.xml`` and ``pytest.log``.
"""

import argparse
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): ")
# In the report of the logger odoo.tests.stats, where there is a line for each addon and class as well.
TIME = re.compile(
    r"^\tcontact_lifecycle\.(?P<name>\S+\.(?:test_\w+|setUpClass)): (?P<seconds>[\d.]+)s ", re.MULTILINE
)
LONGEST = 60  # lines of one failure
SLOWEST = 10  # tests


class Run:
    """What is counted over all runners."""

    def __init__(self):
        self.passed = 0
        self.failures = []

    def fail(self, text):
        self.failures.append(text)


def read_entries(path):
    """:return: the entries of a log as dicts of level, logger and text, a traceback being part of its entry"""
    entries = []
    for line in path.read_text(errors="replace").splitlines():
        match = ENTRY.match(line)
        if match:
            entries.append({**match.groupdict(), "text": line[match.end() :]})
        elif entries:
            entries[-1]["text"] += "\n" + line
    return entries


def print_slowest(text):
    times = {match["name"]: float(match["seconds"]) for match in TIME.finditer(text)}
    times = {name: seconds for name, seconds in times.items() if seconds >= 1}
    if times:
        print("The slowest in Odoo's runner:")
    for name in sorted(times, key=times.get, reverse=True)[:SLOWEST]:
        print(f"{times[name]:8.1f} s  {name}")


def judge_odoo(run, folder, status, only_some):
    entries = read_entries(folder / "odoo.log")
    texts = [entry["text"] for entry in entries]
    started = [text for text in texts if re.match(r"Starting \S+\.test\S* \.\.\.", text)]
    browser = {entry["logger"] for entry in entries if re.match(r'Open "\S+" in browser', entry["text"])}
    hoot = sum(int(found) for found in re.findall(r"\[HOOT\] Passed (\d+) tests", "\n".join(texts)))
    skipped = [text for text in texts if re.match(r"skipped .* : ", text)]
    broken = {text.splitlines()[0] for text in texts if re.match(r"(FAIL|ERROR): ", text)}
    print(
        f"Odoo's runner: {len(started)} tests, {len(browser)} of them in the browser;"
        f" HOOT: {hoot} tests; {len(skipped)} skipped, {len(broken)} failed"
    )
    print_slowest("\n".join(texts))
    for entry in entries:
        summary = broken and entry["logger"] == "odoo.tests.result"
        if entry["level"] in ("WARNING", "ERROR", "CRITICAL") and not summary:
            run.fail(f"{entry['level']} {entry['logger']}: {entry['text']}")
    for text in skipped:
        run.fail(text)
    if not started:
        run.fail("Odoo's runner found no test")
    if not only_some and not browser:
        run.fail("no test was run in the browser")
    if not only_some and not hoot:
        run.fail("no HOOT test was run")
    if status and not run.failures:
        run.fail(f"Odoo ended with status {status}:\n" + "\n".join(texts[-LONGEST:]))
    run.passed += max(0, len(started) - len(skipped) - len(broken)) + hoot


def judge_pytest(run, folder):
    try:
        suite = ET.parse(folder / "pytest.xml").getroot().find("testsuite")
        cases = suite.findall("testcase")
    except (OSError, ET.ParseError):
        cases = []
    if not cases:
        run.fail("pytest-odoo ran no test:\n" + (folder / "pytest.log").read_text(errors="replace"))
    bad = 0
    for case in cases:
        found = [child for child in case if child.tag in ("failure", "error", "skipped")]
        bad += bool(found)
        for child in found:
            name = f"{case.get('classname')}.{case.get('name')}"
            run.fail(f"pytest-odoo: {name} ({child.tag})\n{child.text or child.get('message')}")
    print(f"pytest-odoo: {len(cases)} tests, {bad} failed or skipped")
    run.passed += len(cases) - bad


def shorten(text):
    lines = text.rstrip().splitlines()
    if len(lines) > LONGEST:
        lines[LONGEST // 3 : -2 * LONGEST // 3] = ["    ..."]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--odoo-status", type=int, required=True)
    parser.add_argument("--failed-checks", type=int, required=True)
    parser.add_argument("--only-some", action="store_true")
    options = parser.parse_args()

    run = Run()
    judge_odoo(run, options.folder, options.odoo_status, options.only_some)
    if not options.only_some:
        judge_pytest(run, options.folder)
    for failure in run.failures:
        print("-" * 100, shorten(failure), sep="\n")
    if options.failed_checks:
        print(f"{options.failed_checks} of the other checks failed: see above")
    failed = len(run.failures) + options.failed_checks
    print(f"{run.passed} passed, {failed} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
