import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.again import coming_back
from ...tools.shared_text import shared
from .engine import RuleEngine

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100


class LifecycleLeadRequest(models.Model):
    """A lead that a rule owes a contact for one event: made at once or, after a delay, by a scheduled action.

    The unique key is what keeps the same event from making two leads: the request is there once, and
    it is done in the transaction in which its lead is made. Of the requests of one rule for one contact
    that wait at the same time, the newest stands: it counts from the last event (T6).
    """

    _name = "lifecycle.lead.request"
    _inherit = ["lifecycle.own.rows.mixin"]
    _description = "Lead to Be Made by a Rule"
    _order = "date_due, id"
    _rec_name = "partner_id"

    rule_id = fields.Many2one("lifecycle.rule", required=True, readonly=True, ondelete="cascade")
    event_key = fields.Char(required=True, readonly=True)
    event = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date_due = fields.Datetime(string="Due", required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("dropped", "Dropped"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="waiting",
    )
    lead_id = fields.Many2one("crm.lead", readonly=True, index="btree_not_null", ondelete="set null")
    message = fields.Char(readonly=True)

    # Contacts are not in the key: a merge would delete the rows of the others.
    _once = models.UniqueIndex("(rule_id, event_key)", "This lead is to be made already.")
    _waiting_idx = models.Index("(date_due, id) WHERE state = 'waiting'")

    @api.model
    def _add(self, rule, due, origins):
        """Keep that a rule owes leads; what is there already for an event is left as it is, and what waits
        for an earlier one is dropped (T6).

        :param rule: ``lifecycle.rule``, one record
        :param datetime due: naive UTC datetime at which they are to be made
        :param dict origins: contact id -> (event, (model, id) of the move or of the lost opportunity)
        :return: the requests that are new
        """
        rows = [
            (partner_id, event, self._get_event_key(event, origin))
            for partner_id, (event, origin) in origins.items()
        ]
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO lifecycle_lead_request
                            (rule_id, partner_id, event, event_key, date_due, state,
                             create_uid, write_uid, create_date, write_date)
                     SELECT %(rule)s, new.partner_id, new.event, new.event_key, %(due)s, 'waiting',
                            %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                       FROM unnest(%(partners)s, %(events)s::varchar[], %(keys)s::varchar[])
                            AS new(partner_id, event, event_key)
                ON CONFLICT DO NOTHING
                  RETURNING id, partner_id
                """,
                rule=rule.id,
                due=due,
                uid=self.env.uid,
                partners=[row[0] for row in rows],
                events=[row[1] for row in rows],
                keys=[row[2] for row in rows],
            )
        )
        requests = self.browse([row[0] for row in found])
        waiting = self.search(
            [
                ("rule_id", "=", rule.id),
                ("partner_id", "in", [row[1] for row in found]),
                ("state", "=", "waiting"),
            ]
        )
        (waiting - requests).write({"state": "dropped"})
        return requests

    @api.model
    def _get_event_key(self, event, origin):
        model, origin_id = origin
        key = f"{model},{origin_id}"
        if event == "opportunity_lost":  # lost again after it was restored is another event
            key += f",{self.env[model].browse(origin_id).date_closed}"
        return key

    def _make(self):
        """Make the leads of these requests, together."""
        requests = self.filtered(lambda request: request.state == "waiting")
        Lead = self.env["crm.lead"].with_context(mail_create_nosubscribe=True)
        leads = Lead.create(
            [request.rule_id._get_lead_vals(request.partner_id, request.event) for request in requests]
        )
        for request, lead in zip(requests, leads, strict=True):
            request.write({"lead_id": lead.id, "state": "done"})
        return leads

    def _drop_outdated(self):
        """Give up on the leads of rules that are off, of archived contacts and of those whose company is none of
        the rule's, on following up on those who are not lost any more, and on all but the newest for a rule and
        a contact (T6).

        :return: the others
        """
        superseded = self._filter_superseded()
        current = self - superseded
        left = {}
        for reason, is_left in (
            ("rule_off", lambda request: not request.rule_id.active),
            ("archived", lambda request: not request.partner_id.active),
            (
                "moved_on",
                lambda request: (
                    request.rule_id.kind == "follow_up"
                    and request.event == "stage_entered"
                    and request.partner_id.lifecycle_stage_id not in request.rule_id.entered_stage_ids
                ),
            ),
        ):
            left[reason] = current.filtered(is_left)
            current -= left[reason]
        left["other_company"] = self.browse()
        for rule, requests in current.grouped("rule_id").items():
            ours = requests.partner_id.filtered_domain(rule._get_company_domain())
            left["other_company"] += requests.filtered(
                lambda request, ours=ours: request.partner_id not in ours
            )
        Log = self.env["lifecycle.rule.log"]
        for result, outdated in left.items():
            for rule, requests in outdated.grouped("rule_id").items():
                Log._write_runs(Log._prepare(rule.id, "delay", result, requests.partner_id))
        current -= left["other_company"]
        (self - current).write({"state": "dropped"})
        return current

    def _filter_superseded(self):
        """:return: those of these requests for whose rule and contact a newer one waits, or a lead was made since:
        contacts that were merged may each have brought one
        """
        others = self.search(
            [
                ("rule_id", "in", self.rule_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", ["waiting", "done"]),
            ]
        ).grouped(lambda request: (request.rule_id, request.partner_id))

        def is_superseded(request):
            return any(
                other.id > request.id if other.state == "waiting" else other.write_date > request.create_date
                for other in others.get((request.rule_id, request.partner_id), ())
            )

        return self.filtered(is_superseded)

    @api.model
    @coming_back("contact_lifecycle.ir_cron_make_leads")
    def _cron_make_leads(self):
        """Make the leads that are due, a batch at a time; each batch is committed with its leads (T6)."""
        if not self.env["lifecycle.stage"]._are_shown():
            return  # they wait, as all rules rest (S2)
        cron, waiting = self.env["ir.cron"], [("state", "=", "waiting")]
        while requests := shared(self).search(
            [*waiting, ("date_due", "<=", fields.Datetime.now())], limit=BATCH_SIZE
        ):
            due = requests._drop_outdated()
            due._make_safely()
            left = self.search_count([*waiting, ("date_due", "<=", fields.Datetime.now())])
            if not cron._commit_progress(len(requests), remaining=left):
                return

    def _make_safely(self):
        """Make the leads that were delayed; where that fails, one by one, and mark those that cannot be made."""
        if not self.env["lifecycle.stage"]._are_shown():
            return
        Log = self.env["lifecycle.rule.log"]
        for rule, requests in self.grouped("rule_id").items():
            made, failures = requests._make_or_mark()
            Log._write_runs(Log._prepare_outcome(rule.id, "delay", made, failures))

    def _make_or_mark(self):
        """Make the leads of one rule; where that fails, one by one, and mark those that cannot be made (T5).

        :return: tuple of the ``res.partner`` whose leads were made, and a list of (``res.partner``, error message)
        """
        failures, made = RuleEngine(self.env).try_each(
            self, lambda requests: requests._make(), self.rule_id.id
        )
        for request, error in failures:
            request.write({"state": "failed", "message": error})
        return made.partner_id, [(request.partner_id, error) for request, error in failures]

    def action_retry(self):
        """Let failed leads be tried again.

        :raises AccessError: when the user is not an owner
        """
        self.check_access("read")
        self.rule_id.check_access("write")
        # sudo: lifecycle.lead.request - nobody changes requests otherwise
        failed = self.sudo().filtered(lambda request: request.state == "failed")
        if not failed:
            return
        failed.write({"state": "waiting", "message": False})
        # sudo: ir.cron - owners ask for what would run tomorrow anyway
        self.env.ref("contact_lifecycle.ir_cron_make_leads").sudo()._trigger()
