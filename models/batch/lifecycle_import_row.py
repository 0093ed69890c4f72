from odoo import fields, models


class LifecycleImportRow(models.Model):
    """One contact of the source, as it was read: what waits is what is left to do. Only the addon writes it."""

    _name = "lifecycle.import.row"
    _description = "Contact that Moves In"
    _order = "id"
    _rec_name = "name"

    import_id = fields.Many2one(
        "lifecycle.import", required=True, index=True, ondelete="cascade", readonly=True
    )
    number = fields.Integer(
        string="Row", help="Of the line in the file, or of the contact in it.", readonly=True
    )
    file_name = fields.Char(string="File", readonly=True)
    key = fields.Char(index="btree_not_null", help="What rows of one contact have in common.", readonly=True)
    external_id = fields.Char(string="Id over there", readonly=True)
    name = fields.Char(readonly=True)
    company = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    email = fields.Char(index="btree_not_null", readonly=True)
    language = fields.Char(readonly=True)
    country = fields.Char(readonly=True)
    owner = fields.Char(string="Salesperson", readonly=True)
    tags = fields.Json(readonly=True)
    stages = fields.Json(help="Where the contact is.", readonly=True)
    moves = fields.Json(string="History", help="List of stage, when, by whom.", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("unreadable", "Cannot be read"),
            ("failed", "Failed"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    problem = fields.Char(readonly=True)
    match = fields.Selection(
        [
            ("new", "New"),
            ("external", "Same id"),
            ("email", "Same email"),
            ("phone", "Same phone"),
            ("chosen", "Chosen"),
            ("ambiguous", "To choose"),
            ("left", "Left out"),
        ],
        string="Contact",
        readonly=True,
    )
    result = fields.Selection(
        [
            ("enter", "enters a stage"),
            ("forward", "moves forward"),
            ("back", "moves back"),
            ("lost", "is lost"),
            ("there", "there already"),
            ("not_forward", "not moving forward"),
            ("older", "moved here since"),
            ("no_stage", "without a stage"),
        ],
        string="Stage",
        readonly=True,
    )
    move_count = fields.Integer(string="Moves", help="Rows that the stage history gets.", readonly=True)
    is_contradicting = fields.Boolean(
        string="Contradicts",
        help="There are moves here between those from over there: they are in order of time now.",
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact here",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    candidate_ids = fields.Json(readonly=True)

    _waiting_idx = models.Index("(import_id, id) WHERE state = 'waiting'")
