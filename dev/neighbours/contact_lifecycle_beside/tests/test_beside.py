from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.contact_lifecycle.tests.common_rule import RuleCase

from .common_screens import ScreensCase


@tagged("post_install", "-at_install")
class TestBeside(ScreensCase, RuleCase):
    """What people do every day, and every screen as each role, whatever else is installed (T18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.everybody = cls.agent | cls.manager | cls.owner | cls.admin
        cls.make_livechat(cls.contact)

    def evaluate(self, text, user, default):
        """Leave out what other addons write of the record that a page is opened from: there is none here."""
        try:
            return super().evaluate(text, user, default)
        except ValueError as error:
            if not str(error).startswith(("NameError", "KeyError")) or "lifecycle" in text:
                raise
            return default

    def move(self, contacts, stage, **vals):
        """Move the contacts as an agent, and see one row and one line of each."""
        before = {
            contact: (len(self.get_log(contact)), self.get_tracking_values(contact)) for contact in contacts
        }
        contacts.with_user(self.agent).write({"lifecycle_stage_id": stage.id, **vals})
        self.commit()
        for contact, (rows, values) in before.items():
            self.assertEqual(contact.lifecycle_stage_id, stage)
            self.assertEqual(len(self.get_log(contact)), rows + 1)
            self.assertEqual(len(self.get_tracking_values(contact) - values), 1)

    def test_every_screen_opens(self):
        """For each role, with all of these addons installed."""
        self.check_every_screen()

    def test_contacts_enter_the_default_stage_and_are_moved(self):
        """A1, A4, A5, H1, H2"""
        contacts = self.make_contacts(3)
        self.assertEqual(contacts.lifecycle_stage_id, self.new_lead)
        self.move(contacts[0], self.hot_lead)
        self.move(contacts, self.payment)
        self.move(contacts, self.customer, function="Engineer")
        self.assertEqual(contacts.mapped("function"), ["Engineer"] * 3)
        contacts.with_user(self.agent).action_lifecycle_clear()
        self.assertFalse(contacts.lifecycle_stage_id)
        self.assertFalse(contacts[0].copy().lifecycle_transition_ids.from_stage_id)

    def test_stage_is_imported_deleted_and_merged(self):
        """A6, S5, C4"""
        contacts = self.make_contacts(2, self.payment)
        result = self.Partner.load(["name", "lifecycle_stage_id"], [["Imported", "Payment"]])
        self.assertFalse(result["messages"])
        imported = self.Partner.browse(result["ids"])
        self.delete_stage(self.payment, self.hot_lead)
        self.assertEqual((contacts | imported).lifecycle_stage_id, self.hot_lead)
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge(contacts.ids, contacts[0])
        self.assertEqual(contacts.exists().lifecycle_stage_id, self.hot_lead)

    def test_conversations(self):
        """A7, I4: a visitor becomes known, and wakes what was snoozed"""
        channel = self.make_livechat(self.make_guest())
        channel.with_user(self.agent).action_lifecycle_set_stage(self.hot_lead.id)
        channel.with_user(self.agent).action_lifecycle_set_contact(self.contact.id)
        channel.action_lifecycle_snooze(fields.Datetime.add(fields.Datetime.now(), hours=1))
        self.assertEqual(channel.lifecycle_status, "snoozed")
        channel.message_post(body="Hello", message_type="comment", author_id=self.contact.id)
        self.assertEqual(channel.lifecycle_status, "open")

    def test_rules(self):
        """T1, T2: on a call that is made, and on a reply"""
        called = self.make_rule("outreach", ["call_made"], self.hot_lead, self.new_lead)
        replied = self.make_rule("connected", ["conversation_reply"], self.payment, self.hot_lead)
        activity = self.contact.with_user(self.salesman).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.salesman.id
        )
        activity.with_user(self.salesman).action_feedback()
        self.assertMoved(self.contact, self.hot_lead, called)
        self.make_livechat(self.contact).message_post(
            body="Yes", message_type="comment", author_id=self.contact.id
        )
        self.assertMoved(self.contact, self.payment, replied)

    def test_figures(self):
        """M1, M6"""
        self.make_contacts(2, self.hot_lead)
        self.env["lifecycle.dashboard"].with_user(self.manager).get_metrics()
        for model in ("lifecycle.transition", "lifecycle.funnel.report"):
            self.assertTrue(self.env[model].with_user(self.manager).formatted_read_group([], [], ["__count"]))

    def test_who_is_no_manager_searches_by_no_stage(self):
        """P2"""
        for user in (self.agent, self.internal):
            with self.assertRaisesRegex(AccessError, "."):
                self.Partner.with_user(user).search([("lifecycle_stage_id", "=", self.hot_lead.id)])
