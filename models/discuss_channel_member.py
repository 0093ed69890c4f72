from odoo import api, models


class DiscussChannelMember(models.Model):
    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        """A visitor who joins as a contact, or logs in, is identified (A7)."""
        members = super().create(vals_list)
        # sudo: discuss.channel - the visitor himself may neither see nor set the contact
        members.channel_id.sudo()._lifecycle_identify()
        return members
