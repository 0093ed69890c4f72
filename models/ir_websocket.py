from odoo import models

from .discuss_channel_store import AGENT, AGENTS


class IrWebsocket(models.AbstractModel):
    """Tells agents, and nobody else inside, of the stages of the conversations that they hear of (P1, A8)."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        channels = super()._build_bus_channel_list(channels)
        if self.env.user.has_group(AGENT):
            # what Odoo sends to internal users, it sends to tuples of a conversation and this name
            pairs = [channel for channel in channels if isinstance(channel, tuple)]
            channels.extend((record, AGENTS) for record, name in pairs if name == "internal_users")
        return channels
