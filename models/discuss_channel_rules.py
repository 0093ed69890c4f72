from odoo import models


class DiscussChannel(models.Model):
    """Tells rules of what is written in conversations with contacts (T1, T2)."""

    _inherit = "discuss.channel"

    def _lifecycle_notify_message(self, message):
        """The customer's message or ours; no robot's. While nobody knows who the visitor is, nobody moves."""
        Rule = self.env["lifecycle.rule"]
        if message.message_type == "notification" or self.channel_type not in self._lifecycle_channel_types():
            return
        if not (Rule._is_awaited("message_sent") or Rule._is_awaited("conversation_reply")):
            return
        # sudo: discuss.channel, res.partner - the visitor who writes may not see who the contact is
        channel, author = self.sudo(), message.author_id.sudo()
        contact = channel.lifecycle_partner_id
        if message.author_guest_id or (author and author == contact):
            Rule._notify_event("conversation_reply", contact, channel)
        elif author._lifecycle_is_colleague():
            Rule._notify_event("message_sent", contact, channel)
