from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from .common_mail_kinds import make_mail
from .common_rule import RuleCase

QUIET_DAYS = 30


class MailCase(RuleCase):
    """Contacts to whom we wrote long ago, and mails that arrive from them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        # not of contacts that a rule on what happens moves meanwhile
        cls.quiet_rule = cls.make_rule("inactivity", (), cls.cold_lead.stage_id, inactivity_days=QUIET_DAYS)

    @classmethod
    def make_quiet_contacts(cls, count, stage=None):
        """:return: contacts in that stage, or in the default one, with an address each, and with nothing since"""
        with freeze_time(cls.now - timedelta(days=2 * QUIET_DAYS)):
            contacts = cls.make_contacts(count, stage)
            for contact in contacts:
                contact.email = f"contact.{contact.id}@example.com"
            cls.commit()
        return contacts

    @classmethod
    def write_long_ago(cls, record, *recipients, user=None, note=False):
        """:return: ``mail.message``, what one of us has sent to contacts by email"""
        with freeze_time(cls.now - timedelta(days=QUIET_DAYS + 10)):
            message = record.with_user(user or cls.salesman).message_post(
                body="Have you seen our engine?",
                message_type="comment",
                subtype_xmlid="mail.mt_note" if note else "mail.mt_comment",
                partner_ids=[recipient.id for recipient in recipients],
            )
            cls.commit()
        return message

    def receive(self, parent, headers="", content="", sender="", **standard):
        """:return: ``mail.message``, the mail as Odoo has posted it, or none"""
        Message, Thread = self.env["mail.message"], self.env["mail.thread"]
        last = Message.search([], order="id desc", limit=1)
        root = self.env.ref("base.user_root")
        Thread.with_user(root).message_process(None, make_mail(parent, headers, content, sender, **standard))
        return Message.search([("id", ">", last.id), ("message_type", "=", "email")])

    def is_quiet(self, contact):
        """:return: whether the rule on inactivity would move the contact now"""
        return contact in self.quiet_rule._find_movable()
