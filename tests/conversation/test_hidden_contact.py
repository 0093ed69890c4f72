import json
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from ...models.conversation.discuss_channel_store import AGENTS
from ..common_inbox import LARGE, SMALL, InboxCase

NAME = "Strange Stranger"


class HiddenContactCase(InboxCase):
    """A live chat that an agent reads, and whose contact, of another company, they may not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = cls.make_contacts(1, cls.payment)
        cls.stranger.write({"name": NAME, "company_id": cls.elsewhere.id})
        cls.operator.group_ids += cls.env.ref("base.group_allow_export")
        cls.informed = cls.make_user(
            "lifecycle_informed",
            "im_livechat.im_livechat_group_user",
            company_ids=[Command.set((cls.env.company | cls.elsewhere).ids)],
        )
        cls.channel = cls.make_identified()
        cls.env.flush_all()

    @classmethod
    def make_identified(cls):
        """:return: a live chat with a guest, who was found to be the stranger"""
        channel = cls.make_livechat(cls.make_guest("Guest of honour"), cls.operator)
        channel._lifecycle_identify_as(cls.stranger)
        return channel

    def read_as(self, user):
        """:return: the channel as a user reads it who has chosen all their companies"""
        self.env.invalidate_all()
        return self.channel.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)


@tagged("post_install", "-at_install")
class TestHiddenContact(HiddenContactCase):
    """Whoever may not see a contact neither learns their name from a conversation nor moves them by it (P5)."""

    def get_ways(self):
        """:return: dict label -> function of a channel that tells what is known of it, as a page asks for it"""
        name, spec = "lifecycle_partner_id", {"lifecycle_partner_id": {"fields": {"display_name": {}}}}
        of_channel = [("id", "=", self.channel.id)]
        return {
            "card": lambda c: c.web_read({"lifecycle_customer_name": {}, **spec}),
            "list": lambda c: c.web_search_read(of_channel, {"lifecycle_customer_name": {}, **spec}),
            "read": lambda c: c.read([name, "lifecycle_customer_name"]),
            "search_read": lambda c: c.search_read(of_channel, [name]),
            "groups of a view": lambda c: c.web_read_group(of_channel, [name], ["__count"]),
            "groups": lambda c: c.formatted_read_group(of_channel, [name], ["__count"]),
            "older groups": lambda c: c.read_group(of_channel, [name], [name]),
            "Discuss": lambda c: Store().add(c).get_result(),
            "Discuss, as the superuser": lambda c: Store().add(c.sudo()).get_result(),
        }

    @mute_logger("py.warnings")  # older groups
    def test_conversation_does_not_name_a_contact_that_is_not_seen(self):
        """P5, A9: on the card, in the list, in groups, in Discuss; it is named to who may see them"""
        for label, ask in self.get_ways().items():
            with self.subTest(way=label):
                told = json.dumps(ask(self.read_as(self.informed)), default=str)
                self.assertIn(NAME, told, "there is nothing to be hidden")
                self.assertNotIn(NAME, json.dumps(ask(self.read_as(self.operator)), default=str))
        self.assertEqual(self.read_as(self.operator).lifecycle_customer_name, "Guest of honour")
        self.assertFalse(
            self.read_as(self.operator).read(["lifecycle_partner_id"])[0]["lifecycle_partner_id"]
        )

    def test_export_does_not_name_them(self):
        """P5"""
        with self.assertRaises(AccessError):
            self.read_as(self.operator).export_data(["lifecycle_partner_id"])
        [[name]] = self.read_as(self.operator).export_data(["lifecycle_customer_name"])["datas"]
        self.assertEqual(name, "Guest of honour")

    def test_they_are_not_found_by_their_name(self):
        """P5"""
        for user, expected in ((self.informed, self.channel), (self.operator, self.Channel)):
            as_user = self.read_as(user)
            for name in ("lifecycle_customer_name", "lifecycle_partner_id"):
                found = as_user.search([(name, "ilike", NAME), ("id", "=", self.channel.id)])
                self.assertEqual(found, expected, f"{user.login} {name}")

    def test_what_several_hear_names_nobody(self):
        """P5: a page asks for the name, as not each may know it"""
        told = Store(self.channel, AGENTS).add(self.channel, self.channel._lifecycle_store_fields())
        [values] = told.get_result()["discuss.channel"]
        self.assertEqual(values["lifecycle_partner_id"], self.stranger.id)
        self.assertNotIn(NAME, json.dumps(told.get_result(), default=str))

    def test_who_is_in_the_conversation_is_named_as_odoo_does(self):
        """P5: Odoo shows its agents who is in a live chat"""
        self.channel = self.make_livechat(self.stranger, self.operator)
        self.env.flush_all()
        as_operator = self.read_as(self.operator)
        self.assertFalse(as_operator.lifecycle_partner_id.has_access("read"))
        self.assertEqual(as_operator.lifecycle_customer_name, NAME)
        self.assertIn(NAME, json.dumps(as_operator.read(["lifecycle_partner_id"]), default=str))

    def test_contact_cannot_be_viewed(self):
        """I6, P5: a sentence in place of a page of theirs that does not open"""
        with self.assertRaisesRegex(AccessError, "may not see the contact"):
            self.read_as(self.operator).action_lifecycle_view_contact()
        action = self.read_as(self.informed).action_lifecycle_view_contact()
        self.assertEqual(action["res_id"], self.stranger.id)

    def test_reading_costs_no_query_each(self):
        """I1, I5: at N and at 2N conversations"""
        channels = self.Channel.union(*(self.make_identified() for _ in range(LARGE)))
        names = ["lifecycle_partner_id", "lifecycle_customer_name"]
        for read in (lambda c: c.read(names), lambda c: Store().add(c).get_result()):
            few, many = (
                self.count_queries(lambda c=c, read=read: read(c.with_user(self.operator)))
                for c in (channels[:SMALL], channels)
            )
            self.assertEqual(few, many)


@tagged("post_install", "-at_install")
class TestHiddenContactMoves(HiddenContactCase):
    """Each door through which a conversation moves its contact asks for the right to see them (P5)."""

    def get_doors(self):
        """:return: dict label -> function of channels that would move their contacts"""
        Channel, stage = self.Channel.with_user(self.operator), self.customer
        return {
            "field": lambda c: c.write({"lifecycle_stage_id": stage.id}),
            "list": lambda c: c[0].web_save({"lifecycle_stage_id": stage.id}, {}),
            "several, by name": lambda c: c.action_lifecycle_set_stage("Customer"),
            "no stage": lambda c: c.action_lifecycle_set_stage(False),
            "import": lambda c: Channel.load([".id", "lifecycle_stage_id"], [[str(c[0].id), "Customer"]]),
            "command": lambda c: c[0].execute_command_stage(body="/stage Customer"),
            "somebody else": lambda c: c.action_lifecycle_set_contact(self.contact.id),
            "nobody": lambda c: c.action_lifecycle_set_contact(False),
        }

    def test_contact_that_is_not_seen_is_not_moved(self):
        """P5, A9: a sentence, and neither a move nor a row of the log; by their other conversations neither"""
        own = self.make_livechat(self.contact, self.operator)
        log, answers = self.Transition.search([]), []

        def hear(user, channel, answer):
            answers.append(answer)

        for label, door in self.get_doors().items():
            for channels in (self.channel, self.channel | own):
                with self.subTest(door=label, conversations=len(channels)), self.undone():
                    answers.clear()
                    with (
                        patch.object(self.registry["res.users"], "_bus_send_transient_message", hear),
                        self.undone(),
                    ):
                        try:
                            result = door(channels.with_user(self.operator))
                            if isinstance(result, dict):
                                answers += [message["message"] for message in result["messages"]]
                        except AccessError as error:
                            answers.append(str(error))
                        self.env.flush_all()
                        self.assertEqual(self.stranger.lifecycle_stage_id, self.payment)
                        self.assertEqual(self.channel.lifecycle_stage_id, self.payment)
                        self.assertEqual(self.channel.lifecycle_partner_id, self.stranger)
                        self.assertEqual(self.Transition.search([]), log)
                    self.assertIn("may not see the contact of this conversation", "".join(answers))
                    self.assertNotIn(NAME, "".join(answers))

    def test_doors_move_who_is_seen(self):
        """A7: the same doors are open to who may see the contact"""
        for label, door in self.get_doors().items():
            with self.subTest(door=label), self.undone():
                self.operator.company_ids += self.elsewhere
                companies = self.operator.company_ids.ids
                as_operator = self.channel.with_user(self.operator)
                door(as_operator.with_context(allowed_company_ids=companies))
                changed = (self.channel.lifecycle_stage_id, self.channel.lifecycle_partner_id)
                self.assertNotEqual(changed, (self.payment, self.stranger))

    def test_what_does_not_move_is_allowed(self):
        """I3, I4: to take over, snooze and wake needs no more than the conversation"""
        log = self.get_log(self.stranger)
        self.channel.channel_member_ids.filtered("partner_id").unlink()
        as_operator = self.channel.with_user(self.operator)
        as_operator.action_lifecycle_take_over()
        as_operator.action_lifecycle_snooze(fields.Datetime.now() + timedelta(days=1))
        as_operator.action_lifecycle_wake()
        self.assertEqual(self.get_log(self.stranger), log)
        self.assertEqual(self.stranger.lifecycle_stage_id, self.payment)

    def test_who_is_added_to_a_conversation_is_not_moved_by_who_may_not_see_them(self):
        """P5, A7: they are the contact then, in the stage that they had; a visitor who logs in takes it over"""
        Channel = self.registry["discuss.channel"]
        newcomers = self.make_contacts_without_stage(2)
        newcomers.company_id = self.elsewhere
        for newcomer, user, stage in (
            (newcomers[0], self.agent, self.Stage),
            (newcomers[1], self.env.ref("base.public_user"), self.hot_lead),
        ):
            with patch.object(Channel, "_lifecycle_channel_types", lambda self: ["livechat", "group"]):
                group = self.Channel.create({"name": "Gateway", "channel_type": "group"})
                guest = self.env["discuss.channel.member"].create(
                    {"channel_id": group.id, "guest_id": self.make_guest().id}
                )
                group.action_lifecycle_set_stage(self.hot_lead.id)
                self.env["discuss.channel.member"].with_user(user).sudo().create(
                    {"channel_id": group.id, "partner_id": newcomer.id}
                )
                guest.with_user(user).sudo().unlink()
                self.assertEqual(group.lifecycle_partner_id, newcomer, user.login)
                self.assertEqual(group.lifecycle_stage_id, stage, user.login)
            self.assertEqual(newcomer.lifecycle_stage_id, stage, user.login)
            self.assertEqual(bool(self.get_log(newcomer)), bool(stage), user.login)
