from odoo import api, models


class DiscussChannel(models.Model):
    _inherit = "discuss.channel"

    @api.model
    def _lifecycle_channel_types(self):
        return [*super()._lifecycle_channel_types(), "gateway"]
