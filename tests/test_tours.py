from odoo import Command
from odoo.tests import tagged

from .common import LifecycleCase
from .common_patient import PatientCase


class TourCase(PatientCase, LifecycleCase):
    """Somebody does it in the web client; what counts is what the database says afterwards."""


@tagged("post_install", "-at_install")
class TestTours(TourCase):
    def test_contact_form(self):
        """A1, A3, A4, H1, H2: the main job, by an agent."""
        self.LostStage.create({"name": "No Budget", "description": "Cannot pay for it."})

        self.start_tour("/odoo/contacts", "contact_lifecycle.contact_form", login=self.agent.login)

        contact = self.Partner.search([("name", "=", "Ada Byron")])
        self.assertEqual(len(contact), 1)
        self.assertFalse(contact.lifecycle_stage_id)
        self.assertEqual(
            [(row.from_stage_id.name, row.to_stage_id.name, row.source) for row in self.get_log(contact)],
            [
                (False, "New Lead", "default"),
                ("New Lead", "Hot Lead", "manual"),
                ("Hot Lead", "No Budget", "manual"),
                ("No Budget", False, "manual"),
            ],
        )
        self.assertEqual(self.get_log(contact).user_id, self.agent)
        self.assertEqual(len(self.get_tracking_values(contact)), 4)

    def test_pipeline(self):
        """A3, S15: a manager drags a card; empty stages are there, lost ones folded."""
        self.hot_lead.entry_criteria = "Asked for a price."

        self.start_tour("/odoo", "contact_lifecycle.pipeline", login=self.manager.login)

        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        log = self.get_log(self.contact)[-1:]
        self.assertEqual(
            (log.from_stage_id, log.user_id, log.source), (self.new_lead, self.manager, "manual")
        )

    def test_agent_has_no_pipeline(self):
        """P1"""
        self.start_tour("/odoo", "contact_lifecycle.no_pipeline", login=self.agent.login)

    def test_list(self):
        """A3, A5: an agent moves several contacts at once."""
        self.contact.unlink()
        contacts = self.make_contacts(4)

        self.start_tour("/odoo/contacts", "contact_lifecycle.list", login=self.agent.login)

        moved, stayed = contacts[:3], contacts[3]
        self.assertEqual(moved.lifecycle_stage_id, self.payment)
        self.assertEqual(stayed.lifecycle_stage_id, self.new_lead)
        for contact in moved:
            with self.subTest(contact=contact.name):
                self.assertEqual(self.get_moves(contact)[1:], [("🆕 New Lead", "💵 Payment", "bulk")])

    def test_stage_set(self):
        """S14, S16: step by step, by an owner"""
        self.empty_stages()
        self.contact.lifecycle_stage_id = self.hot_lead

        self.start_tour("/odoo", "contact_lifecycle.stage_set", login=self.owner.login)

        self.assertEqual(
            self.Stage.search([]).mapped("name"),
            [
                *("New", "Attempting", "Connected", "Qualified", "New Lead", "Customer"),
                *("Disqualified", "Cold Lead"),
            ],
        )
        self.assertEqual(self.contact.lifecycle_stage_id.name, "Connected")
        self.assertTrue(self.new_lead.is_default, "the owner has unticked it")

    def test_stage_automations(self):
        """T11, T12: an administrator adds one, deletes steps of another, and comments"""
        model = self.env["ir.model"]._get("res.partner")
        automation = self.env["base.automation"].create(
            {
                "name": "Welcome",
                "model_id": model.id,
                "trigger": "on_stage_set",
                "lifecycle_trigger": True,
                "trg_field_ref": self.hot_lead.id,
                "action_server_ids": [
                    Command.create(
                        {"name": f"Step {number}", "model_id": model.id, "state": "code", "sequence": number}
                    )
                    for number in (1, 2, 3)
                ],
            }
        )

        self.start_tour("/odoo", "contact_lifecycle.stage_automations", login=self.administrator.login)

        self.assertEqual(automation.action_server_ids.mapped("name"), ["Step 1"])
        self.assertIn("Why only one?", automation.message_ids.mapped("preview"))
        automations = self.env["base.automation"].search([("lifecycle_stage_id", "=", self.hot_lead.id)])
        self.assertEqual(automations.mapped("trigger"), ["on_stage_set", "on_stage_set", "on_time"])
        self.assertEqual(automations.mapped("name")[1:], ["Entering 🔥 Hot Lead", "A day later"])

    def test_owner_comments_on_an_automation(self):
        """T12, T13: an owner who is no administrator reads the automations of a stage, and comments"""
        automation = self.env["base.automation"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "trigger": "on_stage_set",
                "lifecycle_trigger": True,
                "trg_field_ref": self.hot_lead.id,
            }
        )

        self.start_tour("/odoo", "contact_lifecycle.automation_comment", login=self.owner.login)

        self.assertIn("Why only one?", automation.message_ids.mapped("preview"))

    def test_switch(self):
        """S2: off, everything is hidden and nothing assigned; on again, it is all back."""
        admin = self.make_user("lifecycle_admin", "base.group_system,base.group_partner_manager")
        self.contact.lifecycle_stage_id = self.hot_lead
        self.assertTrue(self.env["lifecycle.stage"]._are_shown())

        self.start_tour("/odoo/settings", "contact_lifecycle.switch_off", login=admin.login)

        self.assertFalse(self.env["lifecycle.stage"]._are_shown())
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        made_while_off = self.Partner.search([("name", "=", "Made While Off")])
        self.assertEqual(len(made_while_off), 1)
        self.assertFalse(made_while_off.lifecycle_stage_id)

        self.start_tour("/odoo/settings", "contact_lifecycle.switch_on", login=admin.login)

        self.assertTrue(self.env["lifecycle.stage"]._are_shown())

    def test_rule(self):
        """T1, T4, T13, T14: an owner makes a rule, tries it, switches it on; a mail moves the contact; the lock."""
        self.contact.email = "ada@example.com"
        self.owner.email = "owner@example.com"

        # the dry run beside the form may be asked for before the form is complete
        with self.may_warn("odoo.http", "does not say to which stage contacts move"):
            self.start_tour("/odoo", "contact_lifecycle.rule", login=self.owner.login)

        rule = self.env["lifecycle.rule"].search([("name", "=", "We wrote")])
        self.assertEqual(
            (rule.active, rule.from_stage_ids, rule.to_stage_id), (True, self.new_lead, self.hot_lead)
        )
        self.assertEqual(
            self.get_moves(self.contact)[1:],
            [("🆕 New Lead", "🔥 Hot Lead", "rule"), ("🔥 Hot Lead", "🆕 New Lead", "manual")],
        )
        self.assertEqual(self.get_log(self.contact)[1].rule_id, rule)
        self.assertFalse(self.contact.lifecycle_locked)

    def test_standard_rule(self):
        """T3, T12, T13"""
        rule = self.env["lifecycle.rule"]._create_standard_rules(self.hot_lead, self.payment)[0]

        self.start_tour("/odoo/lifecycle-rules", "contact_lifecycle.standard_rule", login=self.owner.login)

        self.assertFalse(rule.active)
        self.assertIn("Not for partners", rule.message_ids.mapped("preview"))

    def test_own_settings(self):
        """P6: an owner who is no administrator opens the page by its address, and saves it"""
        self.start_tour("/odoo/lifecycle-settings", "contact_lifecycle.own_settings", login=self.owner.login)

        parameters = self.env["ir.config_parameter"]
        self.assertEqual(parameters.get_param("contact_lifecycle.company_sync"), "True")
        self.assertEqual(parameters.get_param("contact_lifecycle.default_on"), "never")

    def test_opportunity(self):
        """A11: the contact is moved from the card and the form of its opportunity."""
        salesman = self.make_user("lifecycle_salesman", "sales_team.group_sale_salesman")
        self.env["crm.lead"].create(
            {
                "name": "Engine",
                "type": "opportunity",
                "partner_id": self.contact.id,
                "user_id": salesman.id,
            }
        )

        self.start_tour("/odoo/crm", "contact_lifecycle.opportunity", login=salesman.login)

        self.assertEqual(self.contact.lifecycle_stage_id, self.customer)
        self.assertEqual(
            self.get_moves(self.contact)[1:],
            [("🆕 New Lead", "🔥 Hot Lead", "manual"), ("🔥 Hot Lead", "🤩 Customer", "manual")],
        )

    def test_take_over(self):
        """I1, I3: an agent takes over a conversation that nobody takes care of"""
        operator = self.make_user("lifecycle_operator", "im_livechat.im_livechat_group_user")
        taken, waiting = (self.make_livechat(self.make_guest(name=name)) for name in ("Taken", "Waiting"))
        waiting.channel_member_ids.filtered("partner_id").unlink()
        waiting.message_post(
            body="Is anybody there?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )

        self.start_tour(
            "/odoo/conversations?view_type=kanban",
            "contact_lifecycle.conversation_take_over",
            login=operator.login,
        )

        self.assertEqual(waiting.lifecycle_agent_ids, operator.partner_id)
        self.assertFalse(waiting.lifecycle_is_unassigned)
        self.assertNotIn(operator.partner_id, taken.lifecycle_agent_ids)


@tagged("post_install", "-at_install")
class TestVisitorTour(TourCase):
    def test_visitor(self):
        """A1, A7, A8: a conversation with an unknown visitor starts in the default stage."""
        operator = self.make_user("lifecycle_operator", "im_livechat.im_livechat_group_user")
        self.env["mail.presence"]._update_presence(operator)
        livechat = self.env["im_livechat.channel"].create({"name": "Support", "user_ids": operator.ids})

        self.start_tour(f"/im_livechat/support/{livechat.id}", "contact_lifecycle.visitor")

        conversation = livechat.channel_ids
        self.assertEqual(len(conversation), 1)
        self.assertEqual(conversation.lifecycle_stage_id, self.new_lead)
        self.assertFalse(conversation.lifecycle_partner_id)
        self.assertIn("How much is the desk?", conversation.message_ids.mapped("preview"))
        self.assertEqual(self.get_moves(conversation), [(False, "🆕 New Lead", "default")])
