from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.remote_input import readable


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
    unseen = fields.Char(string="Among Them", compute="_compute_counts")
    counts = fields.Json(compute="_compute_counts")
    summary = fields.Html(compute="_compute_counts", sanitize=False)

    @api.depends("rule_id")
    def _compute_counts(self):
        for wizard in self:
            # sudo: res.partner - rules move contacts of every company; as it is stored, since a condition is checked
            # for what its author may look at as it is saved
            rule = readable(wizard.rule_id).sudo()
            moved, left, fitting = self._count(rule) if rule else ([], [], Domain.FALSE)
            wizard.move_count = sum(count for _stage, count in moved)
            wizard.unseen = self.env["res.partner"]._lifecycle_describe_unseen(fitting)
            wizard.left_count = sum(count for _reason, count in left)
            wizard.counts = {"moved": [[stage.id, count] for stage, count in moved], "left": left}
            wizard.summary = self.env["ir.qweb"]._render(
                "contact_lifecycle.lifecycle_rule_dry_run_summary",
                {
                    "moved": [(stage.display_name, count) for stage, count in moved],
                    "left": [(label, count) for label, count in wizard._label(left)],
                    "to_stage": rule.to_stage_id.display_name,
                    "makes_leads": bool(rule) and rule._makes_leads(),
                },
            )

    @api.model
    def _count(self, rule):
        """Count what a rule would do to every contact, in as many queries as there are reasons to leave one alone.

        :return: tuple of two lists, (``lifecycle.stage`` or none that they are in, number of contacts that would
            move) and (reason, number of contacts that would be left), and the ``Domain`` of those that would move
        """
        Partner, Stage = self.env["res.partner"].sudo(), self.env["lifecycle.stage"]
        checks = [
            ("out_of_scope", rule._get_scope()),
            ("no_match_stage", rule._get_stage_domain()),
            ("no_match", rule._get_domain()),
            *(check for check in rule._get_checks() if check[0] != "out_of_scope"),
        ]
        fitting, left = Domain("active", "=", True), []
        count = Partner.search_count(fitting)
        for reason, domain in checks:
            if not domain.is_true():
                fitting &= domain
                left.append((reason, count - (count := Partner.search_count(fitting))))
        if rule.kind != "inactivity":
            counts = Partner._read_group(fitting, ["lifecycle_stage_id"], ["__count"])
        else:
            query = rule._query_movable()
            query.order = None
            fitting = Domain("id", "in", query)
            rows = self.env.execute_query(
                SQL(
                    "SELECT lifecycle_stage_id, count(*) FROM res_partner WHERE id IN %s GROUP BY lifecycle_stage_id",
                    query.subselect(),
                )
            )
            order = Stage._get_order()
            counts = [(Stage.browse(stage_id or ()), number) for stage_id, number in rows]
            counts.sort(key=lambda pair: (not pair[0], order.get(pair[0].id, len(order))))
            left.append(("active", count - sum(number for _stage, number in counts)))
        return counts, [(reason, number) for reason, number in left if number], fitting

    def _label(self, left):
        labels = {
            "out_of_scope": self.env._("without a lifecycle"),
            "no_match_stage": self.env._("in another stage"),
            "no_match": self.env._("outside the condition"),
            "other_company": self.env._("of another company than the salesperson or team"),
            "active": self.env._("in touch lately"),
            "locked": self.env._("locked by hand"),
            "not_forward": self.env._("not moving forward"),
            "too_often": self.env._("moved by rules too often within a day"),
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
        rule.sudo()._lifecycle_write_protected({"apply_pending": True})
        self.env.ref("contact_lifecycle.ir_cron_run_rules").sudo()._trigger()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
