from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, RecordCapturer, tagged

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestGate(LifecycleCase):
    """Whoever sets the stage of a contact, by whatever path, it is logged (A3, A4, A5, H1, H2)."""

    @freeze_time("2040-01-01 10:00:00")
    def test_agent_moves_a_contact_in_the_form(self):
        """A3, H1, H2"""
        contact = self.contact.with_user(self.agent)
        with Form(contact) as form:
            form.lifecycle_stage_id = self.hot_lead
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        row = self.get_log(self.contact)[-1]
        self.assertRecordValues(
            row,
            [
                {
                    "partner_id": self.contact.id,
                    "channel_id": False,
                    "from_stage_id": self.new_lead.id,
                    "to_stage_id": self.hot_lead.id,
                    "from_stage_name": self.new_lead.display_name,
                    "to_stage_name": self.hot_lead.display_name,
                    "date": self.contact.date_last_stage_update,
                    "user_id": self.agent.id,
                    "source": "manual",
                }
            ],
        )

    @freeze_time("2040-01-01 10:00:00")
    def test_chatter_says_from_to_and_who(self):
        """H1"""
        before = self.contact.message_ids
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        message = self.contact.message_ids - before
        self.assertEqual(len(message), 1)
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertEqual(message.date, self.contact.date_last_stage_update)
        self.assertTrue(
            message.is_internal or message.subtype_id.internal, "followers outside must not get it"
        )
        value = self.get_tracking_values(self.contact)[-1]
        self.assertEqual(
            (value.old_value_integer, value.old_value_char, value.new_value_integer, value.new_value_char),
            (self.new_lead.id, "🆕 New Lead", self.hot_lead.id, "🔥 Hot Lead"),
        )

    def test_chatter_body_does_not_tell_the_stage(self):
        """H1, P1: everybody can search bodies"""
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        for message in self.contact.message_ids:
            self.assertNotIn("Lead", message.body)
            self.assertNotIn("Lead", message.subject or "")

    def test_agent_sees_the_tracking_value_and_others_do_not(self):
        """H1, P1"""
        self.contact.lifecycle_stage_id = self.hot_lead
        values = self.get_tracking_values(self.contact)
        for user, expected in ((self.agent, len(values)), (self.internal, 0)):
            shown = values.with_user(user).sudo()._filter_has_field_access(self.env(user=user))
            self.assertEqual(len(shown), expected, user.login)

    def test_contact_that_stays_is_not_logged(self):
        """H2"""
        log, messages = self.get_log(self.contact), self.contact.message_ids
        self.contact.with_user(self.agent).write(
            {"lifecycle_stage_id": self.new_lead.id, "function": "Buyer"}
        )
        self.assertEqual(self.contact.function, "Buyer")
        self.assertEqual(self.get_log(self.contact), log)
        self.assertEqual(self.contact.message_ids, messages)

    def test_other_values_of_the_same_write_are_kept(self):
        contacts = self.contact | self.make_contacts(1, self.hot_lead)
        contacts.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id, "function": "Buyer"})
        self.assertEqual(contacts.mapped("function"), ["Buyer", "Buyer"])
        self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)

    def test_many_contacts_at_once_are_logged_one_by_one(self):
        """A5"""
        contacts = self.make_contacts(3) | self.make_contacts(2, self.payment)
        contacts.with_user(self.agent).write({"lifecycle_stage_id": self.payment.id})
        self.assertEqual(contacts.lifecycle_stage_id, self.payment)
        for contact in contacts[:3]:
            self.assertEqual(
                self.get_moves(contact)[-1], (self.new_lead.display_name, self.payment.display_name, "bulk")
            )
            self.assertEqual(len(self.get_tracking_values(contact)), 2)
        for contact in contacts[3:]:
            self.assertEqual(len(self.get_log(contact)), 1, "it was in the stage already")

    def test_clear_selection(self):
        """A4"""
        self.contact.with_user(self.agent).action_lifecycle_clear()
        self.assertFalse(self.contact.lifecycle_stage_id)
        self.assertEqual(self.get_moves(self.contact)[-1], (self.new_lead.display_name, False, "manual"))
        self.assertEqual(self.get_tracking_values(self.contact)[-1].new_value_char, "")

    def test_stage_is_set_by_id_record_and_name(self):
        """A6"""
        contact = self.contact.with_user(self.agent)
        for value in (
            self.hot_lead.id,
            "Payment",
            "🤩 Customer",
            "hot lead",
            self.payment,
            "new LEAD",
            False,
        ):
            contact.write({"lifecycle_stage_id": value})
            expected = self.env["lifecycle.stage"]._from_value(value)
            self.assertEqual(self.contact.lifecycle_stage_id, expected, value)
        self.assertEqual(len(self.get_log(self.contact)), 8)
        created = self.Partner.with_user(self.agent).create({"name": "API", "lifecycle_stage_id": "Customer"})
        self.assertEqual(created.sudo().lifecycle_stage_id, self.customer)

    def test_contact_created_in_a_stage_is_logged(self):
        """H2"""
        contact = self.Partner.with_user(self.agent).create(
            {"name": "x", "lifecycle_stage_id": self.hot_lead.id}
        )
        self.assertEqual(self.get_moves(contact), [(False, self.hot_lead.display_name, "manual")])
        self.assertEqual(self.get_tracking_values(contact).new_value_char, "🔥 Hot Lead")
        self.assertTrue(contact.date_last_stage_update)

    def test_default_value_in_the_context_is_logged(self):
        """H2: the quick create of a kanban column"""
        Partner = self.Partner.with_user(self.agent).with_context(default_lifecycle_stage_id=self.payment.id)
        contact = Partner.browse(Partner.name_create("Quick")[0])
        self.assertEqual(contact.lifecycle_stage_id, self.payment)
        self.assertEqual(self.get_moves(contact), [(False, self.payment.display_name, "manual")])
        self.assertTrue(contact.date_last_stage_update)

    def test_default_value_of_the_user_is_logged(self):
        """H2"""
        self.env["ir.default"].set(
            "res.partner", "lifecycle_stage_id", self.payment.id, user_id=self.agent.id
        )
        contact = self.Partner.with_user(self.agent).create({"name": "x"})
        self.assertEqual(self.get_moves(contact), [(False, self.payment.display_name, "manual")])

    def test_user_write_passes_the_gate(self):
        """H2: users delegate to contacts"""
        self.agent.lifecycle_stage_id = self.hot_lead
        self.assertEqual(
            self.get_moves(self.agent.partner_id), [(False, self.hot_lead.display_name, "manual")]
        )

    def test_one2many_command_passes_the_gate(self):
        """H2"""
        company = self.Partner.create({"name": "Company", "is_company": True})
        company.with_user(self.agent).write(
            {
                "child_ids": [
                    Command.create({"name": "Child", "lifecycle_stage_id": self.hot_lead.id}),
                    Command.link(self.contact.id),
                    Command.update(self.contact.id, {"lifecycle_stage_id": self.payment.id}),
                ]
            }
        )
        child = company.child_ids - self.contact
        self.assertEqual(self.get_moves(child), [(False, self.hot_lead.display_name, "manual")])
        self.assertEqual(
            self.get_moves(self.contact)[-1],
            (self.new_lead.display_name, self.payment.display_name, "manual"),
        )

    def test_copy_starts_afresh(self):
        """A1: neither the stage nor the history is copied"""
        self.contact.lifecycle_stage_id = self.payment
        copy = self.contact.copy()
        self.assertEqual(self.get_moves(copy), [(False, self.new_lead.display_name, "default")])

    def test_move_without_chatter_is_logged_all_the_same(self):
        """H2: imports switch the chatter off"""
        messages = self.contact.message_ids
        self.contact.with_context(tracking_disable=True).lifecycle_stage_id = self.payment
        self.assertEqual(self.contact.message_ids, messages)
        self.assertEqual(
            self.get_moves(self.contact)[-1],
            (self.new_lead.display_name, self.payment.display_name, "manual"),
        )

    @freeze_time("2040-01-01 10:00:00")
    def test_date_of_the_last_change_is_the_gates_alone(self):
        """H2, H3"""
        since = self.contact.date_last_stage_update
        self.contact.with_user(self.agent).write({"date_last_stage_update": "2001-01-01 00:00:00"})
        self.assertEqual(self.contact.date_last_stage_update, since)
        created = self.Partner.create({"name": "x", "date_last_stage_update": "2001-01-01 00:00:00"})
        self.assertEqual(created.date_last_stage_update, self.get_log(created).date)

    def test_agent_moves_contacts_that_are_not_his_to_change_otherwise(self):
        """P1: a live chat agent has no right to write contacts"""
        livechat_agent = self.make_user("lifecycle_livechat", "im_livechat.im_livechat_group_user")
        contact = self.contact.with_user(livechat_agent)
        self.assertFalse(contact.has_access("write"))
        contact.lifecycle_stage_id = self.hot_lead
        self.assertEqual(self.get_log(self.contact)[-1].user_id, livechat_agent)
        with self.assertRaises(AccessError):
            contact.write({"lifecycle_stage_id": self.payment.id, "name": "x"})
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)

    def test_agent_does_not_move_contacts_that_he_may_not_see(self):
        """P1"""
        company = self.env["res.company"].create({"name": "Another company"})
        self.contact.company_id = company
        with self.assertRaises(AccessError):
            self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        with self.assertRaises(AccessError):
            self.contact.with_user(self.agent).action_lifecycle_clear()

    def test_user_without_role_neither_sees_nor_sets_the_stage(self):
        """P1, P4"""
        contact = self.contact.with_user(self.internal)
        for call in (
            lambda: contact.lifecycle_stage_id,
            lambda: contact.write({"lifecycle_stage_id": self.hot_lead.id}),
            lambda: contact.create({"name": "x", "lifecycle_stage_id": self.hot_lead.id}),
            contact.action_lifecycle_clear,
        ):
            with self.assertRaises(AccessError):
                call()
        contact.name = "Renamed"
        self.assertEqual(self.contact.name, "Renamed")

    def test_user_without_role_cannot_choose_the_stage_through_the_context(self):
        """P1"""
        Partner = self.Partner.with_user(self.internal).with_context(
            default_lifecycle_stage_id=self.payment.id
        )
        with RecordCapturer(self.Partner) as captured:
            try:
                Partner.create({"name": "x"})
            except (AccessError, UserError):
                return
        self.assertNotEqual(captured.records.lifecycle_stage_id, self.payment)

    def test_automation_is_logged_as_such(self):
        """H2"""
        model = self.env["ir.model"]._get("res.partner")
        action = self.env["ir.actions.server"].create(
            {
                "name": "Move to payment",
                "model_id": model.id,
                "state": "object_write",
                "update_path": "lifecycle_stage_id",
                "resource_ref": f"lifecycle.stage,{self.payment.id}",
            }
        )
        self.env["base.automation"].create(
            {
                "name": "Function is set",
                "model_id": model.id,
                "trigger": "on_create_or_write",
                "filter_domain": "[('function', '=', 'Buyer')]",
                "trigger_field_ids": [
                    Command.link(self.env["ir.model.fields"]._get("res.partner", "function").id),
                ],
                "action_server_ids": [Command.link(action.id)],
            }
        )
        contact = self.contact.with_user(self.agent)
        contact.write({"function": "Buyer", "lifecycle_stage_id": self.hot_lead.id})
        self.assertEqual(
            self.get_moves(self.contact)[1:],
            [
                (self.new_lead.display_name, self.hot_lead.display_name, "manual"),
                (self.hot_lead.display_name, self.payment.display_name, "rule"),
            ],
        )
