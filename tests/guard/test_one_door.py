from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import LifecycleCase
from ..common_forged import FORGED


@tagged("post_install", "-at_install")
class TestOneDoor(LifecycleCase):
    """Nobody says from outside where a move comes from, nor writes what only the addon writes (P5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.live = cls.make_user("lifecycle_live", "im_livechat.im_livechat_group_user")
        cls.both = cls.make_user(
            "lifecycle_both",
            "base.group_partner_manager,im_livechat.im_livechat_group_user,sales_team.group_sale_salesman",
        )
        cls.rule = cls.env["lifecycle.rule"].create(
            {"name": "Rule", "on_email_sent": True, "to_stage_id": cls.hot_lead.id}
        )
        FORGED["lifecycle_rule_id"] = cls.rule.id
        other_company = cls.env["res.company"].create({"name": "Another company"})
        cls.stranger = cls.make_contacts(1, cls.payment)
        cls.stranger.company_id = other_company

    def assertLogged(self, record, *expected):
        """The moves of a contact or conversation are these: (to, source, user), of today and of no rule."""
        rows = self.get_log(record)[-len(expected) :]
        self.assertEqual([(row.to_stage_id, row.source, row.user_id) for row in rows], list(expected))
        self.assertFalse(rows.rule_id)
        self.assertFalse(any(rows.mapped("rule_name")))
        self.assertGreater(min(rows.mapped("date")), self.cr.now().replace(year=2026, month=1, day=1))

    def test_automation_that_moves_back_is_no_person(self):
        """P5, T4: what follows from a move in a conversation is the automation's, and locks nobody"""
        field = self.env["ir.model.fields"]._get("res.partner", "lifecycle_stage_id")
        action = self.env["ir.actions.server"].create(
            {
                "name": "Back",
                "model_id": field.model_id.id,
                "state": "object_write",
                "update_path": "lifecycle_stage_id",
                "resource_ref": f"lifecycle.stage,{self.new_lead.id}",
            }
        )
        self.env["base.automation"].create(
            {
                "name": "Not yet",
                "model_id": field.model_id.id,
                "trigger": "on_stage_set",
                "lifecycle_trigger": True,
                "trg_field_ref": self.hot_lead.id,
                "action_server_ids": [Command.link(action.id)],
            }
        )
        channel = self.make_livechat(self.contact, self.live)
        for call, source in (
            (lambda: channel.with_user(self.live).action_lifecycle_set_stage("Hot Lead"), "conversation"),
            (
                lambda: self.Partner.with_user(self.agent).load(
                    [".id", "lifecycle_stage_id"], [[str(self.contact.id), "Hot Lead"]]
                ),
                "import",
            ),
        ):
            with self.subTest(source=source):
                call()
                moves = [(row.to_stage_id, row.source) for row in self.get_log(self.contact)[-2:]]
                self.assertEqual(moves, [(self.hot_lead, source), (self.new_lead, "rule")])
                self.assertFalse(self.contact.lifecycle_locked)

    def test_person_created_with_its_company_has_one_note(self):
        """P5, H1: the note of the creation says in which stage, for each of them"""
        company = self.Partner.with_user(self.agent).create(
            {
                "name": "Company",
                "is_company": True,
                "child_ids": [Command.create({"name": "Person"})],
            }
        )
        for contact in company | company.child_ids:
            message = contact.sudo().message_ids
            self.assertEqual(len(message), 1, contact.name)
            self.assertIn("created", message.body)
            self.assertEqual(self.get_tracking_values(contact).mail_message_id, message)

    def test_channel_that_names_a_contact(self):
        """P5: an agent cannot say whose a new channel is, and so move a contact they may not see"""
        Channel = self.env["discuss.channel"].with_user(self.agent)
        for channel_type in ("group", "channel", "chat", "livechat"):
            vals = {"name": "x", "channel_type": channel_type}
            if channel_type == "livechat":
                vals.update(livechat_operator_id=self.agent.partner_id.id, livechat_status="in_progress")
            for name, value in (
                ("lifecycle_partner_id", self.stranger.id),
                ("lifecycle_snoozed_until", "2030-01-01 00:00:00"),
                ("lifecycle_status", "closed"),
            ):
                with self.subTest(channel_type=channel_type, field=name):
                    for call in (
                        lambda v=vals, n=name, val=value: Channel.create({**v, n: val}),
                        lambda v=vals, n=name, val=value: Channel.web_save({**v, n: val}, {}),
                        lambda v=vals, n=name, val=value: Channel.sudo().create({**v, n: val}),
                    ):
                        with self.assertRaisesRegex(AccessError, "buttons of the conversation"):
                            call()
                    channel = Channel.with_context(**{f"default_{name}": value}).create(vals).sudo()
                    self.assertFalse(channel.lifecycle_partner_id)
                    self.assertFalse(channel.lifecycle_snoozed_until)
                    self.assertEqual(
                        channel.lifecycle_status, channel_type == "livechat" and "open", "as it really is"
                    )

    def test_conversation_of_a_contact_that_the_agent_may_not_see(self):
        """P1, P5: neither moved through the conversation, nor named as its contact"""
        channel = self.make_livechat(self.stranger, self.live)
        self.assertEqual(channel.lifecycle_partner_id, self.stranger)
        as_live = channel.with_user(self.live)
        for call in (
            lambda: as_live.action_lifecycle_set_stage("Customer"),
            lambda: as_live.write({"lifecycle_stage_id": self.customer.id}),
            lambda: as_live.action_lifecycle_set_contact(self.contact.id),
        ):
            with self.assertRaisesRegex(AccessError, "may not see the contact"):
                call()
        self.assertEqual(self.stranger.lifecycle_stage_id, self.payment)
        unknown = self.make_livechat(self.make_guest(), self.live).with_user(self.live)
        for partner_id in (self.stranger.id, 2147483647):
            with self.assertRaisesRegex(UserError, "no such contact, or you may not see it"):
                unknown.action_lifecycle_set_contact(partner_id)
        self.assertFalse(unknown.sudo().lifecycle_partner_id)

    def test_channel_that_is_no_conversation(self):
        """P5: neither stage nor contact, whatever is tried"""
        channel = self.env["discuss.channel"].create({"name": "general", "channel_type": "channel"})
        as_agent = channel.with_user(self.agent)
        for call in (
            lambda: as_agent.action_lifecycle_set_stage("Hot Lead"),
            lambda: as_agent.write({"lifecycle_stage_id": self.hot_lead.id}),
            lambda: as_agent.action_lifecycle_set_contact(self.contact.id),
            lambda: as_agent.action_lifecycle_snooze("2030-01-01 00:00:00"),
            as_agent.action_lifecycle_wake,
            as_agent.action_lifecycle_take_over,
            lambda: channel.create(
                {"name": "x", "channel_type": "channel", "lifecycle_stage_id": self.hot_lead.id}
            ),
        ):
            with self.assertRaisesRegex(UserError, "no conversation with a customer"):
                call()
        channel._lifecycle_identify_as(self.contact)
        self.assertFalse(channel.lifecycle_partner_id or channel.lifecycle_stage_id)
        self.assertFalse(self.get_log(channel))

    def test_default_contact_in_the_context(self):
        """P5: Odoo's own buttons carry it; the log names the conversation and no contact"""
        context = {"default_partner_id": self.stranger.id, "default_rule_id": self.rule.id}
        log = self.get_log(self.stranger)
        for call in (
            lambda channel: channel.action_lifecycle_set_stage("Payment"),
            lambda channel: channel.write({"lifecycle_stage_id": self.payment.id}),
            lambda channel: channel.execute_command_stage(body="/stage Payment"),
        ):
            channel = self.make_livechat(self.make_guest(), self.live)
            call(channel.with_user(self.live).with_context(**context))
            self.assertLogged(channel, (self.payment, "conversation", self.live))
            self.assertFalse(self.get_log(channel).partner_id)
        self.assertEqual(self.get_log(self.stranger), log)

    def test_member_added_with_a_forged_context(self):
        """P5: a source that the caller's context names is not believed"""
        channel = self.make_livechat(self.make_guest(), self.live)
        channel.action_lifecycle_set_stage(self.hot_lead.id)
        newcomer = self.make_contacts_without_stage(1)
        forger = channel.with_user(self.live).with_context(**FORGED)
        forger._add_members(partners=newcomer)
        forger.action_lifecycle_set_contact(newcomer.id)
        self.assertEqual(newcomer.lifecycle_stage_id, self.hot_lead)
        self.assertLogged(newcomer, (self.hot_lead, "conversation", self.live))
        self.assertFalse(newcomer.lifecycle_locked)

    def test_lead_with_a_forged_context(self):
        """P5: a salesperson's lead names who the visitor was"""
        channel = self.make_livechat(self.make_guest(), self.both)
        channel.action_lifecycle_set_stage(self.hot_lead.id)
        newcomer = self.make_contacts_without_stage(1)
        Lead = self.env["crm.lead"].with_user(self.both).with_context(**FORGED)
        Lead.create({"name": "x", "partner_id": newcomer.id, "origin_channel_id": channel.id})
        self.assertEqual(channel.lifecycle_partner_id, newcomer)
        self.assertLogged(newcomer, (self.hot_lead, "conversation", self.both))

    def test_lead_names_whom_its_author_may_see(self):
        """P5: not a conversation that is not theirs to read; a lead of theirs from somebody else's chat is"""
        salesman = self.make_user("lifecycle_salesman", "sales_team.group_sale_salesman")
        channel = self.make_livechat(self.make_guest(), self.live)
        Lead = self.env["crm.lead"]
        self.assertFalse(channel.with_user(salesman).has_access("read"))
        with self.assertRaises(AccessError):
            Lead.with_user(salesman).create({"name": "x", "origin_channel_id": channel.id})
        lead = Lead.create({"name": "x", "origin_channel_id": channel.id, "user_id": salesman.id})
        lead.with_user(salesman).partner_id = self.contact
        self.assertEqual(channel.lifecycle_partner_id, self.contact)

    def test_new_contact_locked_by_default(self):
        """P5: neither by the context nor by a default value that a user has saved"""
        defaults = {
            "lifecycle_locked": True,
            "lifecycle_locked_by_id": self.owner.id,
            "lifecycle_locked_date": "2001-01-01 00:00:00",
            "date_last_stage_update": "2001-01-01 00:00:00",
        }
        in_context = {f"default_{name}": value for name, value in defaults.items()}
        for name, value in defaults.items():
            self.env["ir.default"].set("res.partner", name, value, user_id=self.agent.id)
        for context in ({}, in_context):
            contact = self.Partner.with_user(self.agent).with_context(**context).create({"name": "x"}).sudo()
            self.assertFalse(contact.lifecycle_locked or contact.lifecycle_locked_by_id)
            self.assertFalse(contact.lifecycle_locked_date)
            self.assertEqual(contact.date_last_stage_update, self.get_log(contact).date)

    def test_open_pages_hear_of_a_move_whatever_the_context_says(self):
        """P5: a context key of the caller keeps no page from being told"""
        channel = self.make_livechat(self.make_guest(), self.live)
        counts = []
        for context in ({}, {"lifecycle_new_conversation": True}, {"lifecycle_new_conversation": "NEW"}):
            channel.action_lifecycle_set_stage(False)
            self.env.cr.precommit.run()
            self.env["bus.bus"].search([]).unlink()
            channel.with_user(self.live).with_context(**context).action_lifecycle_set_stage("Hot Lead")
            self.env.cr.precommit.run()
            counts.append(self.env["bus.bus"].search_count([]))
        self.assertGreater(counts[0], 0)
        self.assertEqual(counts[1:], counts[:1] * 2)

    def test_stage_deletion_in_somebody_elses_name(self):
        """P5: who deletes a stage is noted by the addon, not said by an owner"""
        stage = self.hot_lead.with_user(self.owner)
        stage.write({"deletion_user_id": self.administrator.id, "deletion_pending": True})
        self.assertFalse(stage.deletion_user_id or stage.deletion_pending)
        context = {"default_deletion_user_id": self.administrator.id, "default_deletion_pending": True}
        created = self.Stage.with_user(self.owner).with_context(**context).create({"name": "x"})
        self.assertFalse(created.deletion_user_id or created.deletion_pending)
        rule = self.env["lifecycle.rule"].with_user(self.owner).with_context(default_is_standard=True)
        self.assertFalse(
            rule.create({"name": "x", "on_call_made": True, "to_stage_id": self.payment.id}).is_standard
        )
