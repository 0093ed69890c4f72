#!/usr/bin/env bash
# phonenumbers 9.0.43: international numbers without their plus, as messengers write them, read in their own country.
# Expected: the number with its plus. Seen: so it is nearly everywhere, but where numbers may be long, as in Germany, the
# country code is taken for a part of the number, and the result is another number, which passes for valid.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

right, wrong = 0, {}
for country in sorted(phonenumbers.SUPPORTED_REGIONS):
    # the library's own example of a mobile number
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    if number is None:
        continue
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    read = phonenumbers.parse(written.lstrip("+"), country)
    if read == number:
        right += 1
    elif phonenumbers.is_valid_number(read):
        wrong[country] = phonenumbers.format_number(read, PhoneNumberFormat.E164)
        print(f"{country}: {written} without its plus is read as {wrong[country]}, which is valid")
print(f"read as what they are: {right}")
sys.exit(not (wrong.get("DE", "").startswith("+4949") and right > 200))
PYTHON
