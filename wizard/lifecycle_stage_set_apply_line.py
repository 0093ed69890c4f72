from odoo import fields, models


class LifecycleStageSetApplyLine(models.TransientModel):
    """What happens to one stage when a stage set is applied (S14)."""

    _name = "lifecycle.stage.set.apply.line"
    _description = "Stage in the Preview of a Stage Set"
    _order = "sequence, id"

    wizard_id = fields.Many2one("lifecycle.stage.set.apply", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer()
    stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Existing Stage",
        ondelete="cascade",
        help="Empty for a stage that will be added.",
    )
    name = fields.Char(string="Stage")
    is_lost = fields.Boolean(string="Lost")
    contact_count = fields.Integer(string="Contacts")
    outcome = fields.Selection(
        [
            ("add", "Will be added"),
            ("keep", "Stays, put in order"),
            ("to_lifecycle", "Made a lifecycle stage"),
            ("leave", "Left as it is"),
            ("to_lost", "Made a lost stage"),
            ("delete", "Deleted"),
        ],
        string="What Happens",
        required=True,
    )
    allowed_outcomes = fields.Json(help="What the owner may choose from, where the stage is not in the set.")
    is_free = fields.Boolean(help="Whether there is anything to choose.")
