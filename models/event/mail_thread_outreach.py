import re

from odoo import models

from ...tools.delivery import NUMBER, UNREACHABLE

SENT_TYPES = ("comment", "email", "email_outgoing", "sms")


# Tells rules of the emails and text messages that internal users send to contacts (T1), where Odoo knows whether they can
# leave (T17). Not a docstring, as Odoo would take it for what each mixin is that inherits this one.
class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_thread_by_email(self, message, recipients_data, *, msg_vals=False, **kwargs):
        result = super()._notify_thread_by_email(message, recipients_data, msg_vals=msg_vals, **kwargs)
        Rule = self.env["lifecycle.rule"]
        if Rule._is_awaited("email_sent") and self._lifecycle_is_outreach(message):
            contact_ids = [
                recipient["id"]
                for recipient in recipients_data
                if recipient["notif"] == "email" and recipient["share"] and recipient["email_normalized"]
            ]
            # an address alone is no contact
            Rule._notify_event("email_sent", self.env["res.partner"].browse(filter(None, contact_ids)))
        return result

    def _notify_thread_by_sms(self, message, recipients_data, *args, **kwargs):
        """Most text messages are sent at once, and Odoo has the answer; others wait for a scheduled action."""
        result = super()._notify_thread_by_sms(message, recipients_data, *args, **kwargs)
        Rule = self.env["lifecycle.rule"]
        if Rule._is_awaited("sms_sent") and self._lifecycle_is_outreach(message):
            # sudo: mail.notification, res.partner - only who got it matters
            sent = message.sudo().notification_ids.filtered(
                lambda notification: (
                    notification.notification_type == "sms"
                    and notification.notification_status != "canceled"
                    and notification.failure_type not in UNREACHABLE
                    and re.search(NUMBER, notification.sms_number or "")
                )
            )
            Rule._notify_event("sms_sent", sent.res_partner_id)
        return result

    def _message_mail_after_hook(self, mails):
        """What many get at once may leave no notifications. Newsletters and what the system sends are nobody's."""
        result = super()._message_mail_after_hook(mails)
        Rule = self.env["lifecycle.rule"]
        if Rule._is_awaited("email_sent") and self.env["res.partner"]._lifecycle_user_is_internal():
            # sudo: mail.mail, res.partner - only who gets it matters
            for mail in mails.sudo():
                is_newsletter = "mailing_id" in mail and mail.mailing_id
                is_leaving = mail.state in ("outgoing", "sent")
                if is_leaving and not is_newsletter and mail.author_id._lifecycle_is_internal():
                    partners = mail.recipient_ids
                    if not partners and mail.model == self._name:
                        partners = self.browse(mail.res_id).sudo()._mail_get_partners()[mail.res_id]
                    Rule._notify_event("email_sent", partners.filtered("partner_share"))
        return result

    def _lifecycle_is_outreach(self, message):
        """:return: whether an internal user writes to the outside with this message, not the system to a user"""
        return message.message_type in SENT_TYPES and message._lifecycle_is_by_internal()
