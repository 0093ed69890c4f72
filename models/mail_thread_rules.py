from odoo import models

SENT_TYPES = ("comment", "email", "email_outgoing")


# Tells rules of the mails and comments that contacts write (T2), and of those that many get at once (T1). Not a
# docstring, as Odoo would take it for what each mixin is that inherits this one.
class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        self._lifecycle_notify_message(message)
        return result

    def _message_mail_after_hook(self, mails):
        """Mass mails without log leave no notifications."""
        result = super()._message_mail_after_hook(mails)
        Rule = self.env["lifecycle.rule"]
        if Rule._is_awaited("email_sent"):
            # sudo: mail.mail, res.partner - only who gets it matters
            for mail in mails.sudo().filtered(lambda mail: mail.message_type in SENT_TYPES):
                if mail.state in ("outgoing", "sent") and mail.author_id._lifecycle_is_colleague():
                    partners = mail.recipient_ids
                    if not partners and mail.model == self._name:
                        partners = self.browse(mail.res_id).sudo()._mail_get_partners()[mail.res_id]
                    Rule._notify_event("email_sent", partners.filtered("partner_share"))
        return result

    def _lifecycle_notify_message(self, message):
        """Report a message to the rules: here what a contact mails, or comments in the portal."""
        event = {"email": "email_reply", "comment": "portal_reply"}.get(message.message_type)
        Rule = self.env["lifecycle.rule"]
        if event and message.author_id and Rule._is_awaited(event):
            # sudo: res.partner - only which side the author is on matters
            author = message.author_id.sudo()
            if author.partner_share:
                Rule._notify_event(event, author)
