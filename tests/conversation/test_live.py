import json
from datetime import timedelta

from odoo import Command
from odoo.fields import Datetime
from odoo.tests import tagged

from ..common_inbox import InboxCase


@tagged("post_install", "-at_install")
class TestLive(InboxCase):
    """Open pages hear of everything that changes what they count, and once of each transaction (M2)."""

    def count_notifications(self, call, what="changed"):
        """:return: number of notifications of that name that the transaction of ``call`` sends to agents"""
        Bus = self.env["bus.bus"].sudo()
        self.env.flush_all()
        self.cr.precommit.run()
        last = Bus.search([], order="id desc", limit=1).id or 0
        call()
        self.env.flush_all()
        self.cr.precommit.run()
        agents = self.env.ref("contact_lifecycle.group_agent")
        return sum(
            json.loads(row.message)["type"] == f"contact_lifecycle/{what}"
            and json.loads(row.channel)[1:] == ["res.groups", agents.id]
            for row in Bus.search([("id", ">", last)])
        )

    def test_contacts(self):
        """M2, A2: whatever takes a contact into a figure or out of it"""
        contact = self.contact
        company = self.env["res.company"].create({"name": "Other Company"})
        user_group = Command.link(self.env.ref("base.group_user").id)
        for name, change in (
            ("moved", lambda: contact.write({"lifecycle_stage_id": self.hot_lead.id})),
            ("archived", contact.action_archive),
            ("brought back", contact.action_unarchive),
            ("of another company", lambda: contact.write({"company_id": company.id})),
            ("out of scope", lambda: contact.write({"type": "invoice"})),
            ("in scope", lambda: contact.write({"type": "contact"})),
            (
                "made a user",
                lambda: self.env["res.users"].create(
                    {"login": "live", "partner_id": contact.id, "group_ids": [user_group]}
                ),
            ),
            ("deleted", self.make_contacts(1).unlink),
            ("made", lambda: self.make_contacts(1)),
        ):
            with self.subTest(name):
                self.assertEqual(self.count_notifications(change), 1)

    def test_scope_by_tags(self):
        """M2, A2: a field without a column can be in the scope"""
        tag = self.env["res.partner.category"].create({"name": "Of interest"})
        self.env["ir.config_parameter"].set_param(
            "contact_lifecycle.contact_domain", f"[('category_id', 'in', [{tag.id}])]"
        )
        self.assertEqual(self.count_notifications(lambda: self.contact.write({"category_id": [tag.id]})), 1)

    def test_what_is_not_counted_is_not_told(self):
        """M2"""
        for name, change in (
            ("name", lambda: self.contact.write({"name": "Other Name"})),
            ("email", lambda: self.contact.write({"email": "other@example.com"})),
            (
                "a channel of the team",
                lambda: self.env["discuss.channel"]._create_channel(name="Team", group_id=None),
            ),
        ):
            with self.subTest(name):
                self.assertEqual(self.count_notifications(change), 0)

    def test_conversations(self):
        """M2, I3, I4"""
        channel = self.make_livechat(self.make_guest(), self.operator)
        contact = self.make_contacts(1, self.payment)
        member = channel.channel_member_ids.filtered("partner_id")
        for name, change in (
            ("begun", lambda: self.make_livechat(self.make_guest(), self.operator)),
            ("moved", lambda: channel.write({"lifecycle_stage_id": self.hot_lead.id})),
            ("of a contact in a stage", lambda: channel._lifecycle_identify_as(contact)),
            ("left by its agent", member.unlink),
            (
                "joined by another",
                lambda: channel._add_members(users=self.colleague, create_member_params={}),
            ),
            ("snoozed", lambda: channel.action_lifecycle_snooze(Datetime.now() + timedelta(days=1))),
            ("awake", channel.action_lifecycle_wake),
            ("closed", lambda: self.make_close(channel)),
            ("deleted", channel.unlink),
        ):
            with self.subTest(name):
                self.assertEqual(self.count_notifications(change), 1)

    def test_stages(self):
        """M2, S6, S8, S11, S13"""
        stage = self.make_stages(1)
        for name, change in (
            ("added", lambda: self.make_stages(1)),
            ("renamed", lambda: stage.write({"name": "Other Name"})),
            ("given another emoji", lambda: stage.write({"emoji": "🐙"})),
            ("moved", lambda: stage.write({"sequence": -1})),
            ("marking as stale", lambda: stage.write({"rotting_threshold_days": 5})),
            ("made lost", stage.action_convert_to_lost),
            ("made a lifecycle stage", lambda: stage.lost_stage_ids.action_convert_to_lifecycle()),
        ):
            with self.subTest(name):
                self.assertEqual(self.count_notifications(change), 1)
        # a savepoint sends what was to be sent until then
        self.assertTrue(self.count_notifications(lambda: self.delete_stage(stage)))

    def test_page_of_stages(self):
        """M2, S17: whatever it shows of a stage"""
        stage, lost = self.payment, self.cold_lead.stage_id
        partner_model = self.env["ir.model"]._get_id("res.partner")
        automation = {
            "name": "Automation",
            "model_id": partner_model,
            "trigger": "on_stage_set",
            "lifecycle_trigger": True,
            "trg_field_ref": stage.id,
            "action_server_ids": [
                Command.create(
                    {"name": "Step", "model_id": partner_model, "state": "code", "code": "action = None"}
                )
            ],
        }
        rule = {"name": "Rule", "on_email_reply": True, "kind": "connected", "active": True}
        changes = {
            "name": lambda: stage.write({"name": "Paid"}),
            "display_name": lambda: lost.write({"name": "No Budget"}),
            "emoji": lambda: stage.write({"emoji": "🐙"}),
            "description": lambda: stage.write({"description": "Wants to pay."}),
            "entry_criteria": lambda: stage.write({"entry_criteria": "Has an invoice."}),
            "is_default": stage.action_set_default,
            "is_won": lambda: stage.write({"is_won": True}),
            "is_lost": stage.action_convert_to_lost,
            "lost_stage_ids": stage.action_convert_to_lost,
            "deletion_pending": lambda: stage._lifecycle_write_protected({"deletion_pending": True}),
            "contact_count": lambda: self.make_contacts(1, stage),
            "rule_count": lambda: self.env["lifecycle.rule"].create({**rule, "to_stage_id": stage.id}),
            "automation_count": lambda: self.env["base.automation"].create(automation),
        }
        self.assertEqual(changes.keys(), set(self.Stage._get_page_fields()))

        def show():
            self.env.flush_all()
            self.env.invalidate_all()
            return {row["id"]: row for row in self.Stage.with_user(self.owner).get_page()["stages"]}

        for name, change in changes.items():
            with self.subTest(name), self.undone():
                before = show()
                self.assertEqual(self.count_notifications(change), 1)
                after = show()
                changed = [row_id for row_id in before if before[row_id][name] != after[row_id][name]]
                self.assertTrue(changed)

    def test_rules_and_automations_that_go(self):
        """M2, S17: or are switched off, or are about another stage"""
        rule = self.env["lifecycle.rule"].create(
            {
                "name": "Rule",
                "kind": "connected",
                "on_email_reply": True,
                "to_stage_id": self.payment.id,
                "active": True,
            }
        )
        for name, change in (
            ("to another", lambda: rule.write({"to_stage_id": self.customer.id})),
            ("from another", lambda: rule.write({"from_stage_ids": [Command.set(self.hot_lead.ids)]})),
            ("of others", lambda: rule.write({"domain": "[('lifecycle_stage_id', '=', 'Payment')]"})),
            ("off", lambda: rule.write({"active": False})),
            ("deleted", rule.unlink),
        ):
            with self.subTest(name):
                self.assertEqual(self.count_notifications(change), 1)

    def test_settings(self):
        """M2, S2, A2"""
        settings = self.env["res.config.settings"].create({"group_use_lifecycle": False})
        self.assertEqual(self.count_notifications(settings.execute), 1)

    def test_many_at_once(self):
        """M2: one notification, and no query, for however many contacts"""
        contacts = self.make_contacts(50)

        def count_queries(records):
            self.env.flush_all()
            self.cr.precommit.run()
            records.read(["active"])
            before = self.cr.sql_log_count
            records._lifecycle_notify_pages(["active"])
            return self.cr.sql_log_count - before

        self.assertEqual(self.count_notifications(contacts.action_archive), 1)
        self.assertEqual(count_queries(contacts), 0)

    def test_messages(self):
        """I10: inboxes are in their order; what is counted has not changed"""
        channel = self.make_conversations(1)
        group = self.Channel.create({"name": "Inside", "channel_type": "group"})
        for name, call, expected in (
            ("the visitor", lambda: self.write_in(channel, "Hello", author_id=self.contact.id), 1),
            ("several", lambda: [self.write_in(channel, "Hello") for _ in range(3)], 1),
            ("a notice of Odoo's", lambda: channel.message_post(body="x", message_type="notification"), 0),
            ("another channel", lambda: self.write_in(group, "Hello"), 0),
        ):
            with self.subTest(name):
                self.assertEqual(self.count_notifications(call, "written"), expected)
        self.assertEqual(self.count_notifications(lambda: self.write_in(channel, "Hello")), 0)
