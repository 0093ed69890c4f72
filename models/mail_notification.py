from odoo import api, models

EVENTS = {"email": "email_sent", "sms": "sms_sent"}
SENT_TYPES = ("comment", "email", "email_outgoing", "sms")


class MailNotification(models.Model):
    """Tells rules of the emails and text messages that our people send to contacts (T1)."""

    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        notifications = super().create(vals_list)
        Rule = self.env["lifecycle.rule"]
        for kind, event in EVENTS.items():
            if not Rule._is_awaited(event):
                continue
            # sudo: mail.message, res.partner - only who wrote matters; that the recipient is none of our own
            # people, the rules find out by themselves, without a query more
            sent = notifications.sudo().filtered(
                lambda notification, kind=kind: (
                    notification.notification_type == kind
                    and notification.notification_status not in ("exception", "canceled")
                    and notification.mail_message_id.message_type in SENT_TYPES
                    and notification.mail_message_id.author_id._lifecycle_is_colleague()
                )
            )
            Rule._notify_event(event, sent.res_partner_id)
        return notifications
