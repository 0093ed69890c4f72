from odoo import api, fields, models


class LifecycleRule(models.Model):
    _inherit = "lifecycle.rule"

    on_visit_made = fields.Boolean(string="visits the contact")

    @api.model
    def _kind_events(self):
        events = super()._kind_events()
        events["outreach"].append("visit_made")
        return events

    def _get_lead_vals(self, partner, event):
        """Tell the salesperson of the last visit."""
        visit = self.env["contact.visit"].search([("partner_id", "=", partner.id)], limit=1)
        return {**super()._get_lead_vals(partner, event), "description": visit.note}
