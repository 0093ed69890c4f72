import tempfile
from pathlib import Path

from odoo.tests import Form, tagged

from .common_browser import Person
from .common_first_steps import FourStepsCase
from .common_jobs import REPORTING, PersonCase
from .common_two_people import somebody_beside

MENU = ".o-dropdown--menu .o-dropdown-item"
ROW = ".o_contact_lifecycle_stage_row[data-name='{}']".format


class KeyboardCase(PersonCase):
    """Screens that no everyday job goes through, by the keyboard alone; the jobs are in test_jobs*.py."""

    def play(self, user, do):
        with somebody_beside(self, lambda: Person(self, user)) as person:
            person.begin("/odoo")
            do(person)
            person.rest()
            self.assertFalse(person.clicks)
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestKeyboard(KeyboardCase):
    def test_page_of_stages(self):
        """S17, S8, S13: texts, order, and a stage that becomes a lost one; the focus stays where it was"""
        stage = self.hot_lead
        stage.description = False

        def do(person):
            def choose(row, action):
                person.go_to(f"{row} .o_contact_lifecycle_stage_actions")
                person.press("Enter")
                person.go_to(MENU, action, key="ArrowDown", most=8)
                person.press("Enter")

            self.find_menu(person, "Lifecycle Stages")
            person.go_to(f"{ROW('Hot Lead')} textarea[aria-label$=name]")
            person.type(" Two")
            person.press("Enter")
            row = ROW("Hot Lead Two")
            person.go_to(f"{row} textarea[aria-label$=description]")
            person.type("Wants to buy")
            choose(row, "Move Down")
            person.see(f"{row}:nth-child(3)")
            self.assertTrue(person.is_at(f"{row} .o_contact_lifecycle_stage_actions"))
            choose(row, "Make Lost")
            person.see(".modal", "Hot Lead Two a lost stage?")
            person.go_to(".modal .btn-primary", most=5)
            person.press("Enter")
            person.see(f"[data-kind=lost] {row}")

        self.play(self.owner, do)
        self.assertEqual((stage.name, stage.description), ("Hot Lead Two", "Wants to buy"))
        self.assertTrue(stage.is_lost)

    def test_batches(self):
        """D5: a manager finds a batch, and undoes it"""
        contacts = self.make_contacts(3)
        contacts.with_user(self.agent).write({"lifecycle_stage_id": self.payment.id})

        def do(person):
            self.find_menu(person, "Batches", REPORTING)
            person.see(".o_data_row", "Payment")
            person.go_to(".o_data_row", "Payment", key="ArrowDown", most=5)
            person.press("Enter")
            person.see(".o_form_view button[name=action_undo]")
            person.press("Alt+q")
            person.see(".modal button[name=action_confirm]")
            person.press("Alt+q")
            person.see(".o_notification", "3 contacts have gone back.")

        self.play(self.manager, do)
        self.assertEqual(contacts.lifecycle_stage_id, self.new_lead)

    def test_moving_in(self):
        """D1: an owner chooses a file, reads what would happen, and lets it"""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name, "contacts.csv")
        path.write_text(
            "Id,Name,Stage,Date\n1,Ann Moved,Hot Lead,2025-01-31\n2,Bea Moved,Payment,2025-02-01\n"
        )

        def do(person):
            self.find_menu(person, "Move in")
            person.see(".o_list_button_add")
            person.press("Alt+c")
            person.go_to(".o_field_widget[name=source]")
            person.go_to("input[data-value=file]", key="ArrowDown", most=6)
            person.press(" ")
            person.go_to(".o_field_widget[name=attachment_ids] button")
            with person.choosing(path):
                person.press("Enter")
            person.see(".o_field_widget[name=attachment_ids] .o_attachment")
            person.press("Alt+q")
            person.see(".o_field_widget[name=row_count]", "2")
            person.press("Alt+q")
            person.see(".o_statusbar_status button[aria-checked=true]", "Done")

        self.play(self.owner, do)
        moved = self.Partner.search([("name", "like", "Moved")], order="name")
        self.assertEqual([c.lifecycle_stage_id for c in moved], [self.hot_lead, self.payment])

    def test_settings_of_owners(self):
        """P6: an owner who is no administrator changes two of them, and narrows down who has a lifecycle"""

        def do(person):
            self.find_menu(person, "Settings")
            person.see(".o_field_widget[name=lifecycle_scope_text]", "Everybody but")
            person.go_to(".o_field_widget[name=lifecycle_default_on]")
            person.go_to("input[data-value=never]", key="ArrowDown", most=6)
            person.press(" ")
            person.go_to("#lifecycle_company_sync input[type=checkbox]")
            person.press(" ")
            # which loads the page anew
            person._send_key("Alt+s")
            person.wait("!window.person && document.querySelector('#lifecycle_company_sync input:checked')")
            person.begin("/odoo")

        self.play(self.owner, do)
        with Form(self.env["lifecycle.settings"].with_user(self.owner)) as form:
            self.assertEqual(form.lifecycle_default_on, "never")
            self.assertTrue(form.lifecycle_company_sync)


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestFirstStepsByKeyboard(FourStepsCase, KeyboardCase):
    def test_owner(self):
        """S1: whoever has installed the addon gets it to run without a mouse"""
        self.manager.active = False
        self.env["lifecycle.rule"].with_context(active_test=False).search([]).unlink()
        step = "[data-step={}]".format

        def do(person):
            self.find_app(person, "Lifecycle")
            person.see(".o_contact_lifecycle_first_steps", "0 of 4 done")
            for name, text in (("stages", "Keep These Stages"), ("contacts", "Let Them Start")):
                person.go_to(f"{step(name)} button", text)
                person.press("Enter")
                person.see(f"{step(name)} .fa-check-circle")
            person.go_to(f"{step('rule')} [data-suggestion=answers]")
            person.press("Enter")
            person.see(".modal button[name=action_switch_on]")
            person.press("Alt+q")
            person.see(".o_contact_lifecycle_first_steps", "3 of 4 done")
            person.go_to(".o_contact_lifecycle_dismiss", key="Shift+Tab")
            person.press("Enter")
            person.wait("!document.querySelector('.o_contact_lifecycle_first_steps')", seconds=30)

        self.play(self.owner, do)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
        rule = self.env["lifecycle.rule"].search([])
        self.assertEqual((rule.kind, rule.to_stage_id), ("connected", self.hot_lead))
        self.assertEqual(self.get_steps(), {})
