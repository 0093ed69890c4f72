#!/usr/bin/env bash
# rjsmin 1.3.0, which Odoo minifies its assets with: a template literal within another one. Expected: literals are left
# as they are, as those that are not within another are. Seen: the blank between two placeholders of the inner one is
# dropped, so the minified script says something else than its source.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check rjsmin==1.3.0
cat >inner.js <<'JS'
const first = "Ada", last = "Example";
const nested = `Dear ${last ? `${first} ${last}` : first}!`;
const name = `${first} ${last}`;
const flat = `Dear ${name}!`;
console.log(JSON.stringify({ nested, flat }));
JS
env/bin/python -m rjsmin <inner.js >minified.js
source=$(node inner.js)
minified=$(node minified.js)
echo "as written: $source"
echo "minified:   $minified"
[ "$source" = '{"nested":"Dear Ada Example!","flat":"Dear Ada Example!"}' ]
[ "$minified" = '{"nested":"Dear AdaExample!","flat":"Dear Ada Example!"}' ]
