from odoo import models


class LifecycleStage(models.Model):
    """Rules leave stages alone that are being deleted, and are switched off where they need one (T10, T13)."""

    _inherit = "lifecycle.stage"

    def _lifecycle_write_protected(self, vals):
        """Rules leave stages alone that are being deleted."""
        self.env.registry.clear_cache()
        return super()._lifecycle_write_protected(vals)

    def _find_mentions(self):
        """Add the rules that cannot go on without these stages."""
        mentions = super()._find_mentions()
        mentions["lifecycle.rule"] |= self._find_rules_in_need()
        return mentions

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
