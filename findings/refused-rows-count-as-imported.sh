#!/usr/bin/env bash
# odoo-import-export-client 3.0.0: importing rows of which Odoo refuses every one. Expected: a failure. Seen: "2 res.partner
# imported" and status 0; only a file beside the first says otherwise. Nor does the import leave the chatter alone: without
# being asked, it tells Odoo to track nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    odoo-import-export-client==3.0.0 odoo-client-lib==2.0.1 2>/dev/null
cd "$folder"
printf 'id;name\nx.a;A\nx.b;B\n' >contacts.csv
venv/bin/python - <<'PYTHON'
import os, subprocess, sys, threading
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

contexts = []

def refuse(database, user, password, model, method, args, options=None):
    contexts.append(options.get("context"))
    rows = range(len(args[1]))
    return {"ids": False, "messages": [{"type": "error", "message": "refused", "record": row} for row in rows]}

class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/xmlrpc/2/object", "/xmlrpc/object")

server = SimpleXMLRPCServer(("127.0.0.1", 0), Handler, logRequests=False, allow_none=True)
server.register_function(refuse, "execute_kw")
threading.Thread(target=server.serve_forever, daemon=True).start()
with open("connection.conf", "w") as file:
    file.write(
        "[Connection]\nhostname = 127.0.0.1\ndatabase = x\nlogin = x\npassword = x\nuid = 2\n"
        f"protocol = xmlrpc\nport = {server.server_address[1]}\n"
    )
command = ["venv/bin/odoo_import_thread.py", "-c", "connection.conf", "--file", "contacts.csv", "--model", "res.partner"]
done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=60)
claims = [line for line in done.stdout.splitlines() if "imported" in line]
refused = sum(1 for _line in open("contacts.csv.fail")) - 1
print(f"refused: {refused}; status: {done.returncode}; it says: {claims}; context: {contexts}")
print(done.stderr if not claims else "", end="")
sys.exit(not (refused == 2 and done.returncode == 0 and claims and contexts == [{"tracking_disable": True}]))
PYTHON
