import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.remote_input import readable

MAX_ROWS_PER_RESULT = 100  # contacts beyond that are counted in one row
DELETE_LIMIT = 10000
KEEP_DAYS = "90"
# the results that say whom a rule is not for: those of ``lifecycle.rule._get_fit_checks``
NOT_FOR = ("archived", "out_of_scope", "there", "no_stage", "other_stage", "condition")


class LifecycleRuleLog(models.Model):
    """What rules did, and why they left a contact alone (T15). Written as they run, kept for a set time."""

    _name = "lifecycle.rule.log"
    _inherit = ["lifecycle.own.rows.mixin"]
    _description = "Lifecycle Rule Run"
    _order = "id desc"
    _rec_name = "result"
    _log_access = False  # who and when are the superuser and ``date``; and each message writes rows here

    # The rule that ran; those that are not for a contact are in one row together, as that is what most are.
    rule_id = fields.Many2one("lifecycle.rule", readonly=True, ondelete="cascade")
    unmatched_rule_ids = fields.Json(string="Rules That Do Not Match", readonly=True)
    rule_ids = fields.Many2many(
        "lifecycle.rule",
        string="Rules",
        compute="_compute_rule_ids",
        search="_search_rule_ids",
        context={"active_test": False},
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    event = fields.Char(readonly=True, help="What happened to the contact, as the rules call it.")
    event_name = fields.Char(string="What Happened", compute="_compute_event_name")
    result = fields.Selection(
        [
            ("acted", "Done"),
            # the reasons to leave a contact alone, see ``lifecycle.rule._get_checks``
            ("archived", "Left: archived"),
            ("out_of_scope", "Left: has no lifecycle"),
            ("there", "Left: there already"),
            ("no_stage", "Left: no stage"),
            ("other_stage", "Left: stage is not in From"),
            ("condition", "Left: condition not met"),
            ("other_company", "Left: salesperson or team of another company"),
            ("not_forward", "Left: not forward"),
            ("in_touch", "Left: in touch lately"),
            ("too_often", "Left: moved by rules too often within a day"),
            ("locked", "Left: locked by hand"),
            # those of a lead that was to be made later
            ("rule_off", "Left: rule switched off"),
            ("moved_on", "Left: has left the stage"),
            # of runs before 19.0.1.1.0, which did not tell apart what it was
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

    _rule_idx = models.Index("(rule_id, id) WHERE rule_id IS NOT NULL")

    @api.model
    def _prepare(self, rule_id, event, result, partners, message=False):
        """:return: list of the values of rows: one for each contact, or one with their number where a rule did
        not concern several contacts at all, or they are too many
        """
        vals = {"rule_id": rule_id, "event": event, "result": result, "message": message, "count": 1}
        total = len(partners)
        if total > MAX_ROWS_PER_RESULT or (result in NOT_FOR and total > 1):
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

    @api.model
    def _write_runs(self, vals_list):
        """Add rows in one statement, and in one row the rules that do not match: each message writes some.

        :param list vals_list: see ``_prepare``
        """
        rows, unmatched = [], {}
        for vals in vals_list:
            if vals["result"] in NOT_FOR:
                key = vals["event"], vals["result"], vals.get("partner_id"), vals["count"]
                if key not in unmatched:
                    rows.append(
                        {**vals, "rule_id": None, "unmatched_rule_ids": unmatched.setdefault(key, [])}
                    )
                unmatched[key].append(vals["rule_id"])
            else:
                rows.append(vals)
        if not rows:
            return
        now = fields.Datetime.now()
        # Plain SQL, as create() takes a multiple of the time.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lifecycle_rule_log
                            (date, rule_id, unmatched_rule_ids, partner_id, count, event, result, message)
                     VALUES %s
                """,
                SQL(", ").join(
                    (
                        now,
                        row["rule_id"],
                        row.get("unmatched_rule_ids") and json.dumps(row["unmatched_rule_ids"]),
                        row.get("partner_id"),
                        row["count"],
                        row["event"],
                        row["result"],
                        row["message"] or None,
                    )
                    for row in rows
                ),
            )
        )

    @api.depends("event")
    def _compute_event_name(self):
        names = self.env["lifecycle.rule"]._get_event_names()
        for log in self:
            log.event_name = names.get(log.event, log.event)

    @api.depends("rule_id", "unmatched_rule_ids")
    def _compute_rule_ids(self):
        ids = {id_ for log in self for id_ in log.unmatched_rule_ids or []}
        unmatched = self.env["lifecycle.rule"].browse(ids).exists().sorted()
        for log in self:
            of_log = set(log.unmatched_rule_ids or [])
            log.rule_ids = log.rule_id | unmatched.filtered(lambda rule, ids=of_log: rule.id in ids)

    @api.model
    def _search_rule_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = [id_ for id_ in value if id_]
        return Domain("rule_id", "in", ids) | Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s @> ANY(%s::jsonb[])",
                model._field_to_sql(alias, "unmatched_rule_ids", query),
                [str(id_) for id_ in ids],
            )
        )

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

    last_run = fields.Datetime(compute="_compute_last_run")
    last_result = fields.Char(compute="_compute_last_run")
    has_failed = fields.Boolean(
        compute="_compute_last_run", help="The last time this rule did something, it failed."
    )

    def _compute_last_run(self):
        """One query for all: the newest row of each rule that does not just say whom it is not for."""
        rows, ids = {}, readable(self).ids
        if ids:
            self.env["lifecycle.rule.log"].flush_model()
            query = SQL(
                """
                SELECT rule.id, run.date, run.result, run.message, run.partner_id, (
                           SELECT sum(same.count)::int
                             FROM lifecycle_rule_log same
                            WHERE same.rule_id = rule.id AND same.date = run.date AND same.result = run.result
                       )
                  FROM unnest(%s) AS rule(id)
          JOIN LATERAL (
                           SELECT date, result, message, partner_id
                             FROM lifecycle_rule_log
                            WHERE rule_id = rule.id
                         ORDER BY id DESC
                            LIMIT 1
                       ) run ON TRUE
                """,
                ids,
            )
            rows = {row[0]: row[1:] for row in self.env.execute_query(query)}
        labels = dict(self.env["lifecycle.rule.log"]._fields["result"]._description_selection(self.env))
        # what failed names the contact, which may be another company's
        failed_on = self.env["res.partner"].browse(
            row[3] for row in rows.values() if row[1] == "failed" and row[3]
        )
        known = failed_on._filtered_access("read") if failed_on else failed_on
        for rule in self:
            date, result, message, partner_id, count = rows.get(rule._origin.id, (False, None, None, None, 0))
            rule.last_run = date
            rule.has_failed = result == "failed"
            if result == "failed":
                is_known = not partner_id or partner_id in known.ids
                rule.last_result = (is_known and message) or labels[result]
            else:
                rule.last_result = result and self.env._(
                    "%(result)s: %(count)s", result=labels[result], count=count
                )

    @api.readonly
    def action_open_runs(self):
        """Open what this rule did and why it left contacts alone (T15).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read rules
        """
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_lifecycle.lifecycle_rule_log_action")
        return {**action, "domain": [("rule_ids", "in", self.ids)], "context": {}}

    @api.readonly
    def action_open_moves(self):
        """Open the moves that this rule made, from the stage history (H2).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read rules
        """
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.lifecycle_transition_action"
        )
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}
