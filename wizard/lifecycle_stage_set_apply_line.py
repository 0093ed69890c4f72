from odoo import fields, models


class LifecycleStageSetApplyLine(models.TransientModel):
    """What happens to one stage when a stage set is applied (S14), and where its contacts go (S16)."""

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
    key = fields.Char(help="Which stage of the set this is; empty for a stage that the set does not have.")
    name = fields.Char(string="Stage")
    is_lost = fields.Boolean(string="Lost")
    is_won = fields.Boolean(string="Won")
    contact_count = fields.Integer(string="Contacts")
    outcome = fields.Selection(
        [
            ("add", "Will be added"),
            ("keep", "Stays, put in order"),
            ("to_lifecycle", "Made a lifecycle stage"),
            ("leave", "Left as it is"),
            ("move", "Contacts move, then deleted"),
            ("to_lost", "Made a lost stage"),
            ("delete", "Deleted"),
        ],
        string="What Happens",
        required=True,
    )
    target_line_id = fields.Many2one(
        "lifecycle.stage.set.apply.line",
        string="Move to",
        ondelete="set null",
        help="The stage of the set that the contacts move to.",
    )
    allowed_outcomes = fields.Json(help="What the owner may choose from, where the stage is not in the set.")
    is_free = fields.Boolean(help="Whether there is anything to choose.")
