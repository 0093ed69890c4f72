import inspect
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.base.models.ir_autovacuum import is_autovacuum

from ..common import LifecycleCase

DAYS = 9
# (model, method) -> why it is not run: they leave the transaction
NOT_IN_A_TEST = {
    ("ir.attachment", "_gc_file_store"): "commits, and deletes files that a rollback does not bring back",
    ("ir.http", "_gc_sessions"): "deletes files of the sessions of everybody on this machine",
}
CRONS_NOT_IN_A_TEST = {
    "crm_iap_enrich.ir_cron_lead_enrichment": "asks a server on the Internet",
}
KINDS = ("guest", "contact", "bot with guest", "bot with contact", "unassigned", "empty")
STATES = ("open", "snoozed", "woken", "closed")
# every column of the addon that says something of a conversation or of a contact
PROMISES = {
    "discuss.channel": (
        "lifecycle_status",
        "lifecycle_snoozed_until",
        "lifecycle_woken_date",
        "lifecycle_stage_id",
        "lifecycle_partner_id",
        "lifecycle_is_unassigned",
        "lifecycle_duration",
    ),
    "res.partner": (
        "active",
        "lifecycle_stage_id",
        "date_last_stage_update",
        "lifecycle_locked",
        "lifecycle_locked_by_id",
        "lifecycle_locked_date",
    ),
}


@tagged("post_install", "-at_install")
class TestHousekeeping(LifecycleCase):
    """No housekeeping of Odoo ends what sleeps, nor changes anything else that we promise (I9).

    Everything is nine days old and read by everybody, so that Odoo ends what it may.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.env["im_livechat.channel"].create({"name": "Site"})
        cls.bot = cls.env["chatbot.script"].create({"title": "Bot"})
        cls.conversations = {(kind, state): cls.make_conversation(kind) for kind in KINDS for state in STATES}
        stages = (cls.new_lead, cls.hot_lead, cls.customer, cls.cold_lead)
        cls.contacts = cls.Partner.concat(
            *(cls.make_contacts(2, stage) for stage in stages), cls.make_contacts_without_stage(1)
        )
        cls.contacts[0].with_user(cls.agent).lifecycle_stage_id = cls.customer
        cls.contacts[0].with_user(cls.agent).lifecycle_stage_id = cls.hot_lead  # locks it
        cls.contacts[1].active = False
        cls.contacts |= cls.Partner.concat(*(c.lifecycle_partner_id for c in cls.conversations.values()))
        cls.get_all("closed").livechat_end_dt = fields.Datetime.now()
        cls.get_all("snoozed")._lifecycle_write_protected(
            {"lifecycle_snoozed_until": fields.Datetime.now() + timedelta(days=1)}
        )
        cls.get_all("woken")._lifecycle_write_protected(
            {"lifecycle_snoozed_until": fields.Datetime.now() - timedelta(minutes=1)}
        )
        cls.env["discuss.channel"]._cron_lifecycle_wake()
        cls.let_time_pass()

    @classmethod
    def get_all(cls, state):
        return cls.env["discuss.channel"].concat(*(cls.conversations[kind, state] for kind in KINDS))

    @classmethod
    def make_conversation(cls, kind):
        """:return: a conversation of this kind that everybody in it has read"""
        visitor = cls.make_contacts(1) if kind.endswith("contact") else cls.make_guest()
        link = "guest_id" if visitor._name == "mail.guest" else "partner_id"
        answering = {"partner_id": cls.agent.partner_id.id, "livechat_member_type": "agent"}
        if kind.startswith("bot"):
            answering = {"partner_id": cls.bot.operator_partner_id.id, "livechat_member_type": "bot"}
        # nobody but these is in it: Odoo adds the user who makes it
        Channel = cls.env["discuss.channel"].with_user(cls.env.ref("base.public_user")).sudo()
        channel = Channel.create(
            {
                "name": kind,
                "channel_type": "livechat",
                "livechat_channel_id": cls.site.id,
                "livechat_operator_id": answering["partner_id"],
                "livechat_status": "in_progress",
                "channel_member_ids": [
                    Command.create(answering),
                    Command.create({link: visitor.id, "livechat_member_type": "visitor"}),
                ],
            }
        ).with_env(cls.env)
        if kind == "unassigned":
            channel.channel_member_ids.filtered("partner_id").unlink()
        if kind != "empty":
            channel.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        channel.channel_member_ids.new_message_separator = channel.message_ids[:1].id + 1
        channel.channel_member_ids.last_seen_dt = fields.Datetime.now()
        return channel

    @classmethod
    def let_time_pass(cls):
        """Let every date in every table that these records have rows in be nine days earlier, but for the moments
        until which they are snoozed, and at which they came back.
        """
        cls.env.flush_all()
        channels = cls.env["discuss.channel"].concat(*cls.conversations.values())
        for table, column, ids in (
            ("discuss_channel", "id", channels.ids),
            ("discuss_channel_member", "channel_id", channels.ids),
            ("im_livechat_channel_member_history", "channel_id", channels.ids),
            ("mail_message", "id", channels.message_ids.ids),
            ("lifecycle_transition", "channel_id", channels.ids),
            ("lifecycle_transition", "partner_id", cls.contacts.ids),
            ("mail_message", "id", cls.contacts.message_ids.ids),
            ("res_partner", "id", cls.contacts.ids),
        ):
            cls.cr.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type LIKE %s",
                [table, "timestamp%"],
            )
            dates = [
                SQL.identifier(name)
                for (name,) in cls.cr.fetchall()
                if name not in ("lifecycle_snoozed_until", "lifecycle_woken_date")
            ]
            cls.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    SQL(", ").join(SQL("%s = %s - interval %s", d, d, f"{DAYS} days") for d in dates),
                    SQL.identifier(column),
                    ids,
                )
            )
        cls.env.invalidate_all()

    def read_promises(self):
        """:return: dict of (what, id) -> values, for all that there is of these records"""
        self.env.flush_all()
        self.env.invalidate_all()
        promises = {}
        for key, channel in self.conversations.items():
            [promises[key]] = channel.exists().read(PROMISES["discuss.channel"]) or [None]
        for values in self.contacts.exists().read(PROMISES["res.partner"]):
            promises["contact", values["id"]] = values
        for values in self.Transition.search([]).read():
            promises["log", values["id"]] = values
        return promises

    def check_promises(self, before, ended=()):
        """:param ended: keys of the conversations that Odoo ends: it closes them, or deletes those that are empty"""
        after = self.read_promises()
        self.assertEqual(before.keys(), after.keys())
        deleted = {self.conversations[key].id for key in ended if key[0] == "empty" and not after[key]}
        for key, values in before.items():
            with self.subTest(key=key):
                found = after[key]
                if key in ended and values["id"] in deleted:
                    values = None
                elif key in ended:
                    duration = found["lifecycle_duration"]
                    values = {**values, "lifecycle_status": "closed", "lifecycle_duration": duration}
                elif key[0] == "log" and values["channel_id"] and values["channel_id"][0] in deleted:
                    values = {**values, "channel_id": False}
                self.assertEqual(found, values)

    def get_extended_models(self):
        """:return: set of names of the models that a class of the addon extends"""
        return {
            name
            for name in self.env.registry
            if any(
                base._name == name and base.__module__.startswith("odoo.addons.contact_lifecycle.")
                for base in self.env.registry[name].mro()
                if hasattr(base, "_name")
            )
        }

    def test_states_are_those_that_are_meant(self):
        """I9"""
        for (_kind, state), channel in self.conversations.items():
            self.assertEqual(channel.lifecycle_status, "open" if state == "woken" else state)
            self.assertLess(channel.create_date, fields.Datetime.now() - timedelta(days=DAYS - 1))
        self.assertTrue(self.contacts[0].lifecycle_locked)
        self.assertTrue(self.conversations["unassigned", "open"].lifecycle_is_unassigned)
        for model, names in PROMISES.items():
            own = {
                name
                for name, field in self.env[model]._fields.items()
                if name.startswith("lifecycle_") and field.store and field.column_type
            }
            self.assertLessEqual(own, set(names), f"a column of {model} that is not looked at")

    def test_each_would_be_ended(self):
        """I9: that the other tests look at what Odoo ends, each by its own clean-up"""
        Channel = self.env["discuss.channel"]
        Member = self.env["discuss.channel.member"]
        kinds = {
            Channel._gc_empty_livechat_sessions: {"empty"},
            Channel._gc_bot_only_ongoing_sessions: {"bot with guest", "bot with contact"},
            Member._gc_unpin_livechat_sessions: set(KINDS) - {"empty"},
        }
        with patch.object(
            self.registry["discuss.channel"], "_lifecycle_kept_domain", lambda self: Domain.FALSE
        ):
            for vacuum, ended in kinds.items():
                with self.subTest(vacuum=vacuum.__name__), self.cr.savepoint() as savepoint:
                    vacuum()
                    found = {
                        kind
                        for kind in KINDS
                        if not self.conversations[kind, "snoozed"].exists()
                        or self.conversations[kind, "snoozed"].livechat_end_dt
                    }
                    self.assertLessEqual(ended, found)
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_no_vacuum_ends_what_sleeps(self):
        """I9: every one of every model, and so of those that the addon extends"""
        before = self.read_promises()
        run = set()
        for model in self.env.values():
            for name, vacuum in inspect.getmembers(type(model), is_autovacuum):
                if (model._name, name) not in NOT_IN_A_TEST:
                    vacuum(model)
                    run.add(model._name)
        self.assertLessEqual({"discuss.channel", "discuss.channel.member"}, run & self.get_extended_models())
        self.assertFalse({model for model, _name in NOT_IN_A_TEST} & self.get_extended_models())
        self.check_promises(before, [*((kind, "open") for kind in KINDS), ("empty", "closed")])

    def test_vacuum_that_runs_twice(self):
        """I9: on the days after, as long as it sleeps; once the customer writes, it is like any other"""
        channel = self.conversations["contact", "snoozed"]
        Member = self.env["discuss.channel.member"]
        for _day in range(2):
            Member._gc_unpin_livechat_sessions()
            self.assertEqual(channel.lifecycle_status, "snoozed")
        member = channel.channel_member_ids.filtered(lambda m: m.partner_id == self.agent.partner_id)
        self.assertTrue(member.is_pinned, "it stays in the agent's sidebar")
        channel.message_post(body="Hello?", message_type="comment", author_id=channel.lifecycle_partner_id.id)
        self.assertEqual(channel.lifecycle_status, "open")
        channel.channel_member_ids.new_message_separator = channel.message_ids[:1].id + 1
        Member._gc_unpin_livechat_sessions()
        self.assertEqual(channel.lifecycle_status, "closed")

    def test_what_came_back_is_kept_for_a_while(self):
        """I9: its moment may have come on a Friday evening"""
        channels = self.get_all("woken")
        self.env.flush_all()
        self.cr.execute(
            "UPDATE discuss_channel SET lifecycle_woken_date = lifecycle_woken_date - interval '8 days' WHERE id IN %s",
            [tuple(channels.ids)],
        )
        self.env.invalidate_all()
        self.env["discuss.channel.member"]._gc_unpin_livechat_sessions()
        self.env["discuss.channel"]._gc_bot_only_ongoing_sessions()
        self.assertEqual(self.conversations["contact", "woken"].lifecycle_status, "closed")
        self.assertEqual(self.conversations["bot with guest", "woken"].lifecycle_status, "closed")

    def test_people_close_what_sleeps(self):
        """I9: the visitor who leaves, and the last agent"""
        visitor_leaves, agent_leaves = (self.conversations[kind, "snoozed"] for kind in ("guest", "contact"))
        visitor_leaves._close_livechat_session()
        self.assertEqual(visitor_leaves.lifecycle_status, "closed")
        agent_leaves._action_unfollow(self.agent.partner_id)
        self.assertEqual(agent_leaves.lifecycle_status, "closed")

    def test_no_scheduled_action_ends_what_sleeps(self):
        """I9: every one of every model that the addon extends"""
        crons = (
            self.env["ir.cron"]
            .with_context(active_test=False)
            .search([("model_id.model", "in", list(self.get_extended_models()))])
        )
        xmlids = crons.get_external_id()
        crons = crons.filtered(lambda cron: xmlids[cron.id] not in CRONS_NOT_IN_A_TEST)
        models = set(crons.model_id.mapped("model"))
        self.assertLessEqual({"discuss.channel", "discuss.channel.member", "res.partner", "crm.lead"}, models)
        before = self.read_promises()
        with patch.object(self.cr, "commit", self.env.flush_all):
            for cron in crons:
                with self.subTest(cron=xmlids[cron.id]):
                    cron.ir_actions_server_id.run()
        self.check_promises(before)
