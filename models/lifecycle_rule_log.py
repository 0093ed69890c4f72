from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

MAX_ROWS_A_RESULT = 100  # contacts beyond that are counted in one row
DELETE_LIMIT = 10000
KEEP_DAYS = "90"


class LifecycleRuleLog(models.Model):
    """What rules did, and why they left a contact alone (T15). Written as they run, kept for a set time."""

    _name = "lifecycle.rule.log"
    _description = "Lifecycle Rule Run"
    _order = "id desc"
    _rec_name = "result"

    rule_id = fields.Many2one("lifecycle.rule", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    event = fields.Char(readonly=True, help="What happened to the contact, as the rules call it.")
    result = fields.Selection(
        [
            ("acted", "Done"),
            ("locked", "Left: locked by hand"),
            ("not_forward", "Left: not forward"),
            ("out_of_scope", "Left: has no lifecycle"),
            ("no_match", "Left: stage or condition do not match"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    count = fields.Integer(string="Contacts", readonly=True, default=1)
    message = fields.Char(readonly=True)

    _last_run_idx = models.Index("(rule_id, id) WHERE result != 'no_match'")

    @api.model
    def _prepare(self, rule_id, event, result, partners, message=False):
        """:return: list of the values of rows: one for each contact, or one with their number where a rule did
        not concern several contacts at all, or they are too many
        """
        vals = {"rule_id": rule_id, "event": event, "result": result, "message": message}
        total = len(partners)
        if total > MAX_ROWS_A_RESULT or (result == "no_match" and total > 1):
            return [{**vals, "count": total}]
        return [{**vals, "partner_id": partner_id} for partner_id in partners.ids]

    @api.model
    def _prepare_outcome(self, rule_id, event, done, failures):
        """:param done: ``res.partner`` for whom it worked
        :param list failures: (``res.partner``, error message) for whom it did not
        :return: list of the values of rows
        """
        logs = self._prepare(rule_id, event, "acted", done)
        for partner, error in failures:
            logs += self._prepare(rule_id, event, "failed", partner, error)
        return logs

    @api.autovacuum
    def _gc_runs(self):
        """Delete what is older than ``contact_lifecycle.rule_log_days`` days, 90 unless set (T15)."""
        days = self.env["ir.config_parameter"].get_param("contact_lifecycle.rule_log_days", KEEP_DAYS)
        days = int(days) if days.isdigit() else int(KEEP_DAYS)
        before = fields.Datetime.now() - timedelta(days=days)
        old = self.search([("date", "<", before)], limit=DELETE_LIMIT, order="id")
        old.unlink()
        return len(old), len(old) == DELETE_LIMIT


class LifecycleRule(models.Model):
    """The last run of each rule, from the log: writing it on the rule would let two mails wait for each other."""

    _inherit = "lifecycle.rule"

    log_ids = fields.One2many("lifecycle.rule.log", "rule_id", string="Runs", readonly=True)
    last_run = fields.Datetime(compute="_compute_last_run")
    last_result = fields.Char(compute="_compute_last_run")
    has_failed = fields.Boolean(
        compute="_compute_last_run", help="The last time this rule did something, it failed."
    )

    def _compute_last_run(self):
        """One query for all: the newest row of each rule that is not just “no match”."""
        rows = {}
        if self.ids:
            self.env["lifecycle.rule.log"].flush_model()
            query = SQL(
                """
                SELECT rule.id, run.date, run.result, run.message, (
                           SELECT sum(same.count)::int
                             FROM lifecycle_rule_log same
                            WHERE same.rule_id = rule.id AND same.date = run.date AND same.result = run.result
                       )
                  FROM unnest(%s) AS rule(id)
          JOIN LATERAL (
                           SELECT date, result, message
                             FROM lifecycle_rule_log
                            WHERE rule_id = rule.id AND result != 'no_match'
                         ORDER BY id DESC
                            LIMIT 1
                       ) run ON TRUE
                """,
                self.ids,
            )
            rows = {row[0]: row[1:] for row in self.env.execute_query(query)}
        labels = dict(self.env["lifecycle.rule.log"]._fields["result"]._description_selection(self.env))
        for rule in self:
            date, result, message, count = rows.get(rule._origin.id, (False, None, None, 0))
            rule.last_run = date
            rule.has_failed = result == "failed"
            rule.last_result = result and self.env._(
                "%(result)s: %(count)s", result=message or labels[result], count=count
            )

    def action_open_runs(self):
        """Open what this rule did and why it left contacts alone (T15).

        :return: an ``ir.actions.act_window`` dictionary
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_lifecycle.lifecycle_rule_log_action")
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}

    def action_open_moves(self):
        """Open the moves that this rule made, from the stage history (H2).

        :return: an ``ir.actions.act_window`` dictionary
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.lifecycle_transition_action"
        )
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}
