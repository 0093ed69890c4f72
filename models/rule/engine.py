import logging

from odoo.fields import Domain

from ...tools.shared_text import get_shared_lang
from ...tools.try_each import try_each
from ..contact.gathering import Gathering
from .prefilter import CONDITION_ERRORS, Prefilter

_logger = logging.getLogger(__name__)

KEY = "contact_lifecycle.rules"


class Progress:
    """What the rules have done in the running transaction."""

    def __init__(self):
        self.acted = set()  # (rule id, contact id): a rule acts on a contact once
        self.running = False
        self.pending = {}  # what happens while rules run, in consequence of them


class RuleEngine:
    """The running of rules, from the event to the row in the run log: once for all that happens in a transaction.

    A plain class, made wherever it is needed: ``RuleEngine(env)``. What a rule is, whom it fits and what it does to
    contacts is said by ``lifecycle.rule``; when that is asked, and of whom, is said here. In order:

    1. **Something happens.** Whoever knows of it calls ``lifecycle.rule._notify_event``, and the gate
       ``_collect_event`` as a contact has entered a stage. Where no active rule listens, that is all, without a query.
    2. **It is collected.** ``collect`` notes contact and origin under the name of the event in ``cr.precommit.data``,
       and the first time has ``run`` called before the commit. Odoo also calls it at each savepoint. The data go when
       a savepoint is rolled back: what is undone has not happened.
    3. **The rules run.** ``run`` takes what was collected. It goes on as the superuser, as rules move contacts whoever
       triggers them, without anything of the caller's context but the time zone.
    4. **Most events end here.** ``Prefilter`` finds the contacts that some listening rule is for, by its stages and
       its condition. Why none is for the others is noted in the run log at once: each message costs one query at most.
    5. **Each rule, in their order,** is shown the contacts that are left. ``_split`` asks ``_get_checks`` of the
       rule for the first reason to leave a contact alone; those without one are acted on.
    6. **The rule acts** on all of them together, in a savepoint. Where that fails, on each alone: what fails is logged,
       noted and undone, and stops neither the others nor what has set it off. Errors of concurrency go on, for Odoo to
       run the transaction again.
    7. **It is remembered** that this rule has acted on these contacts, in ``Progress``, which lives in
       ``cr.postcommit.data`` and so until the transaction is committed or rolled back.
    8. **What rules do is something that happens:** collected in ``Progress.pending`` while they run, and shown to all
       rules again from 4 on. That ends, as each rule acts on a contact once a transaction. From one transaction to the
       next, rules that feed each other are stopped by the check ``too_often``.
    9. **The run log is written,** in one statement for all rules, and companies that have moved take their people
       along, where the settings say so.

    Rules that wait for no event are run by scheduled actions, a batch at a time: see ``lifecycle.rule._cron_run`` and
    ``lifecycle.lead.request._cron_make_leads``. They share 6 and 7.
    """

    def __init__(self, env, lang=None):
        """
        :param env: environment of the transaction; ``run`` makes its own from it, all else is done in this one
        :param lang: function that returns the language of what rules write: asked for once they do (H6)
        """
        self.env = env
        self._get_lang = lang or (lambda: get_shared_lang(env))
        self.Rule = env["lifecycle.rule"]
        self.Log = env["lifecycle.rule.log"]

    @property
    def progress(self):
        return self.env.cr.postcommit.data.setdefault(KEY, Progress())

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    def collect(self, event, happened):
        """Note what happened, for the rules to be shown it before the commit.

        :param str event: its name
        :param happened: iterable of (contact id, (model, id) of the record it came from or None)
        """
        progress = self.progress
        if progress.running:
            pending = progress.pending
        else:
            data = self.env.cr.precommit.data
            if KEY not in data:
                self.env.cr.precommit.add(self.run)
            pending = data.setdefault(KEY, {})
        contacts = pending.setdefault(event, {})
        for partner_id, origin in happened:
            contacts.setdefault(partner_id, set()).add(origin)

    # ------------------------------------------------------------
    # Running
    # ------------------------------------------------------------

    def run(self):
        """Show the rules what was collected, and what comes of it, until nothing more does."""
        progress = self.progress
        if not progress.running:
            # what waits to be told with the others has happened as well
            Gathering.write_waiting(self.env)
        pending = self.env.cr.precommit.data.pop(KEY, None)
        if not pending or progress.running:
            return
        progress.running = True
        try:
            engine = RuleEngine(self.Rule._as_superuser().env, self._get_lang)
            while pending:
                engine._run_round(pending)
                pending, progress.pending = progress.pending, {}
        finally:
            progress.running, progress.pending = False, {}

    def _run_round(self, pending):
        """Show every rule what happened.

        :param dict pending: name of the event -> dict contact id -> set of origins, (model, id) or None
        """
        concerned = []  # of (spec, dict contact id -> set of (event, origin))
        for spec in self.Rule._get_specs():
            if not spec.events.isdisjoint(pending) and (happened := self._get_concerned(spec, pending)):
                concerned.append((spec, happened))
        if concerned and (fitting := Prefilter(self.env).find(concerned)):
            engine = RuleEngine(self.env(context={**self.env.context, "lang": self._get_lang()}))
            engine._run_rules(concerned, fitting)
        if "stage_entered" in pending and self.Rule._company_sync_is_on():
            self._sync_companies(self.env["res.partner"].browse(pending["stage_entered"]).exists())

    def _run_rules(self, concerned, partner_ids):
        """Run the rules that some contacts concern, one after the other.

        :param list concerned: tuples of ``Spec`` and dict contact id -> set of (event, origin)
        :param list partner_ids: the contacts that some rule fits
        """
        partners, logs = self.env["res.partner"].browse(partner_ids), []
        for spec, happened in concerned:
            concerned_partners = partners.filtered(lambda partner, h=happened: partner.id in h)
            if concerned_partners:
                logs += self._run_rule(spec, concerned_partners.with_prefetch(partners.ids), happened)
        self.Log._write_runs(logs)

    def _get_concerned(self, spec, pending):
        """:return: dict contact id -> set of (event, origin) by which ``spec`` is concerned with it"""
        acted = self.progress.acted
        concerned = {}
        for event in spec.events & pending.keys():
            for partner_id, origins in pending[event].items():
                if (spec.id, partner_id) in acted:
                    continue
                for origin in origins:
                    if not spec.makes_leads() or self.Rule._triggers_lead(spec, event, origin):
                        concerned.setdefault(partner_id, set()).add((event, origin))
        return concerned

    # ------------------------------------------------------------
    # One rule
    # ------------------------------------------------------------

    def _run_rule(self, spec, partners, happened):
        """Let one rule act on the contacts it concerns.

        :return: list of values for the run log
        """
        event = min(event for origins in happened.values() for event, _origin in origins)
        try:
            acting, left = self._split(self.Rule.browse(spec.id)._get_checks(partners), partners)
        except CONDITION_ERRORS as error:
            _logger.error("The condition of lifecycle rule %s fails", spec.id, exc_info=True)
            return self.Log._prepare(spec.id, event, "failed", partners[:1], str(error))
        logs = self._act(spec, acting, happened, event)
        for result, others in left:
            logs += self.Log._prepare(spec.id, event, result, others)
        return logs

    @staticmethod
    def _split(checks, partners):
        """Find out why a rule leaves contacts alone, and on which it acts.

        :param checks: iterable of (reason, ``Domain`` of the contacts that are not left alone for it), in order
        :return: tuple of the ``res.partner`` to act on, and a list of (reason, ``res.partner``)
        """
        left, checks = [], iter(checks)
        while partners and (check := next(checks, None)):
            reason, domain = check
            passing = partners.filtered_domain(domain)
            if others := partners - passing:
                left.append((reason, others))
            partners = passing
        return partners, left

    def _act(self, spec, partners, happened, event):
        """:return: list of values for the run log"""
        rule = self.Rule.browse(spec.id)
        moving = partners.browse() if rule._makes_leads() else partners
        batch = self._begin_batch(moving, "rule", rule.to_stage_id, rule)
        marked = []  # (contact, error message) of the leads whose requests are marked as failed
        failures, done = self.try_each(
            partners, lambda partners: marked.extend(rule._act(partners, happened, batch) or ()), spec.id
        )
        batch._end()
        failures += marked
        done -= done.browse().union(*(partner for partner, _error in marked))
        self.progress.acted |= {(spec.id, partner_id) for partner_id in done.ids}
        return self.Log._prepare_outcome(spec.id, event, done, failures)

    def move_some(self, rule, partners, batch):
        """Let a rule that waits for no event move some contacts, and note it in the run log.

        :param batch: ``lifecycle.batch`` of those that it has moved before, or none
        :return: the ``lifecycle.batch`` of all of them, which the caller ends
        """
        batch = batch or self.env["lifecycle.batch"]._begin("rule", stage=rule.to_stage_id, rule=rule)
        self.progress.acted |= {(rule.id, partner_id) for partner_id in partners.ids}
        failures, done = self.try_each(partners, lambda partners: rule._move(partners, batch=batch), rule.id)
        self.Log._write_runs(self.Log._prepare_outcome(rule.id, rule.kind, done, failures))
        return batch

    def _begin_batch(self, partners, source, stage, rule=None):
        """The gate opens one for those that move together; where one of them fails, they move one by one (D5).

        :return: the ``lifecycle.batch`` of what happens to several contacts, none for one
        """
        Batch = self.env["lifecycle.batch"]
        return Batch._begin(source, stage=stage, rule=rule) if len(partners) > 1 else Batch

    def try_each(self, records, act, rule_id):
        """Call ``act(records)``; where that fails, for each of them alone, see ``tools.try_each``. What fails is logged.

        :param records: any records, none as well
        :param act: function of some of them
        :param rule_id: what the log is to call the rule
        :return: tuple of a list of (record, error message), and the records for which it worked
        """
        progress = self.progress

        def remember():
            pending = {event: dict(contacts) for event, contacts in progress.pending.items()}
            return lambda: setattr(progress, "pending", pending)

        failures = try_each(records, act, remember)
        for record, error in failures:
            _logger.error("Lifecycle rule %s failed on %s", rule_id, record, exc_info=error)
        done = records - records.browse().union(*(record for record, _error in failures))
        return [(record, str(error)) for record, error in failures], done

    # ------------------------------------------------------------
    # Companies
    # ------------------------------------------------------------

    def _sync_companies(self, partners):
        """Let the people of those of ``partners`` that are companies follow them (T16).

        Only forward, which is neither into a lost stage nor out of one: a person is lost for reasons of its own.
        """
        companies = partners.filtered(lambda partner: partner.is_company and partner.lifecycle_stage_id)
        if not companies:
            return
        people = self.env["res.partner"].search(
            Domain("commercial_partner_id", "in", companies.ids)
            & Domain("id", "not in", companies.ids)
            & Domain("lifecycle_locked", "!=", True)
            & self.Rule._get_scope()
        )
        order = self.env["lifecycle.stage"]._get_order()
        for stage, group in people.grouped(
            lambda person: person.commercial_partner_id.lifecycle_stage_id
        ).items():
            behind = group.filtered(
                lambda person, stage=stage: (
                    not person.lifecycle_stage_id
                    or order.get(person.lifecycle_stage_id.id, len(order)) < order.get(stage.id, -1)
                )
            )
            if stage.id in order and behind:
                batch = self._begin_batch(behind, "company", stage)
                self.try_each(
                    behind,
                    lambda people, stage=stage, batch=batch: people._lifecycle_move_to(
                        stage, "company", batch=batch
                    ),
                    "on companies",
                )
                batch._end()
