from odoo import models


class DiscussChannel(models.Model):
    """Tells rules of what is written in conversations with contacts (T1, T2)."""

    _inherit = "discuss.channel"

    def _lifecycle_hear(self, message):
        """The message of the customer or of an internal user, not of a chatbot. While nobody knows who the visitor is, nobody moves."""
        result = super()._lifecycle_hear(message)
        Rule = self.env["lifecycle.rule"]
        if (
            self._lifecycle_is_said(message)
            and Rule._is_awaited("message_sent")
            and message._lifecycle_is_by_internal()
            and not self._lifecycle_is_from_customer(message)
        ):
            # sudo: discuss.channel - whoever writes may not see who the contact is
            Rule._notify_event("message_sent", self.sudo().lifecycle_partner_id, self)
        return result

    def _lifecycle_is_said(self, message):
        """:return: whether somebody says this in a conversation with a customer"""
        return message.message_type != "notification" and self.channel_type in self._lifecycle_channel_types()

    def _lifecycle_get_reply_event(self, message):
        return "conversation_reply" if self._lifecycle_is_said(message) else None

    def _lifecycle_find_writer(self, message):
        if self._lifecycle_is_from_customer(message):
            # sudo: discuss.channel - the visitor who writes may not see who the contact is
            return self.sudo().lifecycle_partner_id
        return super()._lifecycle_find_writer(message)

    def _lifecycle_notify_reply(self, event, contact):
        """Another customer in the conversation is not the contact it is with."""
        # sudo: discuss.channel - the visitor who writes may not see who the contact is
        if contact == self.sudo().lifecycle_partner_id:
            self.env["lifecycle.rule"]._notify_event(event, contact, self)
