from odoo import fields, models
from odoo.exceptions import UserError


class LifecycleConversationSnooze(models.TransientModel):
    """Asks until when conversations are snoozed (I4)."""

    _name = "lifecycle.conversation.snooze"
    _description = "Snooze Conversations"

    channel_ids = fields.Many2many(
        "discuss.channel", string="Conversations", default=lambda self: self.env.context.get("active_ids")
    )
    until = fields.Datetime(string="Moment")

    def action_confirm(self):
        """Snooze the conversations (I4).

        :raises UserError: when the moment is missing, past or too far ahead, or a conversation is closed
        :raises AccessError: when the user is no agent, or may not read one of the conversations
        """
        self.check_access("read")
        if not self.channel_ids:
            raise UserError(self.env._("Select the conversations to snooze."))
        self.channel_ids.action_lifecycle_snooze(self.until)
