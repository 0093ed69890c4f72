from odoo import api, fields, models

from ...tools.move_in.columns import get_value


class LifecycleImportColumn(models.Model):
    """What a column of the files is (D1): recognised, and the owner may say otherwise."""

    _name = "lifecycle.import.column"
    _inherit = ["lifecycle.import.line.mixin"]
    _description = "Column of a File that Moves In"
    _order = "sequence, id"
    _rec_name = "header"

    sequence = fields.Integer()
    header = fields.Char(required=True)
    sample = fields.Char(string="First Value")
    target = fields.Selection(
        [
            ("external_id", "Id over There"),
            ("name", "Name"),
            ("first_name", "First name"),
            ("last_name", "Last name"),
            ("company", "Company"),
            ("phone", "Phone"),
            ("email", "Email"),
            ("language", "Language"),
            ("country", "Country"),
            ("tags", "Tags"),
            ("owner", "Salesperson"),
            ("stage", "Stage"),
            ("stage_labels", "Stage among labels"),
            ("stage_date", "Date of the stage"),
            ("entered", "Date of entering a stage"),
        ],
        string="Becomes",
        help="Empty: the column is left out.",
    )
    stage_value = fields.Char(string="Which Stage", help="The stage that this is the date of entering.")
    is_utc = fields.Boolean(
        string="In UTC", help="Whether its times are in UTC, whatever the time zone chosen."
    )

    @api.model
    def _get_columns(self, moving):
        """:return: dict header -> (target or None, stage, whether in UTC), see ``tools.move_in.sources``"""
        return {
            line.header: (line.target or None, get_value(moving.source, line.stage_value or ""), line.is_utc)
            for line in moving.column_ids
        }
