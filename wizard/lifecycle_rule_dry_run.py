from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.remote_input import readable


class LifecycleRuleDryRun(models.TransientModel):
    """The dialog of the dry run of a saved rule, which ``lifecycle.rule._get_dry_run`` does (T14). Changes nothing. Each
    number opens its contacts (M7).
    """

    _name = "lifecycle.rule.dry.run"
    _description = "Dry Run of a Lifecycle Rule"

    rule_id = fields.Many2one("lifecycle.rule", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(related="rule_id.kind")
    rule_is_on = fields.Boolean(related="rule_id.active")
    next_run = fields.Datetime(related="rule_id.next_run")
    apply_pending = fields.Boolean(related="rule_id.apply_pending")
    to_stage_id = fields.Many2one(related="rule_id.to_stage_id")
    move_count = fields.Integer(string="Would Move", compute="_compute_counts")
    left_count = fields.Integer(string="Would Be Left", compute="_compute_counts")
    unseen = fields.Char(string="Among Them", compute="_compute_counts")
    counts = fields.Json(
        compute="_compute_counts",
        help="List of what the dialog says: result, id of the stage or False, number of contacts, text.",
    )
    names = fields.Json(
        compute="_compute_counts",
        help="The first contacts that would move, of those whom the user sees: a list of id and name.",
    )

    @api.depends("rule_id")
    def _compute_counts(self):
        for wizard in self:
            rule = readable(wizard.rule_id)
            answer = rule._get_dry_run() if rule else {}
            wizard.move_count = answer.get("move_count", 0)
            wizard.left_count = answer.get("left_count", 0)
            wizard.unseen = answer.get("unseen")
            wizard.counts = answer.get("counts", [])
            wizard.names = answer.get("names", [])

    def action_switch_on(self):
        """Switch the rule on (T13, T14).

        :raises AccessError: when the user is not an owner
        """
        self.rule_id.active = True
        return {"type": "ir.actions.act_window_close"}

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
        return {"type": "ir.actions.act_window_close"}
