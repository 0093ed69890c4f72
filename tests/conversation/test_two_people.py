from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ..common import LifecycleCase
from ..common_two_people import BesideCase, visitor_beside

SECRETS = ("Secretstage", "Secretother", "Secretlost", "Secretcriteria", "🦄", "🐙", "🦕", "Secretnote")
# Names of fields and commands; the visitor's scripts must not know them either.
NAMES = (
    "lifecycle.stage",
    "lifecycle_stage_id",
    "lifecycle_partner_id",
    "lifecycle_status",
    "lifecycle_snoozed_until",
    "/stage",
)


@tagged("post_install", "-at_install")
class TestTwoPeople(BesideCase, LifecycleCase):
    """A visitor and an agent, each in a browser, from the first message to the end of the conversation."""

    browser_size = "1600x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.write({"group_ids": [(4, cls.env.ref("im_livechat.im_livechat_group_user").id)]})
        cls.stage = cls.Stage.create({"name": "Secretstage", "emoji": "🦄", "is_default": True})
        cls.other = cls.Stage.create(
            {"name": "Secretother", "emoji": "🐙", "entry_criteria": "Secretcriteria"}
        )
        cls.lost = cls.LostStage.create({"name": "Secretlost", "emoji": "🦕"}).stage_id
        cls.empty_stages()  # few columns, so that all are in sight
        (cls.Stage.search([("is_lost", "=", False)]) - cls.stage - cls.other).unlink()
        cls.livechat = cls.env["im_livechat.channel"].create(
            {"name": "Support", "user_ids": [(4, cls.agent.id)]}
        )
        cls.env["mail.presence"]._update_presence(cls.agent)

    def get_conversation(self):
        self.env.invalidate_all()
        conversation = self.livechat.channel_ids
        self.assertEqual(len(conversation), 1)
        return conversation

    def play(self, tour):
        self.start_tour(
            "/odoo/conversations?view_type=kanban", f"contact_lifecycle.{tour}", login=self.agent.login
        )

    def test_conversation_from_first_message_to_end(self):
        """A3, A4, A7, A8, A10, I2, I3, I4, I5"""
        with visitor_beside(self) as (visitor, received):
            visitor.open(f"/im_livechat/support/{self.livechat.id}")
            visitor.start_chat()
            visitor.say("Good morning")
            conversation = self.get_conversation()
            self.assertEqual(conversation.lifecycle_stage_id, self.stage)
            conversation.livechat_note = "Secretnote"
            self.play("conversation")
            conversation = self.get_conversation()
            self.assertEqual(
                [row.to_stage_id.name for row in self.get_log(conversation)],
                [
                    *("Secretstage", "Secretother", "Secretlost", "Secretother"),
                    *("Secretlost", "Secretother", False, "Secretstage"),
                ],
            )
            self.assertNotIn("/stage", "".join(conversation.message_ids.mapped("body")))
            visitor.wait_for_message("How can I help?")

            # else the page would be told of it as it opens, and read anew while a card is dragged
            self.env["bus.bus"].search([]).unlink()
            self.play("conversation_drag")
            self.assertEqual(self.get_conversation().lifecycle_stage_id, self.other)

            self.play("conversation_snooze")
            self.assertEqual(self.get_conversation().lifecycle_status, "snoozed")
            visitor.say("Are you there?")
            self.assertEqual(self.get_conversation().lifecycle_status, "open")

            visitor.end_chat()
            self.assertEqual(self.get_conversation().lifecycle_status, "closed")

        self.assertGreater(len(received.http), 10)
        self.assertTrue(received.frames)
        for said in ("How can I help?", "Good morning"):
            self.assertTrue(received.find(said), f"the record has what the visitor sees: {said}")
        for secret in (*SECRETS, *NAMES):
            self.assertFalse(received.find(secret), f"the visitor got {secret}")

    def test_record_shows_a_field_made_public(self):
        """A8: that the record above would find a leak"""
        Channel = self.registry["discuss.channel"]
        defaults = Channel._to_store_defaults

        def leaking_defaults(self, target):
            name = Store.Attr("lifecycle_stage_name", lambda channel: channel.sudo().lifecycle_stage_id.name)
            return [*defaults(self, target), name]

        with visitor_beside(self) as (visitor, received):
            visitor.open(f"/im_livechat/support/{self.livechat.id}")
            with patch.object(Channel, "_to_store_defaults", leaking_defaults):
                visitor.start_chat()
                visitor.say("Good morning")
        self.assertTrue(received.find("Secretstage"))
