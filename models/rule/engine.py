import logging
from collections import defaultdict

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.shared_text import get_shared_lang
from ...tools.try_each import try_each

_logger = logging.getLogger(__name__)

KEY = "contact_lifecycle.rules"
# what evaluating a condition can raise whose field is gone or has become another
CONDITION_ERRORS = (AttributeError, KeyError, TypeError, ValueError)


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
    4. **Most events end here.** ``_prefilter`` finds the contacts that some listening rule is for, by its stages and
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
        pending = self.env.cr.precommit.data.pop(KEY, None)
        progress = self.progress
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
        if concerned and (fitting := self._prefilter(concerned)):
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

    def _prefilter(self, concerned):
        """Find the contacts that any rule is for, and note in the run log why none is for the others (T15), with at most
        one query for all contacts that the same has happened to. Internal users and contacts that are gone are left out.

        :param list concerned: tuples of ``Spec`` and dict contact id -> set of (event, origin)
        :return: list of the ids of the contacts that some rule fits
        """
        listening = defaultdict(list)  # contact id -> list of (spec, event)
        for spec, happened in concerned:
            for partner_id, origins in happened.items():
                listening[partner_id].append((spec, min(event for event, _origin in origins)))
        groups = defaultdict(list)
        for partner_id, specs in listening.items():
            groups[tuple((spec.id, event) for spec, event in specs)].append(partner_id)
        fitting = []
        for partner_ids in groups.values():
            specs = listening[partner_ids[0]]
            partners = self.env["res.partner"].browse(partner_ids)
            find = self._find_in_memory if self._is_cached(specs, partners) else self._find_in_database
            fitting += find(specs, partners)
        return sorted(fitting)  # contacts are locked in the same order by all transactions

    def _is_cached(self, specs, partners):
        """:return: whether all that these rules look at has been read of all these contacts"""
        names = {"partner_share"}
        for spec, _event in specs:
            if spec.columns is None:
                return False
            names |= spec.columns
        return all(name in partner._cache for partner in partners for name in names)

    def _find_in_memory(self, specs, partners):
        """Find which of these contacts any of these rules is for, and note the others in the run log.

        :param list specs: tuples of ``Spec`` and event, the same for all these contacts
        :return: list of the ids of the contacts that some rule is for
        """
        partners = partners.filtered("partner_share")
        domains, checks = self.Rule._get_distinct_checks()
        meeting, reasons = {}, {}  # place of a domain -> ids; checks -> dict reason -> ids

        def get_meeting(place):
            if place not in meeting:
                meeting[place] = set(partners.filtered_domain(domains[place])._ids)
            return meeting[place]

        try:
            for spec, _event in specs:
                if checks[spec.id] not in reasons:
                    reasons[checks[spec.id]] = self._sort_by_reason(
                        set(partners._ids), checks[spec.id], get_meeting
                    )
        except CONDITION_ERRORS:  # the rule will say so as it runs
            return partners.ids
        fitting = set().union(*(ids_by_reason.get(None, ()) for ids_by_reason in reasons.values()))
        logs = []
        for spec, event in specs:
            for reason, ids in reasons[checks[spec.id]].items():
                if others := sorted(ids - fitting):
                    logs += self.Log._prepare(spec.id, event, reason, partners.browse(others))
        self.Log._write_runs(logs)
        return list(fitting)

    @staticmethod
    def _sort_by_reason(ids, checks, get_meeting):
        """:param get_meeting: function that returns the ids of the contacts in the domain at a place
        :return: dict reason -> set of the ids of the contacts that a rule with these checks leaves alone for it, and
            None -> those that it is for
        """
        ids_by_reason = {}
        for reason, place in checks:
            if not ids <= get_meeting(place):
                ids_by_reason[reason] = ids - get_meeting(place)
                ids &= get_meeting(place)
                if not ids:
                    return ids_by_reason
        return {**ids_by_reason, None: ids}

    def _find_in_database(self, specs, partners):
        """The same for contacts that have not been read, in one statement."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        query = Partner._search(Domain("id", "in", partners.ids) & Domain("partner_share", "=", True))
        columns, rules = self._get_reasons_sql(specs, Partner, query)
        found = self.env.execute_query(
            SQL(
                """
                WITH judged AS (
                       SELECT contact.id, rule.id AS rule_id, rule.event, rule.reason,
                              bool_or(rule.reason IS NULL) OVER (PARTITION BY contact.id) AS fits
                         FROM (SELECT %(columns)s FROM %(contacts)s WHERE %(among)s) contact,
                              LATERAL (VALUES %(rules)s) rule(id, event, reason)
                     ), noted AS (
                       INSERT INTO lifecycle_rule_log (unmatched_rule_ids, event, partner_id, count, result, date)
                            SELECT jsonb_agg(rule_id ORDER BY rule_id), event, partner_id, count, reason, %(now)s
                              FROM (SELECT rule_id, event, reason, count(*),
                                           CASE count(*) WHEN 1 THEN min(id) END AS partner_id
                                      FROM judged
                                     WHERE NOT fits
                                  GROUP BY rule_id, event, reason) left_alone
                          GROUP BY event, partner_id, count, reason
                     )
              SELECT DISTINCT id FROM judged WHERE fits
                """,
                columns=columns,
                contacts=query.from_clause,  # a condition may have joined another table
                among=query.where_clause,
                rules=rules,
                now=fields.Datetime.now(),
            )
        )
        return [partner_id for [partner_id] in found]

    def _get_reasons_sql(self, specs, Partner, query):
        """:return: ``SQL`` of what is looked at of the contacts in ``query``, each once however many rules look at it; and
        ``SQL`` of a row for each rule: its id, the event, and the reason for which it is not for a contact, or NULL
        """
        domains, checks = self.Rule._get_distinct_checks()
        columns, rules = {}, []
        for spec, event in specs:
            reason = self.Rule._get_reason_sql(spec.id)
            try:
                for _reason, place in checks[spec.id]:
                    if place not in columns:
                        domain = domains[place].optimize_full(Partner)
                        columns[place] = domain._to_sql(Partner, query.table, query)
            except CONDITION_ERRORS:  # the rule will say so as it runs
                reason = SQL("NULL")
            rules.append(SQL("(%s, %s, %s)", spec.id, event, reason))
        columns = [
            SQL("(%s) IS TRUE AS %s", condition, SQL.identifier(f"check_{place}"))
            for place, condition in columns.items()
        ]
        return SQL(", ").join([SQL.identifier(query.table, "id"), *columns]), SQL(", ").join(rules)

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
