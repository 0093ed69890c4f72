from odoo import fields, models

from .only_people import is_by_automation
from .search_guard import GuardedOne2many

# Why Odoo says that a message has not reached somebody whom it cannot reach: there is no address or number, or a wrong
# or blocked one. That our own server or account fails does not mean that nobody has written.
UNREACHABLE = (
    "mail_bl",
    "mail_bounce",
    "mail_dup",
    "mail_email_invalid",
    "mail_email_missing",
    "mail_optout",
    "sms_blacklist",
    "sms_country_not_supported",
    "sms_duplicate",
    "sms_invalid_destination",
    "sms_not_allowed",
    "sms_number_format",
    "sms_number_missing",
    "sms_optout",
    "sms_rejected",
)
NUMBER = r"([0-9][^0-9]*){7}"  # for Odoo also sends to what is none, and the provider refuses


class MailMessage(models.Model):
    """Whether a person has written a message (T17), and to whom alone it went (T18)."""

    _inherit = "mail.message"

    # Decided where it is known, see only_people.py: as a mail arrives, and as an automation writes.
    lifecycle_is_automatic = fields.Boolean(
        string="Automatic", default=lambda self: is_by_automation(), readonly=True, groups=fields.NO_ACCESS
    )

    # The chatter's tracking values tell the moves of contacts, to administrators alone (P2): with Odoo's own groups,
    # which the guard asks for on every path.
    tracking_value_ids = GuardedOne2many()

    def _lifecycle_is_by_colleague(self):
        """:return: whether one of our own people has written this message, and neither an automation nor the system
        in their name
        """
        # sudo: mail.message, res.partner - only who wrote matters
        message = self.sudo()
        return (
            message.author_id._lifecycle_is_colleague()
            and not message.lifecycle_is_automatic
            # what they send by email, the system posts
            and (message.message_type == "email" or message.create_uid._lifecycle_is_colleague())
        )

    def _lifecycle_get_sole_recipient(self):
        """:return: ``res.partner``, the contact who alone got this message by email, or none"""
        # sudo: mail.notification, res.partner - only who got it matters
        contacts = self.env["res.partner"].sudo()
        if self:
            domain = [("mail_message_id", "in", self.ids), ("notification_type", "=", "email")]
            sent = self.env["mail.notification"].sudo().search_fetch(domain, ["res_partner_id"], limit=2)
            if len(sent) == 1:
                contacts = sent.res_partner_id.filtered("partner_share")
        return contacts
