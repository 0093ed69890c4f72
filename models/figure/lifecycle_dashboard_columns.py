from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.plans import plan_for_many_rows

# as the dashboard, which begins with "Last 30 Days", today included
DAYS = 30


class LifecycleDashboard(models.AbstractModel):
    """What the heads of the pipeline's columns say: the amount in them, and how many go on from there (M7)."""

    _inherit = "lifecycle.dashboard"

    @api.model
    @api.readonly
    def get_column_heads(self, domain):
        """Sum the open opportunities of the contacts in each column of the pipeline, and say how many go on.

        By one query each, however many contacts there are. The amount is that of the contacts in the column, the share
        that of all contacts that count, as the dashboard says it.

        :param list domain: of the contacts that the pipeline shows
        :return: list of dicts, one for each column of which there is something to say, and for what has no stage, where
            ``id`` is False: ``id`` of the stage, ``amount`` (the expected revenue of the open opportunities that the
            user may read, as ``res.partner.lifecycle_open_revenue``), ``currency_id`` of that, and ``conversion``, of
            the last 30 days as in ``get_funnel`` (0 to 1, or None). Empty while stages are not shown (S2)
        :raises AccessError: when the user is no manager, or may not filter by the domain (P1, P2)
        :raises UserError: when it is no domain of contacts
        """
        self.env["lifecycle.stage"]._check_manager()
        try:
            contacts = self.env["res.partner"]._search(Domain(domain))
        except (NotImplementedError, OverflowError, RecursionError, TypeError, ValueError) as error:
            raise UserError(
                self.env._("These contacts cannot be found: take a filter out of the search bar.")
            ) from error
        if not self.env["lifecycle.stage"]._are_shown():
            return []
        plan_for_many_rows(self.env.cr)
        amounts = self.env["res.partner"]._lifecycle_sum_open_revenue(contacts, "lifecycle_stage_id")
        shares = self._column_shares()
        ids = [stage_id for stage_id in {**amounts, **shares} if amounts.get(stage_id) or stage_id in shares]
        return [
            {
                "id": stage_id or False,
                "amount": amounts.get(stage_id, 0.0),
                "currency_id": self.env.company.currency_id.id,
                "conversion": shares.get(stage_id),
            }
            for stage_id in ids
        ]

    @api.model
    def _column_shares(self):
        """:return: dict id of a lifecycle stage -> the share of its stays that were converted, of those that began in the
        period with which the dashboard begins and have ended; no key where none has, nor for the last stage, from which
        there is nowhere to go, unless one has
        """
        today = fields.Date.context_today(self)
        period = self._funnel_period(today - timedelta(days=DAYS - 1), today)
        stages, _lost_stages = self._funnel_sides()
        groups = self.env["lifecycle.funnel.report"]._read_group(
            self._stays_domain(*period) & Domain("stage_id", "in", stages.ids),
            ["stage_id"],
            ["conversion_rate:avg", "conversion_rate:count"],
        )
        return {stage.id: share for stage, share, ended in groups if ended and (share or stage != stages[-1])}
