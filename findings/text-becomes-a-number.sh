#!/usr/bin/env bash
# Odooly 2.6.7: searching by a criterion written as text. Expected: the words after the operator, as they are, or always as
# Python reads them. Seen: it depends on the digits: a phone number loses its plus and a postal code becomes a number, while
# one that begins with zero, or has a space in it, stays a text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Odooly==2.6.7 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from odooly import searchargs

EXPECTED = {
    "phone = +15550100": 15550100,
    "phone = +1 5550100": "+1 5550100",
    "zip = 10115": 10115,
    "zip = 01067": "01067",
    "ref = 1e5": 100000.0,
}
seen = {}
for criterion in EXPECTED:
    seen[criterion] = searchargs(([criterion],))[0][0][2]
    print(f"{criterion!r} searches for {seen[criterion]!r}")
sys.exit(seen != EXPECTED)
PYTHON
