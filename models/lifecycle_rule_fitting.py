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
        """Ask for all rules and contacts at once who is in the stages and meets the condition of any, and note in
        the run log those whom no rule fits: one statement, however many there are (T15).

        Our own people and contacts that are gone by now are left out.

        :param list concerned: tuples of ``Spec`` and dict contact id -> set of (event, origin)
        :return: list of the ids of the contacts that some rule fits
        """
        rows = [
            (spec.id, partner_id, min(event for event, _origin in origins))
            for spec, happened in concerned
            for partner_id, origins in happened.items()
        ]
        query = SQL(
            """
            WITH concerned AS (
                   SELECT rule_id, partner_id, event, (CASE rule_id %(fits)s END) IS TRUE AS fits
                     FROM unnest(%(rule_ids)s, %(partner_ids)s, %(events)s::varchar[])
                          AS happened(rule_id, partner_id, event)
                     JOIN res_partner ON res_partner.id = partner_id AND res_partner.partner_share
                 ), fitting AS (
                   SELECT DISTINCT partner_id FROM concerned WHERE fits
                 ), left_alone AS (
                   SELECT partner_id, event, jsonb_agg(rule_id) AS rule_ids
                     FROM concerned
                    WHERE partner_id NOT IN (SELECT partner_id FROM fitting)
                 GROUP BY partner_id, event
                 ), noted AS (
                   INSERT INTO lifecycle_rule_log (unmatched_rule_ids, partner_id, count, event, result, date)
                        SELECT rule_ids, CASE count(*) WHEN 1 THEN min(partner_id) END, count(*), event,
                               'no_match', %(now)s
                          FROM left_alone
                      GROUP BY rule_ids, event
                 )
          SELECT partner_id FROM fitting ORDER BY partner_id
            """,
            rule_ids=[row[0] for row in rows],
            partner_ids=[row[1] for row in rows],
            events=[row[2] for row in rows],
            fits=SQL(" ").join(
                SQL("WHEN %s THEN %s", spec.id, spec.fits or self._get_fits_now(spec, list(happened)))
                for spec, happened in concerned
            ),
            now=fields.Datetime.now(),
        )
        self.env["res.partner"].flush_model(["partner_share"])
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
        return query.where_clause or SQL("TRUE")

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
