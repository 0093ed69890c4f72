from odoo import api, models


class LifecycleRule(models.Model):
    """Open pages say how many rules use a stage (M2, S17)."""

    _name = "lifecycle.rule"
    _inherit = ["lifecycle.rule", "lifecycle.live.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        if rules:
            rules._notify_agents()
        return rules

    @api.model
    def _lifecycle_live_fields(self):
        stages = {name for name, field in self._fields.items() if field.comodel_name == "lifecycle.stage"}
        return super()._lifecycle_live_fields() | stages | {"active", "domain"}
