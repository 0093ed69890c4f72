import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.im_livechat.tests.common import TestImLivechatCommon
from odoo.addons.mail.tools.discuss import Store

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestConversation(LifecycleCase):
    """The stage belongs to the contact; a conversation shows it (A7)."""

    def test_open_conversations_show_the_stage_of_their_contact_at_once(self):
        """A7"""
        channels = self.make_livechat(self.contact) | self.make_livechat(self.contact)
        self.assertEqual(channels.lifecycle_partner_id, self.contact)
        self.assertEqual(channels.lifecycle_stage_id, self.new_lead)
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.assertEqual(channels.lifecycle_stage_id, self.hot_lead)
        self.contact.with_user(self.agent).action_lifecycle_clear()
        self.assertFalse(channels.lifecycle_stage_id)

    def test_closed_conversation_keeps_the_stage_it_had(self):
        """A7: only open ones follow"""
        channel = self.make_livechat(self.contact)
        channel.livechat_end_dt = "2026-01-01 10:00:00"
        self.contact.lifecycle_stage_id = self.hot_lead
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)

    def test_setting_it_on_the_conversation_moves_the_contact(self):
        """A3, A7, H2"""
        channel, other = self.make_livechat(self.contact), self.make_livechat(self.contact)
        channel.with_user(self.agent).lifecycle_stage_id = self.payment
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment)
        self.assertEqual(other.lifecycle_stage_id, self.payment)
        row = self.get_log(self.contact)[-1]
        self.assertEqual((row.source, row.channel_id, row.user_id), ("conversation", channel, self.agent))
        self.assertEqual(self.get_tracking_values(self.contact)[-1].new_value_char, self.payment.display_name)

    def test_several_conversations_at_once(self):
        """A5, A7: of one contact, of another, and of an unknown visitor"""
        contact = self.make_contacts(1)
        channels = (
            self.make_livechat(self.contact) | self.make_livechat(self.contact) | self.make_livechat(contact)
        )
        channels |= self.make_livechat(self.make_guest())
        channels.with_user(self.agent).write({"lifecycle_stage_id": self.payment.id})
        self.assertEqual(channels.lifecycle_stage_id, self.payment)
        for moved in (self.contact, contact):
            self.assertEqual(moved.lifecycle_stage_id, self.payment)
            self.assertEqual(len(self.get_log(moved)), 2, "once for each contact")

    def test_agent_who_may_not_write_contacts_moves_them_from_the_conversation(self):
        """A3, P1: agents of the live chat have no right to change contacts"""
        agent = self.make_user("lifecycle_livechat", "im_livechat.im_livechat_group_user")
        channel = self.make_livechat(self.contact, agent=agent)
        channel.with_user(agent).write({"lifecycle_stage_id": "Hot Lead"})
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        with self.assertRaises(AccessError):
            channel.with_user(agent).lifecycle_partner_id.write({"name": "x"})

    def test_unknown_visitor_starts_in_the_default_stage(self):
        """A1, A7"""
        channel = self.make_livechat(self.make_guest())
        self.assertFalse(channel.lifecycle_partner_id)
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)
        self.assertEqual(self.get_moves(channel), [(False, self.new_lead.display_name, "default")])

    def test_conversation_without_any_visitor_has_no_stage(self):
        """A7: an agent who tries the live chat meets nobody but himself"""
        member = Command.create({"partner_id": self.agent.partner_id.id, "livechat_member_type": "agent"})
        vals = {"name": "Chat", "channel_type": "livechat", "channel_member_ids": [member]}
        channel = self.env["discuss.channel"].create(
            {**vals, "livechat_operator_id": self.agent.partner_id.id}
        )
        self.assertFalse(channel.lifecycle_stage_id)
        self.assertFalse(self.get_log(channel))

    def test_unknown_visitor_has_the_stage_on_the_conversation(self):
        """A7, H2"""
        channel = self.make_livechat(self.make_guest())
        channel.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.assertEqual(
            self.get_moves(channel)[-1],
            (self.new_lead.display_name, self.hot_lead.display_name, "conversation"),
        )
        channel.with_user(self.agent).lifecycle_stage_id = False
        self.assertFalse(channel.lifecycle_stage_id)
        self.assertEqual(len(self.get_log(channel)), 3)

    def test_settings_of_the_default_hold_for_conversations(self):
        """A1, A7, S2"""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("contact_lifecycle.default_on", "never")
        self.assertFalse(self.make_livechat(self.make_guest()).lifecycle_stage_id)
        parameters.set_param("contact_lifecycle.default_on", "message")
        guest = self.make_guest()
        channel = self.make_livechat(guest)
        visitor = channel.with_user(self.env.ref("base.public_user")).with_context(guest=guest).sudo()
        channel.message_post(body="Hello", message_type="comment", author_id=self.agent.partner_id.id)
        self.assertFalse(channel.lifecycle_stage_id, "it is the agent who wrote")
        visitor.message_post(body="Hello", message_type="comment")
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)
        channel.with_user(self.agent).lifecycle_stage_id = False
        visitor.message_post(body="Hello", message_type="comment")
        self.assertFalse(channel.lifecycle_stage_id, "it was cleared on purpose")

    def test_stage_moves_to_the_contact_when_the_visitor_is_identified(self):
        """A7: a contact without a stage takes the conversation's"""
        channel = self.make_livechat(self.make_guest())
        channel.lifecycle_stage_id = self.hot_lead
        contact = self.make_contacts_without_stage(1)
        channel.write(
            {
                "channel_member_ids": [
                    Command.create({"partner_id": contact.id, "livechat_member_type": "visitor"})
                ]
            }
        )
        self.assertEqual(channel.lifecycle_partner_id, contact)
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(self.get_moves(contact), [(False, self.hot_lead.display_name, "conversation")])

    def test_stage_of_the_identified_contact_wins(self):
        """A7"""
        channel = self.make_livechat(self.make_guest())
        channel.lifecycle_stage_id = self.hot_lead
        contact = self.make_contacts(1, self.payment)
        channel.write(
            {
                "channel_member_ids": [
                    Command.create({"partner_id": contact.id, "livechat_member_type": "visitor"})
                ]
            }
        )
        self.assertEqual(channel.lifecycle_stage_id, self.payment)
        self.assertEqual(contact.lifecycle_stage_id, self.payment)
        self.assertEqual(len(self.get_log(contact)), 1)

    def test_lead_from_the_conversation_identifies_the_visitor(self):
        """A7: the lead's contact is the visitor"""
        channel = self.make_livechat(self.make_guest())
        channel.lifecycle_stage_id = self.hot_lead
        contact = self.make_contacts_without_stage(1)
        lead = self.env["crm.lead"].create({"name": "x", "origin_channel_id": channel.id})
        self.assertFalse(channel.lifecycle_partner_id)
        lead.partner_id = contact
        self.assertEqual(channel.lifecycle_partner_id, contact)
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)

    def test_other_channels_have_no_stage(self):
        """A7: conversations with customers only"""
        channel = self.env["discuss.channel"]._create_channel(name="Internal", group_id=None)
        self.assertFalse(channel.lifecycle_stage_id)
        self.assertFalse(channel.lifecycle_partner_id)

    def test_colleague_in_a_conversation_is_not_the_customer(self):
        """A7"""
        channel = self.make_livechat(self.make_guest())
        channel.write({"channel_member_ids": [Command.create({"partner_id": self.manager.partner_id.id})]})
        self.assertFalse(channel.lifecycle_partner_id)

    def test_unknown_stage_is_refused(self):
        """A6"""
        channel = self.make_livechat(self.contact).with_user(self.agent)
        for value in ("No Such Stage", 2147483647):
            with self.assertRaisesRegex(UserError, "There is no stage"):
                channel.write({"lifecycle_stage_id": value})

    def test_user_without_role_cannot_set_the_stage(self):
        """P1"""
        channel = self.make_livechat(self.contact, agent=self.internal).with_user(self.internal)
        with self.assertRaises(AccessError):
            channel.write({"lifecycle_stage_id": self.hot_lead.id})
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

    def test_contact_and_snooze_are_not_written_past_their_actions(self):
        """A7, I4, P1: nothing would be handed over, checked or logged"""
        channel = self.make_livechat(self.make_guest()).with_user(self.agent)
        for vals in (
            {"lifecycle_partner_id": self.contact.id},
            {"lifecycle_snoozed_until": "2030-01-01 10:00:00"},
            {"lifecycle_status": "closed", "name": "x"},
        ):
            with self.assertRaisesRegex(AccessError, "set by the buttons", msg=vals):
                channel.write(vals)
        channel.action_lifecycle_set_contact(self.contact.id)
        self.assertEqual(channel.lifecycle_partner_id, self.contact)

    def test_agent_does_not_set_the_stage_of_conversations_that_he_may_not_see(self):
        """P1"""
        channel = self.make_livechat(self.contact, agent=self.manager)
        self.assertFalse(channel.with_user(self.agent).has_access("read"))
        with self.assertRaises(AccessError):
            channel.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})

    def test_portal_user_and_public_get_nothing_of_their_conversation(self):
        """P4, A8"""
        channel = self.make_livechat(self.portal.partner_id)
        fields = [name for name in channel._fields if name.startswith("lifecycle_")]
        self.assertIn("lifecycle_stage_id", fields)
        for user in (self.portal, self.env.ref("base.public_user")):
            own = channel.with_user(user)
            self.assertFalse(set(own.fields_get()) & set(fields), user.login)
            for field in fields:
                with self.assertRaises(AccessError, msg=f"{user.login} reads {field}"):
                    own.read([field])
                if not channel._fields[field].store:  # its search method names other fields
                    continue
                with self.assertRaises(AccessError, msg=f"{user.login} searches {field}"):
                    own.search([(field, "!=", False)])
            with self.assertRaises(AccessError):
                own.write({"lifecycle_stage_id": self.hot_lead.id})


@tagged("post_install", "-at_install")
class TestVisitor(TestImLivechatCommon):
    """Nothing of the stage reaches the visitor, in any payload (A8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage = cls.env["lifecycle.stage"].create(
            {"name": "Secretstage", "emoji": "🦄", "description": "Secretdescription"}
        )
        cls.stage.action_set_default()
        cls.other_stage = cls.env["lifecycle.stage"].create({"name": "Secretother", "emoji": "🐙"})
        cls.agent = new_test_user(
            cls.env,
            "agent_of_visitor",
            "im_livechat.im_livechat_group_user",
            context={"no_reset_password": True},
        )
        cls.livechat_channel.user_ids = cls.agent

    def assertNoSecret(self, payload, what):
        text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False, default=str)
        text = text.encode().decode("unicode_escape", "ignore") + text if "\\u" in text else text
        for secret in (
            "Secret",
            "🦄",
            "🐙",
            "lifecycle",
            "date_last_stage_update",
            "duration_tracking",
            "is_rotting",
        ):
            self.assertNotIn(secret, text, what)

    def open_session(self):
        return self.make_jsonrpc_request("/im_livechat/get_session", {"channel_id": self.livechat_channel.id})

    def check_visitor(self, channel, cookies=None, guest=None, user=None):
        """Have the agent move the conversation, and look at all that the visitor can get."""
        self._reset_bus()
        channel.with_user(self.agent).lifecycle_stage_id = self.other_stage
        self.assertEqual(channel.lifecycle_stage_id, self.other_stage)
        channel.with_user(self.agent).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.env.cr.precommit.run()
        names = {
            json.dumps([self.env.cr.dbname, *record])
            for record in (
                [channel._name, channel.id],
                *([[guest._name, guest.id]] if guest else []),
                *([[user.partner_id._name, user.partner_id.id]] if user else []),
            )
        }
        notifications = self.env["bus.bus"].sudo().search([])
        received = notifications.filtered(lambda n: json.dumps(json.loads(n.channel)) in names)
        self.assertTrue(received, "no notification was found: does the test look at the right channel?")
        inside = notifications - received
        self.assertTrue(any("lifecycle_stage_id" in n.message for n in inside))
        for notification in received:
            self.assertNoSecret(notification.message, notification.channel)
        for route, params in (
            ("/discuss/channel/messages", {"channel_id": channel.id}),
            ("/discuss/channel/members", {"channel_id": channel.id, "known_member_ids": []}),
            (
                "/mail/data",
                {"fetch_params": ["init_messaging", ["discuss.channel", [channel.id]], "channels_as_member"]},
            ),
            ("/mail/action", {"fetch_params": [["init_livechat", self.livechat_channel.id]]}),
        ):
            answer = self.make_jsonrpc_request(route, params, cookies=cookies)
            self.assertTrue(answer, route)
            self.assertNoSecret(answer, route)

    def test_guest_gets_nothing(self):
        """A8"""
        session = self.open_session()
        self.assertNoSecret(session, "opening the conversation")
        channel = self.env["discuss.channel"].browse(session["channel_id"])
        self.assertEqual(channel.lifecycle_stage_id, self.stage)
        guest = channel.channel_member_ids.guest_id
        cookies = {guest._cookie_name: guest._format_auth_cookie()}
        self.check_visitor(channel, cookies, guest=guest)
        as_guest = channel.with_user(self.env.ref("base.public_user")).with_context(guest=guest)
        for store in (Store(bus_channel=guest), Store(bus_channel=channel), Store()):
            self.assertNoSecret(store.add(as_guest).get_result(), "the data of the conversation")
        self.assertNoSecret(
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "discuss.channel",
                    "thread_id": channel.id,
                    "post_data": {"body": "Hello", "message_type": "comment"},
                },
                cookies=cookies,
            ),
            "writing a message",
        )

    def test_portal_visitor_gets_nothing(self):
        """A8, P4"""
        portal = new_test_user(
            self.env, "portal_visitor", "base.group_portal", context={"no_reset_password": True}
        )
        self.authenticate("portal_visitor", "portal_visitor")
        session = self.open_session()
        self.assertNoSecret(session, "opening the conversation")
        channel = self.env["discuss.channel"].browse(session["channel_id"])
        self.assertEqual(channel.lifecycle_partner_id, portal.partner_id)
        self.check_visitor(channel, user=portal)
        self.assertEqual(portal.partner_id.lifecycle_stage_id, self.other_stage)

    def test_agent_gets_what_the_visitor_does_not(self):
        """I5: that the above looks for the right thing"""
        channel = self.env["discuss.channel"].browse(self.open_session()["channel_id"])
        data = Store().add(channel.with_user(self.agent)).get_result()
        if "lifecycle_stage_id" not in data["discuss.channel"][0]:
            self.assertNoSecret(data, "stages are not in Discuss at all")
            return
        self.assertEqual(data["discuss.channel"][0]["lifecycle_stage_id"], self.stage.id)
        self.assertIn("Secretstage", json.dumps(data))
