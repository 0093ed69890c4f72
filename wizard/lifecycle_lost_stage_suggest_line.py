from odoo import api, fields, models

from .lifecycle_lost_stage_suggest import SUGGESTIONS


class LifecycleLostStageSuggestLine(models.TransientModel):
    """A ready-made lost stage, to be ticked (S5)."""

    _name = "lifecycle.lost.stage.suggest.line"
    _description = "Suggested Lost Stage"

    wizard_id = fields.Many2one("lifecycle.lost.stage.suggest", required=True, index=True, ondelete="cascade")
    key = fields.Selection(
        lambda self: [(key, key) for key in SUGGESTIONS],
        required=True,
        help="Which of the suggestions this is.",
    )
    is_chosen = fields.Boolean(string="Add")
    name = fields.Char(string="Lost Stage", compute="_compute_texts")
    description = fields.Text(compute="_compute_texts")

    @api.depends("key")
    def _compute_texts(self):
        for line in self:
            template = SUGGESTIONS.get(line.key, {})
            texts = self.env["lifecycle.stage"]._template_texts(template)
            line.name = " ".join(filter(None, (template.get("emoji"), texts.get("name"))))
            line.description = texts.get("description")
