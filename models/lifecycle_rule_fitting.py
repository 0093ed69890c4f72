from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class LifecycleRule(models.Model):
    """The fast way out, which most events take: no rule is made for the contacts they happen to."""

    _inherit = "lifecycle.rule"

    @api.model
    def _find_fitting(self, concerned):
        """Ask for all rules and contacts at once who is in the stages and meets the condition of any, and note in
        the run log of each rule those whom no rule fits: one statement, however many there are (T15).

        Our own people and contacts that are gone by now are left out.

        :param dict concerned: ``Spec`` -> dict contact id -> set of (event, origin id)
        :return: list of the ids of the contacts that some rule fits
        """
        rows = [
            (spec.id, partner_id, min(event for event, _origin in origins))
            for spec, happened in concerned.items()
            for partner_id, origins in happened.items()
        ]
        query = SQL(
            """
            WITH concerned AS (
                   SELECT rule_id, partner_id, event
                     FROM unnest(%(rule_ids)s, %(partner_ids)s, %(events)s::varchar[])
                          AS happened(rule_id, partner_id, event)
                     JOIN res_partner ON res_partner.id = partner_id AND res_partner.partner_share
                 ), fitting AS (
                   SELECT DISTINCT partner_id FROM concerned WHERE %(fits)s
                 ), noted AS (
                   INSERT INTO lifecycle_rule_log
                               (rule_id, partner_id, count, event, result, date,
                                create_uid, write_uid, create_date, write_date)
                        SELECT rule_id, CASE count(*) WHEN 1 THEN min(partner_id) END, count(*), min(event),
                               'no_match', %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
                          FROM concerned
                         WHERE partner_id NOT IN (SELECT partner_id FROM fitting)
                      GROUP BY rule_id
                 )
          SELECT partner_id FROM fitting ORDER BY partner_id
            """,
            rule_ids=[row[0] for row in rows],
            partner_ids=[row[1] for row in rows],
            events=[row[2] for row in rows],
            fits=SQL(" OR ").join(
                self._get_fits_sql(spec, list(happened)) for spec, happened in concerned.items()
            ),
            now=fields.Datetime.now(),
            uid=self.env.uid,
        )
        self.env["res.partner"].flush_model(["partner_share"])
        found = [partner_id for [partner_id] in self.env.execute_query(query)]
        self.env["lifecycle.rule.log"].invalidate_model(flush=False)
        return found

    @api.model
    def _get_fits_sql(self, spec, partner_ids):
        """:return: ``SQL`` condition: a row of ``concerned`` is about this rule and a contact that it fits"""
        domain = Domain("id", "in", partner_ids) & spec.domain & spec.get_stage_domain()
        Partner = self.env["res.partner"].with_context(active_test=False)
        try:
            query = Partner._search(domain)
        except (KeyError, TypeError, ValueError):  # a field is gone: the rule will say so as it runs
            return SQL("rule_id = %s", spec.id)
        return SQL("(rule_id = %s AND partner_id IN %s)", spec.id, query.subselect())
