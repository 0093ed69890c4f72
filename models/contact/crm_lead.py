from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools import guarded_fields
from ...tools.remote_input import browse_given, join_names, readable


class CrmLead(models.Model):
    """The contact's stage on its leads and opportunities, seen and changed from there (A11)."""

    _inherit = "crm.lead"

    lifecycle_stage_id = guarded_fields.GuardedMany2one(
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
        contacts = self._lifecycle_known_contacts()
        for lead in self:
            lead.lifecycle_stage_id = contacts[lead].lifecycle_stage_id

    def _inverse_lifecycle_stage_id(self):
        """Move the contacts, with one write for each stage.

        :raises UserError: when a lead has no contact yet
        """
        if without := self.filtered(lambda lead: not lead.partner_id and lead.lifecycle_stage_id):
            raise UserError(
                self.env._(
                    "%(leads)s: choose the contact before its stage.",
                    leads=join_names(without.mapped("name")),
                )
            )
        for stage, leads in self.filtered("partner_id").grouped("lifecycle_stage_id").items():
            leads.partner_id.write({"lifecycle_stage_id": stage.id})

    @api.model
    def _search_lifecycle_stage_id(self, operator, value):
        return [("partner_id.lifecycle_stage_id", operator, value)]

    @api.model_create_multi
    def create(self, vals_list):
        """:raises AccessError: when a lead comes from a conversation that the user may not read"""
        # once it is saved, its salesperson may
        origin_id = self.default_get(["origin_channel_id"]).get("origin_channel_id")
        if not browse_given(self.env["discuss.channel"], origin_id).has_access("read"):
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

    def _lifecycle_known_contacts(self):
        """Find the contacts whose stage the user may know: of leads that they may read, and, where a form names another
        contact than is stored, those that they may read themselves.

        :return: dict lead -> its contact, in sudo, or an empty ``res.partner``
        """
        leads = readable(self)
        stored = self.filtered(
            lambda lead: lead._origin in leads and lead._origin.partner_id == lead.partner_id
        )
        contacts = stored.partner_id | readable((self - stored).partner_id)
        # sudo: res.partner - an agent who sees the lead sees the stage of its contact
        return {
            lead: (lead.partner_id._origin & contacts).sudo().with_prefetch(contacts.ids) for lead in self
        }

    def _lifecycle_identify_visitor(self):
        """The contact of a lead that came from a live chat is the visitor, where nobody knew them (A7)."""
        leads = self.filtered(lambda lead: lead.partner_id and lead.origin_channel_id)
        contacts = leads.partner_id._filtered_access("read")
        # sudo: discuss.channel - whoever may name the lead's contact, and sees it, may say who the visitor was
        for lead in leads.sudo().filtered(lambda lead: lead.partner_id in contacts):
            channel, contact = lead.origin_channel_id, lead.partner_id
            if not channel.lifecycle_partner_id and channel._lifecycle_can_be_customer(contact):
                channel._lifecycle_identify_as(contact)
