from datetime import date, datetime, timedelta, timezone
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import RecordCapturer, tagged

from ... import hooks
from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestConversationStatus(LifecycleCase):
    """Open, snoozed, closed; assigned or not (I3); snoozing and waking (I4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.make_livechat(cls.contact)
        cls.as_agent = cls.channel.with_user(cls.agent)
        cls.cron = cls.env.ref("contact_lifecycle.ir_cron_wake_conversations")

    def in_hours(self, hours):
        return fields.Datetime.now() + timedelta(hours=hours)

    def test_conversation_is_open_until_it_is_closed(self):
        """I3"""
        self.assertEqual(self.channel.lifecycle_status, "open")
        self.channel.livechat_end_dt = fields.Datetime.now()
        self.assertEqual(self.channel.lifecycle_status, "closed")
        internal = self.env["discuss.channel"]._create_channel(name="Internal", group_id=None)
        self.assertFalse(internal.lifecycle_status)

    def test_conversation_is_unassigned_without_a_human_agent(self):
        """I3: a chatbot is none, nor is a colleague who tries the chat as a visitor"""
        self.assertFalse(self.channel.lifecycle_is_unassigned)
        self.channel.channel_member_ids.filtered(lambda m: m.partner_id == self.agent.partner_id).unlink()
        self.assertTrue(self.channel.lifecycle_is_unassigned)
        bot = self.env["chatbot.script"].create({"title": "Bot"}).operator_partner_id
        member = {"partner_id": bot.id, "livechat_member_type": "bot"}
        self.channel.write({"channel_member_ids": [Command.create(member)]})
        self.assertTrue(self.channel.lifecycle_is_unassigned)
        visitor = {"partner_id": self.manager.partner_id.id, "livechat_member_type": "visitor"}
        self.channel.write({"channel_member_ids": [Command.create(visitor)]})
        self.assertTrue(self.channel.lifecycle_is_unassigned)
        self.channel.write({"channel_member_ids": [Command.create({"partner_id": self.owner.partner_id.id})]})
        self.assertFalse(self.channel.lifecycle_is_unassigned)

    def test_agent_finds_his_own_and_the_unassigned_conversations(self):
        """I1, I3"""
        other = self.make_livechat(self.contact, agent=self.manager)
        unassigned = self.make_livechat(self.contact)
        unassigned.channel_member_ids.filtered(lambda m: m.partner_id == self.agent.partner_id).unlink()
        ours = self.channel | other | unassigned
        Channel = self.env["discuss.channel"].with_user(
            self.make_user("lifecycle_chat", "im_livechat.im_livechat_group_user")
        )

        def search(user, *assignment):
            return Channel.with_user(user).search(
                [("lifecycle_assignment", "in", list(assignment)), ("id", "in", ours.ids)]
            )

        self.assertEqual(search(self.agent, "mine"), self.channel)
        self.assertEqual(search(self.manager, "mine"), other)
        self.assertEqual(search(Channel.env.user, "unassigned"), unassigned)
        self.assertFalse(search(Channel.env.user, "mine"))
        self.assertEqual(self.as_agent.lifecycle_assignment, "mine")
        self.assertEqual(unassigned.lifecycle_assignment, "unassigned")

    def test_agent_takes_over_what_nobody_takes_care_of(self):
        """I1, I3: and nobody else after that; what he may not read, he may not enter either"""
        operator, colleague = (
            self.make_user(f"lifecycle_chat_{number}", "im_livechat.im_livechat_group_user")
            for number in (1, 2)
        )
        other = self.channel.with_user(operator)
        with self.assertRaisesRegex(UserError, "takes care of it already"):
            other.action_lifecycle_take_over()
        self.channel.channel_member_ids.filtered(lambda m: m.partner_id == self.agent.partner_id).unlink()
        for user in (self.internal, self.portal, self.manager):
            with self.assertRaises(AccessError):
                self.channel.with_user(user).action_lifecycle_take_over()
        self.assertTrue(self.channel.lifecycle_is_unassigned)
        action = other.action_lifecycle_take_over()
        self.assertEqual(action["context"]["active_id"], f"discuss.channel_{self.channel.id}")
        self.assertEqual(
            (other.lifecycle_assignment, other.lifecycle_agent_ids), ("mine", operator.partner_id)
        )
        self.assertTrue(other.is_member)
        with self.assertRaisesRegex(UserError, "takes care of it already"):
            self.channel.with_user(colleague).action_lifecycle_take_over()
        closed = self.make_livechat(self.contact)
        closed.channel_member_ids.filtered(lambda m: m.partner_id == self.agent.partner_id).unlink()
        closed.livechat_end_dt = fields.Datetime.now()
        with self.assertRaisesRegex(UserError, "closed"):
            closed.with_user(operator).action_lifecycle_take_over()

    def test_snoozed_until_its_moment(self):
        """I4: it wakes at that minute, by a trigger of the scheduled action for that very moment"""
        until = self.in_hours(5)
        with RecordCapturer(self.env["ir.cron.trigger"], [("cron_id", "=", self.cron.id)]) as triggers:
            self.as_agent.action_lifecycle_snooze(fields.Datetime.to_string(until))
        self.assertEqual(triggers.records.mapped("call_at"), [until])
        self.assertEqual(self.channel.lifecycle_status, "snoozed")
        with freeze_time(until - timedelta(minutes=1)):
            self.env["discuss.channel"]._cron_lifecycle_wake()
        self.assertEqual(self.channel.lifecycle_status, "snoozed")
        with freeze_time(until):
            self.env["discuss.channel"]._cron_lifecycle_wake()
        self.assertEqual(self.channel.lifecycle_status, "open")
        self.assertFalse(self.channel.lifecycle_snoozed_until)

    def test_customer_wakes_it(self):
        """I4: as a contact, and as a guest; the agent's own message does not"""
        guest = self.make_guest()
        as_guest = (
            self.env["discuss.channel"]
            .with_user(self.env.ref("base.public_user"))
            .with_context(guest=guest)
            .sudo()
        )
        as_portal = self.env["discuss.channel"].with_user(self.portal)
        for visitor, theirs in ((self.portal.partner_id, as_portal), (guest, as_guest)):
            channel = self.make_livechat(visitor)
            channel.with_user(self.agent).action_lifecycle_snooze(self.in_hours(5))
            channel.with_user(self.agent).message_post(body="One moment", message_type="comment")
            self.assertEqual(channel.lifecycle_status, "snoozed")
            theirs.browse(channel.id).message_post(
                body="Hello?", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.assertEqual(channel.lifecycle_status, "open", visitor)

    def test_agent_wakes_it(self):
        """I4"""
        self.as_agent.action_lifecycle_snooze(self.in_hours(5))
        self.as_agent.action_lifecycle_wake()
        self.assertEqual(self.channel.lifecycle_status, "open")

    def test_unclear_or_past_moments_and_closed_conversations_are_refused(self):
        """I4: one sentence, and nothing is snoozed"""
        west = timezone(timedelta(hours=-5))
        in_a_year = fields.Datetime.now() + relativedelta(years=1)
        for until, message in (
            (self.in_hours(-1), "in the future"),
            ("2001-01-01 10:00:00", "in the future"),
            ("soon", "Choose a date and time"),
            (False, "Choose a date and time"),
            (["x"], "Choose a date and time"),
            (True, "Choose a date and time"),
            (7, "Choose a date and time"),
            ("9999-12-31 23:59:59", "one year at most"),
            (date.max, "one year at most"),
            (datetime.max, "one year at most"),
            (datetime.max.replace(tzinfo=west), "Choose a date and time"),  # beyond the calendar
            (in_a_year + timedelta(minutes=1), "one year at most"),
        ):
            with self.assertRaisesRegex(UserError, message, msg=str(until)):
                self.as_agent.action_lifecycle_snooze(until)
        closed = self.make_livechat(self.contact)
        closed.livechat_end_dt = fields.Datetime.now()
        with self.assertRaisesRegex(UserError, "closed and cannot be snoozed"):
            (self.channel | closed).with_user(self.agent).action_lifecycle_snooze(self.in_hours(1))
        self.assertFalse((self.channel | closed).filtered("lifecycle_snoozed_until"))

    def test_moments_of_every_kind(self):
        """I4: in UTC where they name no time zone"""
        with freeze_time("2026-06-01 12:00:00"):
            for until, expected in (
                ("2026-06-02 09:30:00", datetime(2026, 6, 2, 9, 30)),
                ("2026-06-02T09:30:00", datetime(2026, 6, 2, 9, 30)),
                ("2026-06-02 09:30:00+02:00", datetime(2026, 6, 2, 7, 30)),
                ("2026-06-02", datetime(2026, 6, 2)),
                (date(2026, 6, 2), datetime(2026, 6, 2)),
                (datetime(2026, 6, 2, 9, 30), datetime(2026, 6, 2, 9, 30)),
                (
                    datetime(2026, 6, 2, 9, 30, tzinfo=timezone(timedelta(hours=9))),
                    datetime(2026, 6, 2, 0, 30),
                ),
                (datetime(2027, 6, 1, 12), datetime(2027, 6, 1, 12)),
            ):
                self.as_agent.action_lifecycle_snooze(until)
                self.assertEqual(self.channel.lifecycle_snoozed_until, expected, until)

    def test_dialog_snoozes_for_one_year_at_most(self):
        """I4"""
        Wizard = self.env["lifecycle.conversation.snooze"].with_user(self.agent)
        vals = {"channel_ids": [Command.set(self.channel.ids)]}
        for until in ("9999-12-31 23:59:59", fields.Datetime.now() + relativedelta(years=1, days=1)):
            with self.assertRaisesRegex(UserError, "one year at most"):
                Wizard.create({**vals, "until": until}).action_confirm()
        self.assertEqual(self.channel.lifecycle_status, "open")

    def test_only_agents_who_see_the_conversation_snooze_it(self):
        """I4, P1"""
        elsewhere = self.make_livechat(self.contact, agent=self.manager)
        own = self.make_livechat(self.contact, agent=self.internal)
        for user, channel in ((self.agent, elsewhere), (self.internal, own), (self.portal, own)):
            with self.assertRaises(AccessError, msg=user.login):
                channel.with_user(user).action_lifecycle_snooze(self.in_hours(1))
            with self.assertRaises(AccessError, msg=user.login):
                channel.with_user(user).action_lifecycle_wake()

    def test_several_at_once_from_the_list(self):
        """I4"""
        channels = self.channel | self.make_livechat(self.make_guest())
        Wizard = self.env["lifecycle.conversation.snooze"].with_user(self.agent)
        Wizard.with_context(active_ids=channels.ids).create({"until": self.in_hours(1)}).action_confirm()
        self.assertEqual(set(channels.mapped("lifecycle_status")), {"snoozed"})
        with self.assertRaisesRegex(UserError, "Select the conversations"):
            Wizard.create({"until": self.in_hours(1)}).action_confirm()

    def test_install_fills_the_columns_as_odoo_would_compute_them(self):
        """I3: decision 7, nothing record by record at install"""
        closed = self.make_livechat(self.contact)
        closed.livechat_end_dt = fields.Datetime.now()
        unassigned = self.make_livechat(self.make_guest())
        unassigned.channel_member_ids.filtered("partner_id").unlink()
        channels = self.channel | closed | unassigned
        names = ["lifecycle_status", "lifecycle_is_unassigned", "lifecycle_partner_id"]
        expected = channels.read(names)
        self.env.flush_all()
        self.cr.execute(
            """UPDATE discuss_channel SET lifecycle_status = NULL, lifecycle_is_unassigned = NULL,
               lifecycle_partner_id = NULL WHERE id IN %s""",
            [tuple(channels.ids)],
        )
        self.env.invalidate_all()
        hooks.post_init_hook(self.env)
        self.assertEqual(channels.read(names), expected)

    def test_other_channel_types_by_one_hook(self):
        """I7"""
        Channel = self.registry["discuss.channel"]
        with patch.object(Channel, "_lifecycle_channel_types", lambda self: ["livechat", "group"]):
            group = self.env["discuss.channel"].create(
                {
                    "name": "Gateway",
                    "channel_type": "group",
                    "channel_member_ids": [Command.create({"partner_id": self.contact.id})],
                }
            )
            self.assertEqual(group.lifecycle_partner_id, self.contact)
            self.assertEqual(group.lifecycle_stage_id, self.new_lead)
            self.assertEqual(group.lifecycle_status, "open")
            self.assertTrue(group.lifecycle_is_unassigned)
            self.contact.lifecycle_stage_id = self.payment
            self.assertEqual(group.lifecycle_stage_id, self.payment)
