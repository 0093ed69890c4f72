import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet

COLLECTIONS = (list, tuple, set, frozenset, OrderedSet)
COMPARISONS = ("=", "!=", "in", "not in")
SCALARS = (bool, int, float, str)


class LifecycleRule(models.Model):
    """The fast way out, which most events take: no rule is made for the contacts they happen to."""

    _inherit = "lifecycle.rule"

    @api.model
    def _find_fitting(self, concerned):
        """Ask who is in the stages and meets the condition of any rule, and note in the run log those whom no rule
        fits (T15): one statement for all contacts that the same has happened to.

        Our own people and contacts that are gone by now are left out.

        :param list concerned: tuples of ``Spec`` and dict contact id -> set of (event, origin)
        :return: list of the ids of the contacts that some rule fits
        """
        specs_of = defaultdict(list)  # contact id -> list of (spec, event)
        for spec, happened in concerned:
            for partner_id, origins in happened.items():
                specs_of[partner_id].append((spec, min(event for event, _origin in origins)))
        groups = defaultdict(list)
        for partner_id, specs in specs_of.items():
            groups[tuple((spec.id, event) for spec, event in specs)].append(partner_id)
        self.env["res.partner"].flush_model(["partner_share"])
        return [
            partner_id
            for partner_ids in groups.values()
            for partner_id in self._find_fitting_any(specs_of[partner_ids[0]], partner_ids)
        ]

    def _find_fitting_any(self, specs, partner_ids):
        """:param list specs: tuples of ``Spec`` and event, the same for all these contacts
        :return: list of the ids of the contacts that some of these rules fit
        """
        rule_ids = defaultdict(list)
        for spec, event in specs:
            rule_ids[event].append(spec.id)
        query = SQL(
            """
            WITH contact AS (
                   SELECT id, COALESCE(%(fits)s, FALSE) AS fits
                     FROM res_partner
                    WHERE id = ANY(%(partner_ids)s) AND partner_share
                 ), noted AS (
                   INSERT INTO lifecycle_rule_log (unmatched_rule_ids, event, partner_id, count, result, date)
                        SELECT rule_ids::jsonb, event, CASE count(*) WHEN 1 THEN min(id) END, count(*),
                               'no_match', %(now)s
                          FROM contact, unnest(%(rule_ids)s, %(events)s) AS unmatched(rule_ids, event)
                         WHERE NOT fits
                      GROUP BY rule_ids, event
                 )
          SELECT id FROM contact WHERE fits ORDER BY id
            """,
            fits=SQL(" OR ").join(
                spec.fits or self._get_fits_now(spec, partner_ids) for spec, _event in specs
            ),
            partner_ids=partner_ids,
            rule_ids=[json.dumps(ids) for ids in rule_ids.values()],
            events=list(rule_ids),
            now=fields.Datetime.now(),
        )
        return [partner_id for [partner_id] in self.env.execute_query(query)]

    @api.model
    def _get_fits(self, domain):
        """Put a condition into SQL that stays the same from event to event.

        :return: ``SQL`` condition on the table ``res_partner``, or None where it depends on the day, the user or
            other records, and for a field that is gone
        """
        Partner = self.env["res.partner"].with_context(active_test=False)
        if not all(self._is_plain(condition) for condition in domain.iter_conditions()):
            return None
        query = Partner._search(domain)
        return SQL("(%s)", query.where_clause or SQL("TRUE"))

    @api.model
    def _is_plain(self, condition):
        """:return: whether a condition compares a column of contacts with what is written in it, and with no more"""
        field = self.env["res.partner"]._fields.get(condition.field_expr)
        if not (field and field.store and field.column_type) or field.company_dependent or field.translate:
            return False
        values = condition.value if isinstance(condition.value, COLLECTIONS) else [condition.value]
        if field.relational:
            return condition.operator in COMPARISONS and all(isinstance(value, int) for value in values)
        return field.type not in ("date", "datetime") and all(isinstance(value, SCALARS) for value in values)

    @api.model
    def _get_fits_now(self, spec, partner_ids):
        """:return: ``SQL`` condition on the table ``res_partner`` for this event"""
        Partner = self.env["res.partner"].with_context(active_test=False)
        try:
            query = Partner._search(Domain("id", "in", partner_ids) & spec.domain & spec.get_stage_domain())
        except (KeyError, TypeError, ValueError):  # a field is gone: the rule will say so as it runs
            return SQL("TRUE")
        return SQL("res_partner.id IN %s", query.subselect())
