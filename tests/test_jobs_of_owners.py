from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common_jobs import MENU_ITEM, MOST_CLICKS, JobCase, get_test_name

ADD = ".o_contact_lifecycle_add_stage"
MENU = ".o-dropdown--menu .o-dropdown-item"
PICKER = ".modal .o_contact_lifecycle_stage_picker"
ROW = ".o_contact_lifecycle_stage_row[data-name='{}']".format
ANSWER = ".o_contact_lifecycle_rule_dry_run"
KIND = ".o_select_menu_item"
OPTION = ".o-autocomplete--dropdown-item"


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestJobsOfOwners(JobCase):
    """How stages and rules come to be."""

    def test_every_row_is_played(self):
        """A row without a test says what nobody has counted, a test without a row is not in the guide."""
        self.assertEqual(set(self.rows), set(MOST_CLICKS))
        found = [vars(cls).items() for cls in JobCase.__subclasses__()]
        names = [name for items in found for name, it in items if name.startswith("test_") and callable(it)]
        names.remove(self._testMethodName)
        self.assertEqual(sorted(names), sorted(map(get_test_name, self.rows)))

    def test_add_a_stage(self):
        """S17: by its name alone, before the first won one"""

        def mouse(person):
            self.open_menu(person, "Lifecycle Stages")
            person.click(f"{ADD} button")
            person.type("Negotiation")
            person.press("Enter")

        def keyboard(person):
            self.find_menu(person, "Lifecycle Stages")
            person.see(f"{ADD} button")
            person.press("Alt+c")
            person.see(f"{ADD} textarea")
            person.type("Negotiation")
            person.press("Enter")

        def check(person):
            person.see(ROW("Negotiation"))
            stages = self.Stage.search([("is_lost", "=", False)])
            self.assertEqual(stages.mapped("name")[-2:], ["Negotiation", "Customer"])

        self.play(self.owner, mouse, keyboard, check)

    def test_make_a_stage_the_default(self):
        """S10, S17"""
        box = f"{ROW('Hot Lead')} .o_contact_lifecycle_default input"

        def mouse(person):
            self.open_menu(person, "Lifecycle Stages")
            person.click(box)

        def keyboard(person):
            self.find_menu(person, "Lifecycle Stages")
            person.go_to(box)
            person.press(" ")

        def check(person):
            person.see(f"{box}:checked")
            self.assertEqual(self.Stage.search([("is_default", "=", True)]), self.hot_lead)

        self.play(self.owner, mouse, keyboard, check)

    def test_delete_a_stage_and_move_its_contacts(self):
        """S11: to another one than the suggested"""
        self.contact.lifecycle_stage_id = self.payment
        more = f"{ROW('Payment')} .o_contact_lifecycle_stage_actions"

        def mouse(person):
            self.open_menu(person, "Lifecycle Stages")
            person.click(more)
            person.click(MENU, "Delete")
            person.click(PICKER)
            person.click(MENU_ITEM, "Customer")
            person.click(".modal button[name=action_confirm]")

        def keyboard(person):
            self.find_menu(person, "Lifecycle Stages")
            person.go_to(more)
            person.press("Enter")
            person.go_to(MENU, "Delete", key="ArrowUp", most=3)
            person.press("Enter")
            person.go_to(PICKER, most=5)
            person.press("Enter")
            person.see(MENU_ITEM, "Customer")
            person.type("cu")
            person.press("Enter")
            person.see(PICKER, "Customer")
            person.press("Alt+q")

        def check(person):
            person.wait(f"!person.find(\"{ROW('Payment')}\", '')")
            self.assertFalse(self.payment.exists())
            self.assertEqual(self.contact.lifecycle_stage_id, self.customer)

        self.play(self.owner, mouse, keyboard, check)

    def test_make_and_try_a_rule(self):
        """T9, T14: the form says whom it would move before anything is saved"""
        with freeze_time(fields.Datetime.now() - timedelta(days=60)):
            quiet = self.Partner.create({"name": "Quiet Ada"})
            self.env.flush_all()

        def mouse(person):
            self.open_menu(person, "Rules")
            person.click(".o_list_button_add")
            person.see(".o_field_widget[name=name] input")
            person.type("Gone quiet")
            person.click(".o_field_widget[name=kind] input")
            person.click(KIND, "Nothing happens")
            person.click(".o_field_widget[name=to_stage_id] input")
            person.click(OPTION, "Cold Lead")
            person.see(ANSWER, "Quiet Ada")
            self.assertFalse(self.find_rule())
            person.click(f"{ANSWER} button", "Switch On")

        def keyboard(person):
            self.find_menu(person, "Rules")
            person.see(".o_list_button_add")
            person.press("Alt+c")
            person.see(".o_field_widget[name=name] input")
            person.type("Gone quiet")
            person.go_to(".o_field_widget[name=kind]", most=5)
            person.type("n")  # which opens the list
            person.see(KIND)
            while not person.evaluate(f"Boolean(person.find('{KIND}.focus', 'Nothing happens'))"):
                person.press("ArrowDown")
                self.assertLess(person.keys, 100)
            person.press("Enter")
            person.go_to(".o_field_widget[name=to_stage_id]", most=20)
            person.type("Cold")
            person.see(OPTION, "Cold Lead")
            person.press("Enter")
            person.see(ANSWER, "Quiet Ada")
            person.go_to(f"{ANSWER} button", "Switch On", most=20)
            person.press("Enter")

        def check(person):
            person.see(".o_form_saved")
            rule = self.find_rule()
            self.assertEqual((rule.kind, rule.to_stage_id), ("inactivity", self.cold_lead.stage_id))
            self.assertTrue(rule.active)
            self.assertEqual(quiet.lifecycle_stage_id, self.new_lead)

        # the dry run may be asked for before the form is complete
        with self.may_warn("odoo.http", "does not say to which stage contacts move"):
            self.play(self.owner, mouse, keyboard, check)

    def find_rule(self):
        self.env.invalidate_all()
        return self.env["lifecycle.rule"].search([("name", "=", "Gone quiet")])
