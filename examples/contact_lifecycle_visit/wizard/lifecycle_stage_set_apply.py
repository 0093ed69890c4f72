from odoo import api, models


class LifecycleStageSetApply(models.TransientModel):
    _inherit = "lifecycle.stage.set.apply"

    @api.model
    def _get_stage_sets(self):
        sets = super()._get_stage_sets()
        field_sales = {
            "name": "Field sales",
            "description": "For those who visit people.",
            "stages": {
                "to_visit": {"emoji": "🧭", "name": "To Visit", "description": "A visit is planned."},
                "visited": {"emoji": "🚗", "name": "Visited", "description": "We were there."},
                "customer": sets["conversations"]["stages"]["customer"],
                "not_at_home": {"emoji": "🚪", "name": "Not at Home", "is_lost": True},
            },
        }
        return {**sets, "field_sales": field_sales}
