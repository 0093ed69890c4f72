from datetime import timedelta
from unittest.mock import MagicMock, patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.sms.tools.sms_api import SmsApi

from ..common_mail import MailCase

# What is sent to a contact, a row each: the method below that does it, whether one of us has reached out by it (T1),
# and whether it is an interaction with the contact (T9).
ROWS = (
    ("we_write_from_the_chatter", True, True),
    ("we_write_from_the_lead", True, True),
    ("we_mention_the_contact_in_a_note", True, True),
    ("we_write_later", True, True),
    ("we_answer_by_email", True, True),
    ("we_write_to_many", True, True),
    ("we_write_to_many_without_a_log", True, False),  # no trace is left
    ("we_send_an_sms", True, True),
    ("we_send_an_sms_to_many", True, True),
    # nobody has written these
    ("our_out_of_office_is_passed_on", False, False),
    ("odoo_says_that_we_are_away", False, False),
    ("a_newsletter_is_sent", False, False),
    ("the_system_writes_in_our_name", False, False),
    ("an_automation_sends_an_email", False, False),
    ("an_automation_sends_a_message", False, False),
    ("an_automation_mentions_the_contact", False, False),
    ("an_automation_sends_an_sms", False, False),
    ("an_automation_sends_an_sms_without_note", False, False),
    ("an_automation_notes_an_sms", False, False),
    ("an_automation_runs_code", False, False),
    ("an_automation_writes_to_many", False, False),
    # these cannot leave
    ("we_write_without_an_address", False, False),
    ("we_write_to_a_broken_address", False, False),
    ("we_write_to_many_and_it_is_blocked", False, False),
    ("we_send_an_sms_without_a_number", False, False),
    ("we_send_an_sms_to_no_number", False, False),
    ("we_send_an_sms_and_it_is_refused", False, False),
    ("we_send_an_sms_to_many_without_a_number", False, False),
)


@tagged("post_install", "-at_install")
class TestOutgoingMail(MailCase):
    """Only people count, and what cannot leave was not sent (T17): all that is sent, row by row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_model = cls.env["ir.model"]._get("res.partner")
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Engine",
                "model_id": cls.partner_model.id,
                "subject": "Engine",
                "body_html": "<p>x</p>",
                "email_from": cls.salesman.email,
                "use_default_to": True,
            }
        )
        cls.sms_template = cls.env["sms.template"].create(
            {"name": "Engine", "model_id": cls.partner_model.id, "body": "x"}
        )
        cls.colleague = cls.make_user("lifecycle_colleague", "sales_team.group_sale_salesman_all_leads")

    def setUp(self):
        """Let mails be sent as far as the server, for Odoo to find out that one cannot."""
        super().setUp()
        MailServer = type(self.env["ir.mail_server"])
        session = MagicMock(from_filter=False, smtp_from=False)
        self.startPatcher(patch.object(MailServer, "_disable_send", return_value=False))
        self.startPatcher(patch.object(MailServer, "_connect__", return_value=session))

    # what is sent

    def write_message(self, record, contact, user=None, **kwargs):
        vals = {"body": "x", "message_type": "comment", "subtype_xmlid": "mail.mt_comment", **kwargs}
        return record.with_user(user or self.salesman).message_post(partner_ids=contact.ids, **vals)

    def write_to_many(self, contact, user=None, **vals):
        self.env["mail.compose.message"].with_user(user or self.salesman).create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": contact.ids,
                "subject": "x",
                "body": "<p>x</p>",
                "author_id": self.salesman.partner_id.id,
                "email_from": self.salesman.email_formatted,
                **vals,
            }
        )._action_send_mail()

    def send_sms_to_many(self, contact):
        self.env["sms.composer"].with_user(self.salesman).create(
            {
                "composition_mode": "mass",
                "res_model": "res.partner",
                "res_ids": contact.ids,
                "body": "x",
                "mass_keep_log": True,
                "mass_force_send": True,
            }
        ).action_send_sms()

    def run_action(self, contact, **vals):
        action = self.env["ir.actions.server"].create(
            {"name": "x", "model_id": self.partner_model.id, "usage": "base_automation", **vals}
        )
        records = {"active_model": "res.partner", "active_id": contact.id, "active_ids": contact.ids}
        action.with_user(self.salesman).with_context(**records).run()

    def follow_lead(self, contact):
        lead = self.lead.copy({"partner_id": False})
        message = self.write_long_ago(lead, self.salesman.partner_id, user=self.colleague)
        lead.message_subscribe(contact.ids)
        return message

    # the rows

    def we_write_from_the_chatter(self, contact):
        self.write_message(contact, contact)

    def we_write_from_the_lead(self, contact):
        self.write_message(self.lead, contact)

    def we_mention_the_contact_in_a_note(self, contact):
        self.write_message(self.lead, contact, subtype_xmlid="mail.mt_note")

    def we_write_later(self, contact):
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        composer.create(
            {
                "model": "res.partner",
                "res_ids": contact.ids,
                "body": "<p>x</p>",
                "partner_ids": [Command.set(contact.ids)],
                "scheduled_date": self.now + timedelta(hours=1),
            }
        ).action_schedule_message()
        self.assertStayed(contact)
        self.assertTrue(self.is_quiet(contact))
        with freeze_time(self.now + timedelta(hours=2)):
            self.env.ref("mail.ir_cron_post_scheduled_message").ir_actions_server_id.run()

    def we_answer_by_email(self, contact):
        message = self.follow_lead(contact)
        self.receive(message, sender=self.salesman.email_formatted)

    def we_write_to_many(self, contact):
        self.write_to_many(contact, auto_delete_keep_log=True)

    def we_write_to_many_without_a_log(self, contact):
        self.write_to_many(contact, auto_delete=True, auto_delete_keep_log=False)
        self.env["mail.mail"].process_email_queue()

    def we_send_an_sms(self, contact):
        contact.with_user(self.salesman)._message_sms("x")

    def we_send_an_sms_to_many(self, contact):
        self.send_sms_to_many(contact)

    def our_out_of_office_is_passed_on(self, contact):
        message = self.follow_lead(contact)
        mail = self.receive(message, "Auto-Submitted: auto-replied", sender=self.salesman.email_formatted)
        self.assertIn(contact, mail.notification_ids.res_partner_id)

    def odoo_says_that_we_are_away(self, contact):
        self.salesman.write(
            {"out_of_office_from": self.now - timedelta(days=1), "out_of_office_message": "<p>Away</p>"}
        )
        asked = self.receive(self.follow_lead(contact), sender=contact.email_formatted)
        away = self.env["mail.message"].search([("message_type", "=", "out_of_office")])
        self.assertIn(contact, away.notification_ids.res_partner_id)
        asked.unlink()

    def a_newsletter_is_sent(self, contact):
        self.write_to_many(contact, user=self.env.ref("base.user_root"), auto_delete_keep_log=True)

    def the_system_writes_in_our_name(self, contact):
        root = self.env.ref("base.user_root")
        self.write_message(contact, contact, user=root, author_id=self.salesman.partner_id.id)

    def an_automation_sends_an_email(self, contact):
        vals = {"mail_post_method": "email", "template_id": self.template.id}
        self.run_action(contact, state="mail_post", **vals)

    def an_automation_sends_a_message(self, contact):
        vals = {"mail_post_method": "comment", "template_id": self.template.id}
        self.run_action(contact, state="mail_post", **vals)

    def an_automation_mentions_the_contact(self, contact):
        self.run_action(contact, state="mail_post", mail_post_method="note", template_id=self.template.id)

    def an_automation_sends_an_sms(self, contact):
        self.run_action(contact, state="sms", sms_method="comment", sms_template_id=self.sms_template.id)

    def an_automation_sends_an_sms_without_note(self, contact):
        self.run_action(contact, state="sms", sms_method="sms", sms_template_id=self.sms_template.id)

    def an_automation_notes_an_sms(self, contact):
        self.run_action(contact, state="sms", sms_method="note", sms_template_id=self.sms_template.id)

    def an_automation_runs_code(self, contact):
        code = """
record.message_post(body="x", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=record.ids)
"""
        self.run_action(contact, state="code", code=code)
        self.assertTrue(contact.message_ids[0].notification_ids)

    def an_automation_writes_to_many(self, contact):
        code = """
env["mail.compose.message"].create({
    "composition_mode": "mass_mail", "model": "res.partner", "res_ids": records.ids, "subject": "x", "body": "<p>x</p>",
    "auto_delete_keep_log": True}).action_send_mail()
"""
        self.run_action(contact, state="code", code=code)

    def we_write_without_an_address(self, contact):
        contact.email = False
        self.write_message(contact, contact)

    def we_write_to_a_broken_address(self, contact):
        contact.email = "contact@"
        self.write_message(contact, contact)

    def we_write_to_many_and_it_is_blocked(self, contact):
        self.env["mail.blacklist"]._add(contact.email)
        self.write_to_many(contact, auto_delete_keep_log=True)

    def we_send_an_sms_without_a_number(self, contact):
        contact.phone = False
        contact.with_user(self.salesman)._message_sms("x", partner_ids=contact.ids)

    def we_send_an_sms_to_no_number(self, contact):
        contact.phone = "12"
        contact.with_user(self.salesman)._message_sms("x")

    def we_send_an_sms_and_it_is_refused(self, contact):
        def refuse(api, messages, **kwargs):
            numbers = [number for message in messages for number in message["numbers"]]
            return [{"uuid": number["uuid"], "state": "wrong_number_format"} for number in numbers]

        with patch.object(SmsApi, "_send_sms_batch", refuse):
            self.we_send_an_sms(contact)

    def we_send_an_sms_to_many_without_a_number(self, contact):
        contact.phone = False
        self.send_sms_to_many(contact)

    def test_rows(self):
        """T17, T1, T9"""
        self.make_rule("outreach", ["email_sent", "sms_sent"], self.hot_lead, self.new_lead)
        contacts = self.make_quiet_contacts(len(ROWS))
        contacts.phone = "+32 470 12 34 56"
        for (name, reached_out, is_interaction), contact in zip(ROWS, contacts, strict=True):
            with self.subTest(row=name), self.cr.savepoint():
                self.assertTrue(self.is_quiet(contact))
                getattr(self, name)(contact)
                self.assertEqual(self.is_quiet(contact), not is_interaction, "an interaction")
                self.commit()
                expected = self.hot_lead if reached_out else self.new_lead
                self.assertEqual(contact.lifecycle_stage_id, expected, "an outreach")
