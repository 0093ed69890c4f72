#!/usr/bin/env bash
# psycopg2-binary 2.9.13 with PostgreSQL of pgserver 0.1.4: a query after the server was stopped at once. Expected: the same
# error and the same mark on the connection, however it was made. Seen: over TCP an OperationalError and a connection that is
# marked as closed; over a Unix socket a plain DatabaseError and a connection that still passes for open.
set -euo pipefail
folder=$(mktemp -d)
data=$folder/data
as_owner=()
# PostgreSQL refuses to run as root.
[ "$(id -u)" != 0 ] || as_owner=(setpriv --reuid=nobody --clear-groups)
owner() { (cd / && "${as_owner[@]}" "$@") >>"$folder/log" 2>&1; }
finish() {
    if [ -e "$data/postmaster.pid" ]; then owner "$bin/pg_ctl" -D "$data" -m immediate stop || true; fi
    rm -rf "$folder"
}
trap finish EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps psycopg2-binary==2.9.13 pgserver==0.1.4 2>/dev/null
bin=$(echo "$folder"/venv/lib/python3*/site-packages/pgserver/pginstall/bin)
[ "$(id -u)" != 0 ] || chown nobody "$folder"
chmod 755 "$folder"
owner "$bin/initdb" -D "$data" -U odoo -A trust --no-sync
port=$(python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
owner "$bin/pg_ctl" -D "$data" -w -o "-k $folder -p $port -c listen_addresses=127.0.0.1" start
"$folder/venv/bin/python" - "$folder" "$port" <<'PYTHON'
import os, signal, sys, time
import psycopg2

folder, port = sys.argv[1:]
connections = {
    name: psycopg2.connect(host=host, port=port, user="odoo", dbname="postgres")
    for name, host in (("TCP", "127.0.0.1"), ("socket", folder))
}
with open(f"{folder}/data/postmaster.pid") as file:
    os.kill(int(file.readline()), signal.SIGQUIT)  # as "pg_ctl stop -m immediate" does
for _attempt in range(100):
    if not os.path.exists(f"{folder}/data/postmaster.pid"):
        break
    time.sleep(0.1)
seen = {}
for name, connection in connections.items():
    try:
        connection.cursor().execute("SELECT 1")
    except psycopg2.Error as error:
        seen[name] = type(error).__name__, connection.closed
    print(f"{name}: {seen.get(name)}")
sys.exit(seen != {"TCP": ("OperationalError", 2), "socket": ("DatabaseError", 0)})
PYTHON
