from odoo.tests import tagged

from .common_jobs import MENU_ITEM, JobCase

INBOX = ".o_search_panel_category_value"
ROWS = ".o_contact_lifecycle_inbox_row"
SAVED = ".o_contact_lifecycle_saved_inboxes li button"
STUCK = ".o_contact_lifecycle_stuck button"
PERIOD = ".o_contact_lifecycle_period"


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestJobs(JobCase):
    """What agents and managers do every day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.group_ids += cls.env.ref("im_livechat.im_livechat_group_user")
        cls.chat = cls.make_livechat(cls.make_guest("Ann"), cls.agent)
        cls.chat.message_post(body="Is anybody there?", message_type="comment")

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
        self.play(self.agent, mouse, keyboard, check, path)

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
            person.go_to(".o-dropdown-item", "Set Stage...", key="ArrowDown", most=20)
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

        self.play(self.agent, mouse, keyboard, check)

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

        self.play(self.agent, mouse, keyboard, check)

    def test_save_an_inbox_of_a_lost_stage(self):
        """I10"""
        self.chat.lifecycle_stage_id = self.cold_lead.stage_id

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
            person.see(SAVED, "Win back")

        self.play(self.agent, mouse, keyboard, check)

    def test_open_a_saved_inbox(self):
        """I10"""
        self.env["ir.filters"].create(
            {
                "name": "Win back",
                "model_id": "discuss.channel",
                "action_id": self.env.ref("contact_lifecycle.discuss_channel_action_lifecycle").id,
                "domain": repr([("lifecycle_stage_id", "=", self.cold_lead.stage_id.id)]),
                "user_ids": self.agent.ids,
            }
        )

        def mouse(person):
            person.click(SAVED, "Win back")

        def keyboard(person):
            person.see(ROWS)
            person.go_to(SAVED, "Win back", key="Shift+Tab")
            person.press("Enter")

        def check(person):
            person.see(f"{SAVED}.active", "Win back")

        self.play(self.agent, mouse, keyboard, check, "/odoo/conversations")

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

        self.play(self.manager, mouse, keyboard, check)

    def test_see_the_funnel_of_last_month(self):
        """M3"""

        def mouse(person):
            self.open_app(person, "Lifecycle")
            person.click(PERIOD)
            person.click(".o-dropdown-item", "Last Month")

        def keyboard(person):
            self.find_app(person, "Lifecycle")
            person.see(PERIOD)
            person.go_to(PERIOD)
            person.press("Enter")
            person.go_to(".o-dropdown-item", "Last Month", key="ArrowDown", most=12)
            person.press("Enter")

        def check(person):
            person.see(PERIOD, "Last Month")

        self.play(self.manager, mouse, keyboard, check)
