from ast import literal_eval
from datetime import timedelta

from lxml import etree
from markupsafe import Markup

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_inbox import LARGE, SMALL, InboxCase


@tagged("post_install", "-at_install")
class TestInboxConversations(InboxCase):
    """What the inboxes show of a conversation, and what is done from there (I1, I2, I5, A3)."""

    def test_customer_is_the_contact_or_what_the_visitor_is_called(self):
        """I1"""
        known = self.make_livechat(self.contact, self.operator).with_user(self.operator)
        unknown = self.make_livechat(self.make_guest("Visitor from Lima"), self.operator).with_user(
            self.operator
        )
        self.assertEqual(known.lifecycle_customer_name, self.contact.name)
        self.assertEqual(unknown.lifecycle_customer_name, "Visitor from Lima")
        (known | unknown).sudo().name = "Live chat"
        Channel = self.Channel.with_user(self.operator)
        self.assertEqual(Channel.search([("lifecycle_customer_name", "ilike", "from lima")]), unknown)
        self.assertIn(known, Channel.search([("lifecycle_customer_name", "ilike", self.contact.name)]))

    def test_agents_are_those_in_it_and_once_closed_those_who_were(self):
        """I1, I3"""
        channel = self.make_livechat(self.contact, self.operator).with_user(self.operator)
        self.assertEqual(channel.lifecycle_agent_ids, self.operator.partner_id)
        channel.sudo().channel_member_ids.filtered(
            lambda m: m.partner_id == self.operator.partner_id
        ).unlink()
        self.env.invalidate_all()
        self.assertFalse(channel.lifecycle_agent_ids)
        self.make_close(channel.sudo())
        self.assertEqual(channel.lifecycle_agent_ids, self.operator.partner_id)

    def test_last_message_is_plain_text_on_one_short_line(self):
        """I1"""
        channel = self.make_livechat(self.contact, self.operator)
        self.write_in(channel, "first", author_id=self.contact.id)
        message = self.write_in(
            channel, Markup("<p>Hello<br/><b>you</b> &amp; all</p>"), author_id=self.contact.id
        )
        channel.message_post(body="joined", message_type="notification")
        self.env.invalidate_all()
        self.assertEqual(channel.with_user(self.operator).lifecycle_last_message, "Hello you & all")
        self.assertEqual(channel.with_user(self.operator).lifecycle_last_message_date, message.date)
        self.write_in(channel, "word " * 100, author_id=self.contact.id)
        self.env.invalidate_all()
        text = channel.with_user(self.operator).lifecycle_last_message
        self.assertLessEqual(len(text), 100)
        self.assertRegex(text, "^word word .*…$")

    def test_last_message_that_is_a_file_shows_its_name(self):
        """I1"""
        channel = self.make_livechat(self.contact, self.operator)
        self.write_in(channel, "", author_id=self.contact.id, attachments=[("offer.pdf", b"%PDF")])
        self.env.invalidate_all()
        self.assertEqual(channel.with_user(self.operator).lifecycle_last_message, "offer.pdf")

    def test_last_messages_of_all_cost_two_queries(self):
        """I1: at N and at 2N conversations, one for what of them the user may read, and one for the messages"""
        channels = self.make_conversations(LARGE)
        for channel in channels:
            self.write_in(channel, f"From {channel.id}", author_id=self.contact.id)

        def read(records):
            return lambda: records.with_user(self.operator).mapped("lifecycle_last_message")

        few, many = self.count_queries(read(channels[:SMALL])), self.count_queries(read(channels))
        self.assertEqual((few, many), (2, 2))
        self.env.invalidate_all()
        for channel in channels.with_user(self.operator):
            self.assertEqual(channel.lifecycle_last_message, f"From {channel.id}")

    def test_cards_cost_a_fixed_number_of_queries(self):
        """I1: at N and at 2N conversations, all that a card shows"""
        channels = self.make_conversations(LARGE)
        for channel in channels:
            self.write_in(channel, "Hello", author_id=self.contact.id)
        specification = {
            "lifecycle_customer_name": {},
            "lifecycle_partner_id": {"fields": {"display_name": {}}},
            "lifecycle_stage_id": {"fields": {"display_name": {}}},
            "lifecycle_agent_ids": {"fields": {"display_name": {}}},
            "lifecycle_last_message": {},
            "lifecycle_last_message_date": {},
            "lifecycle_status": {},
            "lifecycle_snoozed_until": {},
            "livechat_channel_id": {"fields": {"display_name": {}}},
        }

        def read(records):
            return lambda: records.with_user(self.operator).web_read(specification)

        self.assertEqual(self.count_queries(read(channels[:SMALL])), self.count_queries(read(channels)))

    def test_duration_is_averaged_over_the_closed_ones(self):
        """I1: reported with no column; one that is still open does not count as zero"""
        channels = self.make_conversations(2, stage=self.hot_lead)
        channels[0].livechat_end_dt = channels[0].create_date + timedelta(hours=3)
        self.assertEqual(channels.mapped("lifecycle_duration"), [3.0, 0.0])
        Channel = self.Channel.with_user(self.operator)
        rows = Channel.formatted_read_group(
            [("id", "in", channels.ids)], ["lifecycle_stage_id"], ["__count", "lifecycle_duration:avg"]
        )
        self.assertEqual(
            [(row["__count"], row["lifecycle_duration:avg"]) for row in rows if row["__count"]], [(2, 3.0)]
        )
        self.assertEqual(
            Channel.fields_get(["lifecycle_duration"])["lifecycle_duration"]["aggregator"], "avg"
        )
        with self.assertRaises(AccessError):
            self.Channel.with_user(self.portal)._read_group([], [], ["lifecycle_duration:avg"])

    def test_card_opens_the_chat_in_discuss(self):
        """I1: also for who is not in it"""
        channel = self.make_livechat(self.contact, self.colleague)
        action = channel.with_user(self.operator).action_lifecycle_open()
        self.assertEqual((action["type"], action["tag"]), ("ir.actions.client", "mail.action_discuss"))
        self.assertEqual(action["context"]["active_id"], f"discuss.channel_{channel.id}")
        with self.assertRaises(AccessError):
            channel.with_user(self.internal).action_lifecycle_open()

    def test_dragging_a_card_sets_the_stage(self):
        """A3, I1, I2: as the web client does it, by who may not write the conversation; onto a lost stage too"""
        channel = self.make_conversations(1, agent=self.colleague).with_user(self.operator)
        with self.assertRaises(AccessError):
            channel.write({"name": "Mine now"})
        for stage in (self.payment, self.cold_lead.stage_id):
            channel.web_save({"lifecycle_stage_id": stage.id}, {"lifecycle_stage_id": {}})
            self.assertEqual(channel.lifecycle_stage_id, stage)

    def test_kanban_shows_every_stage_lost_ones_folded(self):
        """I1, I2"""
        Channel = self.Channel.with_user(self.operator).with_context(read_group_expand=True)
        groups = Channel.formatted_read_group(self.open_domain, ["lifecycle_stage_id"], ["__count"])
        folded = {group["lifecycle_stage_id"][0]: group["__fold"] for group in groups}
        self.assertEqual(list(folded)[:4], (self.new_lead | self.hot_lead | self.payment | self.customer).ids)
        self.assertTrue(folded[self.cold_lead.stage_id.id])
        self.assertFalse(folded[self.hot_lead.id])

    def test_agent_saves_a_filter_on_a_lost_stage_as_an_inbox_of_his_own(self):
        """I2"""
        lost = self.make_conversations(2, stage=self.cold_lead.stage_id)
        self.make_conversations(1, stage=self.hot_lead)
        domain = [("lifecycle_stage_id.is_lost", "=", True)]
        action = self.env.ref("contact_lifecycle.discuss_channel_action_lifecycle")
        Filters = self.env["ir.filters"].with_user(self.operator)
        Filters.create_filter(
            {
                "name": "Lost",
                "model_id": "discuss.channel",
                "domain": str(domain),
                "context": "{'group_by': ['lifecycle_stage_id']}",
                "sort": "[]",
                "action_id": action.id,
                "user_ids": [Command.link(self.operator.id)],
            }
        )
        saved = Filters.get_filters("discuss.channel", action_id=action.id)
        self.assertEqual([row["name"] for row in saved], ["Lost"])
        Channel = self.Channel.with_user(self.operator)
        self.assertEqual(Channel.search([*self.open_domain, *domain]), lost)
        groups = Channel.formatted_read_group(
            [*self.open_domain, *domain], ["lifecycle_stage_id"], ["__count"]
        )
        self.assertEqual([group["__count"] for group in groups], [2])

    def test_searches_of_the_inboxes_work_for_agents(self):
        """I1, I2: each filter and each grouping of the search view, for who is in live chat and who is not"""
        Channel = self.Channel
        for user in (self.operator, self.agent):
            arch = Channel.with_user(user).get_view(
                self.env.ref("contact_lifecycle.discuss_channel_view_search_lifecycle").id, "search"
            )["arch"]
            nodes = etree.fromstring(arch).findall(".//filter")
            self.assertGreater(len(nodes), 10)
            for node in nodes:
                with self.subTest(user=user.login, filter=node.get("name")):
                    if node.get("domain"):
                        Channel.with_user(user).search(literal_eval(node.get("domain")))
                    if node.get("context"):
                        group_by = literal_eval(node.get("context"))["group_by"]
                        group_by += ":month" if group_by == "create_date" else ""
                        Channel.with_user(user).formatted_read_group(
                            self.open_domain, [group_by], ["__count"]
                        )
