from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ...models.batch import lifecycle_batch_undo
from ...models.contact.res_partner_default import BATCH_PARAMETER
from ..common_batches import BatchesCase
from ..common_undo import UndoCase


@tagged("post_install", "-at_install")
class TestUndoInBackground(UndoCase, BatchesCase, CronMixinCase):
    """D5, decision 8: a batch with more contacts than are moved at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacts = cls.make_contacts(5, cls.payment)

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(lifecycle_batch_undo, "BATCH_SIZE", 2))
        self.batch = self.move(self.contacts, self.new_lead)

    def run_cron(self):
        self.env.invalidate_all()
        self.Batch._cron_undo()

    def count_back(self):
        return len(self.contacts.filtered(lambda contact: contact.lifecycle_stage_id == self.payment))

    def assertBackOnce(self, undo):
        self.assertEqual(self.contacts.lifecycle_stage_id, self.payment)
        self.assertEqual(undo.move_ids.partner_id, self.contacts)
        self.assertEqual((undo.move_count, len(undo.move_ids), undo.is_running), (5, 5, False))
        self.assertEqual(undo.move_ids.user_id, self.manager)
        self.assertEqual(self.contacts.mapped("lifecycle_locked"), [False] * 5)

    def test_the_rest_follows_in_the_background(self):
        with self.capture_triggers("contact_lifecycle.ir_cron_undo_batches") as triggers:
            dialog = self.open_undo(self.batch, self.manager)
            action = dialog.action_confirm()
        self.assertEqual(len(triggers.records), 1)
        self.assertEqual(action["params"]["message"], "5 contacts go back, in the background.")
        undo = self.batch.undone_by_ids
        self.assertEqual((self.count_back(), undo.is_running), (2, True))
        for batch in (self.batch, undo):
            with self.assertRaisesRegex(UserError, "still moving: wait until that is done"):
                self.undo(batch)
        self.run_cron()
        self.assertBackOnce(undo)

    def test_goes_on_where_it_was_interrupted(self):
        undo = self.undo(self.batch, self.manager)
        self.fail_in_second_batch("_lifecycle_release")
        self.assertEqual(self.count_back(), 4)
        self.run_cron()
        self.assertBackOnce(undo)

    def test_stops_when_its_time_is_over(self):
        undo = self.undo(self.batch, self.manager)
        self.commit.return_value = 0
        self.run_cron()
        self.assertTrue(undo.is_running)
        self.commit.return_value = 1.0
        self.run_cron()
        self.assertBackOnce(undo)

    def test_those_that_move_meanwhile_stay(self):
        undo = self.undo(self.batch, self.manager)
        self.contacts[4].lifecycle_stage_id = self.customer
        self.run_cron()
        self.assertEqual(self.contacts[4].lifecycle_stage_id, self.customer)
        self.assertEqual((undo.move_count, undo.is_running), (4, False))

    def test_nothing_runs_unasked(self):
        self.run_cron()
        self.assertEqual(self.count_back(), 0)

    def test_stops_when_whoever_began_it_has_been_deleted(self):
        """D5: nobody is left whose rights it would have"""
        leaving = self.make_user("lifecycle_leaving", "contact_lifecycle.group_owner")
        undo = self.undo(self.batch, leaving)
        self.assertEqual(undo.user_id, leaving)
        leaving.sudo().unlink()
        self.run_cron()
        self.assertEqual((self.count_back(), undo.is_running), (2, False))

    def test_is_not_undone_while_something_in_the_background_adds_to_it(self):
        """D5: an import, a deletion of a stage, the default stage for contacts without one"""
        moving_in = self.env["lifecycle.import"].create({"source": "file"})
        moving_in._lifecycle_write_protected({"batch_id": self.batch.id, "state": "running"})
        self.assertRefused()
        moving_in._lifecycle_write_protected({"state": "done"})
        self.payment._lifecycle_write_protected({"deletion_batch_id": self.batch.id})
        self.assertRefused()
        self.payment._lifecycle_write_protected({"deletion_batch_id": False})
        self.env["ir.config_parameter"].set_param(BATCH_PARAMETER, str(self.batch.id))
        self.assertRefused()
        self.env["ir.config_parameter"].set_param(BATCH_PARAMETER, False)
        self.undo(self.batch)
        self.assertEqual(self.count_back(), 2)

    def assertRefused(self):
        with self.assertRaisesRegex(UserError, "still moving: wait until that is done"):
            self.undo(self.batch)
        self.assertEqual(self.count_back(), 0)
