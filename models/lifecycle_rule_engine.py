import logging
from typing import NamedTuple

from psycopg2 import InterfaceError, OperationalError

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import ConcurrencyError, MissingError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

KEY = "contact_lifecycle.rules"


class Spec(NamedTuple):
    """An active rule as the engine needs it: kept in memory, so that an event nobody listens to costs nothing."""

    id: int
    kind: str
    events: frozenset
    from_ids: frozenset
    from_none: bool
    to_id: int
    domain: Domain
    entered_ids: frozenset
    lost_reason_ids: frozenset


class Progress:
    """What the rules have done in the running transaction."""

    def __init__(self):
        self.acted = set()  # (rule id, contact id): a rule acts on a contact once
        self.evaluating = False
        self.pending = {}  # what happens while rules are evaluated, in consequence of them


class LifecycleRule(models.Model):
    """How rules are evaluated: once for all that happened in a transaction (design decision 9).

    What happens is only collected, by ``_notify_event``. Before the transaction commits, each active
    rule is shown the contacts that something it listens to has happened to; what rules do in turn is
    shown to them again. That ends, as a rule acts on a contact once a transaction.
    """

    _inherit = "lifecycle.rule"

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    @api.model
    def _notify_event(self, event, partners, origin=None):
        """Say that something happened to contacts: the one call for whoever knows of an event.

        The rules that listen move the contacts before the transaction commits. It does not matter how
        often the same event is reported in a transaction. Another addon's event needs a boolean
        ``on_NAME`` on this model and its name in ``_kind_events``.

        :param str event: name of the event
        :param partners: ``res.partner`` to whom it happened; the database's own users are left out
        :param origin: the record it came from, if any: the ``discuss.channel`` is noted in the log
        """
        self._collect_event(
            event, [(partner_id, origin.id if origin else None) for partner_id in partners.ids]
        )

    @api.model
    def _collect_event(self, event, happened):
        """:param happened: iterable of (contact id, id of the record it came from or None)"""
        if not self._is_awaited(event):
            return
        progress = self._get_progress()
        if progress.evaluating:
            pending = progress.pending
        else:
            data = self.env.cr.precommit.data
            if KEY not in data:
                self.env.cr.precommit.add(self._evaluate_collected)
            pending = data.setdefault(KEY, {})
        contacts = pending.setdefault(event, {})
        for partner_id, origin_id in happened:
            contacts.setdefault(partner_id, set()).add(origin_id)

    @api.model
    def _is_awaited(self, event):
        """:return: whether anything could come of this event; costs no query"""
        if not any(event in spec.events for spec in self._get_specs()) and not (
            event == "stage_entered" and self._company_sync_is_on()
        ):
            return False
        return self.env["res.partner"]._lifecycle_is_enabled()

    @api.model
    @tools.ormcache()
    def _get_specs(self):
        """:return: tuple of ``Spec``, the active rules in order"""
        # sudo: lifecycle.rule - rules concern everybody, whoever may read them
        rules = self.sudo().search([("active", "=", True)])
        return tuple(
            Spec(
                id=rule.id,
                kind=rule.kind,
                events=frozenset(rule._get_events()),
                from_ids=frozenset(rule.from_stage_ids.ids),
                from_none=rule.from_none,
                to_id=rule.to_stage_id.id,
                domain=rule._get_domain(),
                entered_ids=frozenset(rule.entered_stage_ids.ids),
                lost_reason_ids=frozenset(rule.lost_reason_ids.ids),
            )
            for rule in rules
            if rule._makes_leads() or rule.to_stage_id
        )

    def _get_events(self):
        """:return: list of the names of the events that this rule listens to"""
        self.ensure_one()
        if self.kind == "criteria":
            return ["contact_changed"]
        if self.kind == "lead":
            return ["stage_entered"]
        if self.kind == "follow_up":
            return ["stage_entered"] * bool(self.entered_stage_ids) + ["opportunity_lost"] * bool(
                self.lost_reason_ids
            )
        return [event for event in self._kind_events().get(self.kind, ()) if self[f"on_{event}"]]

    @api.model
    def _get_progress(self):
        """:return: ``Progress`` of the running transaction; gone when that is committed or rolled back"""
        return self.env.cr.postcommit.data.setdefault(KEY, Progress())

    # ------------------------------------------------------------
    # Evaluation
    # ------------------------------------------------------------

    @api.model
    def _evaluate_collected(self):
        pending = self.env.cr.precommit.data.pop(KEY, None)
        progress = self._get_progress()
        if not pending or progress.evaluating:
            return
        progress.evaluating = True
        try:
            rules = self._as_robot()
            while pending:
                rules._evaluate(pending)
                pending, progress.pending = progress.pending, {}
        finally:
            progress.evaluating, progress.pending = False, {}

    @api.model
    def _as_robot(self):
        """:return: this model for the superuser, without what the caller's context would do to moves"""
        context = {key: val for key, val in self.env.context.items() if key in ("lang", "tz")}
        # sudo: lifecycle.rule - rules move contacts whoever triggers them
        return self.with_env(self.env(user=SUPERUSER_ID, su=True, context=context))

    def _evaluate(self, pending):
        """Show every rule what happened.

        :param dict pending: name of the event -> dict contact id -> set of ids of origins
        """
        everybody = {partner_id for contacts in pending.values() for partner_id in contacts}
        partners = self.env["res.partner"].browse(sorted(everybody))
        try:
            partners.mapped("lifecycle_stage_id")
        except MissingError:
            partners = partners.exists()
        logs = []
        for spec in self._get_specs():
            happened = {
                partner.id: origins
                for partner in partners
                if (origins := self._get_concerned_origins(spec, partner.id, pending))
            }
            if happened:
                logs += self._run(spec, partners.browse(happened).with_prefetch(partners.ids), happened)
        self.env["lifecycle.rule.log"].create(logs)
        if "stage_entered" in pending and self._company_sync_is_on():
            self._sync_companies(partners.browse(pending["stage_entered"]) & partners)

    def _get_concerned_origins(self, spec, partner_id, pending):
        """:return: set of (event, origin id) by which ``spec`` is concerned with a contact"""
        if (spec.id, partner_id) in self._get_progress().acted:
            return set()
        origins = {
            (event, origin)
            for event in spec.events & pending.keys()
            for origin in pending[event].get(partner_id, ())
        }
        if spec.kind in ("lead", "follow_up"):
            return {origin for origin in origins if self._triggers_lead(spec, *origin)}
        return origins

    def _run(self, spec, partners, happened):
        """Let one rule act on the contacts it concerns.

        :return: list of values for the run log
        """
        event = min(event for origins in happened.values() for event, _origin in origins)
        try:
            outcome = self._sort_out(spec, partners)
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # a field of the condition is gone
            _logger.error("The condition of lifecycle rule %s fails", spec.id, exc_info=True)
            return self._prepare_logs(spec, event, "failed", partners[:1], message=str(error))
        acting = outcome.pop("acted", partners.browse())
        logs = self._act_safely(spec, acting, happened, event)
        for result, left in outcome.items():
            logs += self._prepare_logs(spec, event, result, left)
        return logs

    @api.model
    def _sort_out(self, spec, partners):
        """Why a rule would leave contacts alone, and on which it would act.

        :return: dict result, see ``lifecycle.rule.log``, -> ``res.partner``; ``acted`` are those to act on
        """
        outcome = {}
        fitting = partners.filtered(lambda partner: self._fits_stage(spec, partner.lifecycle_stage_id.id))
        if fitting and not spec.domain.is_true():
            fitting = fitting.filtered_domain(spec.domain)
        if others := partners - fitting:
            outcome["no_match"] = others
        if not fitting:
            return outcome
        in_scope = fitting.filtered("active").filtered_domain(partners._lifecycle_scope_domain())
        if others := fitting - in_scope:
            outcome["out_of_scope"] = others
        if spec.kind in ("lead", "follow_up"):
            outcome["acted"] = in_scope
            return outcome
        if locked := in_scope.filtered("lifecycle_locked"):
            outcome["locked"] = locked
        free = in_scope - locked
        if free:
            rule, order = self.browse(spec.id), self.env["lifecycle.stage"]._get_order()
            acting = free.filtered(lambda partner: rule._may_move(partner.lifecycle_stage_id.id, order))
            if others := free - acting:
                outcome["not_forward"] = others
            outcome["acted"] = acting
        return outcome

    @api.model
    def _fits_stage(self, spec, stage_id):
        if spec.kind in ("lead", "follow_up"):
            return True
        if not stage_id:
            return spec.from_none
        return stage_id != spec.to_id and (not spec.from_ids or stage_id in spec.from_ids)

    def _covers(self, stage_id):
        """:return: whether contacts in that stage, or in none, are among those this rule may move"""
        self.ensure_one()
        if not stage_id:
            return self.from_none
        return stage_id != self.to_stage_id.id and (
            not self.from_stage_ids or stage_id in self.from_stage_ids.ids
        )

    def _may_move(self, stage_id, order):
        """Whether this rule moves contacts from that stage, by its stages and its direction (T10).

        :param int stage_id: id of the stage they are in, or False
        :param dict order: id of a lifecycle stage -> its place, see ``lifecycle.stage._get_order``
        """
        return self._covers(stage_id) and (
            self.allow_backward or self._is_forward(stage_id, self.to_stage_id.id, order)
        )

    @api.model
    def _is_forward(self, from_id, to_id, order):
        """Out of no stage or a lost one is forward, so is into a lost one: the rule names it."""
        return from_id not in order or to_id not in order or order[to_id] > order[from_id]

    def _act_safely(self, spec, partners, happened, event):
        """:return: list of values for the run log"""
        if not partners:
            return []
        failures, done = self._try_each(
            partners, lambda partners: self._act(self.browse(spec.id), partners, happened), spec.id
        )
        self._get_progress().acted |= {(spec.id, partner_id) for partner_id in done.ids}
        return self._prepare_logs(spec, event, "acted", done) + [
            log
            for partner, error in failures
            for log in self._prepare_logs(spec, event, "failed", partner, message=error)
        ]

    @api.model
    def _try_each(self, records, act, rule_id):
        """Call ``act(records)``; where that fails, for each of them alone, keeping what worked.

        What fails is logged and undone. Errors of concurrency go on, for Odoo to run the transaction again.

        :return: tuple of a list of (record, error message), and the records for which it worked
        """
        if not records:
            return [], records
        progress = self._get_progress()
        pending = {event: dict(contacts) for event, contacts in progress.pending.items()}
        self.env.cr.flush()  # what fails here is no fault of the rule
        try:
            with self.env.cr.savepoint():
                act(records)
        except (OperationalError, InterfaceError, ConcurrencyError):
            raise
        except Exception as error:
            progress.pending = pending
            if len(records) > 1:
                failures, done = [], records.browse()
                for record in records:
                    failed, worked = self._try_each(record, act, rule_id)
                    failures += failed
                    done += worked
                return failures, done
            _logger.error("Lifecycle rule %s failed on %s", rule_id, records, exc_info=True)
            return [(records, str(error))], records.browse()
        return [], records

    def _act(self, rule, partners, happened):
        if rule._makes_leads():
            rule._request_leads(partners, happened)
        else:
            rule._move(partners, happened)

    def _move(self, partners, happened=None):
        """Move contacts to the stage of this rule, noting the conversation it came from."""
        channel_ids = {
            partner_id: origin
            for partner_id, origins in (happened or {}).items()
            for event, origin in origins
            if event in ("message_sent", "conversation_reply") and origin
        }
        partners.with_context(
            lifecycle_source="rule", lifecycle_rule_id=self.id, lifecycle_channel_ids=channel_ids
        ).write({"lifecycle_stage_id": self.to_stage_id.id})

    @api.model
    def _prepare_logs(self, spec, event, result, partners, message=False):
        return self.env["lifecycle.rule.log"]._prepare(spec.id, event, result, partners, message)
