from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_post_after_hook(self, message, msg_values):
        """With the setting “on the first message”, a contact enters the default stage as it writes (A1)."""
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type in ("email", "comment", "sms", "whatsapp_message") and message.author_id:
            # sudo: res.partner - whoever carries the message starts the author's lifecycle
            author = message.author_id.sudo()
            if author.partner_share and author._lifecycle_default_on() == "message":
                self._lifecycle_first_message(author)
        return result

    def _lifecycle_first_message(self, author):
        """A contact that has been in the lifecycle before was taken out of it on purpose."""
        if not author.lifecycle_transition_ids[:1]:
            author._lifecycle_enter_default_on("message")
