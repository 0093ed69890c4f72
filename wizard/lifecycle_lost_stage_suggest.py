from odoo import Command, api, fields, models
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
    """Offers the ready-made lost stages that are not there yet (S5)."""

    _name = "lifecycle.lost.stage.suggest"
    _description = "Add Suggested Lost Stages"

    line_ids = fields.One2many(
        "lifecycle.lost.stage.suggest.line",
        "wizard_id",
        string="Suggested Lost Stages",
        copy=True,
        default=lambda self: self._default_lines(),
    )

    @api.model
    def _default_lines(self):
        return [Command.create({"key": key}) for key in SUGGESTIONS if not self._find_present(key)]

    @api.model
    def _find_present(self, key):
        """:return: the stage that is, or is called like, the suggestion of this key, or none"""
        Stage, template = self.env["lifecycle.stage"], SUGGESTIONS[key]
        return Stage._find_from_template(key, template) or Stage._find_called(template)[:1]

    def action_add(self):
        """Add the suggested lost stages that are ticked, in every installed language (S5).

        :return: an ``ir.actions.act_window_close`` dictionary
        :raises UserError: when none is ticked, one is there already, or there would be more than twenty stages (S7)
        :raises AccessError: when the user is not an owner
        """
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Tick the lost stages that you want to add."))
        for key in chosen.mapped("key"):
            if present := self._find_present(key):
                raise UserError(
                    self.env._("%(stage)s is there already: choose another one.", stage=present.display_name)
                )
            self.env["lifecycle.stage"]._create_from_template(key, SUGGESTIONS[key])
        return {"type": "ir.actions.act_window_close"}
