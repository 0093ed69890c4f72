from odoo import api, fields, models

from odoo.addons.contact_lifecycle.models.search_guard import GuardedMany2one


class ContactVisit(models.Model):
    """A visit of one of us to a contact."""

    _name = "contact.visit"
    _description = "Visit"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Text()
    # by related= it is guarded as the original is, and moves the contact when it is changed
    lifecycle_stage_id = GuardedMany2one(
        related="partner_id.lifecycle_stage_id", store=True, index=True, readonly=False
    )
    # any other copy says who may read it, and who may filter, sort and group by it
    visited_stage_id = GuardedMany2one(
        "lifecycle.stage",
        string="Stage at the Visit",
        compute="_compute_visited_stage_id",
        store=True,
        index=True,
        ondelete="set null",
        groups="contact_lifecycle.group_agent",
        search_groups="contact_lifecycle.group_manager",
    )

    @api.depends("partner_id")
    def _compute_visited_stage_id(self):
        for visit in self:
            visit.visited_stage_id = visit.partner_id.lifecycle_stage_id

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        self.env["lifecycle.rule"]._notify_event("visit_made", visits.partner_id)
        return visits

    def action_bought(self):
        """Move the visited contacts to the first stage of customers.

        :raises AccessError: when the user is no agent, or may not read one of the contacts
        """
        self.check_access("write")
        self.partner_id.check_access("read")
        stage = self.env["lifecycle.stage"].search([("is_won", "=", True)], limit=1)
        self.partner_id._lifecycle_move_to(stage, "visit")
