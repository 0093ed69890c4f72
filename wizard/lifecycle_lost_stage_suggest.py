from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SUGGESTIONS = {
    "unqualified": {
        "is_lost": True,
        "emoji": "🚫",
        "name": _lt("Unqualified"),
        "description": _lt("Does not fit what we offer, or cannot buy it."),
    },
    "no_response": {
        "is_lost": True,
        "emoji": "🔇",
        "name": _lt("No Response"),
        "description": _lt("Never answered, although we tried several times."),
    },
    "lost_to_competitor": {
        "is_lost": True,
        "emoji": "🏳️",
        "name": _lt("Lost to Competitor"),
        "description": _lt("Bought from somebody else."),
    },
}


class LifecycleLostStageSuggest(models.TransientModel):
    """Offers ready-made lost stages (S5)."""

    _name = "lifecycle.lost.stage.suggest"
    _description = "Add a Suggested Lost Stage"

    suggestion = fields.Selection(
        lambda self: [
            (key, f"{template['emoji']} {self.env['lifecycle.stage']._template_texts(template)['name']}")
            for key, template in SUGGESTIONS.items()
        ],
        required=True,
        default=next(iter(SUGGESTIONS)),
    )
    description = fields.Text(compute="_compute_description")
    is_present = fields.Boolean(compute="_compute_is_present")

    @api.depends("suggestion")
    def _compute_description(self):
        texts = self.env["lifecycle.stage"]._template_texts
        for wizard in self:
            wizard.description = wizard.suggestion and texts(SUGGESTIONS[wizard.suggestion])["description"]

    @api.depends("suggestion")
    def _compute_is_present(self):
        for wizard in self:
            wizard.is_present = bool(wizard.suggestion and wizard._find_present())

    def _find_present(self):
        Stage, template = self.env["lifecycle.stage"], SUGGESTIONS[self.suggestion]
        return Stage._find_from_template(self.suggestion, template) or Stage._find_called(template)[:1]

    def action_add(self):
        """Add the suggested lost stage, in every installed language (S5).

        :raises UserError: when it is there already, or there are twenty stages (S7)
        :raises AccessError: when the user is not an owner
        """
        self.ensure_one()
        if present := self._find_present():
            raise UserError(
                self.env._("%(stage)s is there already: choose another one.", stage=present.display_name)
            )
        self.env["lifecycle.stage"]._create_from_template(self.suggestion, SUGGESTIONS[self.suggestion])
        return {"type": "ir.actions.client", "tag": "soft_reload"}
