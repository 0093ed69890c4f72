from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.stage.lifecycle_stage import MAX_STAGES
from ...wizard.lifecycle_lost_stage_suggest import SUGGESTIONS
from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestLostStage(LifecycleCase):
    def suggest(self, *keys, user=None):
        """:return: the open dialog with the suggested lost stages, those of ``keys`` ticked"""
        wizard = self.env["lifecycle.lost.stage.suggest"].with_user(user or self.owner).create({})
        wizard.line_ids.filtered(lambda line: line.key in keys).is_chosen = True
        return wizard

    def test_ships_cold_lead_like_any_other(self):
        """S4: it can be edited and removed"""
        self.assertRecordValues(self.cold_lead, [{"name": "Cold Lead", "emoji": "🧊", "is_lost": True}])
        self.assertTrue(self.cold_lead.description)
        self.cold_lead.with_user(self.owner).write({"name": "Frozen", "reengage_after_days": 90})
        self.assertEqual(self.cold_lead.stage_id.name, "Frozen")
        stage = self.cold_lead.stage_id
        self.cold_lead.with_user(self.owner).unlink()
        self.assertFalse(stage.exists(), "the stage that the lost stage delegates to is left behind")

    def test_nothing_is_left_of_a_lost_stage_that_goes_as_a_stage(self):
        """S4, S11: its external ids neither"""
        ours = [("model", "in", ("lifecycle.stage", "lifecycle.lost.stage"))]
        before = self.env["ir.model.data"].search_count(ours)
        other = self.Stage.create({"name": "Other"})
        stages = self.cold_lead.stage_id | other
        stages.with_user(self.owner).unlink()
        self.assertFalse(stages.exists())
        self.assertFalse(self.cold_lead.exists())
        self.assertEqual(self.env["ir.model.data"].search_count(ours), before - 2)

    def test_owner_adds_a_lost_stage(self):
        """S5"""
        with Form(self.LostStage.with_user(self.owner)) as form:
            form.name = "No Budget"
            form.emoji = "💸"
        stage = form.record.stage_id
        self.assertTrue(stage.is_lost)
        self.assertEqual(stage.display_name, "💸 No Budget")
        self.assertTrue(stage.fold)
        self.contact.with_user(self.agent).lifecycle_stage_id = stage
        self.assertTrue(self.contact.lifecycle_is_lost)

    def test_three_lost_stages_are_offered_ready_made(self):
        """S5"""
        wizard = self.suggest(*SUGGESTIONS)
        self.assertEqual(
            wizard.line_ids.mapped("name"), ["🚫 Unqualified", "🔇 No Response", "🏳️ Lost to Competitor"]
        )
        wizard.action_add()
        for line in wizard.line_ids:
            with self.subTest(key=line.key):
                lost_stage = self.env.ref(f"contact_lifecycle.lifecycle_lost_stage_{line.key}")
                self.assertTrue(lost_stage.is_lost)
                self.assertEqual(lost_stage.stage_id.display_name, line.name)
                self.assertTrue(lost_stage.description)
                self.assertEqual(line.description, lost_stage.description)
        self.assertFalse(self.suggest().line_ids, "there is nothing left to suggest")

    def test_nothing_is_added_that_is_not_ticked(self):
        """S5"""
        before = self.LostStage.search([])
        with self.assertRaisesRegex(UserError, "Tick the lost stages that you want to add"):
            self.suggest().action_add()
        self.suggest("unqualified").action_add()
        self.assertEqual((self.LostStage.search([]) - before).mapped("name"), ["Unqualified"])

    def test_suggestion_is_not_added_twice_but_again_after_it_was_deleted(self):
        """S5"""
        again = self.suggest("no_response")
        self.suggest("no_response").action_add()
        self.assertNotIn("no_response", self.suggest().line_ids.mapped("key"))
        with self.assertRaisesRegex(UserError, "No Response is there already"):
            again.action_add()
        self.delete_stage(self.env.ref("contact_lifecycle.lifecycle_lost_stage_no_response").stage_id)
        self.suggest("no_response").action_add()
        self.assertEqual(self.LostStage.search_count([("name", "=", "No Response")]), 1)

    def test_suggestion_counts_against_the_limit(self):
        """S5, S7"""
        self.make_stages(MAX_STAGES - self.Stage.search_count([]))
        wizard = self.suggest("unqualified")
        with self.assertRaisesRegex(UserError, "at most 20 stages"):
            wizard.action_add()

    def test_manager_cannot_add_a_suggestion(self):
        """P1"""
        with self.assertRaises(AccessError):
            self.suggest("unqualified", user=self.manager)

    def test_convert_to_lost_and_back_keeps_contacts_and_history(self):
        """S13"""
        self.contact.lifecycle_stage_id = self.hot_lead
        log = self.get_log(self.contact)
        since = self.contact.date_last_stage_update
        self.hot_lead.with_user(self.owner).action_convert_to_lost()
        self.assertTrue(self.hot_lead.is_lost)
        self.assertTrue(self.contact.lifecycle_is_lost)
        self.assertIn(self.hot_lead, self.LostStage.search([]).stage_id)
        self.hot_lead.lost_stage_ids.with_user(self.owner).action_convert_to_lifecycle()
        self.assertFalse(self.hot_lead.is_lost)
        self.assertFalse(self.hot_lead.lost_stage_ids)
        self.assertFalse(self.contact.lifecycle_is_lost)
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(self.get_log(self.contact), log, "converting a stage moves no contact")
        self.assertEqual(self.contact.date_last_stage_update, since)
        self.assertEqual(log[-1].to_stage_id, self.hot_lead)

    def test_converted_stage_is_last_of_its_kind(self):
        """S8, S13, S16: but for the customer"""
        self.new_lead.with_user(self.owner).action_convert_to_lost()
        self.assertEqual(self.Stage.search([])[-1:], self.new_lead)
        self.new_lead.lost_stage_ids.with_user(self.owner).action_convert_to_lifecycle()
        self.assertEqual(self.Stage.search([("is_lost", "=", False)])[-2:], self.new_lead | self.customer)

    def test_won_stage_made_lost_is_won_no_more(self):
        """S13"""
        self.customer.with_user(self.owner).action_convert_to_lost()
        self.assertFalse(self.customer.is_won)

    def test_last_lifecycle_stage_cannot_be_made_lost_or_deleted(self):
        """S12"""
        self.keep_only(self.payment)
        stage = self.payment.with_user(self.owner)
        for call in (
            stage.action_convert_to_lost,
            lambda: self.LostStage.with_user(self.owner).create({"stage_id": stage.id}),
            stage.unlink,
            lambda: self.delete_stage(stage, self.cold_lead.stage_id),
        ):
            with self.assertRaisesRegex(UserError, "Payment is the last lifecycle stage"):
                call()
        self.assertRecordValues(
            self.payment, [{"is_lost": False, "is_default": True, "deletion_pending": False}]
        )

    def test_all_lifecycle_stages_at_once_cannot_be_made_lost_or_deleted(self):
        """S12"""
        stages = self.Stage.with_user(self.owner).search([("is_lost", "=", False)])
        for call in (stages.action_convert_to_lost, stages.unlink):
            with self.assertRaisesRegex(UserError, "last lifecycle stage"):
                call()

    def test_last_lost_stage_can_be_deleted(self):
        """S4, S12: only a lifecycle stage must remain"""
        for lost_stage in self.LostStage.search([]):
            self.delete_stage(lost_stage.stage_id)
        self.assertFalse(self.Stage.search([("is_lost", "=", True)]))

    def test_stage_is_lost_only_once(self):
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.LostStage.create({"stage_id": self.cold_lead.stage_id.id})

    def test_is_lost_cannot_be_typed(self):
        """S13: it follows from the delegate"""
        for call in (
            lambda: self.hot_lead.with_user(self.owner).write({"is_lost": True}),
            lambda: self.cold_lead.with_user(self.owner).write({"is_lost": False}),
            lambda: self.Stage.with_user(self.owner).create({"name": "x", "is_lost": True}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be typed in"):
                call()

    def test_agent_marks_contacts_as_lost(self):
        """A3, A5"""
        contacts = self.make_contacts(2)
        wizard = (
            self.env["lifecycle.contact.lost"].with_user(self.agent).with_context(active_ids=contacts.ids)
        )
        wizard.create({"lost_stage_id": self.cold_lead.stage_id.id}).action_confirm()
        self.assertEqual(contacts.lifecycle_stage_id, self.cold_lead.stage_id)
        with self.assertRaisesRegex(UserError, "Hot Lead is none"):
            wizard.create({"lost_stage_id": self.hot_lead.id}).action_confirm()

    def test_lost_stage_written_with_the_stage_it_has(self):
        """S13: as a form or an import may do"""
        self.cold_lead.with_user(self.owner).write({"stage_id": self.cold_lead.stage_id.id, "name": "Colder"})
        self.assertEqual(self.cold_lead.stage_id.name, "Colder")
