from odoo.tests import tagged

from .common_inbox import InboxCase
from .common_patient import PatientCase


@tagged("post_install", "-at_install")
class TestPhoneTours(PatientCase, InboxCase):
    """What people do every day, on a phone: a finger, and no room beside."""

    browser_size = "390x844"
    touch_enabled = True

    def test_inbox(self):
        """I3, I10: the list, then the chat, whose head sets the stage"""
        self.make_waiting("Theirs", self.colleague)
        waiting, other = self.make_waiting("Waiting"), self.make_waiting("Next one")

        self.start_tour("/odoo/conversations", "contact_lifecycle.inbox_phone", login=self.operator.login)

        self.env.invalidate_all()
        self.assertEqual(waiting.lifecycle_stage_id, self.hot_lead)
        self.assertIn("How can I help?", waiting.message_ids[0].body)
        self.assertEqual(other.lifecycle_stage_id, self.new_lead)

    def test_pipeline(self):
        """A3, S15: a manager opens a card, and moves its contact on"""
        self.make_contacts_without_stage(2)

        self.start_tour(
            "/odoo/lifecycle-contacts", "contact_lifecycle.pipeline_phone", login=self.manager.login
        )

        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(self.get_log(self.contact)[-1:].source, "manual")

    def test_set_stage(self):
        """A13: an agent selects by a long touch, looks, and sets"""
        self.contact.unlink()
        contacts = self.make_contacts(3)
        contacts[2].lifecycle_stage_id = self.customer

        self.start_tour("/odoo/contacts", "contact_lifecycle.set_stage_phone", login=self.agent.login)

        self.assertEqual(contacts.lifecycle_stage_id, self.payment)
        self.assertEqual(contacts.mapped("lifecycle_locked"), [False, False, True])
        self.assertEqual(self.get_moves(contacts[0])[1:], [("🆕 New Lead", "💵 Payment", "bulk")])
