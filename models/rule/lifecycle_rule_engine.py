import logging

from psycopg2 import InterfaceError, OperationalError

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import ConcurrencyError

from ...tools.move import plain_sudo
from .spec import Progress, Spec

_logger = logging.getLogger(__name__)

KEY = "contact_lifecycle.rules"


class LifecycleRule(models.Model):
    """How rules are evaluated: once for all that happened in a transaction (decision 9).

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
        :param origin: the record it came from, if any: a ``discuss.channel`` is noted in the log of the moves
        """
        key = (origin._name, origin.id) if origin else None
        self._collect_event(event, [(partner_id, key) for partner_id in partners.ids])

    @api.model
    def _collect_event(self, event, happened):
        """:param happened: iterable of (contact id, (model, id) of the record it came from or None)"""
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
        for partner_id, origin in happened:
            contacts.setdefault(partner_id, set()).add(origin)

    @api.model
    def _is_awaited(self, event):
        """:return: whether anything could come of this event; costs no query"""
        if event not in self._get_awaited_events() and not (
            event == "stage_entered" and self._company_sync_is_on()
        ):
            return False
        return self.env["lifecycle.stage"]._are_shown()

    @api.model
    @tools.ormcache()
    def _get_awaited_events(self):
        """:return: frozenset of the names of the events that some active rule listens to"""
        return frozenset(event for spec in self._get_specs() for event in spec.events)

    @api.model
    @tools.ormcache()
    def _get_specs(self):
        """:return: tuple of ``Spec``, the active rules in order"""
        # sudo: lifecycle.rule - rules concern everybody, whoever may read them
        rules = self.sudo().search([("active", "=", True)])
        return tuple(
            rule._get_spec()
            for rule in rules
            if rule._makes_leads() or (rule.to_stage_id and not rule.to_stage_id.deletion_pending)
        )

    def _get_spec(self):
        self.ensure_one()
        domain = self._get_domain()
        return Spec(
            id=self.id,
            kind=self.kind,
            events=frozenset(self._get_events()),
            from_ids=frozenset(self.from_stage_ids.ids),
            from_none=self.from_none,
            to_id=self.to_stage_id.id,
            allow_backward=self.allow_backward,
            condition=self.domain,
            domain=domain,
            columns=self._get_columns(domain),
            entered_ids=frozenset(self.entered_stage_ids.ids),
            lost_reason_ids=frozenset(self.lost_reason_ids.ids),
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
        # sudo: lifecycle.rule - rules move contacts whoever triggers them
        return plain_sudo(self.with_user(SUPERUSER_ID))

    def _evaluate(self, pending):
        """Show every rule what happened.

        :param dict pending: name of the event -> dict contact id -> set of origins, (model, id) or None
        """
        concerned = []  # of (spec, dict contact id -> set of (event, origin))
        for spec in self._get_specs():
            if not spec.events.isdisjoint(pending) and (happened := self._get_concerned(spec, pending)):
                concerned.append((spec, happened))
        logs = []
        if fitting := concerned and self._find_fitting(concerned):
            partners = self.env["res.partner"].browse(fitting)
            for spec, happened in concerned:
                concerned_partners = partners.filtered(lambda partner, h=happened: partner.id in h)
                if concerned_partners:
                    logs += self._run(spec, concerned_partners.with_prefetch(partners.ids), happened)
        self.env["lifecycle.rule.log"]._write_runs(logs)
        if "stage_entered" in pending and self._company_sync_is_on():
            self._sync_companies(self.env["res.partner"].browse(pending["stage_entered"]).exists())

    def _get_concerned(self, spec, pending):
        """:return: dict contact id -> set of (event, origin) by which ``spec`` is concerned with it"""
        acted = self._get_progress().acted
        concerned = {}
        for event in spec.events & pending.keys():
            for partner_id, origins in pending[event].items():
                if (spec.id, partner_id) in acted:
                    continue
                for origin in origins:
                    if not spec.makes_leads() or self._triggers_lead(spec, event, origin):
                        concerned.setdefault(partner_id, set()).add((event, origin))
        return concerned

    def _run(self, spec, partners, happened):
        """Let one rule act on the contacts it concerns.

        :return: list of values for the run log
        """
        Log = self.env["lifecycle.rule.log"]
        event = min(event for origins in happened.values() for event, _origin in origins)
        try:
            outcome = self._sort_out(spec, partners)
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # a field of the condition is gone
            _logger.error("The condition of lifecycle rule %s fails", spec.id, exc_info=True)
            return Log._prepare(spec.id, event, "failed", partners[:1], str(error))
        acting = outcome.pop("acted", partners.browse())
        logs = self._act_safely(spec, acting, happened, event)
        for result, left in outcome.items():
            logs += Log._prepare(spec.id, event, result, left)
        return logs

    @api.model
    def _sort_out(self, spec, partners):
        """Why a rule would leave contacts alone, and on which it would act.

        :return: dict result, see ``lifecycle.rule.log``, -> ``res.partner``; ``acted`` are those to act on
        """
        outcome = {}
        fitting = partners.filtered(lambda partner: spec.covers(partner.lifecycle_stage_id.id))
        if fitting and not spec.domain.is_true():
            fitting = fitting.filtered_domain(spec.domain)
        if others := partners - fitting:
            outcome["no_match"] = others
        if not fitting:
            return outcome
        in_scope = fitting.filtered_domain(self._get_scope()).filtered(lambda partner: not partner.is_public)
        if others := fitting - in_scope:
            outcome["out_of_scope"] = others
        if spec.makes_leads():
            ours = in_scope.filtered_domain(self.browse(spec.id)._get_company_domain())
            if others := in_scope - ours:
                outcome["other_company"] = others
            outcome["acted"] = ours
            return outcome
        if locked := in_scope.filtered("lifecycle_locked"):
            outcome["locked"] = locked
        free = in_scope - locked
        if free:
            order = self.env["lifecycle.stage"]._get_order()
            acting = free.filtered(lambda partner: spec.may_move(partner.lifecycle_stage_id.id, order))
            if others := free - acting:
                outcome["not_forward"] = others
            outcome["acted"] = acting
        return outcome

    def _act_safely(self, spec, partners, happened, event):
        """:return: list of values for the run log"""
        if not partners:
            return []
        marked = []  # (contact, error message) of the leads whose requests are marked as failed
        failures, done = self._try_each(
            partners,
            lambda partners: marked.extend(self._act(self.browse(spec.id), partners, happened)),
            spec.id,
        )
        failures += marked
        done -= done.browse().union(*(partner for partner, _error in marked))
        self._get_progress().acted |= {(spec.id, partner_id) for partner_id in done.ids}
        return self.env["lifecycle.rule.log"]._prepare_outcome(spec.id, event, done, failures)

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
        """:return: list of (contact, error message) for whom it failed without an error"""
        if rule._makes_leads():
            return rule._request_leads(partners, happened)
        rule._move(partners, happened)
        return []

    def _move(self, partners, happened=None):
        """Move contacts to the stage of this rule, noting the conversation it came from."""
        channel_ids = {
            partner_id: origin[1]
            for partner_id, origins in (happened or {}).items()
            for _event, origin in origins
            if origin and origin[0] == "discuss.channel"
        }
        partners._lifecycle_move_to(self.to_stage_id, "rule", rule=self, channel_ids=channel_ids)
