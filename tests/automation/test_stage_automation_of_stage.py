from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...hooks import uninstall_hook
from ..common_automation import AutomationCase


@tagged("post_install", "-at_install")
class TestStageAutomationOfStage(AutomationCase):
    """The automations of a stage: seen, made, deleted, by whom (T11, T12, T13)."""

    def test_administrator_adds_one_from_the_stage_with_one_click(self):
        """T11"""
        action = self.hot_lead.with_user(self.administrator).action_automations()
        self.assertEqual(action["views"][0][1], "kanban")
        Automation = self.Automation.with_user(self.administrator).with_context(**action["context"])
        with Form(Automation) as form:
            self.assertEqual(form.name, "Entering 🔥 Hot Lead")
        automation = form.record
        self.assertRecordValues(
            automation,
            [
                {
                    "model_name": "res.partner",
                    "trigger": "on_stage_set",
                    "trg_field_ref": self.hot_lead.id,
                    "trg_field_ref_model_name": "lifecycle.stage",
                    "filter_domain": f"[('lifecycle_stage_id', '=', {self.hot_lead.id})]",
                    "lifecycle_stage_id": self.hot_lead.id,
                }
            ],
        )
        self.assertEqual(automation.trigger_field_ids.name, "lifecycle_stage_id")
        self.assertEqual(self.Automation.search(action["domain"]), automation)

    def test_lost_stage_has_automations_too(self):
        """T11"""
        self.make_automation(self.cold_lead.stage_id, self.make_activity_step())
        action = self.cold_lead.with_user(self.owner).action_automations()
        self.assertEqual(len(self.Automation.search(action["domain"])), 1)
        self.assertEqual(self.cold_lead.with_user(self.owner).automation_count, 1)

    def test_count_costs_one_query_for_all_stages(self):
        """T11"""
        self.make_automation(self.hot_lead)
        self.make_automation(self.hot_lead)
        self.make_automation(self.payment)
        self.make_automation(self.payment, active=False)
        self.env.flush_all()
        self.env.invalidate_all()
        stages = self.Stage.with_user(self.owner).search([])
        with self.assertQueryCount(1):
            counts = {stage: stage.automation_count for stage in stages}
        self.assertEqual(counts[self.hot_lead], 2)
        self.assertEqual(counts[self.payment], 1)
        self.assertEqual(counts[self.customer], 0)

    def test_condition_that_cannot_be_read_belongs_to_no_stage(self):
        """T11: an expression, half-typed, or about no stage"""
        date_field = self.env["ir.model.fields"]._get("res.partner", "date_last_stage_update")
        for condition, expected in (
            (f"[('lifecycle_stage_id', 'in', [{self.payment.id}])]", self.payment),
            ("[('create_date', '<', datetime.datetime.now())]", self.Stage),
            ("[('lifecycle_stage_id', '=', ", self.Stage),
            ("[('lifecycle_stage_id.name', '=', 'x')]", self.Stage),
            ("[('lifecycle_stage_id', '=', 0)]", self.Stage),
            (False, self.Stage),
        ):
            automation = self.Automation.new(
                {
                    "model_id": self.partner_model.id,
                    "trigger": "on_time",
                    "trg_date_id": date_field.id,
                    "filter_domain": condition,
                }
            )
            self.assertEqual(automation.lifecycle_stage_id, expected, condition)

    def test_delete_one_step_or_it_and_all_that_follow(self):
        """T11: of its own automation, in the order they run"""
        automation = self.make_automation(
            self.hot_lead, *(self.make_activity_step(name=f"Step {number}") for number in (1, 2, 3, 4))
        )
        other = self.make_automation(self.hot_lead, self.make_activity_step(name="Step 5"))
        steps = automation.action_server_ids.with_user(self.administrator)
        self.assertEqual(automation.lifecycle_steps, "Step 1, Step 2, Step 3, Step 4")
        steps[0].sequence = 3  # after Step 3, as the names decide
        self.env.invalidate_all()
        self.assertEqual(automation.lifecycle_steps, "Step 2, Step 3, Step 1, Step 4")
        steps[2].action_delete_with_following()
        self.assertEqual(automation.action_server_ids.mapped("name"), ["Step 2"])
        self.assertEqual(other.action_server_ids.mapped("name"), ["Step 5"])
        self.assertFalse(steps.exists() - automation.action_server_ids)

    def test_steps_go_with_those_that_follow_only_in_automations(self):
        """T11: an action that is no step of one is deleted alone"""
        action, other = self.env["ir.actions.server"].create(
            [
                {"name": name, "model_id": self.partner_model.id, "state": "code", "code": "pass"}
                for name in ("One", "Other")
            ]
        )
        action.action_delete_with_following()
        self.assertFalse(action.exists())
        self.assertTrue(other.exists())

    def test_automations_are_switched_off_with_their_stage(self):
        """T11, S11: by an owner who may not edit them; the dialog says so"""
        automation = self.make_automation(self.payment, self.make_activity_step())
        kept = self.make_automation(self.hot_lead, self.make_activity_step(), name="Kept")
        wizard = (
            self.env["lifecycle.stage.delete"].with_user(self.owner).create({"stage_id": self.payment.id})
        )
        self.assertIn(automation.name, wizard.mentions)
        self.assertNotIn(kept.name, wizard.mentions)
        self.delete_stage(self.payment)
        self.assertFalse(self.payment.exists())
        self.assertFalse(automation.active)
        self.assertFalse(automation.lifecycle_stage_id)
        self.assertTrue(kept.active)
        # it may be edited for all that
        automation.name = "Was of Payment"
        automation.read()

    def test_owner_sees_the_automations_of_stages_and_edits_none(self):
        """T13: editing needs Odoo's own right, as automations may run any code"""
        automation = self.make_automation(self.hot_lead, self.make_activity_step(name="Call them"))
        other = self.Automation.create(
            {"name": "Other", "model_id": self.partner_model.id, "trigger": "on_create"}
        )
        action = self.hot_lead.with_user(self.owner).action_automations()
        self.assertEqual([kind for _view, kind in action["views"]], ["list", "form"])
        own = automation.with_user(self.owner)
        for view_id, kind in action["views"]:
            view = own.get_view(view_id, kind)
            names = [name for name in view["models"]["base.automation"] if not name.startswith("message_")]
            own.read(names)
        self.assertEqual(own.lifecycle_steps, "Call them")
        self.assertEqual(self.Automation.with_user(self.owner).search([]), automation)
        for call in (
            lambda: own.write({"name": "x"}),
            own.unlink,
            lambda: own.create({"name": "x", "model_id": self.partner_model.id, "trigger": "on_create"}),
            own.with_context(lifecycle_stage_id=self.hot_lead.id).action_lifecycle_add_delayed,
            lambda: own.action_server_ids.read(["name"]),
            own.action_server_ids.action_delete_with_following,
            lambda: other.with_user(self.owner).read(["name"]),
        ):
            with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
                call()

    def test_owner_does_not_learn_the_address_that_runs_an_automation(self):
        """T13: Odoo serves it to whoever knows it, whatever the trigger is"""
        automation = self.make_automation(self.hot_lead).with_user(self.owner)
        for call in (
            lambda: automation.read(["webhook_uuid"]),
            lambda: automation.read(["url"]),
            lambda: automation.search([("webhook_uuid", "like", "a")]),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertTrue(automation.with_user(self.administrator).webhook_uuid)

    def test_administrator_still_sees_every_automation(self):
        other = self.Automation.create(
            {"name": "Other", "model_id": self.partner_model.id, "trigger": "on_create"}
        )
        self.assertIn(other, self.Automation.with_user(self.administrator).search([]))

    def test_owners_comment_for_each_other(self):
        """T12: on the automation; nobody else reads it"""
        automation = self.make_automation(self.hot_lead)
        automation.message_subscribe(partner_ids=self.administrator.partner_id.ids)
        message = automation.with_user(self.owner).message_post(
            body="Why do we call?", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(message.author_id, self.owner.partner_id)
        self.assertIn(self.administrator.partner_id, message.notification_ids.res_partner_id)
        self.assertIn(message, automation.with_user(self.administrator).message_ids)
        for user in (self.manager, self.agent, self.internal, self.portal, self.env.ref("base.public_user")):
            self.assertFalse(self.env["mail.message"].with_user(user).search([("id", "=", message.id)]))
            with self.assertRaises(AccessError):
                message.with_user(user).read(["body"])
            with self.assertRaises(AccessError):
                automation.with_user(user).message_post(body="Let me in")

    def test_only_owners_open_the_automations_of_a_stage(self):
        """T13, P4"""
        for user in (self.manager, self.agent, self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.hot_lead.with_user(user).action_automations()
            self.assertNotIn("automation_count", self.Stage.with_user(user).fields_get())

    def test_uninstalling_switches_off_what_would_fail(self):
        """T11"""
        own = self.make_automation(self.hot_lead)
        other = self.Automation.create(
            {"name": "Other", "model_id": self.partner_model.id, "trigger": "on_create"}
        )
        uninstall_hook(self.env)
        self.assertFalse(own.active)
        self.assertTrue(other.active)
