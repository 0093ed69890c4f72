from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.local_time import to_utc
from ...tools.period_before import get_period_before
from ...tools.plans import plan_for_many_rows
from ...tools.remote_input import shorten

OUTCOMES = ("converted", "returned", "cleared", "deleted", "merged", "lost", "remaining")
# What is compared with the period before
COMPARED = ("entered", "converted", "conversion", "median_days", "lost")


class LifecycleDashboard(models.AbstractModel):
    """The funnel over a period, and where contacts dropped out of it (M3, M4)."""

    _inherit = "lifecycle.dashboard"

    @api.model
    @api.readonly
    def get_funnel(self, date_from, date_to, compare=False):
        """What became of the stays in each lifecycle stage that began in a period, as known today (M3), and
        which contacts were lost from where in it (M4).

        A stage that was skipped counts as one that was passed through: such stays are among ``entered``
        and ``converted``, and ``passed`` says how many they are. They do not count for the times.

        :param date_from: first day, a date or ``YYYY-MM-DD``, in the user's time zone
        :param date_to: last day, the same
        :param bool compare: whether to count the period before as well, see ``get_period_before``
        :return: dict of

            * ``date_from``, ``date_to``: the period, as ``YYYY-MM-DD``
            * ``stages``: list of dicts, one for each lifecycle stage in order: ``id``, ``name``, ``emoji``,
              ``entered`` (the sum of ``converted``, ``returned``, ``cleared``, ``deleted``, ``merged``,
              ``lost`` and ``remaining``, see ``lifecycle.funnel.report.outcome``), ``passed``, ``lost_stages`` (list of
              ``{"id", "name", "emoji", "count"}``), ``conversion`` (0 to 1: the share converted of the stays that
              have ended, otherwise than by a merge; None when none has), ``median_days`` and ``mean_days`` of the
              converted stays (or None), and with ``compare`` a dict ``before``: ``entered``, ``converted``,
              ``conversion``, ``median_days`` and ``lost`` of the period before
            * ``drop_off``: list of dicts, the moves in the period from a lifecycle to a lost stage: ``from_id``,
              ``from_name``, ``from_emoji``, ``to_id``, ``to_name``, ``to_emoji``, ``count`` and ``reengage``,
              the number of these contacts that are in that lost stage still
            * ``before``, with ``compare``: dict of ``date_from`` and ``date_to`` of the period before; None, also
              in the stages, where that is beyond the calendar

            Both lists are empty while stages are not shown (S2).
        :raises AccessError: when the user is no manager (P1)
        :raises UserError: when the dates are none, or the period ends before it begins
        """
        self.env["lifecycle.stage"]._check_manager()
        period = self._funnel_period(date_from, date_to)
        funnel = {
            "date_from": fields.Date.to_string(self._funnel_date(date_from)),
            "date_to": fields.Date.to_string(self._funnel_date(date_to)),
            "stages": [],
            "drop_off": [],
        }
        before = None
        if compare:
            funnel["before"], before = self._funnel_before(date_from, date_to)
        if self.env["lifecycle.stage"]._are_shown():
            plan_for_many_rows(self.env.cr)
            stages, lost_stages = self._funnel_sides()
            funnel["stages"] = self._funnel_stages(stages, lost_stages, period)
            funnel["drop_off"] = self._funnel_drop_off(stages, lost_stages, period)
            if compare:
                self._funnel_compare(funnel["stages"], stages, before)
        return funnel

    # ------------------------------------------------------------
    # What is counted
    # ------------------------------------------------------------

    @api.model
    def _stays_domain(self, start, end):
        """:return: ``Domain`` of the stays in ``lifecycle.funnel.report`` that began in the period"""
        return (
            Domain("date_entered", ">=", start)
            & Domain("date_entered", "<", end)
            & self._counted_stays_domain()
        )

    @api.model
    def _counted_stays_domain(self):
        """:return: ``Domain`` of the stays of the contacts that count"""
        return Domain("is_counted", "=", True)

    @api.model
    def _counted_domain(self):
        """:return: ``Domain`` of the moves of the contacts that count"""
        return Domain("partner_id", "any", self.env["res.partner"]._lifecycle_counted_domain())

    @api.model
    def _drop_off_domain(self, start, end):
        """:return: ``Domain`` of the moves to lost stages in the period, among ``lifecycle.transition``"""
        return self.env["lifecycle.transition"]._moves_domain(start, end) & self._counted_domain()

    @api.model
    def _lost_moves_domain(self, stages, lost_stages):
        """:return: ``Domain`` of the moves from some stages to some others, at any time"""
        return Domain("from_stage_id", "in", stages.ids) & Domain("to_stage_id", "in", lost_stages.ids)

    @api.model
    def _funnel_sides(self):
        """:return: the lifecycle stages and the lost ones that are counted, each in order"""
        Stage = self.env["lifecycle.stage"]
        return (
            Stage.search([("is_lost", "=", False), ("deletion_pending", "=", False)]),
            Stage.search([("is_lost", "=", True)]),
        )

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    @api.model
    def _funnel_stages(self, stages, lost_stages, period):
        figures = self._funnel_figures(stages, period)
        result = []
        for stage in stages:
            lost = figures[stage.id].pop("lost_to")
            result.append(
                {
                    **stage.read(["name", "emoji"])[0],
                    **figures[stage.id],
                    "lost_stages": [
                        {
                            "id": lost_stage.id,
                            "name": lost_stage.name,
                            "emoji": lost_stage.emoji,
                            "count": lost[lost_stage.id],
                        }
                        for lost_stage in lost_stages
                        if lost_stage.id in lost
                    ],
                }
            )
        return result

    @api.model
    def _funnel_compare(self, rows, stages, before):
        """Add to the ``rows`` of ``stages`` what they were in the period ``before``, None where there is none."""
        figures = self._funnel_figures(stages, before) if before else {}
        for row in rows:
            row["before"] = {name: figures[row["id"]][name] for name in COMPARED} if before else None

    @api.model
    def _funnel_figures(self, stages, period):
        """:return: dict id of a stage -> its figures, and ``lost_to``: dict id of a lost stage -> number"""
        result = {
            stage.id: {
                **dict.fromkeys(OUTCOMES, 0),
                "passed": 0,
                "median_days": None,
                "mean_days": None,
                "lost_to": {},
            }
            for stage in stages
        }
        for stage_id, outcome, lost_stage_id, count, passed, median, mean in self._count_stays(
            self._stays_domain(*period) & Domain("stage_id", "in", stages.ids)
        ):
            figures = result[stage_id]
            figures[outcome] += count
            figures["passed"] += passed
            if outcome == "converted":
                figures.update(median_days=median, mean_days=mean)
            elif outcome == "lost":
                figures["lost_to"][lost_stage_id] = count
        for figures in result.values():
            figures["entered"] = sum(figures[outcome] for outcome in OUTCOMES)
            figures["conversion"] = self._conversion(figures)
        return result

    @api.model
    def _conversion(self, figures):
        """The one definition, as of ``lifecycle.funnel.report.conversion_rate``: a stay that goes on may still be
        converted, and a merge is bookkeeping (H5).

        :param figures: dict of ``entered``, ``remaining``, ``merged`` and ``converted``
        :return: the share converted of the stays that have ended, None when none has
        """
        ended = figures["entered"] - figures["remaining"] - figures["merged"]
        return figures["converted"] / ended if ended else None

    @api.model
    def _count_stays(self, domain):
        """:return: rows of stage, outcome, lost stage, number, passed through, median and mean days"""
        times = {stage_id: days for stage_id, *days in self._converted_days(domain)}
        rows = defaultdict(lambda: [0, 0])
        for stage, outcome, next_stage, is_passed, count in self.env["lifecycle.funnel.report"]._read_group(
            domain, ["stage_id", "outcome", "next_stage_id", "is_passed"], ["__count"]
        ):
            row = rows[stage.id, outcome, next_stage.id if outcome == "lost" else None]
            row[0] += count
            row[1] += count if is_passed else 0
        return [
            (*key, *row, *(times.get(key[0], (None, None)) if key[1] == "converted" else (None, None)))
            for key, row in rows.items()
        ]

    @api.model
    def _converted_days(self, domain):
        """Apart from what is counted, as a median puts all rows in order.

        :return: rows of stage id, median and mean days of the converted stays
        """
        Report = self.env["lifecycle.funnel.report"]
        # by their rate: PostgreSQL expects a third of the rows to be above a number, but one in two hundred to have a text
        query = Report._search(domain & Domain("conversion_rate", ">", 0) & Domain("is_passed", "=", False))
        stage, days = (Report._field_to_sql(query.table, name, query) for name in ("stage_id", "days"))
        query.groupby = stage
        return self.env.execute_query(
            query.select(
                stage, SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", days), SQL("avg(%s)", days)
            )
        )

    @api.model
    def _funnel_drop_off(self, stages, lost_stages, period):
        counts = {
            (from_id, to_id): numbers
            for from_id, to_id, *numbers in self._count_lost_moves(
                self.env["lifecycle.transition"]._moves_domain(*period)
                & self._lost_moves_domain(stages, lost_stages)
            )
        }
        return [
            {
                "from_id": from_stage.id,
                "from_name": from_stage.name,
                "from_emoji": from_stage.emoji,
                "to_id": to_stage.id,
                "to_name": to_stage.name,
                "to_emoji": to_stage.emoji,
                "count": counts[from_stage.id, to_stage.id][0],
                "reengage": counts[from_stage.id, to_stage.id][1],
            }
            for from_stage in stages
            for to_stage in lost_stages
            if (from_stage.id, to_stage.id) in counts
        ]

    @api.model
    def _count_lost_moves(self, domain):
        """Each contact is looked up once, for whether it counts and for where it is now.

        :param domain: ``Domain`` of moves
        :return: rows of the stages' ids, the number of moves of contacts that count, and of those still there
        """
        Transition, Partner = self.env["lifecycle.transition"], self.env["res.partner"]
        # not as `_counted_domain` has it: the rule on moves looks at the contact too, and now in the same place
        counted = Partner._lifecycle_counted_domain() & self.env["ir.rule"]._compute_domain(
            Partner._name, "read"
        )
        moves = Transition._search(domain & Domain("partner_id", "any!", counted))
        contact = Transition._fields["partner_id"].join(Transition, moves.table, moves)[1]
        from_stage, to_stage = (
            Transition._field_to_sql(moves.table, name, moves) for name in ("from_stage_id", "to_stage_id")
        )
        moves.groupby = SQL("%s, %s", from_stage, to_stage)
        return self.env.execute_query(
            moves.select(
                from_stage,
                to_stage,
                SQL("count(*)"),
                SQL(
                    "count(DISTINCT %s) FILTER (WHERE %s = %s)",
                    SQL.identifier(contact, "id"),
                    Partner._field_to_sql(contact, "lifecycle_stage_id", moves),
                    to_stage,
                ),
            )
        )

    # ------------------------------------------------------------
    # Arguments
    # ------------------------------------------------------------

    @api.model
    def _funnel_date(self, value):
        """:raises UserError: when ``value`` is neither a date nor the text of one"""
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("“%(value)s” is not a date: write it as 2026-12-31.", value=shorten(value))
            ) from error

    @api.model
    def _funnel_period(self, date_from, date_to):
        """:return: the naive UTC datetimes at which the period begins, and at which it is over"""
        first, last = self._funnel_date(date_from), self._funnel_date(date_to)
        if last < first:
            raise UserError(
                self.env._(
                    "The period ends on %(date_to)s, before it begins on %(date_from)s: exchange the dates.",
                    date_from=first,
                    date_to=last,
                )
            )
        try:
            return to_utc(self.env.tz, first), to_utc(self.env.tz, last + timedelta(days=1))
        except OverflowError as error:
            raise UserError(
                self.env._("The period goes beyond the calendar: choose years between 2 and 9998.")
            ) from error

    @api.model
    def _funnel_before(self, date_from, date_to):
        """:return: ``date_from`` and ``date_to`` of the period before as a dict, and the moments at which it begins and
        is over; None twice when it is beyond the calendar
        """
        try:
            first, last = get_period_before(self._funnel_date(date_from), self._funnel_date(date_to))
            period = to_utc(self.env.tz, first), to_utc(self.env.tz, last + timedelta(days=1))
        except OverflowError:
            return None, None
        return {
            "date_from": fields.Date.to_string(first),
            "date_to": fields.Date.to_string(last),
        }, period
