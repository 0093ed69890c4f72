from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_forged import FORGED
from ..common_rpc import RpcCase


@tagged("post_install", "-at_install")
class TestOneDoorHttp(RpcCase):
    """The same over the wire, where it was found there (P5)."""

    @mute_logger("odoo.http")
    def test_agent_names_the_contact_of_a_channel(self):
        """P5: one whom the agent may not see is not moved"""
        self.log_in(self.agent)
        vals = {"name": "x", "channel_type": "group"}
        answer = self.call("discuss.channel", "create", [{**vals, "lifecycle_partner_id": self.contact.id}])
        self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError")
        context = {"default_lifecycle_partner_id": self.contact.id}
        channel_id = self.call("discuss.channel", "create", [vals], context=context)["result"][0]
        answer = self.call("discuss.channel", "action_lifecycle_set_stage", [channel_id], "Customer")
        self.assertIn("no conversation with a customer", answer["error"]["data"]["message"])
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

    def make_both(self):
        groups = (
            "im_livechat.im_livechat_group_user,sales_team.group_sale_salesman,base.group_partner_manager"
        )
        return self.make_user("lifecycle_both", groups)

    @mute_logger("odoo.http")
    def test_default_contact_in_the_context(self):
        """P5: it does not get into the log"""
        both = self.make_both()
        self.log_in(both)
        log = self.get_log(self.contact)
        for method, args in (
            ("action_lifecycle_set_stage", ["Hot Lead"]),
            ("write", [{"lifecycle_stage_id": self.hot_lead.id}]),
        ):
            channel = self.make_livechat(self.make_guest(), both)
            answer = self.call(
                "discuss.channel", method, channel.ids, *args, context={"default_partner_id": self.contact.id}
            )
            self.assertNotIn("error", answer, method)
            row = self.get_log(channel)[-1]
            self.assertEqual((row.to_stage_id, row.source), (self.hot_lead, "conversation"))
            self.assertFalse(row.partner_id)
        self.assertEqual(self.get_log(self.contact), log)

    @mute_logger("odoo.http")
    def test_source_rule_and_date_in_the_context(self):
        """P5: of a member that is added, of a lead that is made, of a contact that is made or written"""
        both = self.make_both()
        self.log_in(both)
        rule = self.env["lifecycle.rule"].create(
            {"name": "Rule", "on_email_sent": True, "to_stage_id": self.hot_lead.id}
        )
        channel = self.make_livechat(self.make_guest(), both)
        origin = self.make_livechat(self.make_guest(), both)
        newcomer, customer = self.make_contacts_without_stage(2)
        calls = (
            ("discuss.channel", "add_members", [channel.ids], {"partner_ids": newcomer.ids}),
            (
                "crm.lead",
                "create",
                [{"name": "x", "partner_id": customer.id, "origin_channel_id": origin.id}],
                {},
            ),
            ("res.partner", "create", [{"name": "x"}], {}),
            ("res.partner", "write", [self.contact.ids, {"lifecycle_stage_id": self.payment.id}], {}),
        )
        for source in ("rule", "stage_deletion", "garbage"):
            for date in ("2001-01-01 00:00:00", "garbage"):
                before = self.Transition.search([])
                forged = {
                    **FORGED,
                    "lifecycle_source": source,
                    "lifecycle_date": date,
                    "lifecycle_rule_id": rule.id,
                }
                for model, method, args, kwargs in calls:
                    with self.subTest(model=model, method=method, source=source, date=date):
                        self.assertNotIn("error", self.call(model, method, *args, context=forged, **kwargs))
                rows = self.Transition.search([]) - before
                self.assertTrue(rows)
                self.assertLessEqual(set(rows.mapped("source")), {"conversation", "default", "manual"})
                self.assertFalse(rows.rule_id)
                self.assertEqual({date.year for date in rows.mapped("date")}, {self.cr.now().year})
                self.contact.lifecycle_stage_id = self.hot_lead

    @mute_logger("odoo.http")
    def test_new_contact_locked_by_default(self):
        """P5: the lock is nobody's to give"""
        self.log_in(self.agent)
        context = {
            "default_lifecycle_locked": True,
            "default_lifecycle_locked_by_id": self.owner.id,
            "default_lifecycle_locked_date": "2001-01-01 00:00:00",
        }
        [contact_id] = [self.call("res.partner", "create", {"name": "x"}, context=context)["result"]]
        contact = self.Partner.browse(contact_id)
        self.assertFalse(contact.lifecycle_locked or contact.lifecycle_locked_by_id)
        self.assertFalse(contact.lifecycle_locked_date)

    @mute_logger("odoo.http")
    def test_channel_that_is_no_conversation(self):
        """P5: it takes neither stage nor contact"""
        self.log_in(self.agent)
        channel = self.env["discuss.channel"].create({"name": "general", "channel_type": "channel"})
        for method, argument in (
            ("action_lifecycle_set_stage", "Hot Lead"),
            ("action_lifecycle_set_contact", self.contact.id),
        ):
            answer = self.call("discuss.channel", method, channel.ids, argument)
            self.assertIn("no conversation with a customer", answer["error"]["data"]["message"])
        self.assertFalse(channel.lifecycle_stage_id or channel.lifecycle_partner_id or self.get_log(channel))

    @mute_logger("odoo.http")
    def test_key_that_kept_a_move_from_open_pages(self):
        """P5: the pages are told all the same"""
        both = self.make_both()
        self.log_in(both)
        channel = self.make_livechat(self.make_guest(), both)
        counts = []
        for context in ({}, {"lifecycle_new_conversation": True}):
            channel.action_lifecycle_set_stage(False)
            self.env.cr.precommit.run()
            self.env["bus.bus"].search([]).unlink()
            self.call(
                "discuss.channel", "action_lifecycle_set_stage", channel.ids, "Hot Lead", context=context
            )
            counts.append(self.env["bus.bus"].search_count([]))
        self.assertGreater(counts[0], 0)
        self.assertEqual(counts[0], counts[1])

    @mute_logger("odoo.http")
    def test_visitor_dates_the_first_message(self):
        """P5: with the setting “on the first message”, without a log-in"""
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", "message")
        self.authenticate(None, None)
        livechat = self.env["im_livechat.channel"].create(
            {"name": "Site", "user_ids": [Command.set(self.agent.ids)]}
        )
        self.env["mail.presence"]._update_presence(self.agent)
        for date in ("2001-01-01 00:00:00", "2031-01-01 00:00:00", "garbage"):
            data = self.make_jsonrpc_request(
                "/im_livechat/get_session", {"channel_id": livechat.id, "persisted": True}
            )
            channel = self.env["discuss.channel"].browse(data["channel_id"])
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "discuss.channel",
                    "thread_id": channel.id,
                    "post_data": {"body": "Hello", "message_type": "comment"},
                    "context": {**FORGED, "lifecycle_date": date, "default_partner_id": self.contact.id},
                },
            )
            row = self.get_log(channel)
            self.assertEqual((row.source, row.to_stage_id), ("default", self.new_lead))
            self.assertFalse(row.rule_id or row.partner_id)
            self.assertEqual(row.date.year, self.cr.now().year)
