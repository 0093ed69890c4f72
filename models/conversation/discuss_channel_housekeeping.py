from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Time enough to come back to a conversation that woke on a Friday evening, or during a holiday.
KEPT_AFTER_WAKING = timedelta(days=7)
CLEANING = object()  # in the context of Odoo's clean-up: no request can put it there


class DiscussChannel(models.Model):
    """What Odoo's daily clean-up leaves alone: conversations that are snoozed, or have just come back (I9).

    Odoo ends live chats that everybody has read, that only a bot has answered, or that are empty, after a day or less.
    """

    _inherit = "discuss.channel"

    lifecycle_woken_date = fields.Datetime(
        string="Came Back On",
        readonly=True,
        copy=False,
        groups="contact_lifecycle.group_agent",
        help="When the conversation opened again because its moment had come.",
    )

    @api.model
    def _lifecycle_kept_domain(self):
        """:return: ``Domain`` of the conversations that no clean-up may end"""
        since = fields.Datetime.now() - KEPT_AFTER_WAKING
        return Domain("lifecycle_snoozed_until", "!=", False) | Domain("lifecycle_woken_date", ">", since)

    @api.autovacuum
    def _gc_bot_only_ongoing_sessions(self):
        cleaning = super(DiscussChannel, self.with_context(lifecycle_cleaning=CLEANING))
        return cleaning._gc_bot_only_ongoing_sessions()

    @api.autovacuum
    def _gc_empty_livechat_sessions(self):
        cleaning = super(DiscussChannel, self.with_context(lifecycle_cleaning=CLEANING))
        return cleaning._gc_empty_livechat_sessions()

    @api.model
    @api.readonly
    def search(self, domain, offset=0, limit=None, order=None):
        if self.env.context.get("lifecycle_cleaning") is CLEANING:
            domain = Domain(domain) & ~self._lifecycle_kept_domain()
        return super().search(domain, offset=offset, limit=limit, order=order)

    def write(self, vals):
        """Odoo would also date those that are closed as if they had been closed now."""
        ended = self
        if self.env.context.get("lifecycle_cleaning") is CLEANING and vals.keys() == {"livechat_end_dt"}:
            ended = self.filtered(lambda channel: not channel.livechat_end_dt)
        return super(DiscussChannel, ended).write(vals)

    def unlink(self):
        ended = self
        if self.env.context.get("lifecycle_cleaning") is CLEANING:
            ended -= self.filtered_domain(self._lifecycle_kept_domain())
        return super(DiscussChannel, ended).unlink()


class DiscussChannelMember(models.Model):
    """The clean-up that ends live chats by their members (I9)."""

    _inherit = "discuss.channel.member"

    @api.autovacuum
    def _gc_unpin_livechat_sessions(self):
        cleaning = super(DiscussChannelMember, self.with_context(lifecycle_cleaning=CLEANING))
        return cleaning._gc_unpin_livechat_sessions()

    @api.model
    @api.readonly
    def search(self, domain, offset=0, limit=None, order=None):
        if self.env.context.get("lifecycle_cleaning") is CLEANING:
            kept = self.env["discuss.channel"]._lifecycle_kept_domain()
            domain = Domain(domain) & Domain("channel_id", "not any", kept)
        return super().search(domain, offset=offset, limit=limit, order=order)
