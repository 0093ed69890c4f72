from collections import defaultdict

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

# what evaluating a condition can raise whose field is gone or has become another
CONDITION_ERRORS = (AttributeError, KeyError, TypeError, ValueError)


class Prefilter:
    """Whom any rule is for, of all the contacts to whom something happened: most events end here (4 of ``RuleEngine``)."""

    def __init__(self, env):
        self.env = env
        self.Rule = env["lifecycle.rule"]
        self.Log = env["lifecycle.rule.log"]

    def find(self, concerned):
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
