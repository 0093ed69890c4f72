from odoo import api, models


class DiscussChannelMember(models.Model):
    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        """A visitor who joins as a contact, or logs in, is identified; an unknown one brings the default stage (A7)."""
        created = super().create(vals_list)
        # sudo: discuss.channel.member - the visitor himself may neither see nor set the contact
        members = created.sudo()
        members.channel_id._lifecycle_identify()
        members.filtered("guest_id").channel_id._lifecycle_enter_default_on("create")
        return created
