from odoo import fields, models
from odoo.tools import SQL


class LifecycleStageTimeReport(models.Model):
    """When a contact first and last entered a stage, and how long it was there in all (H3).

    Stages passed through do not count: the contact was not there. Archived contacts do not count.
    """

    _name = "lifecycle.stage.time.report"
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

    def action_open_contact(self):
        """Open the contact.

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read this report, or the contact
        """
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT min(id) AS id,
                   partner_id,
                   company_id,
                   partner_share,
                   stage_id,
                   (array_agg(stage_name ORDER BY date_entered DESC, id DESC))[1] AS stage_name,
                   min(date_entered) AS date_first_entered,
                   max(date_entered) AS date_last_entered,
                   count(*) AS times_entered,
                   sum(date_part('epoch', coalesce(date_left, %(now)s) - date_entered)) / 86400 AS days,
                   sum(date_part('epoch', coalesce(date_left, %(now)s) - date_entered)) / 86400 AS days_total,
                   bool_or(date_left IS NULL) AS is_current
              FROM (%(stays)s) stay
          GROUP BY partner_id,
                   company_id,
                   partner_share,
                   stage_id,
                   CASE WHEN stage_id IS NULL THEN stage_name END
            """,
            now=fields.Datetime.now(),
            stays=self.env["lifecycle.funnel.report"]._select_stays(),
        )
