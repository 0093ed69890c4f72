from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.remote_input import browse_untrusted_id


class CrmLead(models.Model):
    """Leads that come from a conversation, whose visitor they make known (A7)."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        """:raises AccessError: when a lead comes from a conversation that the user may not read"""
        # once it is saved, its salesperson may
        origin_id = self.default_get(["origin_channel_id"]).get("origin_channel_id")
        if not browse_untrusted_id(self.env["discuss.channel"], origin_id).has_access("read"):
            raise AccessError(
                self.env._("You may not see the conversation that this lead would come from: leave it out.")
            )
        leads = super().create(vals_list)
        leads._lifecycle_identify_visitor()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self._lifecycle_identify_visitor()
        return result

    def _lifecycle_identify_visitor(self):
        """The contact of a lead that came from a live chat is the visitor, where nobody knew them (A7)."""
        leads = self.filtered(lambda lead: lead.partner_id and lead.origin_channel_id)
        contacts = leads.partner_id._filtered_access("read")
        # sudo: discuss.channel - whoever may name the lead's contact, and sees it, may say who the visitor was
        for lead in leads.sudo().filtered(lambda lead: lead.partner_id in contacts):
            channel, contact = lead.origin_channel_id, lead.partner_id
            if not channel.lifecycle_partner_id and channel._lifecycle_can_be_customer(contact):
                channel._lifecycle_identify_as(contact)
