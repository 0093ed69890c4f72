from odoo import fields, models

from ...tools.guarded_fields import GuardedOne2many
from ...tools.only_people import is_by_automation


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

    def _lifecycle_is_by_internal(self):
        """:return: whether an internal user has written this message, and neither an automation nor the system in
        their name
        """
        # sudo: mail.message, res.partner - only who wrote matters
        message = self.sudo()
        return (
            message.author_id._lifecycle_is_internal()
            and not message.lifecycle_is_automatic
            # what they send by email, the system posts
            and (message.message_type == "email" or message.create_uid._lifecycle_is_internal())
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
