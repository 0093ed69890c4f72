from odoo.tests import tagged

from .. import common_mail_kinds as mail_kinds
from ..common_mail import MailCase


@tagged("post_install", "-at_install")
class TestIncomingMail(MailCase):
    """Only people count (T17): each kind of mail in ``common_mail_kinds.py``, where it is a reply (T2), where it is a first
    message (A1), and where it is an interaction (T9).
    """

    def check(self, kinds, counts, posted=True):
        """Let each kind of mail answer us twice: in the place of a contact that has no stage and enters the default one
        on its first message, and of one with whom nothing has happened for long.
        """
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", "message")
        rule = self.make_rule("connected", ["email_reply"], self.hot_lead, self.new_lead)
        new = self.make_quiet_contacts(len(kinds))
        quiet = self.make_quiet_contacts(len(kinds), self.payment)
        self.assertFalse(new.lifecycle_stage_id)
        parents = {contact: self.write_long_ago(contact, contact) for contact in new | quiet}
        self.assertLessEqual(quiet, self.quiet_rule._find_movable())
        for (name, headers, content), contact, other in zip(kinds, new, quiet, strict=True):
            with self.subTest(mail=name):
                for sender in (contact, other):
                    message = self.receive(parents[sender], headers, content, sender.email_formatted)
                    self.assertEqual(bool(message), posted)
                    if posted:
                        self.assertEqual(message.res_id, sender.id)
                        self.assertEqual(
                            message.author_id, self.Partner if headers.startswith("From:") else sender
                        )
                self.assertEqual(self.is_quiet(other), not counts, "an interaction")
                self.commit()
                entered = [(False, self.new_lead.display_name, "default")]
                moved = [(self.new_lead.display_name, self.hot_lead.display_name, "rule")]
                self.assertEqual(self.get_moves(contact)[:1], entered * counts, "a first message")
                self.assertEqual(self.get_moves(contact)[1:], moved * counts, "a reply")
        self.assertEqual(bool(self.get_results(rule)), counts, "no rule has to look at what is no reply")

    def test_mails_of_people(self):
        """T17, T2, A1, T9: count"""
        self.check(mail_kinds.PEOPLE, counts=True)

    def test_automatic_mails(self):
        """T17, T2, A1, T9: do not, though they are posted"""
        self.check(mail_kinds.AUTOMATIC, counts=False)

    def test_reports_of_mail_servers(self):
        """T17, T2, A1, T9: do not, as Odoo takes them out"""
        self.check(mail_kinds.REPORTS, counts=False, posted=False)
