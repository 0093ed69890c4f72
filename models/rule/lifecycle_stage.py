from odoo import api, models


class LifecycleStage(models.Model):
    """What rules ask of stages: the order, and not to vanish under them (T10, T13)."""

    _inherit = "lifecycle.stage"

    def _earlier_stages(self):
        """:return: the lifecycle stages that come before this one, in order"""
        self.ensure_one()
        stages = self.search([("is_lost", "=", False), ("deletion_pending", "=", False)])
        return stages[: stages.ids.index(self.id)] if self in stages else stages.browse()

    @api.model
    def _get_order(self):
        """:return: dict id of a lifecycle stage -> its place in the order; lost stages have none"""
        # sudo: lifecycle.stage - the order is no secret to who moves contacts
        return {stage.id: place for place, stage in enumerate(self.sudo().search([("is_lost", "=", False)]))}

    def _lifecycle_write_protected(self, vals):
        """Rules leave stages alone that are being deleted."""
        self.env.registry.clear_cache()
        return super()._lifecycle_write_protected(vals)

    def _find_rules_in_need(self):
        """:return: the rules, in sudo, that lose their target with these stages, or all stages that they are limited to"""
        # sudo: lifecycle.rule - whoever may delete the stage need not know the rules
        rules = (
            self.env["lifecycle.rule"]
            .sudo()
            .search(
                [
                    "|",
                    "|",
                    ("to_stage_id", "in", self.ids),
                    ("from_stage_ids", "in", self.ids),
                    ("entered_stage_ids", "in", self.ids),
                ]
            )
        )
        return rules.filtered(
            lambda rule: (
                rule.to_stage_id in self
                or (rule.from_stage_ids and not rule.from_stage_ids - self)
                or (rule.entered_stage_ids and not rule.entered_stage_ids - self)
            )
        )
