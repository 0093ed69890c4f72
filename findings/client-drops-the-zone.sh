#!/usr/bin/env bash
# OdooRPC 0.10.1: setting a datetime field to a moment that knows its zone. Expected: the moment in UTC, as Odoo stores it, or
# an error. Seen: the hour on the sender's clock, without the zone, which Odoo takes for UTC: off by the zone's hours.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check OdooRPC==0.10.1 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import datetime, timedelta, timezone
from odoorpc.fields import Datetime

field = Datetime("date", {"type": "datetime", "string": "Date"})
moment = datetime(2026, 6, 1, 9, 0, tzinfo=timezone(timedelta(hours=2)))
sent = field.check_value(moment)
print(f"{moment.isoformat()} is sent as {sent!r}; in UTC it is {moment.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}")
sys.exit(sent != "2026-06-01 09:00:00")
PYTHON
