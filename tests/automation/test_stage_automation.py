from datetime import timedelta

from odoo import Command, fields
from odoo.tests import Form, tagged

from ..common_automation import AutomationCase


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
        automation = self.Automation.new(
            {"model_id": self.env["ir.model"]._get_id("res.users"), "trigger": "on_stage_set"}
        )
        self.assertNotEqual(automation._get_trigger_specific_field().relation, "lifecycle.stage")

    def set_other_stage(self, is_there):
        """Let contacts have a stage of another addon or not, as far as Odoo's automations can tell."""
        real = "stage_id" if "stage_id" in self.Partner._fields else "industry_id"
        field = self.env["ir.model.fields"]._get("res.partner", real)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE ir_model_fields SET name = %s WHERE id = %s",
            ["stage_id" if is_there else "other_stage_id", field.id],
        )
        self.env.invalidate_all()

    def test_contacts_with_a_stage_of_another_addon_too(self):
        """T11: each addon's automations are about its own stage, those from before as well"""
        self.set_other_stage(True)
        own = self.make_automation(self.hot_lead, self.make_activity_step())
        action = self.hot_lead.with_user(self.administrator).action_automations()
        with Form(self.Automation.with_user(self.administrator).with_context(**action["context"])) as form:
            form.name = "From the stage"
        other = self.make_automation(self.hot_lead, lifecycle_trigger=False)
        vals = {"name": "Other", "model_id": self.partner_model.id, "trigger": "on_stage_set"}
        for automation in other | self.Automation.create({**vals, "trg_field_ref": self.hot_lead.id}):
            self.assertEqual(automation.filter_domain, f"[('stage_id', '=', {self.hot_lead.id})]")
            self.assertEqual(automation.trigger_field_ids.name, "stage_id")
            self.assertFalse(automation.lifecycle_stage_id)
            automation.active = False
        for automation in own | form.record:
            self.assertEqual(automation.trg_field_ref_model_name, "lifecycle.stage")
            self.assertEqual(automation.lifecycle_stage_id, self.hot_lead)
        self.contact.lifecycle_stage_id = self.hot_lead
        self.assertEqual(len(self.get_activities(self.contact)), 1)

    def test_addon_with_another_stage_comes_later(self):
        """T11: the automations that are there stay what they are"""
        self.set_other_stage(False)
        vals = {"name": "Before", "model_id": self.partner_model.id, "trigger": "on_stage_set"}
        automation = self.Automation.create({**vals, "trg_field_ref": self.hot_lead.id})
        self.set_other_stage(True)
        automation.trg_field_ref = self.payment.id
        self.assertEqual(automation.lifecycle_stage_id, self.payment)
        self.assertEqual(automation.filter_domain, f"[('lifecycle_stage_id', '=', {self.payment.id})]")
