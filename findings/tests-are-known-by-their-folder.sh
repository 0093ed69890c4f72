#!/usr/bin/env bash
# pylint-odoo 10.0.12: which files are tests. Expected: whatever lies below the folder "tests" of a module. Seen: only what
# lies directly in it; in a folder of its own below "tests", a test is told to translate what it posts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pylint-odoo==10.0.12 2>/dev/null
mkdir -p "$folder/shop/tests/order"
cd "$folder/shop"
printf '{"name": "Shop", "version": "19.0.1.0.0", "license": "LGPL-3"}\n' >__manifest__.py
touch __init__.py tests/__init__.py tests/order/__init__.py
cat >tests/test_post.py <<'PYTHON'
class TestPost:
    def test_post(self):
        self.order.message_post(body="Hello")
PYTHON
cp tests/test_post.py tests/order/test_post.py
cd ..
venv/bin/pylint --load-plugins=pylint_odoo --disable=all --enable=translation-required --score=no shop >seen || true
cat seen
grep -q "shop/tests/order/test_post.py.*translation-required" seen && ! grep -q "shop/tests/test_post.py" seen
