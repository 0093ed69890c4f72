from odoo import models

from .discuss_channel_store import AGENT, AGENTS


class IrWebsocket(models.AbstractModel):
    """Tells agents, and nobody else inside, of the stages of the conversations that they hear of (P1, A8)."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        channels = super()._build_bus_channel_list(channels)
        if self.env.user.has_group(AGENT):
            # Odoo has tuples of a conversation and a name; other addons have longer ones of their own
            tuples = [channel for channel in channels if isinstance(channel, tuple)]
            inside = [channel[0] for channel in tuples if channel[1:] == ("internal_users",)]
            channels.extend((conversation, AGENTS) for conversation in inside)
        return channels
