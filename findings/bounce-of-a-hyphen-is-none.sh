#!/usr/bin/env bash
# flufl.bounce 6.0.0: a bounce in plain text that names the address. Expected: the address, whatever its domain is called.
# Seen: no address where the domain has a hyphen, as if it were no bounce; the machine-readable report of the same is read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check flufl.bounce==6.0.0 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from email import message_from_string
from flufl.bounce import scan_message

HEAD = "From: postmaster@example.net\nTo: sales@example.com\nSubject: Returned mail\n"
TEXT = """
   ----- The following addresses had permanent fatal errors -----
<%s>

   ----- Transcript of session follows -----
"""
REPORT = """Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1

--b--
"""
seen = {}
for address in ("casey@shop.example.com", "casey@my-shop.example.com"):
    for kind, form in (("text", TEXT), ("report", REPORT)):
        seen[kind, address] = scan_message(message_from_string(HEAD + form % address)) == {address.encode()}
        print(f"{kind} about {address}: {'found' if seen[kind, address] else 'nothing found'}")
sys.exit([key for key, found in seen.items() if not found] != [("text", "casey@my-shop.example.com")])
PYTHON
