from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError


class LifecycleConversationSnooze(models.TransientModel):
    """Asks until when conversations are snoozed (I4)."""

    _name = "lifecycle.conversation.snooze"
    _description = "Snooze Conversations"

    channel_ids = fields.Many2many(
        "discuss.channel", string="Conversations", default=lambda self: self.env.context.get("active_ids")
    )
    preset = fields.Selection(
        [
            ("later", "Later today"),
            ("tomorrow", "Tomorrow"),
            ("next_week", "Next week"),
            ("date", "Date and time"),
        ],
        string="Until",
        required=True,
        default="tomorrow",
    )
    until = fields.Datetime(
        string="Moment", compute="_compute_until", store=True, readonly=False, precompute=True
    )

    @api.depends("preset")
    def _compute_until(self):
        for wizard in self:
            if wizard.preset != "date":
                wizard.until = wizard._moment_of(wizard.preset)

    @api.model
    def _moment_of(self, preset):
        """:return: the naive UTC datetime of a preset: in three hours, or at nine o'clock where the user is"""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        now = datetime.now(zone)
        if preset == "later":
            return fields.Datetime.now() + timedelta(hours=3)
        days = 1 if preset == "tomorrow" else 7 - now.weekday()
        morning = zone.localize(datetime.combine(now.date() + timedelta(days=days), time(9)))
        return morning.astimezone(pytz.utc).replace(tzinfo=None)

    def action_confirm(self):
        """Snooze the conversations (I4).

        :raises UserError: when the moment is missing, past or too far ahead, or a conversation is closed
        :raises AccessError: when the user is no agent, or may not read one of the conversations
        """
        self.check_access("read")
        if not self.channel_ids:
            raise UserError(self.env._("Select the conversations to snooze."))
        self.channel_ids.action_lifecycle_snooze(self.until)
