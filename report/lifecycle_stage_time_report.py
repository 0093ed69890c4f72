from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_funnel_report import IDS_PER_MOVE


class LifecycleStageTimeReport(models.Model):
    """When a contact first and last entered a stage, and how long it was there in all (H3).

    Stages passed through do not count: the contact was not there. Archived contacts do not count.
    """

    _name = "lifecycle.stage.time.report"
    _inherit = ["lifecycle.stay.mixin"]
    _description = "Time in Stage"
    _auto = False
    _order = "date_last_entered desc, id desc"
    _rec_name = "stage_name"
    _depends = {"lifecycle.funnel.report": ["partner_id"]}

    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_share = fields.Boolean(string="Share Contact", readonly=True)
    stage_id = fields.Many2one("lifecycle.stage", readonly=True, help="Empty when the stage was deleted.")
    stage_name = fields.Char(
        readonly=True, help="The name of the stage; of a deleted one, the last name that it had."
    )
    date_first_entered = fields.Datetime(string="First Entered", readonly=True)
    date_last_entered = fields.Datetime(string="Last Entered", readonly=True)
    times_entered = fields.Integer(readonly=True)
    days = fields.Float(
        string="Days in Stage (Average)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Total time of the contact in the stage, up to now while it is still there.",
    )
    days_total = fields.Float(string="Days in Stage (Total)", readonly=True, digits=(16, 1))
    is_current = fields.Boolean(string="Still There", readonly=True)
    # in words what is_current is: a tick box that nobody can tick looks like a mistake
    presence = fields.Selection([("there", "Still There")], string="Now", compute="_compute_presence")

    @api.depends("is_current")
    def _compute_presence(self):
        for row in self:
            row.presence = "there" if row.is_current else False

    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        # Of a page in the order of dates the rows are made one by one; else all are made at once.
        row_by_row = bool(limit) and (not order or order.startswith("date_last_entered"))
        report = self.with_context(lifecycle_row_by_row=row_by_row)
        return super(LifecycleStageTimeReport, report)._search(domain, offset, limit, order, **kwargs)

    def _branches(self):
        report = self.env["lifecycle.funnel.report"].browse(self.ids)
        if self.ids or self.env.context.get("lifecycle_row_by_row"):
            return [
                self._select_row_by_row(report._select_open(), SQL("TRUE")),
                self._select_row_by_row(report._select_ended(), self._is_last()),
            ]
        return [self._select_at_once(SQL("%s UNION ALL %s", report._select_open(), report._select_ended()))]

    def _select_at_once(self, stays):
        """All rows, from all stays; each has the id of the stay that goes on, or of the last one."""
        latest = SQL("ORDER BY date_left IS NULL DESC, date_entered DESC, id DESC")
        return SQL(
            """
            SELECT (array_agg(id %(latest)s))[1] AS id,
                   partner_id,
                   company_id,
                   partner_share,
                   stage_id,
                   (array_agg(stage_name %(latest)s))[1] AS stage_name,
                   min(date_entered) AS date_first_entered,
                   coalesce(max(date_entered) FILTER (WHERE date_left IS NULL), max(date_entered)) AS date_last_entered,
                   count(*) AS times_entered,
                   sum(days) AS days,
                   sum(days) AS days_total,
                   bool_or(date_left IS NULL) AS is_current
              FROM (%(stays)s) stay
          GROUP BY partner_id,
                   company_id,
                   partner_share,
                   stage_id,
                   CASE WHEN stage_id IS NULL THEN stage_name END
            """,
            latest=latest,
            stays=stays,
        )

    def _select_row_by_row(self, stays, is_latest):
        """The same rows, each from the stay whose id it has; the others are looked up where they are asked for.

        :param SQL is_latest: which of the stays, called ``latest``
        """
        all_stays = SQL("(%s UNION ALL %s) stay", self._select_ended_alike(), self._select_open_alike())
        days = SQL(
            "sum(date_part('epoch', coalesce(date_left, %s) - date_entered)) / 86400", fields.Datetime.now()
        )
        return SQL(
            """
            SELECT latest.id,
                   latest.partner_id,
                   latest.company_id,
                   latest.partner_share,
                   latest.stage_id,
                   latest.stage_name,
                   (SELECT min(date_entered) FROM %(all_stays)s) AS date_first_entered,
                   latest.date_entered AS date_last_entered,
                   (SELECT count(*) FROM %(all_stays)s) AS times_entered,
                   (SELECT %(days)s FROM %(all_stays)s) AS days,
                   (SELECT %(days)s FROM %(all_stays)s) AS days_total,
                   latest.date_left IS NULL AS is_current
              FROM (%(stays)s) latest
             WHERE %(is_latest)s
            """,
            all_stays=all_stays,
            days=days,
            stays=stays,
            is_latest=is_latest,
        )

    def _is_last(self):
        """:return: ``SQL``, whether an ended stay is the last one of its contact in that stage"""
        return SQL(
            """
            NOT EXISTS (%(open)s)
            AND NOT EXISTS (
                SELECT FROM (%(ended)s) later WHERE (later.date_entered, later.id) > (latest.date_entered, latest.id)
            )
            """,
            open=self._select_open_alike(),
            ended=self._select_ended_alike(),
        )

    def _select_ended_alike(self):
        """:return: ``SQL`` of the ended stays of the same contact in the same stage as ``latest``"""
        return SQL(
            """
            SELECT exit.id::bigint * %s AS id, exit.date_entered, exit.date AS date_left
              FROM lifecycle_transition exit
             WHERE exit.partner_id = latest.partner_id
               AND exit.date_entered IS NOT NULL
               AND exit.from_stage_id IS NOT DISTINCT FROM latest.stage_id
               AND (latest.stage_id IS NOT NULL OR exit.from_stage_name IS NOT DISTINCT FROM latest.stage_name)
            """,
            IDS_PER_MOVE,
        )

    def _select_open_alike(self):
        """:return: ``SQL`` of the stay that goes on of the same contact in the same stage as ``latest``"""
        return SQL(
            """
            SELECT NULL::bigint AS id, partner.date_last_stage_update AS date_entered, NULL::timestamp AS date_left
              FROM res_partner partner
             WHERE partner.id = latest.partner_id
               AND partner.lifecycle_stage_id = latest.stage_id
            """
        )
