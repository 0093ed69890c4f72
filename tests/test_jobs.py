import re
from pathlib import Path

from odoo.tests import tagged
from odoo.tests.common import _registry_test_lock

from .common_browser import Person
from .common_dashboard import DashboardCase
from .common_patient import PatientCase
from .common_two_people import somebody_beside

GUIDE = Path(__file__).parents[1] / "docs" / "user-guide" / "jobs.md"
ROW = re.compile(r"^\| (?P<job>[^|]+?) \| (?P<mouse>\d+ click[^|]*?) \| (?P<keyboard>[^|]*?) \|$", re.M)
# clicks that a job may take: as many as it has always taken here, and no more than in the products people come from
MOST_CLICKS = {
    "Set the stage from an open chat": 2,
    "Move twenty contacts": 7,
    "See the unassigned hot leads": 4,
    "Save an inbox of a lost stage": 6,
    "Open a saved inbox": 1,
    "See who is stuck": 3,
    "See the funnel of last month": 4,
}

APPS = ".o_navbar_apps_menu button"
MENU_ITEM = ".o_contact_lifecycle_stage_menu .o-dropdown-item"
INBOX = ".o_search_panel_category_value"
ROWS = ".o_contact_lifecycle_inbox_row"
STUCK = ".o_contact_lifecycle_stuck button"
PERIOD = ".o_contact_lifecycle_period"


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestJobs(PatientCase, DashboardCase):
    """What people do every day, with real keys and clicks, and how many it takes: the guide says the same.

    A job has a row in the guide, a test here that plays it with the mouse, and again by the keyboard alone.
    """

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = {row["job"]: row for row in ROW.finditer(GUIDE.read_text())}
        cls.agent.group_ids += cls.env.ref("im_livechat.im_livechat_group_user")
        cls.chat = cls.make_livechat(cls.make_guest("Ann"), cls.agent)
        cls.chat.message_post(body="Is anybody there?", message_type="comment")

    def authenticate(self, *args, **kwargs):
        """Log in with the cursor to ourselves: a websocket may want it at any time."""
        with _registry_test_lock:
            return super().authenticate(*args, **kwargs)

    def play(self, job, user, mouse, keyboard, check, path="/odoo"):
        """Let ``user`` do a job in both ways, each from the beginning.

        :param mouse: function of a ``Person``, with the mouse
        :param keyboard: the same by the keyboard alone
        :param check: function that asserts that it is done
        """
        for way, do in (("mouse", mouse), ("keyboard", keyboard)):
            with (
                self.subTest(job=job, way=way),
                self.undone(),
                somebody_beside(self, lambda: Person(self, user)) as person,
            ):
                person.begin(path)
                do(person)
                person.rest()
                self.env.invalidate_all()
                check(person)
                self.assertEqual(person.describe(), self.rows[job][way], job)
                if way == "mouse":
                    self.assertLessEqual(person.clicks, MOST_CLICKS[job])
                else:
                    self.assertFalse(person.clicks)

    def open_app(self, person, name):
        person.click(APPS)
        person.click(".o_app", name)

    def find_app(self, person, name):
        """Open an app by the keyboard."""
        person.press("Alt+h")
        person.go_to(".o_app", name, key="ArrowDown", most=30)
        person.press("Enter")

    def test_every_row_is_played(self):
        self.assertEqual(set(self.rows), set(MOST_CLICKS))

    def test_set_the_stage_from_an_open_chat(self):
        """A3, A10: by the badge, or by its key and the beginning of the name"""

        def mouse(person):
            person.click(".o-mail-DiscussContent-header .o_contact_lifecycle_stage_picker")
            person.click(MENU_ITEM, "Hot Lead")

        def keyboard(person):
            person.press("Alt+o")
            person.see(MENU_ITEM, "Hot Lead")
            person.type("ho")
            person.press("Enter")

        def check(_person):
            self.assertEqual(self.chat.lifecycle_stage_id, self.hot_lead)

        path = f"/odoo/discuss?active_id=discuss.channel_{self.chat.id}"
        self.play("Set the stage from an open chat", self.agent, mouse, keyboard, check, path)

    def test_move_twenty_contacts(self):
        """A5, A13: in the list, by the badge of one of them or by the action"""
        contacts = self.Partner.create([{"name": f"Aaa {number:02}"} for number in range(20)])
        box = ".o_data_row:nth-child({}) .o_list_record_selector input".format

        def mouse(person):
            self.open_app(person, "Contacts")
            person.click(box(1))
            person.click(box(20), modifier="Shift")
            person.click(".o_data_row:nth-child(20) .o_contact_lifecycle_stage_picker")
            person.click(MENU_ITEM, "Hot Lead")
            person.click(".modal-footer .btn-primary")

        def keyboard(person):
            self.find_app(person, "Contacts")
            person.see(".o_data_row", "Aaa 19")
            person.go_to(".o_data_row", "Aaa 00", key="ArrowDown", most=5)
            person.press("Shift+ ")
            for _ in range(19):
                person.press("Shift+ArrowDown")
            person.press("Alt+u")
            person.go_to(".o-dropdown-item", "Set stage...", key="ArrowDown", most=20)
            person.press("Enter")
            person.see(".modal .o_contact_lifecycle_stage_picker")
            person.go_to(".modal .o_contact_lifecycle_stage_picker", most=5)
            person.press("Enter")
            person.see(MENU_ITEM, "Hot Lead")
            person.type("ho")
            person.press("Enter")
            person.see(".modal button[name=action_confirm]")
            person.press("Alt+q")

        def check(person):
            person.wait("!document.querySelector('.modal')")
            self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
            self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

        self.play("Move twenty contacts", self.agent, mouse, keyboard, check)

    def test_see_the_unassigned_hot_leads(self):
        """I3: two clicks from the inbox on"""
        waiting = self.make_unassigned()
        waiting.lifecycle_stage_id = self.hot_lead

        def mouse(person):
            self.open_app(person, "Lifecycle")
            person.see(ROWS)
            before = person.clicks
            person.click(f"{INBOX} header", "Unassigned")
            person.click(f"{INBOX} header", "Hot Lead")
            self.assertEqual(person.clicks - before, 2)

        def keyboard(person):
            self.find_app(person, "Lifecycle")
            person.see(ROWS)
            for name in ("Unassigned", "Hot Lead"):
                person.go_to(INBOX, name, key="Shift+Tab" if name == "Unassigned" else "Tab")
                person.press("Enter")

        def check(person):
            person.wait(f"document.querySelectorAll('{ROWS}').length === 1")

        self.play("See the unassigned hot leads", self.agent, mouse, keyboard, check)

    def test_save_an_inbox_of_a_lost_stage_and_open_it(self):
        """I10"""
        self.chat.lifecycle_stage_id = self.cold_lead.stage_id
        saved = ".o_contact_lifecycle_saved_inboxes li button"

        def mouse(person):
            self.open_app(person, "Lifecycle")
            person.click(f"{INBOX} header", "Lost")
            person.click(f"{INBOX} {INBOX} header", "Cold Lead")
            person.click(".o_contact_lifecycle_save_inbox")
            person.type("Win back")
            person.click(".modal .btn-primary")

        def keyboard(person):
            self.find_app(person, "Lifecycle")
            person.see(ROWS)
            person.go_to(INBOX, "Lost", key="Shift+Tab")
            person.press("Enter")
            person.go_to(f"{INBOX} {INBOX}", "Cold Lead")
            person.press("Enter")
            person.go_to(".o_contact_lifecycle_save_inbox")
            person.press("Enter")
            person.see(".modal #o_contact_lifecycle_inbox_name")
            person.type("Win back")
            person.press("Enter")

        def check(person):
            person.see(saved, "Win back")

        self.play("Save an inbox of a lost stage", self.agent, mouse, keyboard, check)

        self.env["ir.filters"].create(
            {
                "name": "Win back",
                "model_id": "discuss.channel",
                "action_id": self.env.ref("contact_lifecycle.discuss_channel_action_lifecycle").id,
                "domain": repr([("lifecycle_stage_id", "=", self.cold_lead.stage_id.id)]),
                "user_ids": self.agent.ids,
            }
        )

        def open_saved(person):
            person.click(saved, "Win back")

        def go_to_saved(person):
            person.see(ROWS)
            person.go_to(saved, "Win back", key="Shift+Tab")
            person.press("Enter")

        def check_opened(person):
            person.see(f"{saved}.active", "Win back")

        self.play(
            "Open a saved inbox", self.agent, open_saved, go_to_saved, check_opened, "/odoo/conversations"
        )

    def test_see_who_is_stuck(self):
        """M5"""
        self.hot_lead.rotting_threshold_days = 3
        self.contact.lifecycle_stage_id = self.hot_lead
        self.make_stale(self.contact, 5)

        def mouse(person):
            self.open_app(person, "Lifecycle")
            person.click(STUCK)

        def keyboard(person):
            self.find_app(person, "Lifecycle")
            person.see(STUCK)
            person.go_to(STUCK)
            person.press("Enter")

        def check(person):
            person.see(".o_data_row", self.contact.name)

        self.play("See who is stuck", self.manager, mouse, keyboard, check)

    def test_see_the_funnel_of_last_month(self):
        """M3"""

        def mouse(person):
            self.open_app(person, "Lifecycle")
            person.click(PERIOD)
            person.click(".o-dropdown-item", "Last month")

        def keyboard(person):
            self.find_app(person, "Lifecycle")
            person.see(PERIOD)
            person.go_to(PERIOD)
            person.press("Enter")
            person.go_to(".o-dropdown-item", "Last month", key="ArrowDown", most=12)
            person.press("Enter")

        def check(person):
            person.see(PERIOD, "Last month")

        self.play("See the funnel of last month", self.manager, mouse, keyboard, check)
