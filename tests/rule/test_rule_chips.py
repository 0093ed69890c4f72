from odoo.tests import tagged
from odoo.tests.common import _registry_test_lock

from ..common_browser import PHONE, Person
from ..common_patient import PatientCase
from ..common_rule import RuleCase
from ..common_two_people import somebody_beside

CHIP = ".o_contact_lifecycle_chip"
MISSING = f"{CHIP}.o_contact_lifecycle_missing"
RULES = "/odoo/lifecycle-rules"


@tagged("post_install", "-at_install")
class TestRuleChips(PatientCase, RuleCase):
    """T1, T14: a rule is made from nothing by the chips of its sentence, tried, and switched on."""

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule.with_context(active_test=False).search([]).unlink()

    def authenticate(self, *args, **kwargs):
        """Log in with the cursor to ourselves: a websocket may want it at any time."""
        with _registry_test_lock:
            return super().authenticate(*args, **kwargs)

    def setUp(self):
        super().setUp()
        # the dry run may be asked for before the form is complete
        for text in ("does not say to which stage contacts move", "never runs: tick at least one event"):
            self.enterContext(self.may_warn("odoo.http", text))

    def check(self):
        rule = self.Rule.search([])
        self.assertEqual(
            (rule.name, rule.on_email_sent, rule.from_stage_ids, rule.to_stage_id, rule.active),
            ("We wrote", True, self.new_lead, self.hot_lead, True),
        )

    def test_with_the_mouse(self):
        """T1"""
        self.start_tour(RULES, "contact_lifecycle.rule_chips", login=self.owner.login)
        self.check()

    def test_by_the_keyboard_alone(self):
        """T1: real keys, on a page that nobody has clicked"""
        with somebody_beside(self, lambda: Person(self, self.owner)) as person:
            person.begin(RULES)
            self.make_rule_by_keys(person)
            self.assertEqual(person.clicks, 0)
        self.env.invalidate_all()
        self.check()

    def make_rule_by_keys(self, person):
        person.see(".o_list_button_add")
        person.press("Alt+c")
        person.see(".o_field_widget[name=name]")
        person.go_to(".o_field_widget[name=name]", most=5)
        person.type("We wrote")
        person.go_to(MISSING, "choose what happens", most=3)
        person.press("Enter")
        person.see(".o_field_widget[name=on_email_sent] input:focus")
        person.press(" ")
        person.see(CHIP, "sends an email")
        person.go_to(MISSING, "choose a stage", key="Shift+Tab", most=10)
        person.press("Enter")
        person.see(".o_field_widget[name=to_stage_id] input:focus")
        person.type("Hot")
        person.see(".o_field_widget[name=to_stage_id] .o-autocomplete--dropdown-item", "Hot Lead")
        person.press("Enter")
        person.see(CHIP, "Hot Lead")
        person.go_to(".o_field_widget[name=from_stage_ids]", key="Shift+Tab", most=3)
        person.type("New")
        person.see(".o_field_widget[name=from_stage_ids] .o-autocomplete--dropdown-item", "New Lead")
        person.press("Enter")
        person.see(CHIP, "New Lead")
        dry_run = ".o_contact_lifecycle_rule_dry_run[aria-busy=false]"
        person.see(f"{dry_run} li", "from 🆕 New Lead to 🔥 Hot Lead")
        person.go_to(f"{dry_run} button", "Switch On", most=20)
        person.press("Enter")
        person.see(".o_form_saved")

    def test_chips_fit_a_phone(self):
        """T1: long ones are broken, none sticks out"""
        rule = self.make_rule(
            "outreach",
            ["email_sent", "message_sent", "sms_sent", "call_made", "meeting_scheduled"],
            self.hot_lead,
            self.new_lead | self.payment | self.customer,
            active=False,
        )
        with somebody_beside(self, lambda: Person(self, self.owner, PHONE)) as person:
            person.begin(f"{RULES}/{rule.id}")
            person.see(CHIP, "schedules a meeting")
            ends = "[...document.querySelectorAll('.o_contact_lifecycle_chip')].map((el) => el.getBoundingClientRect().right)"
            self.assertLessEqual(max(person.evaluate(ends)), PHONE["width"])
