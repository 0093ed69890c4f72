#!/usr/bin/env bash
# oca-odoo-pre-commit-hooks 0.2.27: checking a repository that is one module. Expected: its faults, or an error that there
# is no module. Seen: called where the repository's root is the module, the command finds nothing to look at and succeeds;
# called on the same files one folder deeper, it finds the fault.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check oca-odoo-pre-commit-hooks==0.2.27 2>/dev/null
make_module() {
    mkdir -p "$1/data"
    printf '{"name": "Shop", "version": "19.0.1.0.0", "license": "LGPL-3", "data": ["data/a.xml"]}\n' >"$1/__manifest__.py"
    printf 'Shop\n====\n' >"$1/README.rst"
    touch "$1/__init__.py"
    cat >"$1/data/a.xml" <<'XML'
<?xml version="1.0" encoding="utf-8" ?>
<odoo>
    <record id="twice" model="res.partner"><field name="name">A</field></record>
    <record id="twice" model="res.partner"><field name="name">A</field></record>
</odoo>
XML
}
check() { (cd "$1" && "$folder/venv/bin/oca-checks-odoo-module" --enable=xml-duplicate-record-id "${2:-.}") >"$folder/seen" 2>&1; }
make_module "$folder/shop"
git init --quiet "$folder/shop"
make_module "$folder/repository/shop"
git init --quiet "$folder/repository"
at_root=0 below=0
check "$folder/shop" || at_root=$?
echo "where the root is the module: status $at_root, $(grep -c xml-duplicate-record-id "$folder/seen" || true) faults named"
check "$folder/repository/shop" || below=$?
echo "where it is a folder of it:   status $below, $(grep -c xml-duplicate-record-id "$folder/seen" || true) faults named"
[ "$at_root" = 0 ] && [ "$below" != 0 ]
