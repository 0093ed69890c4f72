import json
from datetime import timedelta
from unittest.mock import MagicMock, patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bus.models.bus import channel_with_db, json_dump
from odoo.addons.mail.tools.discuss import Store

from ...models.conversation.discuss_channel_store import AGENTS
from ..common import LifecycleCase
from ..common_rpc import RpcCase

# what tells of a stage or a contact; the fields are looked for by their names
SECRETS = ("Secretstage", "🦄", "Secretother", "🐙", "Secretcontact", "lifecycle.stage")


class ConversationAccessCase(LifecycleCase):
    """Live chats of a contact, in which there is an agent, and an internal user without a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage = cls.Stage.create({"name": "Secretstage", "emoji": "🦄"})
        cls.other_stage = cls.Stage.create({"name": "Secretother", "emoji": "🐙"})
        contact = cls.Partner.create({"name": "Secretcontact", "lifecycle_stage_id": cls.stage.id})
        cls.guest = cls.make_guest()
        cls.channel = cls.make_livechat(cls.guest)
        cls.channel.action_lifecycle_set_contact(contact.id)
        cls.channel._add_members(users=cls.internal)
        cls.colleague = cls.make_user("lifecycle_operator", "im_livechat.im_livechat_group_user")
        cls.channel._add_members(users=cls.colleague)
        cls.own = [name for name in cls.channel._fields if name.startswith("lifecycle_")]
        cls.env.flush_all()

    def assertNothingTold(self, data, message=None):
        text = json.dumps(data, ensure_ascii=False, default=str)
        for secret in (*SECRETS, *self.own):
            self.assertNotIn(secret, text, message)

    def assertTold(self, data, stage, named=False):
        """:param bool named: whether the name comes along: to one reader alone, as each has a language (H6)"""
        text = json.dumps(data, ensure_ascii=False, default=str)
        self.assertRegex(text, rf"lifecycle_stage_id\W+{stage.id}\b")
        self.assertEqual(stage.name in text, named)


@tagged("post_install", "-at_install")
class TestConversationAccess(ConversationAccessCase):
    """The stage of conversations, and all that the addon says of them, is for agents (P1, A8)."""

    def test_every_field_is_for_agents(self):
        """P1: by introspection, so that a new one is too"""
        self.assertGreater(len(self.own), 8)
        for name in self.own:
            self.assertEqual(self.channel._fields[name].groups, "contact_lifecycle.group_agent", name)
        for user, expected in ((self.internal, set()), (self.agent, set(self.own))):
            self.assertEqual(set(self.channel.with_user(user).fields_get()) & set(self.own), expected)
        self.assertEqual(
            self.channel.with_user(self.agent).read(["lifecycle_stage_id"])[0]["lifecycle_stage_id"][0],
            self.stage.id,
        )

    def test_who_has_no_role_reads_filters_groups_and_exports_nothing(self):
        """P1"""
        self.internal.group_ids += self.env.ref("base.group_allow_export")
        channel = self.channel.with_user(self.internal)
        members = channel.channel_member_ids
        self.assertEqual(channel.search([("id", "=", channel.id)]), channel)
        for name in self.own:
            field = channel._fields[name]
            calls = {
                "read": lambda name=name: channel.read([name]),
                "web_read": lambda name=name: channel.web_read({name: {}}),
                "export": lambda name=name: channel.export_data(["name", name]),
            }
            if name != "lifecycle_is_conversation":  # it finds by the channel's type, which is no secret
                calls["search"] = lambda name=name: channel.search([(name, "!=", False)])
                calls["count"] = lambda name=name: channel.search_count([(name, "=", False)])
                calls["member"] = lambda name=name: members.search([(f"channel_id.{name}", "!=", False)])
            if field.store or name == "lifecycle_duration":
                calls["order"] = lambda name=name: channel.search([], order=name)
                calls["group"] = lambda name=name: channel.formatted_read_group([], [name], ["__count"])
                calls["aggregate"] = lambda name=name: channel.formatted_read_group([], [], [f"{name}:max"])
            for label, call in calls.items():
                with self.subTest(field=name, call=label), self.assertRaises(AccessError):
                    call()
        for name in ("lifecycle_assignment", "lifecycle_stage_id"):
            with self.assertRaises(AccessError):
                channel.search_panel_select_range(name, enable_counters=True)

    def test_views_have_nothing_of_it_for_who_has_no_role(self):
        """P1: those of the inboxes, whoever gives their numbers"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.discuss_channel_action_lifecycle"
        )
        views = [*action["views"], (action["search_view_id"][0], "search")]
        seen = self.channel.with_user(self.agent).get_views(views)
        self.assertIn("lifecycle_stage_id", seen["models"]["discuss.channel"]["fields"])
        hidden = self.channel.with_user(self.internal).get_views(views)
        self.assertFalse(set(hidden["models"]["discuss.channel"]["fields"]) & set(self.own))
        for view in hidden["views"].values():
            shown = etree.fromstring(view["arch"]).xpath("//field[starts-with(@name, 'lifecycle_')]")
            self.assertFalse(shown)

    def test_data_of_discuss_by_role(self):
        """P1, A8: what is sent to one user, to a group, to all in the conversation, to those inside"""
        salespeople = self.env.ref("sales_team.group_sale_salesman")
        operators = self.env.ref("im_livechat.im_livechat_group_user")
        for user in (self.agent, self.colleague, self.manager):
            self.assertTold(Store(bus_channel=user).add(self.channel).get_result(), self.stage)
        self.assertTold(Store().add(self.channel.with_user(self.agent)).get_result(), self.stage, named=True)
        for group, subchannel in ((salespeople, None), (operators, "LOOKING_FOR_HELP")):
            self.assertTold(Store(group, subchannel).add(self.channel).get_result(), self.stage)
        self.assertTold(Store(self.channel, AGENTS).add(self.channel).get_result(), self.stage)
        public = self.env.ref("base.public_user")
        for reader, target in (
            (self.internal, ()),
            (self.portal, ()),
            (public, ()),
            (self.agent, (self.internal,)),
            (self.agent, (self.portal,)),
            (self.agent, (self.guest,)),
            (self.agent, (self.channel,)),
            (self.agent, (self.channel, "internal_users")),
            (self.agent, (self.agent, "internal_users")),
            (self.agent, (self.env.ref("base.group_user"),)),
            (self.agent, (self.env.ref("base.group_portal"),)),
        ):
            channel = self.channel.with_user(reader).with_context(guest=self.guest).sudo()
            with self.subTest(reader=reader.login, target=str(target)):
                data = Store(*target).add(channel).get_result()
                self.assertTrue(data["discuss.channel"])
                self.assertNothingTold(data)

    def get_heard(self, user, rows):
        """:return: those of the rows of the bus that a user's websocket gets"""
        request = MagicMock()
        request.session.uid = user.id
        # as while something is written in the note of a contact, which adds a tuple of another shape
        asked = [f"editor_collaboration:res.partner:comment:{self.contact.id}"]
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", request):
            channels = self.env["ir.websocket"].with_user(user)._build_bus_channel_list(asked)
        names = {json_dump(channel_with_db(self.cr.dbname, channel)) for channel in channels}
        return rows.filtered(lambda row: row.channel in names)

    def test_bus_by_role(self):
        """P1, A8: the agents in the conversation hear of every change, others inside of none"""
        Bus = self.env["bus.bus"].sudo()
        self.cr.precommit.run()
        last = Bus.search([], order="id desc", limit=1).id or 0
        as_agent = self.channel.with_user(self.agent)
        as_agent.action_lifecycle_set_stage(self.other_stage.id)
        until = fields.Datetime.now() + timedelta(days=1)
        as_agent.action_lifecycle_snooze(until)
        as_agent.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        as_agent.action_lifecycle_wake()
        self.channel.sudo().livechat_note = "A note inside"
        self.env.flush_all()
        self.cr.precommit.run()
        rows = Bus.search([("id", ">", last)])
        for user in (self.agent, self.colleague):
            heard = self.get_heard(user, rows).mapped("message")
            self.assertTold(heard, self.other_stage)
            self.assertIn(fields.Datetime.to_string(until), str(heard))
        heard = self.get_heard(self.internal, rows).mapped("message")
        self.assertIn("A note inside", str(heard), "they hear what is for everybody inside")
        self.assertIn("Hello", str(heard))
        self.assertNothingTold(heard)
        self.assertFalse(self.get_heard(self.portal, rows))

    def test_who_has_no_role_changes_a_conversation(self):
        """P1, I7: and the agents hear of it"""
        Channel = self.registry["discuss.channel"]
        with patch.object(Channel, "_lifecycle_channel_types", lambda self: ["livechat", "group"]):
            group = self.env["discuss.channel"].create({"name": "Gateway", "channel_type": "group"})
            group._add_members(users=self.internal)
            group.with_user(self.internal).write({"name": "Renamed"})
            group.with_user(self.internal).message_post(body="Hello", message_type="comment")
            self.env.flush_all()
            self.assertEqual(group.name, "Renamed")
            self.assertEqual(group.lifecycle_status, "open")
            self.assertIn(AGENTS, group._sync_field_names())


@tagged("post_install", "-at_install")
class TestConversationAccessHttp(ConversationAccessCase, RpcCase):
    """The same over the wire (P1)."""

    @mute_logger("odoo.http")
    def test_json_rpc(self):
        """P1: an internal user without a role"""
        self.internal.group_ids += self.env.ref("base.group_allow_export")
        self.log_in(self.internal)
        staged, stage = [["lifecycle_stage_id", "!=", False]], "lifecycle_stage_id"
        for method, kwargs in (
            ("search_read", {"domain": staged, "fields": [stage]}),
            ("search_read", {"domain": staged, "fields": ["name"]}),
            ("search_read", {"domain": [], "fields": [stage]}),
            ("search_count", {"domain": [["lifecycle_partner_id.lifecycle_stage_id", "!=", False]]}),
            ("search_read", {"domain": [], "fields": ["name"], "order": stage}),
            ("formatted_read_group", {"domain": [], "groupby": [stage], "aggregates": ["__count"]}),
            ("web_read_group", {"domain": [], "groupby": [stage], "aggregates": ["__count"]}),
            ("web_search_read", {"domain": [], "specification": {stage: {"fields": {"name": {}}}}}),
            ("search_panel_select_range", {"field_name": stage, "enable_counters": True}),
            ("search_panel_select_range", {"field_name": "lifecycle_assignment", "enable_counters": True}),
        ):
            answer = self.call("discuss.channel", method, **kwargs)
            self.assertRefused(answer, f"{method} {kwargs}")
        self.assertRefused(self.call("discuss.channel", "export_data", self.channel.ids, ["name", stage]))
        self.assertRefused(self.call("lifecycle.stage", "search_read", [], ["name"]))

    def test_discuss(self):
        """P1, A8: all that the page of Discuss asks for"""
        requests = (
            ("/mail/data", {"fetch_params": ["init_messaging", "channels_as_member"]}),
            ("/mail/data", {"fetch_params": [["discuss.channel", [self.channel.id]]]}),
            ("/mail/data", {"fetch_params": ["/im_livechat/looking_for_help"]}),
            ("/mail/action", {"fetch_params": [["/discuss/get_or_create_chat", {"partners_to": []}]]}),
            ("/discuss/channel/messages", {"channel_id": self.channel.id}),
            ("/discuss/channel/members", {"channel_id": self.channel.id, "known_member_ids": []}),
            ("/discuss/channel/notify_typing", {"channel_id": self.channel.id, "is_typing": True}),
        )
        heard = []
        for user in (self.internal, self.agent):
            self.log_in(user)
            answers = [self.rpc(path, **params) for path, params in requests]
            for request, answer in zip(requests, answers, strict=True):
                self.assertNotIn("error", answer, f"{user.login}: {request}")
            heard.append(answers)
        self.assertNothingTold(heard[0])
        self.assertTold(heard[1], self.stage, named=True)

    def test_discuss_in_the_browser(self):
        """P1: it opens for who has no role, without an error and without a trace"""
        self.log_in(self.internal)
        self.browser_js(
            f"/odoo/discuss?active_id=discuss.channel_{self.channel.id}",
            """
                const traces = document.querySelectorAll("[class*='o_contact_lifecycle']");
                console[traces.length ? "error" : "log"](traces.length ? "traces" : "test successful");
            """,
            ready="!!document.querySelector('.o-livechat-ChannelInfoList h6')",
            login=self.internal.login,
        )
