from odoo import api, fields, models
from odoo.fields import Domain


class LifecycleStage(models.Model):
    """The rules that use a stage: they leave it alone while it is being deleted, and are switched off where they
    cannot go on without it (T10, T13).
    """

    _inherit = "lifecycle.stage"

    rule_count = fields.Integer(
        string="Rules",
        compute="_compute_rule_count",
        groups="contact_lifecycle.group_manager",
        help="The rules that are on and name this stage, in their condition as well.",
    )

    def _compute_rule_count(self):
        rules = self.env["lifecycle.rule"].search(Domain.TRUE)
        for stage in self:
            stage.rule_count = len(stage._filter_rules(rules))

    @api.model
    def _get_page_fields(self):
        return [*super()._get_page_fields(), "rule_count"]

    def _filter_rules(self, rules):
        """:return: those of the rules that use any of these stages: contacts come from it or go to it, or the condition
        of the rule is about it
        """
        names = [
            name for name, field in rules._fields.items() if field.comodel_name == self._name and field.store
        ]
        return rules.filtered(
            lambda rule: any(rule[name] & self for name in names)
        ) | self._filter_conditions(rules)

    @api.readonly
    def action_rules(self):
        """Open the rules that use this stage (S17).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read rules
        """
        self.ensure_one()
        Rule = self.env["lifecycle.rule"]
        Rule.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_lifecycle.lifecycle_rule_action")
        return {
            **action,
            "display_name": self.env._("Rules: %(stage)s", stage=self.display_name),
            "domain": [("id", "in", self._filter_rules(Rule.search(Domain.TRUE)).ids)],
        }

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
