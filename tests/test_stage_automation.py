from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from .common import LifecycleCase


class AutomationCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Automation = cls.env["base.automation"]
        cls.Automation.search([]).active = False
        cls.partner_model = cls.env["ir.model"]._get("res.partner")
        cls.contact.email = "contact@example.com"

    @classmethod
    def make_automation(cls, stage, *steps, **vals):
        """:return: an automation on entering ``stage``, with an action for each dict of ``steps``"""
        return cls.Automation.create(
            {
                "name": "Automation",
                "model_id": cls.partner_model.id,
                "trigger": "on_stage_set",
                "trg_field_ref": stage.id,
                "action_server_ids": [
                    Command.create(
                        {"name": "Step", "model_id": cls.partner_model.id, "sequence": sequence, **step}
                    )
                    for sequence, step in enumerate(steps)
                ],
                **vals,
            }
        )

    @classmethod
    def make_activity_step(cls, summary="Call", **vals):
        activity_type = cls.env.ref("mail.mail_activity_data_call")
        return {
            "state": "next_activity",
            "activity_type_id": activity_type.id,
            "activity_summary": summary,
            **vals,
        }

    def get_activities(self, contacts):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", contacts.ids)]
        )

    def run_delayed(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", autospec=True, return_value=1.0):
            self.env["base.automation"]._cron_process_time_based_actions()


@tagged("post_install", "-at_install")
class TestStageAutomation(AutomationCase):
    """What happens to a contact as it enters a stage (T11)."""

    def test_entering_by_form_bulk_and_conversation(self):
        """T11"""
        self.make_automation(self.hot_lead, self.make_activity_step())
        agent_contacts = self.make_contacts(3).with_user(self.agent)
        with Form(agent_contacts[0].with_user(self.owner)) as form:
            form.lifecycle_stage_id = self.hot_lead
        agent_contacts[1:].write({"lifecycle_stage_id": self.hot_lead.id})
        visitor = self.make_contacts(1)
        self.make_livechat(visitor).with_user(self.agent).action_lifecycle_set_stage(self.hot_lead.id)
        for contact in agent_contacts | visitor:
            self.assertEqual(self.get_activities(contact).mapped("summary"), ["Call"], contact.name)
        # neither as it stays nor as it leaves
        agent_contacts.write({"lifecycle_stage_id": self.hot_lead.id})
        agent_contacts.write({"lifecycle_stage_id": self.payment.id})
        self.assertEqual(len(self.get_activities(agent_contacts)), 3)

    def test_hundred_contacts(self):
        """T11: one run for each"""
        self.make_automation(self.hot_lead, self.make_activity_step())
        contacts = self.make_contacts(100)
        contacts.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})
        self.assertEqual(sorted(self.get_activities(contacts).mapped("res_id")), sorted(contacts.ids))

    def test_default_stage_of_a_new_contact_runs_once(self):
        """T11, A1"""
        self.make_automation(self.new_lead, self.make_activity_step())
        contacts = self.make_contacts(2)
        self.assertEqual(contacts.lifecycle_stage_id, self.new_lead)
        self.assertEqual(sorted(self.get_activities(contacts).mapped("res_id")), sorted(contacts.ids))
        chosen = self.make_contacts(2, self.new_lead)
        self.assertEqual(len(self.get_activities(chosen)), 2)

    def test_default_stage_on_the_first_message_runs_once(self):
        """T11, A1"""
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", "message")
        self.make_automation(self.new_lead, self.make_activity_step())
        contact = self.make_contacts(1)
        self.assertFalse(self.get_activities(contact))
        contact.message_post(
            body="Hello", message_type="email", author_id=contact.id, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(contact.lifecycle_stage_id, self.new_lead)
        self.assertEqual(len(self.get_activities(contact)), 1)

    def test_email_is_sent(self):
        """T11"""
        template = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.partner_model.id,
                "subject": "Welcome {{ object.name }}",
                "body_html": "<p>Hello</p>",
                "email_to": "{{ object.email }}",
                "auto_delete": False,
            }
        )
        self.make_automation(
            self.hot_lead,
            {"state": "mail_post", "mail_post_method": "email", "template_id": template.id},
        )
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        mail = self.env["mail.mail"].search([("subject", "=", "Welcome Contact 0")])
        self.assertEqual(len(mail), 1)
        self.assertIn(self.contact.email, mail.email_to or mail.recipient_ids.mapped("email"))

    def test_steps_run_in_order_and_message_is_posted(self):
        """T11: a field is changed, a message posted, a stage passed on to"""
        template = self.env["mail.template"].create(
            {
                "name": "Note",
                "model_id": self.partner_model.id,
                "subject": "Note",
                "body_html": "<p>Works as <t t-out='object.function'/></p>",
            }
        )
        self.make_automation(
            self.hot_lead,
            {"state": "object_write", "update_path": "function", "value": "Buyer"},
            {"state": "mail_post", "mail_post_method": "note", "template_id": template.id},
        )
        # an agent moves contacts that he may not change himself
        agent = self.make_user("lifecycle_reader", "base.group_user,contact_lifecycle.group_agent")
        self.contact.with_user(agent).write({"lifecycle_stage_id": self.hot_lead.id})
        self.assertEqual(self.contact.function, "Buyer")
        notes = self.contact.message_ids.filtered(lambda message: "Works as" in message.body)
        self.assertRegex(notes.body, "Works as Buyer")
        self.assertTrue(notes.subtype_id.internal)

    def test_move_by_an_automation_is_logged_as_automation(self):
        """T11, H2: and what moves on to another stage runs what is there"""
        self.make_automation(
            self.hot_lead,
            {
                "state": "object_write",
                "update_path": "lifecycle_stage_id",
                "resource_ref": f"lifecycle.stage,{self.payment.id}",
            },
        )
        self.make_automation(self.payment, self.make_activity_step("Send the bill"))
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.assertEqual(
            self.get_moves(self.contact)[1:],
            [("🆕 New Lead", "🔥 Hot Lead", "manual"), ("🔥 Hot Lead", "💵 Payment", "rule")],
        )
        self.assertEqual(self.get_activities(self.contact).mapped("summary"), ["Send the bill"])

    def test_entering_twice_runs_twice(self):
        """T11: also in one transaction"""
        self.make_automation(self.hot_lead, self.make_activity_step())
        for stage in (self.hot_lead, self.payment, self.hot_lead):
            self.contact.lifecycle_stage_id = stage
        self.assertEqual(len(self.get_activities(self.contact)), 2)

    def test_circle_of_automations_ends(self):
        """T11"""
        for stage, target in ((self.hot_lead, self.payment), (self.payment, self.hot_lead)):
            self.make_automation(
                stage,
                {
                    "state": "object_write",
                    "update_path": "lifecycle_stage_id",
                    "resource_ref": f"lifecycle.stage,{target.id}",
                },
            )
        self.contact.lifecycle_stage_id = self.hot_lead
        self.assertEqual(
            [to for _from, to, _source in self.get_moves(self.contact)][1:],
            ["🔥 Hot Lead", "💵 Payment", "🔥 Hot Lead"],
        )

    def test_queries_of_a_stage_with_automations(self):
        """T11: what does not enter the stage costs nothing more, however many contacts"""
        contacts = self.make_contacts(50, self.hot_lead)

        def count():
            self.env.flush_all()
            before = self.cr.sql_log_count
            contacts.write({"function": str(before)})
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self.make_automation(
            self.payment, self.make_activity_step()
        )  # for Odoo to look for automations at all
        count()
        before = count()
        self.make_automation(self.hot_lead, self.make_activity_step())
        count()
        self.assertEqual(count(), before)

    def test_automations_at_hand_do_not_make_manual_moves_automatic(self):
        """H2"""
        self.make_automation(self.payment, self.make_activity_step())
        self.contact.with_user(self.agent).lifecycle_stage_id = self.payment
        self.contact.lifecycle_stage_id = self.customer
        self.assertEqual([source for _from, _to, source in self.get_moves(self.contact)][1:], ["manual"] * 2)

    def test_condition(self):
        """T11: branches"""
        for country, summary in (("base.be", "French or Dutch"), ("base.br", "Portuguese")):
            domain = [
                ("lifecycle_stage_id", "=", self.hot_lead.id),
                ("country_id", "=", self.env.ref(country).id),
            ]
            automation = self.make_automation(
                self.hot_lead, self.make_activity_step(summary), filter_domain=repr(domain)
            )
            self.assertEqual(automation.lifecycle_stage_id, self.hot_lead)
        self.contact.country_id = self.env.ref("base.br")
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.assertEqual(self.get_activities(self.contact).mapped("summary"), ["Portuguese"])

    def test_delay(self):
        """T11: made with its button; only who is still in the stage"""
        self.hot_lead.with_user(self.administrator).action_automations()
        Automation = self.Automation.with_user(self.administrator).with_context(
            lifecycle_stage_id=self.hot_lead.id
        )
        with Form(Automation.with_context(**Automation.action_lifecycle_add_delayed()["context"])) as form:
            form.trg_date_range = 3
        automation = form.record
        self.assertEqual(automation.lifecycle_stage_id, self.hot_lead)
        automation.action_server_ids = [
            Command.create(
                {"name": "Step", "model_id": self.partner_model.id, **self.make_activity_step("Remind")}
            )
        ]
        automation.last_run = fields.Datetime.now() - timedelta(days=1)
        stays, leaves, fresh = self.make_contacts(3)
        entered = fields.Datetime.now() - timedelta(days=3, minutes=1)
        (stays | leaves)._lifecycle_move_at(self.hot_lead.id, entered)
        fresh.lifecycle_stage_id = self.hot_lead
        leaves._lifecycle_move_at(self.payment.id, entered + timedelta(minutes=1))
        self.run_delayed()
        self.assertEqual(self.get_activities(stays | leaves | fresh).mapped("res_id"), stays.ids)

    def test_stage_trigger_of_other_models_is_theirs(self):
        """T11: leads have a stage of their own, and one of their contact"""
        stage = self.env["crm.stage"].search([], limit=1)
        model = self.env["ir.model"]._get("crm.lead")
        automation = self.Automation.create(
            {"name": "Lead", "model_id": model.id, "trigger": "on_stage_set", "trg_field_ref": stage.id}
        )
        self.assertEqual(automation.filter_domain, f"[('stage_id', '=', {stage.id})]")
        self.assertEqual(automation.trg_field_ref_model_name, "crm.stage")
        self.assertFalse(automation.lifecycle_stage_id)
        for model, expected in (("res.partner", "lifecycle.stage"), ("res.users", False)):
            automation = self.Automation.new(
                {"model_id": self.env["ir.model"]._get_id(model), "trigger": "on_stage_set"}
            )
            self.assertEqual(automation._get_trigger_specific_field().relation, expected, model)


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
        kept = self.make_automation(self.hot_lead, self.make_activity_step())
        wizard = (
            self.env["lifecycle.stage.delete"].with_user(self.owner).create({"stage_id": self.payment.id})
        )
        self.assertEqual(wizard.automation_count, 1)
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
