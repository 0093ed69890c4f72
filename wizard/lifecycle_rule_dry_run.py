from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.remote_input import readable

MAX_NAMES = 10


class LifecycleRuleDryRun(models.TransientModel):
    """Says what a rule would do if its event happened to every contact now, and why it would leave the rest
    (T14). Changes nothing. Each number opens its contacts (M7).
    """

    _name = "lifecycle.rule.dry.run"
    _description = "Dry Run of a Lifecycle Rule"

    rule_id = fields.Many2one("lifecycle.rule", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(related="rule_id.kind")
    rule_is_on = fields.Boolean(related="rule_id.active")
    next_run = fields.Datetime(related="rule_id.next_run")
    apply_pending = fields.Boolean(related="rule_id.apply_pending")
    to_stage_id = fields.Many2one(related="rule_id.to_stage_id")
    move_count = fields.Integer(string="Would move", compute="_compute_counts")
    left_count = fields.Integer(string="Would be left", compute="_compute_counts")
    unseen = fields.Char(string="Among Them", compute="_compute_counts")
    counts = fields.Json(
        compute="_compute_counts",
        help="List of what the dialog says: result, id of the stage or False, number of contacts, text.",
    )

    names = fields.Json(
        compute="_compute_names",
        help="The first contacts that would move, of those whom the user sees: a list of id and name.",
    )

    @api.depends("rule_id")
    def _compute_names(self):
        for wizard in self:
            domain = [("lifecycle_rule_result", "=", f"{readable(wizard.rule_id).id}:acted")]
            contacts = self.env["res.partner"].search(domain, limit=MAX_NAMES)
            wizard.names = [[contact.id, contact.display_name] for contact in contacts]

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
            texts = self._get_texts(rule)
            wizard.counts = [
                *(["acted", stage.id, count, self._describe_move(rule, stage)] for stage, count in moved),
                *([reason, False, count, texts[reason]] for reason, count in left),
            ]

    @api.model
    def _count(self, rule):
        """Count what a rule would do to every contact, in as many queries as there are reasons to leave one alone.

        :return: tuple of two lists, (``lifecycle.stage`` or none that they are in, number of contacts that would
            move) and (reason, number of contacts that would be left), and the ``Domain`` of those that would move
        """
        Partner = self.env["res.partner"].sudo()
        domains = rule._get_result_domains()
        fitting = domains.pop("acted")
        moved = Partner._read_group(fitting, ["lifecycle_stage_id"], ["__count"])
        left = [(reason, Partner.search_count(domain)) for reason, domain in domains.items()]
        return moved, [(reason, count) for reason, count in left if count], fitting

    @api.model
    def _describe_move(self, rule, stage):
        from_name = stage.display_name or self.env._("no stage")
        if rule._makes_leads():
            return self.env._("in %(stage)s", stage=from_name)
        return self.env._(
            "from %(from_stage)s to %(to_stage)s",
            from_stage=from_name,
            to_stage=rule.to_stage_id.display_name or "",
        )

    @api.model
    def _get_texts(self, rule):
        """:return: dict reason -> what is said of those that are left alone for it, see ``lifecycle.rule._get_checks``"""
        texts = {
            "archived": self.env._("archived"),
            "out_of_scope": self.env._("without a lifecycle"),
            "there": self.env._("there already"),
            "no_stage": self.env._("without a stage"),
            "other_stage": self.env._("in a stage that is not in From"),
            "condition": self.env._("outside the condition"),
            "other_company": self.env._("of another company than the salesperson or team"),
            "not_forward": self.env._("not moving forward"),
            "in_touch": self.env._("in touch lately"),
            "too_often": self.env._("moved by rules too often within a day"),
            "locked": self.env._("locked by hand"),
        }
        if not rule.is_standard:
            texts["no_stage"] = self.env._(
                "without a stage: tick “Also without a stage” to move them as well"
            )
            texts["not_forward"] = self.env._(
                "not moving forward: tick “Also backwards” to move them as well"
            )
        return texts

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
