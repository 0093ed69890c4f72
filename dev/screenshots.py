"""dev/screenshots.py URL DATABASE CHROMIUM FOLDER [NAME...]: takes the pictures, see dev/screenshots."""

import json
import sys
import urllib.request
from pathlib import Path

from browser import Browser

sys.path.append(str(Path(__file__).parents[1] / "tests" / "scripts"))
import move_in_files  # as the tests write them

BANNER = Path(__file__).with_name("banner.svg")
WIDE = (1280, 800)
WITH_CHATTER = (1600, 680)  # there is room for it beside the form
HIGH = (1280, 1100)
LOW = (1280, 560)
PHONE = (390, 844, True)
# Conversations of Odoo's own demo data open by themselves, over everything.
HIDE_CHATS = "document.querySelector('.o-mail-ChatHub')?.style.setProperty('display', 'none')"


class Pictures:
    """Each public method shows what is in the picture of its name."""

    def __init__(self, browser, url, database):
        self.browser = browser
        self.url = url
        self.cookie = None
        self._call("/web/session/authenticate", db=database, login="admin", password="admin")

    def _take(self, name, path):
        self.browser.new_page()
        self.browser.resize(*WIDE)
        session = self.cookie.partition("=")[2]
        self.browser.send("Network.setCookie", name="session_id", value=session, url=self.url)
        getattr(self, name)()
        self.browser.run(HIDE_CHATS)
        self.browser.picture(path)

    def _call(self, path, **params):
        """:return: the result of a JSON-RPC request"""
        body = json.dumps({"params": params}).encode()
        headers = {"Content-Type": "application/json", "Cookie": self.cookie or ""}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, body, headers)) as response:
            answer = json.load(response)
            if cookie := response.headers["Set-Cookie"]:
                self.cookie = cookie.partition(";")[0]
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer.get("result")  # there is none where a method returns nothing

    def _id(self, name):
        """:return: the id of a record of the demo data"""
        [record] = self._call(
            "/web/dataset/call_kw",
            model="ir.model.data",
            method="search_read",
            args=[[["module", "=", "contact_lifecycle"], ["name", "=", name]], ["res_id"]],
            kwargs={},
        )
        return record["res_id"]

    def _open(self, action, selector, record=""):
        record = record and f"/{self._id(record)}"
        self.browser.open(f"{self.url}/odoo/action-contact_lifecycle.{action}{record}", selector)

    # For agents

    def contact(self):
        self.browser.resize(*WITH_CHATTER)
        self._open("res_partner_action_lifecycle", ".o-mail-Message", "res_partner_demo_elin")

    def contact_phone(self):
        self.browser.resize(*PHONE)
        self._open("res_partner_action_lifecycle", ".o_statusbar_status", "res_partner_demo_elin")

    def locked(self):
        self.browser.resize(*WITH_CHATTER)
        self._open("res_partner_action_lifecycle", ".o-mail-Message", "res_partner_demo_oskar")

    def stage_picker(self):
        self.browser.open(f"{self.url}/odoo/contacts?view_type=list", ".o_data_row")
        self.browser.click(".o_data_row .o_contact_lifecycle_stage_picker", "New Lead")
        self.browser.wait_for(".o_contact_lifecycle_stage_menu")

    def discuss(self):
        channel = self._id("discuss_channel_demo_chiara")
        self.browser.resize(1280, 880)
        self.browser.open(f"{self.url}/odoo/discuss?active_id=discuss.channel_{channel}", ".o-mail-Message")
        self.browser.wait_for(".o_contact_lifecycle_info .o_contact_lifecycle_stage")

    def inbox(self):
        self.browser.resize(1400, 900)
        self._open_inbox()
        self.browser.click(".o_contact_lifecycle_inbox_open", "Chiara")
        self.browser.wait_for(".o_contact_lifecycle_inbox_chat .o-mail-Message")

    def inbox_phone(self):
        self.browser.resize(*PHONE)
        self._open_inbox()

    def _open_inbox(self):
        self._open("discuss_channel_action_lifecycle", ".o_contact_lifecycle_inbox_open")

    # For managers

    def pipeline(self):
        self._open("res_partner_action_lifecycle", ".o_kanban_record .o_field_widget")

    def dashboard(self):
        self.browser.resize(*HIGH)
        self._open("lifecycle_dashboard_action", ".o_contact_lifecycle_dashboard canvas")

    def dashboard_phone(self):
        self.browser.resize(*PHONE)
        self._open("lifecycle_dashboard_action", ".o_contact_lifecycle_dashboard canvas")
        self.browser.run(
            "document.querySelector('.o_contact_lifecycle_funnel').scrollIntoView({ block: 'end' })"
        )

    def history(self):
        self._open("lifecycle_transition_action", ".o_data_row")

    # For owners

    def stages(self):
        self._open("lifecycle_stage_action_page", ".o_contact_lifecycle_stage_row")

    def stage_delete(self):
        self.stages()
        self.browser.click(".o_contact_lifecycle_stage_row:nth-child(2) .o_contact_lifecycle_stage_actions")
        self.browser.click(".o-dropdown-item", "Delete")
        self.browser.wait_for(".modal .o_contact_lifecycle_stage_picker")

    def stage_set(self):
        self.stages()
        self.browser.click(".o_control_panel button", "Apply a Stage Set")
        self.browser.click(".modal .o_radio_item label", "Lead pipeline")
        self.browser.wait_for(".modal", "Qualified")
        self.browser.click(".modal button[name=action_preview]")
        self.browser.wait_for(".modal .o_data_row")

    def rules(self):
        self.browser.resize(*LOW)
        self._open("lifecycle_rule_action", ".o_data_row")

    def rule(self):
        self._open("lifecycle_rule_action", ".o_form_view .o-mail-Message", "lifecycle_rule_demo_interested")

    def dry_run(self):
        self._open("lifecycle_rule_action", ".o_form_view", "lifecycle_rule_demo_interested")
        self.browser.click("button[name=action_dry_run]")
        self.browser.wait_for(".modal .o_field_widget[name=counts] li")

    def move_in_respondio(self):
        self._move_in("respondio")

    def move_in_hubspot(self):
        self._move_in("hubspot", "stages")

    def move_in_chatwoot(self):
        self._move_in("chatwoot", "stages")

    def move_in_file(self):
        self._move_in("file", "columns")

    def _move_in(self, source, page="trial"):
        """Show what would happen to the contacts of files as the source writes them."""

        def call(model, method, *args):
            return self._call("/web/dataset/call_kw", model=model, method=method, args=args, kwargs={})

        writer = move_in_files.WRITERS[source][-1]
        people = move_in_files.make_people(source, 60, each_stage_once=True)
        files = [{"name": name, "raw": data.decode()} for name, data in writer(people).items()]
        file_ids = call("ir.attachment", "create", files)
        [import_id] = call("lifecycle.import", "create", [{"source": source, "attachment_ids": file_ids}])
        call("lifecycle.import", "action_read", [import_id])
        self.browser.resize(*HIGH)
        self.browser.open(f"{self.url}/odoo/move-in/{import_id}", ".o_form_view .o_notebook")
        self.browser.click(f".o_notebook .nav-link[name={page}]")
        self.browser.wait_for(f".o_notebook .nav-link.active[name={page}]")

    def settings(self):
        self._open("lifecycle_settings_action", ".o_setting_box .o_field_widget[name=lifecycle_scope_text]")

    # For the app's page

    def banner(self):
        self.browser.resize(1120, 560)
        self.browser.open(BANNER.as_uri(), "text")


def main(url, database, chromium, folder, *names):
    missed = 0
    with Browser(chromium) as browser:
        pictures = Pictures(browser, url, database)
        for name in names or [name for name in vars(Pictures) if not name.startswith("_")]:
            try:
                pictures._take(name, Path(folder, f"{name}.png"))
                print(f"{name}.png")
            except RuntimeError as error:
                print(f"{name}.png could not be taken: {error}", file=sys.stderr)
                missed += 1
    sys.exit(missed)


if __name__ == "__main__":
    main(*sys.argv[1:])
