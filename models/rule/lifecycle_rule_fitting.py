import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet

COLLECTIONS = (list, tuple, set, frozenset, OrderedSet)
COMPARISONS = ("=", "!=", "in", "not in")
SCALARS = (bool, int, float, str)


class LifecycleRule(models.Model):
    """The fast way out, which most events take: no rule is run for the contacts that none fits.

    What the transaction has read of a contact already decides, where it can; else one statement asks.
    """

    _inherit = "lifecycle.rule"

    @api.model
    def _find_fitting(self, concerned):
        """Find who is in the stages and meets the condition of any rule, and note in the run log those whom no rule
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
        fitting = []
        for partner_ids in groups.values():
            specs = specs_of[partner_ids[0]]
            partners = self.env["res.partner"].browse(partner_ids)
            if self._knows_enough(specs, partners):
                fitting += self._find_fitting_in_cache(specs, partners)
            else:
                fitting += self._find_fitting_in_sql(specs, partner_ids)
        return sorted(fitting)  # contacts are locked in the same order by all transactions

    @api.model
    def _knows_enough(self, specs, partners):
        """:return: whether all that these rules look at has been read of all these contacts"""
        columns = {"partner_share", "lifecycle_stage_id"}
        for spec, _event in specs:
            if spec.columns is None:
                return False
            columns |= spec.columns
        return all(name in partner._cache for partner in partners for name in columns)

    @api.model
    def _find_fitting_in_cache(self, specs, partners):
        """Find who of these contacts is fitted by any of these rules, and note the others in the run log.

        :param list specs: tuples of ``Spec`` and event, the same for all these contacts
        :return: list of the ids of the contacts that some rule fits
        """
        partners = partners.filtered("partner_share")
        stage_ids = {partner: partner.lifecycle_stage_id.id for partner in partners}
        specs_with = defaultdict(list)  # condition -> list of specs
        for spec, _event in specs:
            specs_with[spec.condition].append(spec)
        fitting = partners.browse()
        for same in specs_with.values():
            in_stage = (partners - fitting).filtered(
                lambda partner, same=same: any(spec.covers(stage_ids[partner]) for spec in same)
            )
            try:
                fitting += in_stage.filtered_domain(same[0].domain)
            except (TypeError, ValueError):  # values that cannot be compared: the rule will say so as it runs
                fitting += in_stage
        Log = self.env["lifecycle.rule.log"]
        others = partners - fitting
        Log._write_runs(
            [vals for spec, event in specs for vals in Log._prepare(spec.id, event, "no_match", others)]
        )
        return fitting.ids

    @api.model
    def _find_fitting_in_sql(self, specs, partner_ids):
        """The same in one statement for the contacts with these ids."""
        self.env["res.partner"].flush_model(["partner_share"])
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
          SELECT id FROM contact WHERE fits
            """,
            fits=SQL(" OR ").join(self._get_fits(spec, partner_ids) for spec, _event in specs),
            partner_ids=partner_ids,
            rule_ids=[json.dumps(ids) for ids in rule_ids.values()],
            events=list(rule_ids),
            now=fields.Datetime.now(),
        )
        return [partner_id for [partner_id] in self.env.execute_query(query)]

    @api.model
    def _get_columns(self, domain):
        """:return: frozenset of the names of the columns of contacts that decide whether they meet a condition, or
        None where the day, the user or other records have a say in it, or a field is gone
        """
        conditions = list(domain.iter_conditions())
        if not all(self._is_plain(condition) for condition in conditions):
            return None
        return frozenset(condition.field_expr for condition in conditions)

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
    def _get_fits(self, spec, partner_ids):
        """:return: ``SQL`` condition on the table ``res_partner`` for this event"""
        Partner = self.env["res.partner"].with_context(active_test=False)
        try:
            query = Partner._search(Domain("id", "in", partner_ids) & spec.domain & spec.get_stage_domain())
        except (KeyError, TypeError, ValueError):  # a field is gone: the rule will say so as it runs
            return SQL("TRUE")
        return SQL("res_partner.id IN %s", query.subselect())
