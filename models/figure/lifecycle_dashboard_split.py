from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.plans import plan_for_many_rows
from ...tools.remote_input import browse_untrusted_id, shorten

# Fields of lifecycle.funnel.report
SPLITS = (
    "first_source",
    "utm_source_id",
    "utm_medium_id",
    "livechat_channel_id",
    "salesperson_id",
    "country_id",
    "company_id",
)
MAX_VALUES = 20
OTHERS = "others"  # stands for the values that have no row of their own
NUMBERS = ("entered", "converted", "lost", "remaining", "merged")


class LifecycleDashboard(models.AbstractModel):
    """The funnel and the drop-off of a stage, split by where its contacts came from and whose they are (M3)."""

    _inherit = "lifecycle.dashboard"

    @api.model
    @api.readonly
    def get_funnel_split(self, date_from, date_to, stage_id, split):
        """Split what ``get_funnel`` says of a stage by a field of the contacts (M3, M4, M7).

        :param date_from: as for ``get_funnel``
        :param date_to: as for ``get_funnel``
        :param int stage_id: id of the stage
        :param str split: a field of ``lifecycle.funnel.report``: ``first_source``, ``utm_source_id``,
            ``utm_medium_id``, ``livechat_channel_id``, ``salesperson_id``, ``country_id`` or ``company_id``
        :return: dict of

            * ``date_from``, ``date_to``: the period, as ``YYYY-MM-DD``
            * ``lost_stages``: list of ``{"id", "name", "emoji"}``, those that contacts went to from the stage in the
              period, in order
            * ``rows``: list of dicts, one for each of the twenty values with most contacts: ``value`` (the id, or the
              key of a source; False for none), ``name``, ``entered``, ``converted``, ``conversion``, ``lost``,
              ``remaining``, ``merged``, ``median_days`` (as of ``get_funnel``), and ``drop_off``, a dict id of a lost stage, as
              text -> number of moves from the stage in the period. The last one is ``others`` where there are more
              values; it has no ``median_days``

            Both lists are empty while stages are not shown (S2).
        :raises AccessError: when the user is no manager (P1)
        :raises UserError: when there is no such stage or split, or as for ``get_funnel``
        """
        self.env["lifecycle.stage"]._check_manager()
        period = self._funnel_period(date_from, date_to)
        stage = self._funnel_stage(stage_id)
        self._check_split(split)
        result = {
            "date_from": fields.Date.to_string(self._funnel_date(date_from)),
            "date_to": fields.Date.to_string(self._funnel_date(date_to)),
            "lost_stages": [],
            "rows": [],
        }
        if self.env["lifecycle.stage"]._are_shown():
            plan_for_many_rows(self.env.cr)
            rows = self._split_rows(period, stage, split)
            lost_ids = {lost_id for row in rows for lost_id in row["drop_off"]}
            result["lost_stages"] = (
                self.env["lifecycle.stage"].search([("id", "in", list(lost_ids))]).read(["name", "emoji"])
            )
            result["rows"] = rows[:MAX_VALUES]
            if len(rows) > MAX_VALUES:
                result["rows"].append(self._split_others(rows[MAX_VALUES:]))
            for row in result["rows"]:
                row["drop_off"] = {str(lost_id): count for lost_id, count in row["drop_off"].items()}
        return result

    @api.model
    @api.readonly
    def action_open_lost_stays(self, stage_id, lost_stage_id, date_from, date_to, split=None, value=None):
        """Open the stays that ended in a period by a move to a lost stage (M4).

        :param int stage_id: id of the stage that was left
        :param int lost_stage_id: id of the lost stage
        :param date_from: as for ``get_funnel``
        :param date_to: as for ``get_funnel``
        :param split: as for ``action_open_stays``
        :param value: as for ``action_open_stays``
        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager (P1)
        :raises UserError: as for ``action_open_stays``
        """
        self.env["lifecycle.stage"]._check_manager()
        period = self._funnel_period(date_from, date_to)
        stage, lost_stage = self._funnel_stage(stage_id), self._funnel_stage(lost_stage_id)
        domain, name = self._split_domain(period, stage, split, value)
        domain &= self._lost_stays_domain(stage, *period) & Domain("next_stage_id", "=", lost_stage.id)
        return self._stays_action(f"{stage.display_name} → {lost_stage.display_name}{name}", domain)

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    @api.model
    def _lost_stays_domain(self, stage, start, end):
        """:return: ``Domain`` of the stays in ``stage`` that ended in the period by a move to a lost stage: each is
        what ``_drop_off_domain`` counts as a move
        """
        return (
            Domain("date_left", ">=", start)
            & Domain("date_left", "<", end)
            & Domain("outcome", "=", "lost")
            & Domain("stage_id", "=", stage.id)
            & self._counted_stays_domain()
        )

    @api.model
    def _split_rows(self, period, stage, split):
        """:return: list of the rows of all values, those with most contacts first; ``drop_off`` is by id"""
        rows = defaultdict(lambda: {**dict.fromkeys(NUMBERS, 0), "median_days": None, "drop_off": {}})
        domain = self._stays_domain(*period) & Domain("stage_id", "=", stage.id)
        for value, *numbers, median in self._count_split_stays(domain, split):
            rows[value or False].update(zip(NUMBERS, numbers, strict=True), median_days=median)
        for value, lost_stage, count in self.env["lifecycle.funnel.report"]._read_group(
            self._lost_stays_domain(stage, *period), [split, "next_stage_id"], ["__count"]
        ):
            value = value.id if isinstance(value, models.BaseModel) else value
            rows[value or False]["drop_off"][lost_stage.id] = count
        names = self._split_names(split, rows)
        rows = [{"value": key, "name": names[key], **row} for key, row in rows.items()]
        for row in rows:
            row["conversion"] = self._conversion(row)
        return sorted(
            rows,
            key=lambda row: (-row["entered"], -sum(row["drop_off"].values()), row["name"], str(row["value"])),
        )

    @api.model
    def _count_split_stays(self, domain, split):
        """:return: rows of value, those of ``NUMBERS`` and the median days"""
        Report = self.env["lifecycle.funnel.report"]
        query = Report._search(domain)
        value, outcome, days = (
            Report._field_to_sql(query.table, name, query) for name in (split, "outcome", "days")
        )
        query.groupby = SQL("1")
        return self.env.execute_query(
            query.select(
                value,
                SQL("count(*)"),
                *(SQL("count(*) FILTER (WHERE %s = %s)", outcome, name) for name in NUMBERS[1:]),
                SQL(
                    "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s) FILTER (WHERE %s = 'converted')",
                    days,
                    outcome,
                ),
            )
        )

    @api.model
    def _split_others(self, rows):
        """:return: one row for all of ``rows``"""
        others = {name: sum(row[name] for row in rows) for name in NUMBERS}
        drop_off = Counter()
        for row in rows:
            drop_off.update(row["drop_off"])
        return {
            "value": OTHERS,
            "name": self.env._("Others (%(count)s)", count=len(rows)),
            **others,
            "conversion": self._conversion(others),
            "median_days": None,  # cannot be put together from those of the parts
            "drop_off": drop_off,
        }

    @api.model
    def _split_names(self, split, values):
        """:return: dict value -> what it is called"""
        field = self.env["lifecycle.funnel.report"]._fields[split]
        if field.type == "selection":
            names = dict(field._description_selection(self.env))
        else:
            # sudo: what it is split by - its name, as the reports group by it; it is of contacts that the user may read
            records = self.env[field.comodel_name].browse(value for value in values if value).sudo()
            names = {record.id: record.display_name for record in records}
        return {value: names.get(value, str(value)) if value else self.env._("None") for value in values}

    # ------------------------------------------------------------
    # Arguments
    # ------------------------------------------------------------

    @api.model
    def _check_split(self, split):
        """:raises UserError: when there is no such split"""
        if split not in SPLITS:
            raise UserError(
                self.env._(
                    "The funnel cannot be split by “%(split)s”: choose one of %(splits)s.",
                    split=shorten(split),
                    splits=", ".join(SPLITS),
                )
            )

    @api.model
    def _split_domain(self, period, stage, split, value):
        """:return: ``Domain`` of the stays behind the row of a value, and its name as the end of a title; of all stays
        where ``split`` is None
        :raises UserError: when there is no such split or value
        """
        if split is None:
            return Domain.TRUE, ""
        self._check_split(split)
        field = self.env["lifecycle.funnel.report"]._fields[split]
        if value == OTHERS:
            rows = self._split_rows(period, stage, split)
            shown = [row["value"] for row in rows[:MAX_VALUES]]
            return Domain(split, "not in", shown), f", {self._split_others(rows[MAX_VALUES:])['name']}"
        if field.type == "selection":
            is_value = isinstance(value, str) and value in field.get_values(self.env)
        else:
            is_value = bool(browse_untrusted_id(self.env[field.comodel_name], value))
        if not is_value and value not in (False, None):
            raise UserError(
                self.env._(
                    "“%(value)s” is no part of the funnel any more: reload the page.", value=shorten(value)
                )
            )
        value = value if is_value else False
        return Domain(split, "=", value), f", {self._split_names(split, [value])[value]}"
