from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class LifecycleRuleDryRun(models.TransientModel):
    """Says what a rule would do if its event happened to every contact now, and why it would leave the rest
    (T14). Changes nothing.
    """

    _name = "lifecycle.rule.dry.run"
    _description = "Dry Run of a Lifecycle Rule"

    rule_id = fields.Many2one("lifecycle.rule", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(related="rule_id.kind")
    rule_is_on = fields.Boolean(related="rule_id.active")
    apply_pending = fields.Boolean(related="rule_id.apply_pending")
    to_stage_id = fields.Many2one(related="rule_id.to_stage_id")
    move_count = fields.Integer(string="Would move", compute="_compute_counts")
    left_count = fields.Integer(string="Would be left", compute="_compute_counts")
    counts = fields.Json(compute="_compute_counts")
    summary = fields.Html(compute="_compute_counts", sanitize=False)

    @api.depends("rule_id")
    def _compute_counts(self):
        for wizard in self:
            # sudo: res.partner - rules move contacts of every company
            rule = wizard.rule_id.sudo()
            moved, left = rule._dry_run()
            wizard.move_count = sum(count for _stage, count in moved)
            wizard.left_count = sum(count for _reason, count in left)
            wizard.counts = {"moved": [[stage.id, count] for stage, count in moved], "left": left}
            wizard.summary = self.env["ir.qweb"]._render(
                "contact_lifecycle.lifecycle_rule_dry_run_summary",
                {
                    "moved": [(stage.display_name, count) for stage, count in moved],
                    "left": [(label, count) for label, count in wizard._label(left)],
                    "to_stage": rule.to_stage_id.display_name,
                    "makes_leads": rule._makes_leads(),
                },
            )

    def _label(self, left):
        labels = {
            "out_of_scope": self.env._("have no lifecycle"),
            "no_match_stage": self.env._("are in another stage"),
            "no_match": self.env._("do not meet the condition"),
            "active": self.env._("had an interaction lately"),
            "locked": self.env._("are locked by hand"),
            "not_forward": self.env._("would not move forward"),
        }
        return [(labels[reason], count) for reason, count in left]

    def action_switch_on(self):
        """Switch the rule on (T13, T14).

        :raises AccessError: when the user is not an owner
        """
        self.rule_id.active = True
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_apply_now(self):
        """Move the contacts that meet the condition of this rule now, in the background (T8, T14).

        :raises UserError: when the rule is off, or none on criteria
        :raises AccessError: when the user is not an owner
        """
        rule = self.rule_id
        rule.check_access("write")
        if rule.kind != "criteria" or not rule.active:
            raise UserError(
                self.env._(
                    "Only a rule on a condition that is switched on can be applied: switch it on first."
                )
            )
        # sudo: lifecycle.rule, ir.cron - a standard rule is not changed by it; the owner asks for what the cron does
        rule.sudo().apply_pending = True
        self.env.ref("contact_lifecycle.ir_cron_run_rules").sudo()._trigger()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class LifecycleRule(models.Model):
    _inherit = "lifecycle.rule"

    def _dry_run(self):
        """Count, in as many queries as there are reasons, what this rule would do to every contact (T14).

        :return: tuple of lists: (``lifecycle.stage`` or none that they are in, number of contacts that would
            move), and (reason, number of contacts that would be left)
        """
        self.ensure_one()
        Partner, Stage = self.env["res.partner"], self.env["lifecycle.stage"]
        order, left = Stage._get_order(), []
        everybody = Domain("active", "=", True)
        in_scope = self._get_scope()
        left.append(("out_of_scope", Partner.search_count(everybody) - Partner.search_count(in_scope)))
        if self._makes_leads():
            fitting = in_scope & self._get_domain()
            left.append(("no_match", Partner.search_count(in_scope) - Partner.search_count(fitting)))
            counts = Partner._read_group(fitting, ["lifecycle_stage_id"], ["__count"])
            return counts, [(reason, count) for reason, count in left if count]

        stages = [False, *Stage.search([("deletion_pending", "=", False)]).ids]
        spec = self._get_spec()
        covered = [stage_id for stage_id in stages if spec.covers(stage_id)]
        forward = [stage_id for stage_id in covered if spec.may_move(stage_id, order)]
        fitting = in_scope & Domain("lifecycle_stage_id", "in", covered)
        left.append(("no_match_stage", Partner.search_count(in_scope) - Partner.search_count(fitting)))
        matching = fitting & self._get_domain()
        left.append(("no_match", Partner.search_count(fitting) - Partner.search_count(matching)))
        left.append(("locked", Partner.search_count(matching & Domain("lifecycle_locked", "=", True))))
        free = matching & Domain("lifecycle_locked", "!=", True)
        movable = free & Domain("lifecycle_stage_id", "in", forward)
        left.append(("not_forward", Partner.search_count(free) - Partner.search_count(movable)))
        if self.kind == "inactivity":
            query = self._query_movable()
            query.order = None
            rows = self.env.execute_query(
                SQL(
                    "SELECT lifecycle_stage_id, count(*) FROM res_partner WHERE id IN %s GROUP BY lifecycle_stage_id",
                    query.subselect(),
                )
            )
            counts = [(Stage.browse(stage_id or ()), count) for stage_id, count in rows]
            counts.sort(key=lambda pair: (not pair[0], order.get(pair[0].id, len(order))))
            left.append(("active", Partner.search_count(movable) - sum(count for _stage, count in counts)))
        else:
            counts = Partner._read_group(movable, ["lifecycle_stage_id"], ["__count"])
        return counts, [(reason, count) for reason, count in left if count]
