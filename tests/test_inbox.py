from ast import literal_eval
from datetime import timedelta

from lxml import etree
from markupsafe import Markup

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import LifecycleCase

SMALL, LARGE = 10, 20


class InboxCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Channel = cls.env["discuss.channel"]
        # those that were there before, such as demo data, are in nobody's inbox
        cls.env["discuss.channel"].search([("channel_type", "=", "livechat")]).write(
            {"livechat_end_dt": fields.Datetime.now()}
        )
        cls.operator, cls.colleague = (
            cls.make_user(f"lifecycle_{login}", "im_livechat.im_livechat_group_user")
            for login in ("operator", "colleague")
        )
        cls.open_domain = [("lifecycle_is_conversation", "=", True), ("lifecycle_status", "=", "open")]

    def make_conversations(self, count, agent=None, stage=None):
        """:return: ``count`` open live chats of unknown visitors"""
        channels = self.Channel.union(
            *(self.make_livechat(self.make_guest(), agent or self.operator) for _ in range(count))
        )
        if stage:
            channels.lifecycle_stage_id = stage
        return channels

    def make_unassigned(self):
        channel = self.make_livechat(self.make_guest(), self.colleague)
        channel.channel_member_ids.filtered("partner_id").unlink()
        return channel

    def make_close(self, channel):
        channel.livechat_end_dt = fields.Datetime.now()

    def write_in(self, channel, body, **kwargs):
        return channel.message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment", **kwargs
        )

    def get_inboxes(self, field_name, user=None, domain=None, **kwargs):
        """:return: list of (id, count) as the panel shows them, all of them first"""
        result = self.Channel.with_user(user or self.operator).search_panel_select_range(
            field_name,
            **{
                "enable_counters": True,
                "search_domain": self.open_domain if domain is None else domain,
                **kwargs,
            },
        )
        return [(inbox["id"], inbox.get("__count")) for inbox in result["values"]]

    def count_queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        call()  # warm up: rules, translations, settings
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestInboxPanel(InboxCase):
    """The inboxes: all, mine, unassigned, and one for each lifecycle stage (I1)."""

    def test_one_inbox_for_each_lifecycle_stage_in_stage_order(self):
        """I1"""
        self.customer.sequence = -1
        self.make_conversations(2, stage=self.hot_lead)
        self.make_conversations(1, stage=self.customer)
        self.assertEqual(
            self.get_inboxes("lifecycle_stage_id")[1:],
            [(self.customer.id, 1), (self.new_lead.id, 0), (self.hot_lead.id, 2), (self.payment.id, 0)],
        )

    def test_lost_stage_has_no_inbox(self):
        """I1"""
        self.make_conversations(1, stage=self.cold_lead.stage_id)
        self.assertNotIn(self.cold_lead.stage_id.id, dict(self.get_inboxes("lifecycle_stage_id")))

    def test_stage_being_deleted_has_no_inbox(self):
        """I1, S11"""
        self.env.cr.execute(
            "UPDATE lifecycle_stage SET deletion_pending = TRUE WHERE id = %s", [self.payment.id]
        )
        self.env.invalidate_all()
        self.assertNotIn(self.payment.id, dict(self.get_inboxes("lifecycle_stage_id")))

    def test_each_count_is_what_choosing_the_inbox_shows(self):
        """I1: with the rest of the search, and with the inbox chosen in the other section"""
        self.make_conversations(3, stage=self.hot_lead)
        self.make_conversations(2, agent=self.colleague, stage=self.hot_lead)
        self.make_conversations(1, stage=self.payment)
        self.make_unassigned()
        self.make_close(self.make_conversations(1, stage=self.hot_lead))
        Channel = self.Channel.with_user(self.operator)
        for search in (
            self.open_domain,
            [("lifecycle_status", "=", "closed")],
            [*self.open_domain, ("name", "ilike", "Visitor")],
        ):
            for category in (
                [],
                [("lifecycle_assignment", "=", "mine")],
                [("lifecycle_stage_id", "=", self.hot_lead.id)],
            ):
                for field_name in ("lifecycle_assignment", "lifecycle_stage_id"):
                    if category and category[0][0] == field_name:
                        continue
                    inboxes = self.get_inboxes(field_name, domain=search, category_domain=category)
                    for inbox, count in inboxes:
                        if count is None:
                            continue
                        chosen = [(field_name, "=", inbox)] if inbox else []
                        expected = Channel.search_count(Domain.AND([search, category, chosen]))
                        self.assertEqual(count, expected, f"{search}, {category}, {field_name} = {inbox}")

    def test_mine_and_unassigned(self):
        """I1, I3"""
        self.make_conversations(2)
        self.make_conversations(3, agent=self.colleague)
        unassigned = self.make_unassigned()
        self.assertEqual(
            self.get_inboxes("lifecycle_assignment"), [(False, 6), ("mine", 2), ("unassigned", 1)]
        )
        self.assertEqual(
            self.get_inboxes("lifecycle_assignment", self.colleague),
            [(False, 6), ("mine", 3), ("unassigned", 1)],
        )
        domain = [*self.open_domain, ("lifecycle_assignment", "=", "unassigned")]
        self.assertEqual(self.Channel.with_user(self.operator).search(domain), unassigned)

    def test_everything_is_listed_once_by_the_web_client(self):
        """I1: it takes an inbox whose parent does not exist out of the list, and lists everything itself"""
        for field_name in ("lifecycle_assignment", "lifecycle_stage_id"):
            result = self.Channel.with_user(self.operator).search_panel_select_range(
                field_name, enable_counters=True
            )
            self.assertIs(result["values"][0]["id"], False)
            self.assertTrue(result["values"][0][result["parent_field"]])
            self.assertNotIn(result["values"][0][result["parent_field"]], [i["id"] for i in result["values"]])

    def test_agent_counts_only_what_he_may_read(self):
        """I1, I6: a sales agent is in his own conversations only, a live chat agent reads all"""
        self.make_conversations(2, agent=self.colleague, stage=self.hot_lead)
        self.make_conversations(1, agent=self.agent, stage=self.hot_lead)
        self.assertEqual(dict(self.get_inboxes("lifecycle_stage_id", self.agent))[self.hot_lead.id], 1)
        self.assertEqual(self.get_inboxes("lifecycle_assignment", self.agent)[0], (False, 1))
        self.assertEqual(dict(self.get_inboxes("lifecycle_stage_id"))[self.hot_lead.id], 3)

    def test_who_is_no_agent_gets_no_inboxes(self):
        """P1, P4"""
        for user, field_name in (
            (self.internal, "lifecycle_stage_id"),
            (self.portal, "lifecycle_stage_id"),
            (self.portal, "lifecycle_assignment"),
        ):
            with self.subTest(user=user.login, field_name=field_name), self.assertRaises(AccessError):
                self.get_inboxes(field_name, user)

    def test_other_sections_are_odoos(self):
        """I1"""
        result = self.Channel.with_user(self.operator).search_panel_select_range("channel_type", expand=True)
        self.assertIn({"id": "livechat", "display_name": "Livechat Conversation"}, result["values"])

    def test_panel_costs_a_fixed_number_of_queries(self):
        """I1: at N and at 2N conversations, in more stages"""

        def count():
            return [
                self.count_queries(lambda name=name: self.get_inboxes(name))
                for name in ("lifecycle_assignment", "lifecycle_stage_id")
            ]

        self.make_conversations(SMALL, stage=self.hot_lead)
        few = count()
        self.make_conversations(LARGE - SMALL, agent=self.colleague, stage=self.payment)
        self.make_stages(4)
        many = count()
        self.assertEqual(few, many)
        self.assertLessEqual(max(many), 6)


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

    def test_last_messages_of_all_cost_one_query(self):
        """I1: at N and at 2N conversations"""
        channels = self.make_conversations(LARGE)
        for channel in channels:
            self.write_in(channel, f"From {channel.id}", author_id=self.contact.id)

        def read(records):
            return lambda: records.with_user(self.operator).mapped("lifecycle_last_message")

        few, many = self.count_queries(read(channels[:SMALL])), self.count_queries(read(channels))
        self.assertEqual((few, many), (1, 1))
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


@tagged("post_install", "-at_install")
class TestInboxContact(InboxCase):
    """From a contact to its conversations and back (I6)."""

    def test_contact_counts_its_conversations(self):
        """I6: those of any status that the user may read"""
        self.make_livechat(self.contact, self.colleague)
        self.make_close(self.make_livechat(self.contact, self.agent))
        self.make_livechat(self.make_contacts(1), self.agent)
        for user, count in ((self.operator, 2), (self.agent, 1)):
            self.env.invalidate_all()
            contact = self.contact.with_user(user)
            self.assertEqual(contact.lifecycle_conversation_count, count, user.login)
            action = contact.action_lifecycle_conversations()
            channels = self.Channel.with_user(user).search(action["domain"])
            self.assertEqual(len(channels), count, user.login)
            self.assertEqual(channels.lifecycle_partner_id, self.contact)
        self.assertNotIn("search_default_lifecycle_open", action["context"])

    def test_button_is_hidden_where_there_is_nothing_or_it_is_not_shown(self):
        """I6, S2, P1"""
        self.assertEqual(self.contact.with_user(self.operator).lifecycle_conversation_count, 0)
        self.make_livechat(self.contact, self.operator)
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.env.invalidate_all()
        self.assertEqual(self.contact.with_user(self.operator).lifecycle_conversation_count, 0)
        with self.assertRaises(AccessError):
            self.contact.with_user(self.internal).read(["lifecycle_conversation_count"])

    def test_counting_for_many_contacts_costs_no_query_each(self):
        """I6: at N and at 2N contacts"""
        contacts = self.make_contacts(LARGE)
        for contact in contacts:
            self.make_livechat(contact, self.operator)

        def read(records):
            return lambda: records.with_user(self.operator).mapped("lifecycle_conversation_count")

        self.assertEqual(self.count_queries(read(contacts[:SMALL])), self.count_queries(read(contacts)))

    def test_view_contact_leads_back(self):
        """I6"""
        known = self.make_livechat(self.contact, self.operator).with_user(self.operator)
        action = known.action_lifecycle_view_contact()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.contact.id))
        unknown = self.make_livechat(self.make_guest(), self.operator).with_user(self.operator)
        self.assertIsNone(unknown.action_lifecycle_view_contact())

    def test_menu_is_there_for_agents_while_stages_are_shown(self):
        """I1, P1, S2"""
        menu = self.env.ref("contact_lifecycle.discuss_channel_menu_lifecycle")

        def sees(user):
            return menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

        self.assertTrue(sees(self.operator))
        self.assertTrue(sees(self.agent))
        self.assertFalse(sees(self.internal))
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.env.invalidate_all()
        root = self.env.ref("contact_lifecycle.lifecycle_menu_root")
        self.assertNotIn(root.id, self.env["ir.ui.menu"].with_user(self.operator).load_menus(False))
        self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(self.operator).load_menus(False))
