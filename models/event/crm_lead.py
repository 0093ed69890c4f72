from odoo import api, models


class CrmLead(models.Model):
    """Tells rules what becomes of opportunities (T6, T7)."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._lifecycle_notify("opportunity_created")
        return leads

    def write(self, vals):
        """A lead that becomes an opportunity, or whose customer gets known, is a new opportunity of the contact."""
        former = {}
        if {"type", "partner_id"} & vals.keys() and self.env["lifecycle.rule"]._is_awaited(
            "opportunity_created"
        ):
            former = {lead.id: (lead.type, lead.partner_id) for lead in self}
        result = super().write(vals)
        self.filtered(
            lambda lead: lead.id in former and former[lead.id] != (lead.type, lead.partner_id)
        )._lifecycle_notify("opportunity_created")
        return result

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        for event, key in (("opportunity_won", "is_won"), ("opportunity_lost", "is_lost")):
            self.filtered(
                lambda lead, key=key: (
                    new_status_by_lead.get(lead.id, {}).get(key)
                    and not old_status_by_lead.get(lead.id, {}).get(key)
                )
            )._lifecycle_notify(event)
        return result

    def _lifecycle_notify(self, event):
        """Report an event to the rules for the contacts of those of these leads that are opportunities."""
        Rule = self.env["lifecycle.rule"]
        if not Rule._is_awaited(event):
            return
        # sudo: crm.lead - whoever changes the lead need not see its contact
        for lead in self.sudo().filtered(lambda lead: lead.type == "opportunity"):
            Rule._notify_event(event, lead.partner_id, lead)
