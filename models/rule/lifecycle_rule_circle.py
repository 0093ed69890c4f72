from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.remote_input import shorten


class LifecycleRule(models.Model):
    """Rules that move a contact in a circle are found when they are saved.

    A move triggers the rules on criteria, and, through the opportunity that a rule of kind “create a
    lead” makes, those on created opportunities. The other kinds wait for somebody to do something.
    """

    _inherit = "lifecycle.rule"

    def _check_no_circle(self):
        """:raises ValidationError: naming the active rules that would move a contact in a circle"""
        active = self.search([("active", "=", True)])
        if not (active & self):
            return
        steps = active._steps()  # stage -> list of (rules taking the step, next stage)
        for rule in active & self:
            for start in {stage for stage, nexts in steps.items() if any(rule in by for by, _to in nexts)}:
                if circle := self._find_circle(steps, start, start, self.browse()):
                    raise ValidationError(
                        self.env._(
                            "These rules would move a contact in a circle: %(rules)s. Give them conditions that "
                            "exclude each other or other stages, or leave one of them off.",
                            rules=", ".join(f"“{shorten(name)}”" for name in circle.mapped("name")),
                        )
                    )

    def _steps(self):
        """:return: dict stage -> list of (``lifecycle.rule`` that together take the step, the next stage)"""
        stages = self.env["lifecycle.stage"].search([("deletion_pending", "=", False)])
        order = stages._get_order()
        steps = {stage: [] for stage in stages}
        lead_rules = self.filtered(
            lambda rule: (
                rule.kind in ("lead", "follow_up") and rule.lead_kind == "opportunity" and not rule.delay_days
            )
        )
        for rule in self.filtered("to_stage_id"):
            spec = rule._get_spec()
            for stage in stages:
                if not spec.may_move(stage.id, order):
                    continue
                if rule.kind == "criteria":
                    steps[stage].append((rule, rule.to_stage_id))
                elif rule.kind == "opportunity" and rule.on_opportunity_created:
                    for lead_rule in lead_rules.filtered(lambda r, s=stage: s in r.entered_stage_ids):
                        steps[stage].append((lead_rule | rule, rule.to_stage_id))
        return steps

    @api.model
    def _find_circle(self, steps, start, stage, taken, seen=()):
        """:return: the rules of a circle from ``stage`` on to ``start``, empty when there is none"""
        for by, next_stage in steps.get(stage, ()):
            rules = taken | by
            if next_stage in seen or not rules._conditions_may_hold_together():
                continue
            if next_stage == start:
                return rules
            if circle := self._find_circle(steps, start, next_stage, rules, (*seen, next_stage)):
                return circle
        return self.browse()

    def _conditions_may_hold_together(self):
        """:return: False only when the conditions of these rules exclude each other beyond doubt: when one
        field would need two values, or none that a comparison leaves
        """
        bounds = {}
        for rule in self:
            condition = rule._get_domain()
            if condition.is_true():
                continue
            terms = (
                getattr(condition, "children", None)
                if getattr(condition, "OPERATOR", "") == "&"
                else [condition]
            )
            for term in terms or ():
                name, operator, value = (
                    getattr(term, key, None) for key in ("field_expr", "operator", "value")
                )
                if name and name != "lifecycle_stage_id" and not self._narrow(bounds, name, operator, value):
                    return False
        return True

    @api.model
    def _narrow(self, bounds, name, operator, value):
        """Note one more condition on a field in ``bounds``.

        :return: whether a value is left that satisfies all of them
        """
        bound = bounds.setdefault(name, {"in": None, "out": set(), "low": None, "high": None})
        try:
            if operator in ("=", "in"):
                values = set(value) if operator == "in" else {value}
                bound["in"] = values if bound["in"] is None else bound["in"] & values
            elif operator in ("!=", "not in"):
                bound["out"] |= set(value) if operator == "not in" else {value}
            elif operator in (">", ">="):
                bound["low"] = max(filter(None, (bound["low"], (value, operator == ">"))))
            elif operator in ("<", "<="):
                bound["high"] = min(filter(None, (bound["high"], (value, operator == "<="))))
            field = self.env["res.partner"]._fields.get(name)
            if field and field.type.endswith("2many"):
                return True
            (low, is_open), (high, is_closed) = bound["low"] or (None, False), bound["high"] or (None, True)
            if bound["in"] is not None:
                return any(
                    (low is None or value > low or (value == low and not is_open))
                    and (high is None or value < high or (value == high and is_closed))
                    for value in bound["in"] - bound["out"]
                )
            if low is not None and high is not None:
                return low < high or (low == high and is_closed and not is_open)
        except TypeError:  # values that cannot be compared
            return True
        return True
