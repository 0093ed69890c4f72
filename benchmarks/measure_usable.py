"""How long the pages take in a browser until they can be used, beside Odoo's own pages of the same models."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from databases import copy_of, environment_in
from timing import in_turns

sys.path.append(str(Path(__file__).parents[1] / "dev"))
from browser import Browser

DATABASES = ("large",)
LIMIT = 1.2
ROUNDS = 15
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")

CARD = ".o_kanban_record:not(.o_kanban_ghost)"
# Each of our pages, by its action and what is on it once it can be used, and the page of Odoo's that it is beside.
PAGES = {
    "inbox": ("discuss_channel_action_lifecycle", ".o_contact_lifecycle_inbox_open", "sessions"),
    "pipeline": ("res_partner_action_lifecycle", CARD, "contacts by industry"),
    "dashboard": ("lifecycle_dashboard_action", ".o_contact_lifecycle_dashboard canvas", "contacts"),
}
# Odoo's own views, without the filters of its menus. Contacts by industry are in as many groups as by stage.
ODOO_PAGES = {
    "sessions": {
        "res_model": "discuss.channel",
        "view_mode": "list",
        "view_id": "im_livechat.discuss_channel_view_tree",
        "domain": "[('channel_type', '=', 'livechat')]",
    },
    "contacts by industry": {
        "res_model": "res.partner",
        "view_mode": "kanban",
        "view_id": "base.res_partner_kanban_view",
        "domain": "[('industry_id', '!=', False)]",
        "context": "{'group_by': 'industry_id'}",
    },
    "contacts": {"res_model": "res.partner", "view_mode": "list", "view_id": "base.view_partner_tree"},
}
ODOO_SHOWN = f".o_data_row, {CARD}"

# Comes to an end once the element is there and nothing else keeps the page busy.
USABLE = """
new Promise((resolve) => {
    const look = () => document.querySelector(%s) ? requestIdleCallback(resolve) : requestAnimationFrame(look);
    look();
}).then(() => true)
"""


def make_actions(env):
    """:return: dict of the address of each of Odoo's pages, from its name"""
    actions = {
        name: env["ir.actions.act_window"].create(
            {**values, "name": name, "view_id": env.ref(values["view_id"]).id}
        )
        for name, values in ODOO_PAGES.items()
    }
    return {name: f"action-{action.id}" for name, action in actions.items()}


@contextmanager
def server_of(database):
    """:return: context manager with the address of a server of that database
    :raises RuntimeError: when it does not come up, or ends by itself, with the last that it said
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "odoo", "-d", database, "--db-filter", f"^{database}$"]
    options = ["--http-interface", "127.0.0.1", "--http-port", str(port), "--max-cron-threads", "0"]
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(
            [*command, *options, "--log-level", "error"], stdin=subprocess.DEVNULL, stderr=said
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_answer(server, f"{url}/web/login")
            yield url
        finally:
            status = server.poll()
            stop(server)
            if status is not None:
                said.seek(0)
                raise RuntimeError(f"The server of {database} ended with {status}: {said.read()[-2000:]}")


def wait_for_answer(server, address, seconds=120):
    """:raises RuntimeError: when there is none in time, or the server ends before"""
    end = time.monotonic() + seconds
    problem = None
    while server.poll() is None:
        if time.monotonic() > end:
            raise RuntimeError(f"{address} does not answer after {seconds} s: {problem}")
        try:
            return urllib.request.urlopen(address, timeout=max(1, end - time.monotonic())).close()
        except OSError as error:
            problem = error
            time.sleep(0.5)
    raise RuntimeError(f"{address} does not answer, its server has ended")


def stop(server):
    """End a process, also one that does not listen."""
    server.terminate()
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def log_in(browser, url, database):
    browser.new_page()
    browser.resize(1400, 900)
    browser.open(f"{url}/web/login", "body")
    params = {"db": database, "login": "admin", "password": "admin"}
    browser.run(
        f"""fetch("/web/session/authenticate", {{
            method: "POST",
            headers: {{ "Content-Type": "application/json" }},
            body: JSON.stringify({{ params: {json.dumps(params)} }}),
        }}).then((answer) => answer.json())"""
    )


@contextmanager
def nothing_shown(browser):
    browser.open("about:blank", "body")
    yield


def show(browser, address, selector):
    browser.send("Page.navigate", url=address)
    browser.run(USABLE % json.dumps(selector))


def measure(purpose, table):
    chromium = next(filter(None, map(shutil.which, BROWSERS)))
    with copy_of(purpose) as database:
        with environment_in(database) as env:
            addresses = make_actions(env)
            env.cr.commit()
        with server_of(database) as url, Browser(chromium) as browser:
            log_in(browser, url, database)
            within = partial(nothing_shown, browser)
            for name, (action, shown, odoo_page) in PAGES.items():
                ours = f"{url}/odoo/action-contact_lifecycle.{action}"
                theirs = f"{url}/odoo/{addresses[odoo_page]}"
                times = in_turns(
                    ROUNDS,
                    partial(show, browser, ours, shown),
                    partial(show, browser, theirs, ODOO_SHOWN),
                    ours_within=within,
                    theirs_within=within,
                )
                table.add(f"{name} is usable", times[0], f"Odoo's {odoo_page}", times[1], LIMIT)
