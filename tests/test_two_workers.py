import itertools
import json
import queue
import signal
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

from odoo.tests import tagged
from odoo.tests.common import get_db_name

from .common_kill import TIMEOUT, KillCase

SCRIPT = Path(__file__).parent / "scripts" / "serve.py"
PREFIX = "Two workers test"
PASSWORD = "two workers of example.com"
THREADS = 3
CONTACTS = 5


class Client:
    """Somebody logged in over HTTP."""

    def __init__(self, url, login):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.post("/web/session/authenticate", {"db": get_db_name(), "login": login, "password": PASSWORD})

    def post(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        with self.opener.open(request, timeout=TIMEOUT) as response:
            answer = json.load(response)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer.get("result")

    def call(self, model, method, *args):
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_kill")
class TestTwoWorkers(KillCase):
    """A real server with two worker processes, and several people who work in it at once."""

    def setUp(self):
        super().setUp()
        self.default_id = self.transact(lambda env: env["lifecycle.stage"]._get_default_id())
        self.owner_id, self.stage_ids, self.contact_ids = self.transact(self.prepare)
        self.url = self.serve()

    def prepare(self, env):
        group = env.ref("contact_lifecycle.group_owner") | env.ref("base.group_partner_manager")
        owner = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create({"name": PREFIX, "login": PREFIX, "password": PASSWORD, "group_ids": group.ids})
        )
        stages = env["lifecycle.stage"].create([{"name": f"{PREFIX} {i}"} for i in range(3)])
        contacts = env["res.partner"].create(
            [{"name": f"{PREFIX} {i}", "lifecycle_stage_id": stages[0].id} for i in range(CONTACTS)]
        )
        return owner.id, stages.ids, contacts.ids

    def delete(self, env):
        env["lifecycle.stage"].browse(self.default_id).action_set_default()
        users = env["res.users"].search([("login", "=", PREFIX)])
        partners = users.partner_id | env["res.partner"].search([("name", "like", PREFIX)])
        users.unlink()
        partners.unlink()
        env["lifecycle.stage"].search([("name", "like", PREFIX)]).unlink()

    def serve(self):
        """:return: the URL of a server that both workers are ready in; it ends with the test"""
        ports = []
        for _port in range(2):
            with socket.socket() as sock:
                sock.bind(("127.0.0.1", 0))
                ports.append(str(sock.getsockname()[1]))
        self.process = self.start(
            *(SCRIPT, "-d", get_db_name(), "--db-filter", f"^{get_db_name()}$"),
            *("--workers", 2, "--max-cron-threads", 0, "--no-database-list"),
            *("--http-interface", "127.0.0.1", "--http-port", ports[0], "--gevent-port", ports[1]),
        )
        self.lines, ready = [], queue.Queue()

        def read():
            for line in self.process.stderr:
                self.lines.append(line)
                if "WorkerHTTP" in line and "alive" in line:
                    ready.put(line)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        self.addCleanup(reader.join, TIMEOUT)
        self.addCleanup(self.stop)
        for _worker in range(2):
            ready.get(timeout=TIMEOUT)
        return f"http://127.0.0.1:{ports[0]}"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=TIMEOUT)
        finally:
            self.process.kill()

    def test_several_people_work_at_once(self):
        """M1, H2, S10: in two processes, each move is logged once and every figure is right"""

        def work(number):
            client = Client(self.url, PREFIX)
            for step, contact_id in enumerate(self.contact_ids):
                stage_id = self.stage_ids[(number + step) % 3]
                client.call("res.partner", "write", [contact_id], {"lifecycle_stage_id": stage_id})
                figures = client.call("lifecycle.dashboard", "get_metrics")["stages"]
                ours = [stage["contacts"] for stage in figures if stage["id"] in self.stage_ids]
                self.assertEqual(sum(ours), CONTACTS, "a contact is in two stages or in none")

        with ThreadPoolExecutor(max_workers=THREADS) as executor:
            list(executor.map(work, range(THREADS)))

        client = Client(self.url, PREFIX)
        for stage_id in self.stage_ids[1:]:
            client.call("lifecycle.stage", "action_set_default", [stage_id])
            created = [client.call("res.partner", "create", {"name": PREFIX}) for _i in range(4)]
            found = client.call("res.partner", "read", created, ["lifecycle_stage_id"])
            self.assertEqual({contact["lifecycle_stage_id"][0] for contact in found}, {stage_id})

        self.transact(self.check)
        served = {line.split()[2] for line in self.lines if " werkzeug: " in line}
        self.assertEqual(len(served), 2, "one of the workers did nothing")
        self.assertEqual(list(filter(self.is_bad, itertools.pairwise([*self.lines, ""]))), [])

    def is_bad(self, lines):
        """:return: whether the first of two lines in a row tells of a fault; Odoo tries again what came too late"""
        line, following = lines
        if "odoo.sql_db: bad query" in line:
            return "could not serialize" not in following
        return any(word in line for word in (" ERROR ", " CRITICAL ", "Traceback"))

    def check(self, env):
        """Each contact is where its log ends, and each move begins where the one before ended."""
        for contact in env["res.partner"].browse(self.contact_ids):
            log = contact.lifecycle_transition_ids.sorted("id")
            self.assertEqual(log[-1].to_stage_id, contact.lifecycle_stage_id)
            for before, after in itertools.pairwise(log):
                self.assertEqual(after.from_stage_id, before.to_stage_id)
            values = contact.message_ids.tracking_value_ids.filtered(
                lambda value: value.field_id.name == "lifecycle_stage_id"
            )
            self.assertEqual(len(values), len(log))
