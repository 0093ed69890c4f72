from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .. import post_init_hook


@tagged("post_install", "-at_install")
class TestGateway(TransactionCase):
    """Conversations of the community addon mail_gateway are like live chats, by the one hook (I7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(
            cls.env,
            "gateway_agent",
            "mail_gateway.gateway_user,contact_lifecycle.group_agent",
            context={"no_reset_password": True},
        )
        # each gateway addon adds its own type; the base alone has none
        gateway_type = cls.env["mail.gateway"]._fields["gateway_type"]
        cls.classPatch(gateway_type, "_selection", {"messenger": "Messenger"})
        cls.gateway = cls.env["mail.gateway"].create(
            {
                "name": "Messenger",
                "gateway_type": "messenger",
                "token": "token",
                "member_ids": [Command.link(cls.agent.id)],
            }
        )
        cls.stages = cls.env["lifecycle.stage"].search([("is_lost", "=", False)])

    def make_conversation(self, visitor):
        Abstract = self.env["mail.gateway.abstract"]
        self.patch(type(Abstract), "_get_author", lambda self, gateway, update: visitor)
        vals = Abstract._get_channel_vals(self.gateway, f"token of {visitor.name}", {})
        return self.env["discuss.channel"].create(vals)

    def test_conversation_with_an_unknown_visitor_has_stage_and_status(self):
        """I7, I3, A7"""
        guest = self.env["mail.guest"].create({"name": "Visitor"})
        channel = self.make_conversation(guest)
        self.assertEqual(channel.channel_type, "gateway")
        self.assertEqual(channel.lifecycle_stage_id, self.stages.filtered("is_default"))
        self.assertEqual(channel.lifecycle_status, "open")
        self.assertFalse(channel.lifecycle_is_unassigned)
        channel.with_user(self.agent).action_lifecycle_set_stage(self.stages[1].id)
        self.assertEqual(channel.lifecycle_stage_id, self.stages[1])
        channel.with_user(self.agent).action_lifecycle_snooze(fields.Datetime.now() + timedelta(hours=1))
        self.assertEqual(channel.lifecycle_status, "snoozed")

    def test_conversation_with_a_contact_shows_its_stage(self):
        """I7, A7"""
        contact = self.env["res.partner"].create({"name": "Contact"})
        channel = self.make_conversation(contact)
        self.assertEqual(channel.lifecycle_partner_id, contact)
        contact.lifecycle_stage_id = self.stages[2]
        self.assertEqual(channel.lifecycle_stage_id, self.stages[2])
        data = Store().add(channel.with_user(self.agent)).get_result()
        self.assertEqual(data["discuss.channel"][0]["lifecycle_stage_id"], self.stages[2].id)

    def test_conversation_is_in_the_inbox_of_its_stage(self):
        """I7, I1"""
        Channel = self.env["discuss.channel"].with_user(self.agent)
        domain = [("lifecycle_is_conversation", "=", True), ("channel_type", "=", "gateway")]

        def count():
            panel = Channel.search_panel_select_range("lifecycle_stage_id", search_domain=domain)
            return {value["id"]: value["__count"] for value in panel["values"] if value["id"]}

        before = count()
        contact = self.env["res.partner"].create({"name": "Contact", "lifecycle_stage_id": self.stages[1].id})
        channel = self.make_conversation(contact)
        self.assertEqual(count()[self.stages[1].id], before[self.stages[1].id] + 1)
        self.assertIn(channel, Channel.search([*domain, ("lifecycle_assignment", "=", "mine")]))

    def test_conversations_that_were_there_before_are_taken_in(self):
        """I7, I8: contact, status and assignment; they have no stage until somebody gives them one"""
        contact = self.env["res.partner"].create({"name": "Contact"})
        known = self.make_conversation(contact)
        unknown = self.make_conversation(self.env["mail.guest"].create({"name": "Visitor"}))
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE discuss_channel SET lifecycle_status = NULL, lifecycle_is_unassigned = NULL,
               lifecycle_partner_id = NULL WHERE id IN %s""",
            [(known.id, unknown.id)],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual((known | unknown).mapped("lifecycle_status"), ["open", "open"])
        self.assertEqual(
            [known.lifecycle_partner_id, unknown.lifecycle_partner_id], [contact, contact.browse()]
        )
        self.assertFalse((known | unknown).filtered("lifecycle_is_unassigned"))

    def test_guest_who_is_linked_to_a_contact_is_identified(self):
        """I7, A7: with the wizard of mail_gateway"""
        guest = self.env["mail.guest"].create({"name": "Visitor", "gateway_id": self.gateway.id})
        channel = self.make_conversation(guest)
        contact = self.env["res.partner"].create({"name": "Contact"})
        self.env["mail.guest.manage"].create({"guest_id": guest.id, "partner_id": contact.id}).merge_partner()
        self.assertEqual(channel.lifecycle_partner_id, contact)

    def test_message_of_the_customer_wakes_it(self):
        """I4, I7"""
        contact = self.env["res.partner"].create({"name": "Contact"})
        channel = self.make_conversation(contact)
        channel.action_lifecycle_snooze(fields.Datetime.now() + timedelta(hours=1))
        channel.with_context(no_gateway_notification=True).message_post(
            body="Hello", author_id=contact.id, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(channel.lifecycle_status, "open")

    def test_message_of_a_customer_whom_it_does_not_know_wakes_it(self):
        """T18, I4, I7: the gateway posts it without an author; before somebody says who it is, and after"""
        guest = self.env["mail.guest"].create({"name": "Visitor"})
        contact = self.env["res.partner"].create({"name": "Contact"})
        channel = self.make_conversation(guest)
        for identified in (False, True):
            if identified:
                channel.with_user(self.agent).action_lifecycle_set_contact(contact.id)
            channel.action_lifecycle_snooze(fields.Datetime.now() + timedelta(hours=1))
            channel.with_context(no_gateway_notification=True).message_post(
                body="Hello", author_id=False, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.assertEqual(channel.lifecycle_status, "open", identified)
