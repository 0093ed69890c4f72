from odoo.tests import tagged

from ..common_patient import PatientCase
from ..common_undo import UndoCase


@tagged("post_install", "-at_install")
class TestBatchTours(PatientCase, UndoCase):
    """D5 in the web client."""

    def test_undo_in_the_notice(self):
        """D5, A13: an agent sets the stage of a selection, and takes it back by the button in the notice"""
        self.contact.unlink()
        contacts = self.make_contacts(3)
        contacts[2].lifecycle_stage_id = self.customer

        self.start_tour("/odoo/contacts", "contact_lifecycle.undo_notice", login=self.agent.login)

        self.assertEqual(
            [c.lifecycle_stage_id for c in contacts], [self.new_lead, self.new_lead, self.customer]
        )
        self.assertEqual(contacts.mapped("lifecycle_locked"), [False] * 3)
        undo = self.Batch.search([], limit=1)
        self.assertEqual((undo.source, undo.user_id, undo.move_count), ("undo", self.agent, 3))

    def test_list_of_batches(self):
        """D5: a manager looks at a batch, sees who has moved on, and undoes it"""
        contacts = self.make_contacts(3, self.hot_lead)
        batch = self.move(contacts, self.payment)
        contacts[0].lifecycle_stage_id = self.customer

        self.start_tour("/odoo", "contact_lifecycle.batches", login=self.manager.login)

        self.assertEqual(
            [c.lifecycle_stage_id for c in contacts], [self.customer, self.hot_lead, self.hot_lead]
        )
        self.assertEqual(batch.undone_by_ids.user_id, self.manager)
