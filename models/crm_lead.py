from odoo import api, models
from odoo.exceptions import UserError

from . import search_guard


class CrmLead(models.Model):
    """The contact's stage on its leads and opportunities, seen and changed from there (A11)."""

    _inherit = "crm.lead"

    lifecycle_stage_id = search_guard.GuardedMany2one(
        "lifecycle.stage",
        compute="_compute_lifecycle_stage_id",
        inverse="_inverse_lifecycle_stage_id",
        search="_search_lifecycle_stage_id",
        groups="contact_lifecycle.group_agent",
        search_groups="contact_lifecycle.group_manager",
        domain="[('deletion_pending', '=', False)]",
        help="Where the contact of this lead is in the sales process.",
    )

    @api.depends("partner_id.lifecycle_stage_id")
    def _compute_lifecycle_stage_id(self):
        for lead in self:
            # sudo: res.partner - an agent who sees the lead sees the stage of its contact
            lead.lifecycle_stage_id = lead.sudo().partner_id.lifecycle_stage_id

    def _inverse_lifecycle_stage_id(self):
        """Move the contacts, with one write for each stage.

        :raises UserError: when a lead has no contact yet
        """
        if without := self.filtered(lambda lead: not lead.partner_id and lead.lifecycle_stage_id):
            raise UserError(
                self.env._(
                    "%(leads)s: choose the contact before its stage.", leads=", ".join(without.mapped("name"))
                )
            )
        for stage, leads in self.filtered("partner_id").grouped("lifecycle_stage_id").items():
            leads.partner_id.write({"lifecycle_stage_id": stage.id})

    @api.model
    def _search_lifecycle_stage_id(self, operator, value):
        return [("partner_id.lifecycle_stage_id", operator, value)]

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._lifecycle_identify_visitor()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self._lifecycle_identify_visitor()
        return result

    def _lifecycle_identify_visitor(self):
        """The contact of a lead that came from a live chat is the visitor, where nobody knew him (A7)."""
        # sudo: discuss.channel - whoever may name the lead's contact may say who the visitor was
        for lead in self.sudo().filtered(lambda lead: lead.partner_id and lead.origin_channel_id):
            if not lead.origin_channel_id.lifecycle_partner_id:
                lead.origin_channel_id._lifecycle_identify_as(lead.partner_id)
