from odoo import api, fields, models


class LifecycleImportChoice(models.Model):
    """Who a contact of the source is, where several here could be it: the owner says, and nothing is guessed (D3)."""

    _name = "lifecycle.import.choice"
    _inherit = ["lifecycle.import.line.mixin"]
    _description = "Contact to Choose when Moving In"
    _order = "row_id, id"
    _rec_name = "row_id"

    row_id = fields.Many2one(
        "lifecycle.import.row", string="Contact in the File", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(related="row_id.number")
    name = fields.Char(related="row_id.name")
    email = fields.Char(related="row_id.email")
    phone = fields.Char(related="row_id.phone")
    candidate_ids = fields.Many2many("res.partner", compute="_compute_candidate_ids")
    choice = fields.Selection(
        [("match", "This contact"), ("new", "A new contact"), ("leave", "Leave out")],
        string="Who It Is",
        required=True,
        default="leave",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", domain="[('id', 'in', candidate_ids)]", ondelete="set null"
    )

    @api.depends("row_id")
    def _compute_candidate_ids(self):
        for choice in self:
            partners = self.env["res.partner"].browse(choice.row_id.candidate_ids or [])
            choice.candidate_ids = partners.exists()._filtered_access("read")
