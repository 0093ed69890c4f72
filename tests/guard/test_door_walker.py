import base64
import logging
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ...models.conversation import discuss_channel
from ...tools import move
from ..common import LifecycleCase
from ..common_bad_input import find_methods, is_ours
from ..common_door_walker import (
    Call,
    find_calls,
    forge_context,
    read_last_ids,
    read_log,
)

_logger = logging.getLogger(__name__)

# What the context may change of a move, by which call, and why.
ANY = None
ANY = None
MAY_DIFFER = {
    (
        ANY,
        "default_channel_ids",
    ): "Odoo's own field of contacts, by which it cannot make members: the call fails",
    (ANY, "lifecycle_skip_default"): "documented: contacts may be made that do not enter the default stage",
    (ANY, "default_lifecycle_stage_id"): "the stage of a new contact, as a column of the pipeline gives it",
    (ANY, "default_active"): "an archived contact does not enter the default stage",
    ("crm.lead.create", "default_user_id"): "Odoo refuses a salesperson's lead of somebody else's",
    ("crm.lead.load", "default_user_id"): "Odoo refuses a salesperson's lead of somebody else's",
    ("res.users.create", "default_partner_id"): "a new user may be an old contact, which is not made anew",
}


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestDoorWalker(LifecycleCase):
    """Whatever public method is called, with whatever in the context, the log says what really happened; and what
    only the addon writes, nobody writes through any door (P5). The cases are found by looking at the code.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "public": cls.env.ref("base.public_user"),
            "portal": cls.portal,
            "internal": cls.internal,
            "agent": cls.agent,
            "live": cls.make_user(
                "lifecycle_live",
                "base.group_partner_manager,im_livechat.im_livechat_group_manager,sales_team.group_sale_salesman",
            ),
            "manager": cls.manager,
            "administrator": cls.make_user(
                "lifecycle_administrator_walker", "base.group_system,base.group_partner_manager"
            ),
            "owner": cls.make_user(
                "lifecycle_owner_walker",
                "base.group_partner_manager,contact_lifecycle.group_owner,im_livechat.im_livechat_group_user",
            ),
        }
        cls.rule = cls.env["lifecycle.rule"].create(
            {
                "name": "Chats",
                "kind": "outreach",
                "on_message_sent": True,
                "to_stage_id": cls.hot_lead.id,
                "active": True,
            }
        )
        cls.channel = cls.make_livechat(cls.contact, cls.users["live"])
        cls.unknown = cls.make_livechat(cls.make_guest(), cls.users["live"])
        cls.without_stage = cls.make_contacts_without_stage(1)
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Lead", "partner_id": cls.contact.id, "user_id": cls.users["live"].id}
        )
        cls.records = {
            "res.partner": cls.contact | cls.without_stage,
            "res.users": cls.agent,
            "discuss.channel": cls.channel | cls.unknown,
            "crm.lead": cls.lead,
            "lifecycle.stage": cls.new_lead,
            "lifecycle.lost.stage": cls.cold_lead,
            "lifecycle.rule": cls.rule,
            "mail.activity": cls.contact.activity_schedule("mail.mail_activity_data_call"),
        }
        cls.values = cls.make_values()
        cls.forged = forge_context(cls.env, cls.rule)
        cls.env.flush_all()
        cls.last_ids = read_last_ids(cls.env)
        cls.nothing = read_log(cls.env, cls.last_ids)

    @classmethod
    def make_values(cls):
        """:return: dict name of a parameter, or model and name -> what may be meant by it"""
        stage = {"lifecycle_stage_id": cls.payment.id}
        livechat = {
            "name": "x",
            "channel_type": "livechat",
            "livechat_operator_id": cls.agent.partner_id.id,
            "livechat_status": "in_progress",
        }
        guest = {"guest_id": cls.make_guest().id, "livechat_member_type": "visitor"}
        return {
            "stage_id": cls.payment.id,
            "partner_id": cls.without_stage.id,
            "until": "2026-12-31 09:00:00",
            "body": "/stage Payment",
            "message_type": "comment",
            "vals": stage,
            "name": "New",
            "fields": ["name"],
            "data": [["New"]],
            "res.partner.vals_list": [{"name": "New"}, {"name": "Other", **stage}],
            "res.users.vals_list": [{"name": "New", "login": "new@example.com"}],
            "discuss.channel.vals_list": [
                {**livechat, "channel_member_ids": [Command.create(guest)]},
                {
                    **livechat,
                    "channel_member_ids": [
                        Command.create({**guest, "guest_id": False, "partner_id": cls.contact.id})
                    ],
                },
            ],
            "discuss.channel.member.vals_list": [
                {
                    "channel_id": cls.unknown.id,
                    "partner_id": cls.without_stage.id,
                    "livechat_member_type": "visitor",
                }
            ],
            "crm.lead.vals_list": [
                {
                    "name": "New",
                    "partner_id": cls.without_stage.id,
                    "origin_channel_id": cls.unknown.id,
                    **stage,
                }
            ],
            "lifecycle.contact.lost.vals_list": [
                {"partner_ids": [Command.set(cls.contact.ids)], "lost_stage_id": cls.cold_lead.stage_id.id}
            ],
            "lifecycle.contact.stage.vals_list": [{"selection": cls.contact.ids, "stage_id": cls.payment.id}],
        }

    @contextmanager
    def undone(self):
        """What rules have done in this transaction they do not do again."""
        with super().undone():
            yield
        self.env.cr.precommit.clear()
        self.env.cr.postcommit.clear()

    def find_calls(self):
        """:return: list of ``Call``: the methods of ours with likely arguments, and the doors of Odoo that lead to them"""
        methods = [
            method
            for method in find_methods(self.env)
            if any(method[1] in vars(base) for base in self.registry[method[0]].mro() if is_ours(base))
        ]
        partner, stage = self.contact.ids, {"lifecycle_stage_id": self.payment.id}
        csv = base64.b64encode(b"x").decode()
        return [
            *find_calls(self.env, methods, self.values, self.records),
            Call("res.partner", "web_save", [partner, stage, {"display_name": {}}]),
            Call("res.partner", "web_save", [[], {"name": "New"}, {"display_name": {}}]),
            Call("res.partner", "name_create", ["New"]),
            Call(
                "res.partner", "load", [["name", "lifecycle_stage_id"], [["New", "Payment"], ["Other", ""]]]
            ),
            Call("res.partner", "copy", [partner]),
            Call("res.partner", "web_save", [partner, {"image_1920": csv, **stage}, {}]),
            Call("res.users", "web_save", [self.agent.ids, stage, {}]),
            Call("crm.lead", "web_save", [self.lead.ids, stage, {}]),
            Call(
                "crm.lead",
                "load",
                [["name", "partner_id/.id", "lifecycle_stage_id"], [["x", str(partner[0]), "Payment"]]],
            ),
            Call("discuss.channel", "web_save", [self.channel.ids, stage, {}]),
            *(
                Call("discuss.channel", name, [channel.ids], {"body": "/stage Payment"})
                for name in ("execute_command_stage",)
                for channel in (self.channel, self.unknown)
            ),
            Call(
                "discuss.channel", "add_members", [self.unknown.ids], {"partner_ids": self.without_stage.ids}
            ),
            Call(
                "discuss.channel",
                "message_post",
                [self.channel.ids],
                {"body": "Hello", "message_type": "comment"},
            ),
        ]

    def observe(self, role, call, context):
        """:return: what the call leaves in the log, on contacts and on conversations"""
        with self.undone():
            call.run(self.env(user=self.users[role], su=False), context)
            return read_log(self.env, self.last_ids)

    def find_differences(self, calls, roles, enough=5):
        """Call each as each role, without anything in the context and with all of it; what differs is narrowed down.

        :param int enough: number of differences after which no more are looked for
        :return: tuple of the labels of the calls that wrote to the log, and of (role, call, keys) that made a difference
        """
        productive, differences = set(), []
        for role in roles:
            for call in calls:
                plain = self.observe(role, call, {})
                if plain != self.nothing:
                    productive.add(call.label)
                context = self.get_forged_context(role, call)
                if self.observe(role, call, context) != plain:
                    differences.append((role, call.label, self.narrow(role, call, context, plain)))
                if len(differences) == enough:
                    return productive, differences
        return productive, differences

    def get_forged_context(self, role, call):
        """:return: the context without what may make a difference, and without what Odoo refuses anyway: default values
        of fields that the user may not write
        """
        Model = self.env(user=self.users[role], su=False)[call.model]

        def is_refused(key):
            field = Model._fields.get(key.removeprefix("default_")) if key.startswith("default_") else None
            return field is not None and not Model._has_field_access(field, "write")

        return {
            key: value
            for key, value in self.forged.items()
            if not {(ANY, key), (call.label, key)} & MAY_DIFFER.keys() and not is_refused(key)
        }

    def narrow(self, role, call, context, plain):
        """:return: list of the keys of the context that make the difference, as few as halving finds"""
        while len(context) > 1:
            items = sorted(context.items())
            halves = dict(items[::2]), dict(items[1::2])
            context = next((half for half in halves if self.observe(role, call, half) != plain), None)
            if context is None:
                return [key for key, _value in items]
        return list(context)

    def test_no_context_changes_what_is_logged(self):
        """P5: every public method of ours, with every context key and every default of ours, as each role"""
        calls = self.find_calls()
        productive, differences = self.find_differences(calls, self.users)
        _logger.info(
            "%s calls by %s roles with %s context keys, %s of them write to the log",
            len(calls),
            len(self.users),
            len(self.forged),
            len(productive),
        )
        self.assertEqual(differences, [])
        self.assertGreater(len(calls), 80)
        self.assertGreater(len(self.forged), 100)
        self.assertGreaterEqual(
            productive,
            {
                "res.partner.create",
                "res.partner.write",
                "res.partner.load",
                "res.partner.copy",
                "res.partner.web_save",
                "res.partner.action_lifecycle_clear",
                "res.users.create",
                "crm.lead.create",
                "crm.lead.web_save",
                "discuss.channel.create",
                "discuss.channel.write",
                "discuss.channel.message_post",
                "discuss.channel.execute_command_stage",
                "discuss.channel.action_lifecycle_set_stage",
                "discuss.channel.action_lifecycle_set_contact",
            },
        )

    def test_walker_sees_a_context_that_is_believed(self):
        """P5: negative controls, each with a part of the mechanism taken away"""
        calls = self.find_calls()

        def believing(cls, records):
            source = records.env.context.get("lifecycle_source")
            return cls(records, source or "manual", date=records.env.context.get("lifecycle_date"))

        Channel = discuss_channel.DiscussChannel
        move_channels = Channel._lifecycle_move

        def credulous(channels, stage, source="conversation"):
            return move_channels(channels, stage, channels.env.context.get("lifecycle_source") or source)

        Partner = type(self.env["res.partner"])
        for name, role, broken in (
            (
                "the context says where a move comes from",
                "agent",
                patch.object(move.Move, "take", classmethod(believing)),
            ),
            (
                "the context says where a conversation's move comes from",
                "live",
                patch.object(Channel, "_lifecycle_move", credulous),
            ),
            (
                "nothing is protected",
                "agent",
                patch.object(Partner, "_lifecycle_without_protected", lambda partners, vals: dict(vals)),
            ),
        ):
            with self.subTest(name), broken:
                productive, differences = self.find_differences(calls, [role], enough=1)
                _logger.info("without: %s: %s", name, differences)
                self.assertTrue(differences, productive)
