# Where things are, and how to speak. Sourced by the scripts beside it.
set -euo pipefail

ROOT=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/contact_lifecycle
[ -z "${ODOO_PATH:-}" ] || ODOO_PATH=$(realpath -m "$ODOO_PATH")
short_hash() { printf %s "$1" | sha256sum | cut -c1-8; }
# key_of CHECKOUT: two checkouts share the cache, but not their databases; nor do two versions of Odoo.
key_of() { short_hash "$1${ODOO_PATH:+ $ODOO_PATH}"; }
KEY=$(key_of "$ROOT")
# Checkouts share what is installed, but two may want other Node packages.
NODE_HOME=$CACHE/node_$(short_hash "$(cat "$ROOT"/dev/package*.json)")

say() { printf '%s\n' "$@" >&2; }

die() {
    say "error: $*"
    exit 1
}

case $CACHE in
    /*) ;;
    *) die "XDG_CACHE_HOME must be an absolute path, not '$XDG_CACHE_HOME'." ;;
esac

# files: the files of the checkout that git knows or would add (all of them where there is no git), ended by zeros.
files() {
    cd "$ROOT"
    # A checkout is not "dubious" because it belongs to somebody else, as in many containers.
    {
        git -c safe.directory="$ROOT" ls-files -co --exclude-standard -z 2>/dev/null ||
            find . -type f ! -path './.git/*' ! -name '*.pyc' -printf '%P\0'
    } | while IFS= read -r -d '' file; do
        # git names deleted files too.
        if [ -e "$file" ]; then printf '%s\0' "$file"; fi
    done
}

# odoo_home: the folder to put on Python's path, so that "import odoo" works.
odoo_home() {
    local home=${ODOO_PATH:-$CACHE/odoo} folder version
    for folder in "$home" "$home/usr/lib/python3/dist-packages" "$home/.."; do
        [ -f "$folder/odoo/release.py" ] || continue
        version=$(sed -n 's/^version_info = //p' "$folder/odoo/release.py")
        [[ $version == "(19, 0, "* ]] ||
            die "the Odoo in $home is version $version, and the addon is for 19.0: name an Odoo 19.0 in ODOO_PATH."
        (cd "$folder" && pwd)
        return
    done
    die "no Odoo in $home: ODOO_PATH must name a checkout or an installation of Odoo 19.0."
}

# prepare: set the environment in which Odoo, its tests and its tools run.
prepare() {
    local folder
    PATH=$CACHE/venv/bin:$PATH
    PYTHONPATH=$(odoo_home)
    # Else Python would look for modules in the current folder, and find ours ("models", "tests").
    PYTHONSAFEPATH=1
    # Not the user's own ~/.odoorc.
    ODOO_RC=${ODOO_RC:-/dev/null}
    ODOO_DATA_DIR=${ODOO_DATA_DIR:-$CACHE/data}
    ODOO_HTTP_INTERFACE=${ODOO_HTTP_INTERFACE:-127.0.0.1}

    # Odoo wants a folder called contact_lifecycle, whatever this checkout is called.
    ODOO_ADDONS_PATH=$CACHE/links/$KEY
    mkdir -p "$ODOO_ADDONS_PATH" "$ODOO_DATA_DIR"
    ln -sfn "$ROOT" "$ODOO_ADDONS_PATH/contact_lifecycle"
    while IFS= read -r -d : folder; do
        [ -n "$folder" ] || continue
        [ -d "$folder" ] || die "ODOO_EXTRA_ADDONS names '$folder', which is not a folder."
        ODOO_ADDONS_PATH+=,$(cd "$folder" && pwd)
    done <<<"${ODOO_EXTRA_ADDONS:-}:"

    if [ -z "${PGHOST:-}" ]; then
        PGHOST=$("$ROOT/dev/postgres" start)
        PGPORT=5432
        PGUSER=odoo
        unset PGPASSWORD PGSERVICE PGDATABASE
    fi
    # What looks at the screens in the tests, see tests/common_axe.py.
    export CONTACT_LIFECYCLE_AXE=$NODE_HOME/node_modules/axe-core/axe.min.js
    export PATH PYTHONPATH PYTHONSAFEPATH PGHOST PGPORT PGUSER
    export ODOO_RC ODOO_DATA_DIR ODOO_HTTP_INTERFACE ODOO_ADDONS_PATH
}
