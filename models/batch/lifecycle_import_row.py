from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_datetime


class LifecycleImportRow(models.Model):
    """One contact of the source, as it was read: what waits is what is left to do. Only the addon writes it."""

    _name = "lifecycle.import.row"
    _inherit = ["lifecycle.own.rows.mixin"]
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
    file_number = fields.Integer(help="Of the file among those of the import.", readonly=True)
    key = fields.Char(index="btree_not_null", help="What rows of one contact have in common.", readonly=True)
    external_id = fields.Char(string="Id over There", readonly=True)
    name = fields.Char(readonly=True)
    company = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    email = fields.Char(index="btree_not_null", readonly=True)
    language = fields.Char(readonly=True)
    country = fields.Char(readonly=True)
    owner = fields.Char(string="Salesperson", readonly=True)
    tags = fields.Json(readonly=True)
    stages = fields.Json(help="Where the contact is.", readonly=True)
    # large, and copied whenever it is read: whoever plans for many rows fetches it
    moves = fields.Json(string="History", help="List of stage, when, by whom.", readonly=True, prefetch=False)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("unreadable", "Cannot Be Read"),
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
            ("enter", "Enters a stage"),
            ("forward", "Moves forward"),
            ("back", "Moves back"),
            ("lost", "Is lost"),
            ("there", "There already"),
            ("not_forward", "Not moving forward"),
            ("older", "Moved here since"),
            ("no_stage", "Without a stage"),
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
    contradictions = fields.Json(
        string="Contradictions as Stored",
        help="List of when, to which stage over there, since when, in which stage here.",
        readonly=True,
    )
    contradictions_shown = fields.Text(string="Contradictions", compute="_compute_contradictions_shown")
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact Here",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    candidate_ids = fields.Json(readonly=True)

    _untried_idx = models.Index("(import_id, id) WHERE state = 'waiting' AND match IS NULL")
    _waiting_idx = models.Index("(import_id, id) WHERE state = 'waiting'")

    @api.depends("contradictions")
    @api.depends_context("lang", "uid")
    def _compute_contradictions_shown(self):
        """One line each."""
        told = self._tell_contradictions()
        for row in self:
            row.contradictions_shown = "\n".join(
                row.env._(
                    "%(there_date)s: %(there)s over there, %(here)s here since %(here_date)s",
                    there_date=there_date,
                    there=there,
                    here_date=here_date,
                    here=here,
                )
                for there_date, there, here_date, here in told[row]
            )

    def _tell_contradictions(self):
        """:return: dict row -> list of (date, stage over there, date, stage here), as the reader is told"""
        said = {row: row.contradictions or () for row in self}
        ids = {
            id_ for told in said.values() for _date, there, _since, here in told for id_, _ in (there, here)
        }
        stages = self.env["lifecycle.stage"].browse(filter(None, ids)).exists()
        names = {stage.id: stage.display_name for stage in stages}

        def tell(moment, stage):
            id_, name_then = stage
            name = names.get(id_) or name_then or self.env._("No stage")
            return format_datetime(self.env, datetime.fromisoformat(moment)), name

        return {
            row: [(*tell(date, there), *tell(since, here)) for date, there, since, here in told]
            for row, told in said.items()
        }

    def _get_foreign_id(self):
        """:return: what the contact is known by once it has moved in; of one without an id over there, what it is found by
        in the file
        """
        return self.external_id or self.key
