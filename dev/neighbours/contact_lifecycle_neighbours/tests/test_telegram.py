import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.contact_lifecycle.tests.common_rule import RuleCase

SENDER = 12341234


@tagged("post_install", "-at_install")
class TestTelegram(HttpCase, RuleCase):
    """A customer who writes by Telegram, through the community's mail_gateway_telegram as it is (T18, I4, I7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.env["mail.gateway"].create(
            {
                "name": "Telegram",
                "gateway_type": "telegram",
                "token": "123:token",
                "webhook_key": "lifecycle_hook",
                "webhook_secret": "secret",
                "webhook_user_id": cls.make_user("telegram_webhook", "base.group_user").id,
                "member_ids": [(4, cls.salesman.id)],
            }
        )
        cls.gateway.integrated_webhook_state = "integrated"
        cls.rule = cls.make_rule("connected", ["conversation_reply"], cls.hot_lead, name="On an answer")

    def receive(self, text, number):
        """Let Telegram call the webhook with a message of the customer."""
        who = {"id": SENDER, "first_name": "Ada", "last_name": "Example"}
        message = {
            "message_id": number,
            "from": {**who, "is_bot": False},
            "chat": {**who, "type": "private"},
            "date": int(fields.Datetime.now().timestamp()),
            "text": text,
        }
        self.url_open(
            f"/gateway/telegram/{self.gateway.webhook_key}/update",
            data=json.dumps({"update_id": number, "message": message}),
            headers={
                "Content-Type": "application/json",
                "X-Telegram-Bot-Api-Secret-Token": self.gateway.webhook_secret,
            },
        ).raise_for_status()
        self.env.invalidate_all()
        self.commit()

    def snooze(self, channel):
        channel.action_lifecycle_snooze(fields.Datetime.now() + timedelta(hours=1))
        self.assertEqual(channel.lifecycle_status, "snoozed")
        self.commit()

    def test_customer_who_has_been_identified(self):
        """T18, I4, I7, T2: wakes the conversation that was snoozed, and a rule on answers moves the contact"""
        self.receive("Good morning", 1)
        channel = self.env["discuss.channel"].search([("gateway_id", "=", self.gateway.id)])
        self.assertEqual(channel.channel_type, "gateway")
        guest = channel.channel_member_ids.guest_id
        self.assertEqual(guest.gateway_token, str(SENDER))
        self.assertFalse(channel.lifecycle_partner_id)
        self.snooze(channel)
        self.receive("Is anybody there?", 2)
        self.assertEqual(channel.lifecycle_status, "open", "a visitor whom nobody knows")
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
        # somebody says who it is
        dialog = self.env["mail.guest.manage"].create({"guest_id": guest.id, "partner_id": self.contact.id})
        dialog.merge_partner()
        self.assertEqual(channel.lifecycle_partner_id, self.contact)
        self.snooze(channel)
        self.receive("I like the engine", 3)
        self.assertEqual(channel.message_ids[0].author_id, self.contact)
        self.assertEqual(channel.lifecycle_status, "open")
        self.assertMoved(self.contact, self.hot_lead, self.rule)
