from odoo import fields, models
from odoo.tools import SQL

from ..models.stage.lifecycle_stage import MAX_STAGES


class LifecycleFunnelReport(models.Model):
    """One stay of a contact in a stage (M3, M6): when it came, how long it stayed, where it went.

    A stay lasts until the contact's next move in the log. A move forward between two lifecycle stages
    passes through those in between, by their order of today: each counts as a stay that was converted
    at once. After a merge the moves of all the contacts are one row of moves, in order of time.
    Archived contacts do not count.
    """

    _name = "lifecycle.funnel.report"
    _description = "Lifecycle Funnel"
    _auto = False
    _order = "date_entered desc, id desc"
    _rec_name = "stage_name"
    _depends = {
        "lifecycle.transition": [
            "partner_id",
            "from_stage_id",
            "to_stage_id",
            "to_stage_name",
            "date",
            "user_id",
            "source",
        ],
        "lifecycle.stage": ["emoji", "name", "sequence", "is_lost"],
        "res.partner": ["active", "company_id", "partner_share"],
    }

    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_share = fields.Boolean(string="Share Contact", readonly=True)
    stage_id = fields.Many2one("lifecycle.stage", readonly=True, help="Empty when the stage was deleted.")
    stage_name = fields.Char(
        readonly=True, help="The name of the stage; of a deleted one, the name that it had at that time."
    )
    date_entered = fields.Datetime(string="Entered", readonly=True)
    date_left = fields.Datetime(string="Left", readonly=True)
    days = fields.Float(
        string="Days in Stage (Average)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Time in the stage, up to now while the contact is still in it.",
    )
    days_total = fields.Float(string="Days in Stage (Total)", readonly=True, digits=(16, 1))
    outcome = fields.Selection(
        [
            ("converted", "Converted"),
            ("returned", "Returned"),
            ("lost", "Lost"),
            ("reengaged", "Re-engaged"),
            ("cleared", "Cleared"),
            ("deleted", "Moved to a Deleted Stage"),
            ("remaining", "Still There"),
        ],
        readonly=True,
        help="Converted: to a later lifecycle stage. Returned: to an earlier one. Re-engaged: from a lost "
        "stage to a lifecycle stage. Empty when the stage was deleted, as its place is not known any more.",
    )
    conversion_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the stays that went on to a later lifecycle stage.",
    )
    is_passed = fields.Boolean(
        string="Passed Through",
        readonly=True,
        help="The contact skipped this stage on its way to a later one.",
    )
    next_stage_id = fields.Many2one("lifecycle.stage", readonly=True)
    user_id = fields.Many2one("res.users", string="Moved In By", readonly=True)
    source = fields.Selection(
        lambda self: self.env["lifecycle.transition"]._fields["source"]._description_selection(self.env),
        readonly=True,
    )

    def action_open_contact(self):
        """Open the contact of this stay.

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read this report, or the contact
        """
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()

    @property
    def _table_query(self) -> SQL:
        # A LATERAL look-up of the next move, and no window over the whole log, lets a period reach the index.
        return SQL(
            """
            SELECT stay.*,
                   date_part('epoch', coalesce(date_left, %(now)s) - date_entered) / 86400 AS days,
                   date_part('epoch', coalesce(date_left, %(now)s) - date_entered) / 86400 AS days_total,
                   (outcome = 'converted')::int::float8 AS conversion_rate,
                   FALSE AS is_passed
              FROM (%(stays)s) stay
         UNION ALL
            SELECT passed.*, NULL, NULL, 1, TRUE
              FROM (%(passed)s) passed
            """,
            now=fields.Datetime.now(),
            stays=self._select_stays(),
            passed=self._select_passed(),
        )

    def _select_stays(self):
        return SQL(
            """
            SELECT entry.id::bigint * %(ids)s AS id,
                   entry.partner_id,
                   partner.company_id,
                   partner.partner_share,
                   entry.to_stage_id AS stage_id,
                   %(stage_name)s AS stage_name,
                   entry.date AS date_entered,
                   exit.date AS date_left,
                   CASE WHEN exit.date IS NULL THEN 'remaining'
                        WHEN exit.to_stage_name IS NULL THEN 'cleared'
                        WHEN next_stage.id IS NULL THEN 'deleted'
                        WHEN next_stage.is_lost THEN 'lost'
                        WHEN stage.is_lost THEN 'reengaged'
                        WHEN (next_stage.sequence, next_stage.id) > (stage.sequence, stage.id) THEN 'converted'
                        WHEN stage.id IS NOT NULL THEN 'returned'
                   END AS outcome,
                   exit.to_stage_id AS next_stage_id,
                   entry.user_id,
                   entry.source
              FROM lifecycle_transition entry
              JOIN res_partner partner ON partner.id = entry.partner_id AND partner.active
         LEFT JOIN LATERAL (
                    SELECT move.date, move.to_stage_id, move.to_stage_name
                      FROM lifecycle_transition move
                     WHERE move.partner_id = entry.partner_id
                       AND (move.date, move.id) > (entry.date, entry.id)
                  ORDER BY move.date, move.id
                     LIMIT 1
                   ) exit ON TRUE
         LEFT JOIN lifecycle_stage stage ON stage.id = entry.to_stage_id
         LEFT JOIN lifecycle_stage next_stage ON next_stage.id = exit.to_stage_id
             WHERE entry.to_stage_name IS NOT NULL
            """,
            ids=self._ids_per_move(),
            stage_name=SQL(
                "CASE WHEN stage.id IS NULL THEN entry.to_stage_name ELSE %s END", self._stage_name("stage")
            ),
        )

    def _select_passed(self):
        return SQL(
            """
            SELECT move.id::bigint * %(ids)s + skipped.position AS id,
                   move.partner_id,
                   partner.company_id,
                   partner.partner_share,
                   skipped.id AS stage_id,
                   %(stage_name)s AS stage_name,
                   move.date AS date_entered,
                   move.date AS date_left,
                   'converted' AS outcome,
                   move.to_stage_id AS next_stage_id,
                   move.user_id,
                   move.source
              FROM lifecycle_transition move
              JOIN res_partner partner ON partner.id = move.partner_id AND partner.active
              JOIN lifecycle_stage origin ON origin.id = move.from_stage_id AND NOT origin.is_lost
              JOIN lifecycle_stage target ON target.id = move.to_stage_id AND NOT target.is_lost
              JOIN (
                    SELECT id, name, emoji, sequence, row_number() OVER (ORDER BY sequence, id) AS position
                      FROM lifecycle_stage
                     WHERE NOT is_lost
                   ) skipped
                ON (skipped.sequence, skipped.id) > (origin.sequence, origin.id)
               AND (skipped.sequence, skipped.id) < (target.sequence, target.id)
            """,
            ids=self._ids_per_move(),
            stage_name=self._stage_name("skipped"),
        )

    def _stage_name(self, alias):
        """:return: ``SQL`` of the name of a stage in the reader's language, with its emoji"""
        return SQL(
            "concat_ws(' ', nullif(%(stage)s.emoji, ''), "
            "coalesce(%(stage)s.name ->> %(lang)s, %(stage)s.name ->> 'en_US'))",
            stage=SQL.identifier(alias),
            lang=self.env.lang or "en_US",
        )

    def _ids_per_move(self):
        """:return: the step between the ids of two moves, to leave room for the stages passed through"""
        return MAX_STAGES + 1
