from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...tools.local_time import to_utc
from ...tools.plans import plan_for_many_rows
from ...tools.remote_input import shorten

MONTHS = 12


class LifecycleDashboard(models.AbstractModel):
    """How far those have come who entered their first stage in a month, and how long it took them (M3, M7).

    The stays are those of the funnel: what ended is in the log, and what goes on is the contact itself. A stage is
    reached with it or with a later lifecycle stage: who passes through has reached it, too.
    """

    _inherit = "lifecycle.dashboard"

    @api.model
    @api.readonly
    def get_cohorts(self):
        """Count, for each of the last twelve months, who entered a stage for the first time ever, and of them who has
        reached each lifecycle stage until today (M3).

        Twelve months whatever the period of the funnel: a cohort is looked at for long after it began, and beside
        others. Months are those of the user's time zone; those without anybody are left out.

        :return: dict of

            * ``stages``: list of ``{"id", "name", "emoji"}``, the lifecycle stages in order
            * ``cohorts``: list of dicts, the oldest month first: ``month``, its first day as ``YYYY-MM-DD``,
              ``count``, and ``reached``, for each stage a dict of ``count``, ``share`` (0 to 1) and ``median_days``
              from the first entry until it was reached (or None)

            Both are empty while stages are not shown (S2).
        :raises AccessError: when the user is no manager (P1)
        """
        self.env["lifecycle.stage"]._check_manager()
        plan_for_many_rows(self.env.cr)
        stages = self._stages()
        months = self._cohort_months()
        cohorts = []
        for bucket, count, *numbers in self._count_cohorts(stages, months) if stages else ():
            reached = zip(numbers[::2], numbers[1::2], strict=True)
            cohorts.append(
                {
                    "month": fields.Date.to_string(months[bucket - 1]),
                    "count": count,
                    "reached": [
                        {"count": number, "share": number / count, "median_days": median}
                        for number, median in reached
                    ],
                }
            )
        return {"stages": stages.read(["name", "emoji"]), "cohorts": cohorts}

    @api.model
    @api.readonly
    def action_open_cohort(self, month, stage_id=False):
        """Open the contacts that a number of ``get_cohorts`` counts (M3).

        :param str month: ``month`` of the cohort
        :param stage_id: id of the lifecycle stage that they have reached, or False for all of the cohort
        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager (P1)
        :raises UserError: when there is no such month or stage
        """
        self.env["lifecycle.stage"]._check_manager()
        first = self._funnel_date(month)
        if first not in self._cohort_months()[:MONTHS]:
            raise UserError(
                self.env._(
                    "“%(month)s” is not the first day of one of the last twelve months.",
                    month=shorten(month),
                )
            )
        start, end = (to_utc(self.env.tz, day) for day in (first, first + relativedelta(months=1)))
        domain = (
            self.env["res.partner"]._lifecycle_counted_domain()
            & self._entered_before_domain(end)
            & ~self._entered_before_domain(start)
        )
        month_name = format_date(self.env, first, date_format="LLLL y")
        name = self.env._("First entered in %(month)s", month=month_name)
        if stage_id:
            stage = self._funnel_stage(stage_id)
            name = self.env._(
                "First entered in %(month)s, reached %(stage)s", month=month_name, stage=stage.display_name
            )
            domain &= self._reached_domain(stage)
        return self._list_action(True, name, domain)

    @api.model
    def _cohort_months(self):
        """:return: list of dates, the first days of the last twelve months and of the next one"""
        first = fields.Date.context_today(self).replace(day=1)
        return [first + relativedelta(months=number) for number in range(1 - MONTHS, 2)]

    @api.model
    def _entered_before_domain(self, moment):
        """:return: ``Domain`` of the contacts of which a stay began before ``moment``, naive UTC"""
        ended = Domain("lifecycle_transition_ids", "any", [("date_entered", "<", moment)])
        goes_on = Domain("lifecycle_stage_id", "!=", False) & Domain("date_last_stage_update", "<", moment)
        return ended | goes_on

    @api.model
    def _reached_domain(self, stage):
        """:return: ``Domain`` of the contacts that have been in ``stage`` or in a later lifecycle stage"""
        stages = self._stages()
        later = stages.filtered(lambda other: (other.sequence, other.id) >= (stage.sequence, stage.id))
        left = [("from_stage_id", "in", later.ids), ("date_entered", "!=", False)]
        return Domain("lifecycle_transition_ids", "any", left) | Domain("lifecycle_stage_id", "in", later.ids)

    @api.model
    def _count_cohorts(self, stages, months):
        """:return: rows of the place of the month, from one on, the number of contacts, and for each of ``stages`` how
        many have reached it and the median days; a constant number of queries
        """
        self.env["lifecycle.transition"].flush_model()
        places = range(1, len(stages) + 1)
        bounds = [to_utc(self.env.tz, month) for month in months]
        Partner = self.env["res.partner"]
        counted = Partner._search(Partner._lifecycle_counted_domain())
        counted.order = None
        # Few are new, however many there are: the log is asked for them alone.
        counted.add_where(
            SQL(
                """
                %(contact)s IN (
                    SELECT move.partner_id
                      FROM lifecycle_transition move
                     WHERE move.date >= %(start)s
                       AND move.date < %(end)s
                       AND move.from_stage_name IS NULL
                       AND NOT EXISTS (
                               SELECT 1
                                 FROM lifecycle_transition earlier
                                WHERE earlier.partner_id = move.partner_id
                                  AND (earlier.date < %(start)s OR earlier.date_entered < %(start)s)
                           )
                )
                """,
                contact=SQL.identifier(counted.table, "id"),
                start=bounds[0],
                end=bounds[-1],
            )
        )
        contact = {
            name: SQL.identifier(counted.table, name)
            for name in ("id", "lifecycle_stage_id", "date_last_stage_update")
        }
        return self.env.execute_query(
            SQL(
                """
                WITH contact AS (%(contacts)s),
                stay AS (
                    SELECT move.partner_id, move.from_stage_id AS stage_id, move.date_entered
                      FROM lifecycle_transition move
                      JOIN contact ON contact.id = move.partner_id
                     WHERE move.date_entered IS NOT NULL
                 UNION ALL
                    SELECT id, lifecycle_stage_id, date_last_stage_update
                      FROM contact
                     WHERE lifecycle_stage_id IS NOT NULL
                ),
                ranked AS (
                    SELECT partner_id, date_entered, array_position(%(stages)s, stage_id) AS place
                      FROM stay
                ),
                first AS (
                    SELECT partner_id, min(date_entered) AS entered, %(reached)s
                      FROM ranked
                  GROUP BY partner_id
                )
                SELECT width_bucket(first.entered, %(bounds)s::timestamp[]), count(*), %(numbers)s
                  FROM first
              GROUP BY 1
              ORDER BY 1
                """,
                contacts=counted.select(*contact.values()),
                bounds=bounds,
                stages=stages.ids,
                reached=SQL(", ").join(
                    SQL(
                        "min(date_entered) FILTER (WHERE place >= %s) AS %s",
                        place,
                        SQL.identifier(f"reached_{place}"),
                    )
                    for place in places
                ),
                numbers=SQL(", ").join(
                    SQL(
                        "count(%(reached)s), percentile_cont(0.5) WITHIN GROUP "
                        "(ORDER BY date_part('epoch', %(reached)s - first.entered) / 86400)",
                        reached=SQL.identifier("first", f"reached_{place}"),
                    )
                    for place in places
                ),
            )
        )
