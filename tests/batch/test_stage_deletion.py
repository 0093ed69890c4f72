from unittest.mock import patch

from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ...models.batch import lifecycle_stage
from ..common import LifecycleCase
from ..common_batches import BatchesCase


class DeletionCase(LifecycleCase, CronMixinCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaving = cls.make_stages(1)
        cls.contacts = cls.make_contacts(5, cls.leaving)


@tagged("post_install", "-at_install")
class TestStageDeletion(DeletionCase):
    def test_dialog_says_how_many_contacts_are_in_the_stage(self):
        """S11, M7: as many as the list; and who else, as they move as well"""
        self.contacts[0].active = False
        self.contacts[1].type = "delivery"
        action = self.leaving.with_user(self.owner).action_delete()
        form = Form(self.env[action["res_model"]].with_user(self.owner).with_context(**action["context"]))
        self.assertEqual(form.contact_count, 3)
        self.assertEqual(form.contact_count, self.leaving.with_user(self.owner).contact_count)
        self.assertEqual(form.uncounted, 2)
        action = form.save().action_open_uncounted()
        others = self.Partner.with_user(self.owner).with_context(**action["context"])
        self.assertEqual(others.search(action["domain"]), self.contacts[:2])
        self.assertFalse(form.next_default_id)

    def test_dialog_of_a_stage_with_conversations_alone(self):
        """S11, A7: it asks where they go, as it does of contacts, and goes without asking where there are none"""
        conversation = self.make_livechat(self.make_guest())
        conversation.lifecycle_stage_id = self.hot_lead
        dialog = self.env["lifecycle.stage.delete"].with_user(self.owner)
        view = "contact_lifecycle.lifecycle_stage_delete_view_form"
        with Form(dialog.with_context(default_stage_id=self.hot_lead.id), view=view) as form:
            self.assertFalse(form.contact_count or form.uncounted)
            form.reassign = True
            with self.assertRaisesRegex(AssertionError, "target_stage_id is a required field"):
                form.save()
            form.target_stage_id = self.payment
        form.record.action_confirm()
        self.assertEqual(conversation.lifecycle_stage_id, self.payment)
        form = Form(dialog.with_context(default_stage_id=self.customer.id), view=view)
        with self.assertRaisesRegex(AssertionError, "reassign"):
            form.reassign = True

    def test_box_without_a_stage_is_refused_for_conversations_too(self):
        """S11, A7: also without the dialog"""
        self.make_livechat(self.make_guest()).lifecycle_stage_id = self.hot_lead
        dialog = self.env["lifecycle.stage.delete"].with_user(self.owner)
        with self.assertRaisesRegex(UserError, "Choose the stage to move the contacts to"):
            dialog.create({"stage_id": self.hot_lead.id, "reassign": True}).action_confirm()

    def test_stage_before_it_is_chosen_already(self):
        """S11: of the same kind; the first one's contacts go to the one after it"""
        lost = self.LostStage.create({"name": "No Budget"}).stage_id
        for stage, expected in (
            (self.leaving, self.payment),
            (self.new_lead, self.hot_lead),
            (lost, self.cold_lead.stage_id),
            (self.cold_lead.stage_id, lost),
        ):
            with self.subTest(stage=stage.name):
                action = stage.with_user(self.owner).action_delete()
                self.make_contacts(1, stage)
                form = Form(
                    self.env[action["res_model"]].with_user(self.owner).with_context(**action["context"])
                )
                self.assertTrue(form.reassign)
                self.assertEqual(form.target_stage_id, expected)

    def test_only_one_of_its_kind_has_no_stage_before_it(self):
        """S11: its contacts go nowhere unless somebody says where"""
        stage = self.cold_lead.stage_id
        (self.LostStage.search([]) - self.cold_lead).unlink()
        context = stage.with_user(self.owner).action_delete()["context"]
        self.contacts.lifecycle_stage_id = stage
        wizard = self.env["lifecycle.stage.delete"].with_user(self.owner).with_context(**context).create({})
        self.assertEqual((wizard.reassign, wizard.target_stage_id), (True, self.Stage))
        with self.assertRaisesRegex(UserError, "Choose the stage to move the contacts to"):
            wizard.action_confirm()
        self.contacts.lifecycle_stage_id = self.leaving
        self.env.invalidate_all()
        wizard.action_confirm()
        self.assertFalse(stage.exists(), "an empty stage needs no other one")

    def test_what_happened_is_said(self):
        """S11: as many as the dialog says, and then the page of stages, with the kind that the stage was of"""
        lost = self.LostStage.create({"name": "No Budget"}).stage_id
        self.contacts[0].active = False
        for stage, count, target, expected in (
            (self.leaving, 0, self.payment, "Stage 0 is deleted, 5 contacts are in 💵 Payment now."),
            (self.hot_lead, 1, self.new_lead, "🔥 Hot Lead is deleted, one contact is in 🆕 New Lead now."),
            (lost, 2, self.Stage, "No Budget is deleted, 2 contacts have no stage now."),
            (
                self.cold_lead.stage_id,
                1,
                self.Stage,
                "🧊 Cold Lead is deleted, one contact has no stage now.",
            ),
            (self.customer, 0, self.payment, "🤩 Customer is deleted."),
        ):
            with self.subTest(stage=stage.name):
                self.make_contacts(count, stage)
                is_lost = stage.is_lost
                params = self.delete_stage(stage, target)["params"]
                self.assertEqual(params["message"], expected)
                self.assertEqual(params["next"]["tag"], "contact_lifecycle.stages")
                self.assertEqual(params["next"]["params"], {"is_lost": is_lost})

    def test_dialog_of_the_default_stage_says_which_is_next(self):
        """S10, S11"""
        wizard = self.env["lifecycle.stage.delete"].with_user(self.owner)
        self.assertEqual(wizard.create({"stage_id": self.new_lead.id}).next_default_id, self.hot_lead)

    def test_contacts_move_to_the_chosen_stage(self):
        """S11"""
        self.contacts[0].active = False
        self.delete_stage(self.leaving, self.payment)
        self.assertFalse(self.leaving.exists())
        self.assertEqual(self.contacts.lifecycle_stage_id, self.payment)
        for contact in self.contacts:
            row = self.get_log(contact)[-1]
            self.assertEqual(
                (row.from_stage_name, row.to_stage_name, row.source, row.user_id),
                ("Stage 0", self.payment.display_name, "stage_deletion", self.owner),
            )

    def test_contacts_end_with_no_stage_when_the_box_is_not_ticked(self):
        """S11: even though a stage was chosen before"""
        wizard = self.env["lifecycle.stage.delete"].with_user(self.owner)
        wizard.create({"stage_id": self.leaving.id, "target_stage_id": self.payment.id}).action_confirm()
        self.assertFalse(self.leaving.exists())
        self.assertFalse(self.contacts.lifecycle_stage_id)
        for contact in self.contacts:
            self.assertEqual(self.get_moves(contact)[-1], ("Stage 0", False, "stage_deletion"))

    def test_lost_stage_is_deleted_the_same_way(self):
        """S11, S4"""
        self.contacts.write({"lifecycle_stage_id": self.cold_lead.stage_id.id})
        action = self.cold_lead.with_user(self.owner).action_delete()
        self.assertEqual(action["context"]["default_stage_id"], self.cold_lead.stage_id.id)
        stage = self.cold_lead.stage_id
        self.delete_stage(stage, self.hot_lead)
        self.assertFalse(stage.exists())
        self.assertFalse(self.cold_lead.exists())
        self.assertEqual(self.contacts.lifecycle_stage_id, self.hot_lead)

    def test_conversations_move_along(self):
        """S11, A7: of known visitors and of unknown ones, open and closed"""
        known = self.make_livechat(self.contacts[0])
        closed = self.make_livechat(self.contacts[1])
        closed.livechat_end_dt = "2026-01-01 10:00:00"
        unknown = self.make_livechat(self.make_guest())
        unknown.lifecycle_stage_id = self.leaving
        self.delete_stage(self.leaving, self.payment)
        for channel in (known, closed, unknown):
            self.assertEqual(channel.lifecycle_stage_id, self.payment)
        self.assertEqual(self.get_moves(unknown)[-1][2], "stage_deletion")

    def test_log_outlives_the_stage(self):
        """H4"""
        self.contacts.write({"lifecycle_stage_id": self.payment.id})
        self.delete_stage(self.leaving)
        entered, left = self.get_log(self.contacts[0])
        self.assertFalse(entered.to_stage_id)
        self.assertFalse(left.from_stage_id)
        self.assertEqual(entered.to_stage_name, "Stage 0")
        self.assertEqual(left.from_stage_name, "Stage 0")

    def test_stage_cannot_be_its_own_target(self):
        with self.assertRaisesRegex(UserError, "cannot move to a stage that is being deleted"):
            self.delete_stage(self.leaving, self.leaving)
        self.assertEqual(self.contacts.lifecycle_stage_id, self.leaving)

    def test_ticked_box_needs_a_target(self):
        wizard = self.env["lifecycle.stage.delete"].with_user(self.owner)
        with self.assertRaisesRegex(UserError, "Choose the stage to move the contacts to"):
            wizard.create({"stage_id": self.leaving.id, "reassign": True}).action_confirm()

    def test_stage_with_contacts_cannot_be_deleted_without_the_dialog(self):
        """S11: not even one that only holds an archived contact"""
        self.contacts[1:].write({"lifecycle_stage_id": False})
        self.contacts[0].active = False
        with self.assertRaisesRegex(
            UserError, "There are contacts in Stage 0: 1. Delete it with its “Delete” button"
        ):
            self.leaving.with_user(self.owner).unlink()
        with self.assertRaisesRegex(UserError, "There are contacts in"):
            self.contacts[0].lifecycle_stage_id = self.cold_lead.stage_id
            self.cold_lead.with_user(self.owner).unlink()

    def test_database_refuses_to_delete_a_stage_with_contacts_or_conversations(self):
        """S11: behind the ORM's back"""
        channel = self.make_livechat(self.make_guest())
        channel.lifecycle_stage_id = self.hot_lead
        self.env.flush_all()
        for stage, table in ((self.leaving, "res_partner"), (self.hot_lead, "discuss_channel")):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(ForeignKeyViolation, table),
                self.cr.savepoint(),
            ):
                self.cr.execute("DELETE FROM lifecycle_stage WHERE id = %s", [stage.id])

    def test_manager_cannot_delete_a_stage(self):
        """P1"""
        with self.assertRaises(AccessError):
            self.delete_stage(self.leaving, user=self.manager)


@tagged("post_install", "-at_install")
class TestStageDeletionInBackground(DeletionCase, BatchesCase):
    """A stage with more contacts than a batch: decision 8."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(lifecycle_stage, "BATCH_SIZE", 2))

    def run_cron(self):
        self.env.invalidate_all()
        self.Stage._cron_delete_stages()

    def count_moved(self):
        return len(self.contacts.filtered(lambda contact: contact.lifecycle_stage_id == self.payment))

    def assertMovedOnce(self):
        self.assertFalse(self.leaving.exists())
        self.assertEqual(self.contacts.lifecycle_stage_id, self.payment)
        for contact in self.contacts:
            rows = self.get_log(contact).filtered(lambda row: row.source == "stage_deletion")
            self.assertEqual(len(rows), 1, contact.name)
            self.assertEqual(rows.user_id, self.owner)
            self.assertEqual(len(self.get_tracking_values(contact)), 2)

    def test_first_batch_moves_at_once_and_the_rest_in_the_background(self):
        with self.capture_triggers("contact_lifecycle.ir_cron_delete_stages") as triggers:
            action = self.delete_stage(self.leaving, self.payment)
        self.assertEqual(
            action["params"]["message"],
            "Stage 0 is being deleted: its contacts are moving to 💵 Payment in the background.",
        )
        self.assertEqual(len(triggers.records), 1)
        self.assertEqual(self.count_moved(), 2)
        self.assertTrue(self.leaving.deletion_pending)
        self.run_cron()
        self.assertMovedOnce()
        processed = [call.args[1] for call in self.commit.call_args_list if len(call.args) > 1]
        self.assertEqual(processed, [2, 1], "each batch is committed, and says how far it came")
        self.assertEqual(self.commit.call_args_list[0].kwargs, {"remaining": 3})

    def test_small_stage_needs_no_background(self):
        self.contacts[2:].write({"lifecycle_stage_id": False})
        with self.capture_triggers("contact_lifecycle.ir_cron_delete_stages") as triggers:
            self.delete_stage(self.leaving, self.payment)
        self.assertFalse(triggers.records)
        self.assertFalse(self.leaving.exists())

    def test_goes_on_where_it_was_interrupted(self):
        """The second batch of the scheduled action fails: what was committed stays, the next run finishes."""
        self.delete_stage(self.leaving, self.payment)
        self.fail_in_second_batch("_lifecycle_moved")
        self.assertEqual(self.count_moved(), 4, "what was committed before is lost, or what failed is kept")
        self.assertTrue(self.leaving.deletion_pending)
        self.run_cron()
        self.assertMovedOnce()

    def test_stops_when_its_time_is_over(self):
        self.delete_stage(self.leaving, self.payment)
        self.commit.return_value = 0
        self.run_cron()
        self.assertEqual(self.count_moved(), 2)
        self.assertTrue(self.leaving.exists())
        self.commit.return_value = 1.0
        self.run_cron()
        self.assertMovedOnce()

    def test_nobody_enters_a_stage_that_is_being_deleted(self):
        self.delete_stage(self.leaving, self.payment)
        with self.assertRaisesRegex(UserError, "This stage has been deleted: choose another one"):
            self.contact.with_user(self.agent).lifecycle_stage_id = self.leaving
        channel = self.make_livechat(self.make_guest())
        with self.assertRaisesRegex(UserError, "This stage has been deleted"):
            channel.with_user(self.owner).sudo().lifecycle_stage_id = self.leaving
        with self.assertRaisesRegex(UserError, "neither lost nor being deleted"):
            self.leaving.with_user(self.owner).action_set_default()

    def test_target_stays_until_the_contacts_have_arrived(self):
        self.delete_stage(self.leaving, self.payment)
        with self.assertRaisesRegex(UserError, "Stage 0 are still moving here"):
            self.delete_stage(self.payment)
        self.run_cron()
        self.delete_stage(self.payment)
        while self.payment.exists():
            self.run_cron()
        self.assertFalse(self.contacts.lifecycle_stage_id)

    def test_stage_being_deleted_does_not_count_as_remaining(self):
        """S12"""
        self.keep_only(self.leaving | self.payment)
        self.contacts.write({"lifecycle_stage_id": self.leaving.id})
        self.delete_stage(self.leaving)
        with self.assertRaisesRegex(UserError, "Payment is the last lifecycle stage"):
            self.payment.with_user(self.owner).unlink()

    def test_stage_being_deleted_is_offered_no_more(self):
        self.delete_stage(self.leaving, self.payment)
        for model in ("res.partner", "discuss.channel"):
            self.assertNotIn(self.leaving, self.env[model]._read_group_lifecycle_stage_id(self.Stage, []))
