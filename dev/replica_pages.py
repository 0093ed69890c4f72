"""dev/replica_pages.py URL OTHER_URL DATABASE CHROMIUM STANDBY_PORT LOG STEP...: looks at the open pages, see dev/check-replica."""

import json
import re
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from browser import Browser

RIGHT = 10  # seconds in which the right numbers are there
QUIET = 5  # seconds in which nothing is asked any more
CARD = ".o_contact_lifecycle_card"
CARDS = f"""Object.fromEntries([...document.querySelectorAll("{CARD}")].map((card) => [
    card.querySelector("h3").textContent.replace(/^[^A-Z]+/, ""),
    [...card.querySelectorAll(".o_contact_lifecycle_figure > span:first-child")].slice(0, 2).map((el) => Number(el.textContent)),
]))"""
COLUMN = ".o_kanban_group"
COLUMNS = f"""Object.fromEntries([...document.querySelectorAll("{COLUMN}")].map((column) => [
    column.querySelector(".o_column_title").textContent.replace(/^[^A-Z]+/, "").replace(/[^a-zA-Z]+$/, ""),
    column.querySelectorAll(".o_kanban_record:not(.o_kanban_ghost)").length,
]))"""
PANEL = """Object.fromEntries([...document.querySelectorAll(".o_search_panel_category_value header")].map((el) => [
    el.querySelector(".o_search_panel_label_title").textContent.replace(/^[^A-Z]+/, ""),
    Number(el.querySelector(".o_search_panel_counter")?.textContent || 0),
]))"""


class Page:
    """A page of Odoo in a tab of its own."""

    def __init__(self, browser, url, session, selector):
        self.browser = browser
        browser.new_page()
        self.tab = browser.session
        browser.resize(1280, 900)
        browser.send("Network.setCookie", name="session_id", value=session, url=url)
        self.url, self.selector = url, selector
        self.open()

    def open(self):
        """With a standby the first request for each bundle of scripts and styles is answered by 404: once more."""
        self.browser.session = self.tab
        for _ in range(6):
            self.browser.send("Page.navigate", url=self.url)
            end = time.monotonic() + 20
            while time.monotonic() < end:
                time.sleep(0.2)
                if self.run(f"document.querySelectorAll('{self.selector}').length > 1"):
                    return
        raise RuntimeError(f"{self.url} did not open")

    def run(self, script):
        self.browser.session = self.tab
        return self.browser.run(script)


class Steps:
    """Each public method is a step."""

    def __init__(self, browser, url, other_url, database, standby_port, log):
        self.url, self.database, self.standby_port, self.log = other_url, database, standby_port, Path(log)
        self.failed, self.moved = False, set()
        session, self.session = self.log_in("watcher"), self.log_in("admin")
        self.dashboard, self.inbox = (
            Page(browser, f"{url}/odoo/action-contact_lifecycle.{action}", session, selector)
            for action, selector in (
                ("lifecycle_dashboard_action", CARD),
                ("discuss_channel_action_lifecycle?view_type=kanban", COLUMN),
            )
        )

    # What people do

    def post(self, path, session=None, **params):
        """:return: the result of a JSON-RPC request, and the cookie of the session"""
        headers = {"Content-Type": "application/json", "Cookie": f"session_id={session}" if session else ""}
        body = json.dumps({"params": params}).encode()
        with urllib.request.urlopen(
            urllib.request.Request(self.url + path, body, headers), timeout=60
        ) as response:
            answer = json.load(response)
            cookie = re.search(r"session_id=([^;]+)", response.headers.get("Set-Cookie") or "")
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"], cookie and cookie[1]

    def log_in(self, login):
        return self.post("/web/session/authenticate", db=self.database, login=login, password=login)[1]

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", self.session, **params)[0]

    def move(self):
        """Move a contact from Hot Lead to Customer and a conversation from New Lead to Customer."""
        stages = {
            stage["name"]: stage["id"] for stage in self.call("lifecycle.stage", "search_read", [], ["name"])
        }
        for model, name, stage in (
            ("res.partner", "Moving", "Hot Lead"),
            ("discuss.channel", "Visitor", "New Lead"),
        ):
            domain = [["name", "like", name], ["lifecycle_stage_id", "=", stages[stage]]]
            # the standby answers, which may not know of the last move yet
            found = {(model, record["id"]) for record in self.call(model, "search_read", domain, ["id"])}
            chosen = min(found - self.moved)
            self.moved.add(chosen)
            values = {"lifecycle_stage_id": stages["Customer"]}
            self.call(model, "web_save", [chosen[1]], values, specification={})

    # What is seen

    def numbers(self):
        cards, columns, panel = self.dashboard.run(CARDS), self.inbox.run(COLUMNS), self.inbox.run(PANEL)
        return {
            "contacts": [cards[name][0] for name in ("Hot Lead", "Customer")],
            "conversations": [cards[name][1] for name in ("New Lead", "Customer")],
            "columns": [columns.get(name, 0) for name in ("New Lead", "Customer")],
            "panel": [panel.get(name, 0) for name in ("New Lead", "Customer")],
        }

    def expect(self, is_right, text, detail=""):
        print("ok     " if is_right else "FAILED ", text, *([] if is_right else [detail]), flush=True)
        self.failed = self.failed or not is_right

    def errors(self):
        find = "[...document.querySelectorAll('.o_error_dialog, .modal [role=alert], .o_notification, .alert-danger')].map((el) => el.textContent)"
        return [text for page in (self.dashboard, self.inbox) for text in page.run(find)]

    def reads(self, start):
        """:return: the reads of the web client in Odoo's log from ``start`` on: (method, ``ro`` or ``rw``)"""
        with self.log.open(errors="replace") as file:
            file.seek(start)
            return re.findall(
                r'"POST /web/dataset/call_\w+/\S+\b(\w+) HTTP/1.1" 200 .* (\S+)$', file.read(), re.M
            )

    def expect_numbers(self, wanted, what):
        end = time.monotonic() + RIGHT
        while (seen := self.numbers()) != wanted and time.monotonic() < end:
            time.sleep(0.2)
        self.expect(seen == wanted, f"{what}: the open pages show the right numbers", f"{seen}, not {wanted}")

    def expect_rest(self, wanted, what):
        time.sleep(1)
        start = self.log.stat().st_size
        time.sleep(QUIET)
        asked = self.reads(start)
        self.expect(not asked, f"{what}: then nothing more is asked", asked)
        self.expect(self.numbers() == wanted, f"{what}: and so they stay", self.numbers())
        self.expect(not self.errors(), f"{what}: nobody sees an error", self.errors())

    def expect_mode(self, mode, what):
        start = self.log.stat().st_size
        self.dashboard.open()
        self.inbox.open()
        wanted = {"get_metrics", "get_funnel", "web_read_group"}
        reads = {(method, found) for method, found in self.reads(start) if method in wanted}
        self.expect(reads == {(method, mode) for method in wanted}, what, reads)

    @contextmanager
    def standby_paused(self):
        """The standby goes on receiving, and shows nothing of it."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.standby_port, user="odoo", dbname=self.database
        )
        connection.autocommit = True
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT pg_wal_replay_pause()")
            yield
            cursor.execute("SELECT pg_wal_replay_resume()")

    # The steps

    def late(self):
        self.expect_mode("ro", "the standby answers what pages read")
        before = self.numbers()
        self.move()
        self.expect_numbers(after(before, 1), "a standby that is late")
        self.expect_rest(after(before, 1), "a standby that is late")
        for _ in range(3):
            self.move()
        self.expect_numbers(after(before, 4), "several moves")

    def paused(self):
        wanted = after(self.numbers(), 1)
        with self.standby_paused():
            self.move()
            self.expect_numbers(wanted, "a standby that has paused")
            self.dashboard.open()
            self.inbox.open()
            self.expect_numbers(wanted, "a standby that has paused, pages opened anew")
        self.expect_rest(wanted, "a standby that goes on")
        self.expect_mode("ro", "the standby answers again as soon as it has caught up")

    def settings(self):
        """What each process remembers: that another one has changed it, the database says that is behind."""
        wanted = self.numbers()
        wanted["contacts"][0] -= 1
        with self.standby_paused():
            fields = ["lifecycle_contact_domain"]
            scope = self.call("res.config.settings", "default_get", fields)[fields[0]]
            values = {fields[0]: f"[('name', '!=', 'Moving 8'), {scope[1:]}"}
            settings = self.call("res.config.settings", "create", values)
            self.call("res.config.settings", "execute", [settings])
            self.expect_numbers(wanted, "another scope")
        self.expect_rest(wanted, "another scope")

    def gone(self):
        wanted = after(self.numbers(), 1)
        self.move()
        self.expect_numbers(wanted, "a standby that is gone")
        self.expect_rest(wanted, "a standby that is gone")
        self.expect_mode("rw", "the primary answers what pages read")


def after(numbers, moves):
    """:return: the numbers after so many moves from the first stage to the last one"""
    return {name: [first - moves, last + moves] for name, (first, last) in numbers.items()}


def main():
    url, other_url, database, chromium, standby_port, log, *names = sys.argv[1:]
    with Browser(chromium) as browser:
        steps = Steps(browser, url, other_url, database, standby_port, log)
        for name in names:
            getattr(steps, name)()
    sys.exit(steps.failed)


if __name__ == "__main__":
    main()
