from odoo import fields, models
from odoo.tools import SQL

from ..models.stage.lifecycle_stage import MAX_STAGES

# Between the ids of two moves there is room for the stages that one passes through, and for the open stay of a contact.
IDS_PER_MOVE = MAX_STAGES + 2
NOT_ASKED = SQL("NULL::boolean")


class LifecycleFunnelReport(models.Model):
    """One stay of a contact in a stage (M3, M6): when it came, how long it stayed, where it went.

    A stay is what the move says that ended it: which stage was left, and when it had been entered; the stays that
    go on are the contacts themselves. So a merge leaves the stays of each of the contacts as they were (H5). A move
    forward between two lifecycle stages passes through those in between, by their order of today: each counts as a
    stay that was converted at once. Archived contacts do not count.
    """

    _name = "lifecycle.funnel.report"
    _inherit = ["lifecycle.stay.mixin"]
    _description = "Lifecycle Funnel"
    _auto = False
    _order = "date_entered desc, id desc"
    _rec_name = "stage_name"
    _depends = {
        "lifecycle.transition": [
            "partner_id",
            "from_stage_id",
            "to_stage_id",
            "from_stage_name",
            "to_stage_name",
            "date_entered",
            "date",
            "user_id",
            "source",
        ],
        "lifecycle.stage": ["emoji", "name", "sequence", "is_lost"],
        "res.partner": [
            "active",
            "company_id",
            "partner_share",
            "lifecycle_stage_id",
            "date_last_stage_update",
        ],
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
            ("remaining", "Still There"),
            ("returned", "Returned"),
            ("lost", "Lost"),
            ("reengaged", "Re-engaged"),
            ("cleared", "Cleared"),
            ("deleted", "Moved to a Deleted Stage"),
            ("merged", "Merged"),
        ],
        readonly=True,
        help="Converted: to a later lifecycle stage. Returned: to an earlier one. Re-engaged: from a lost "
        "stage to a lifecycle stage. Merged: the contact became one with another, which kept its own stage. Empty when the stage was deleted, as its place is not known any more.",
    )
    conversion_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Of the stays that have ended, the share that went on to a later lifecycle stage. Those that go on, and "
        "those that ended because contacts were merged, do not count.",
    )
    is_passed = fields.Boolean(
        string="Passed Through",
        readonly=True,
        help="The contact skipped this stage on its way to a later one.",
    )
    is_counted = fields.Boolean(
        string="Has a Lifecycle",
        readonly=True,
        help="Figures count the contact: it is in scope and not archived.",
    )
    next_stage_id = fields.Many2one("lifecycle.stage", readonly=True)
    user_id = fields.Many2one("res.users", string="Moved In By", readonly=True)
    source = fields.Selection(
        lambda self: self.env["lifecycle.transition"]._fields["source"]._description_selection(self.env),
        readonly=True,
    )

    def _branches(self):
        is_counted = self._is_counted()
        return [select(is_counted) for select in (self._select_ended, self._select_open, self._select_passed)]

    def _select_ended(self, is_counted=NOT_ASKED):
        """Each row of the log that leaves a stage is a whole stay: it says when that stage had been entered."""
        return SQL(
            """
            SELECT exit.id::bigint * %(ids)s AS id,
                   exit.partner_id,
                   res_partner.company_id,
                   res_partner.partner_share,
                   exit.from_stage_id AS stage_id,
                   %(stage_name)s AS stage_name,
                   exit.date_entered,
                   exit.date AS date_left,
                   CASE WHEN exit.source = 'merge' THEN 'merged'
                        WHEN exit.to_stage_name IS NULL THEN 'cleared'
                        WHEN next_stage.id IS NULL THEN 'deleted'
                        WHEN next_stage.is_lost THEN 'lost'
                        WHEN stage.is_lost THEN 'reengaged'
                        WHEN (next_stage.sequence, next_stage.id) > (stage.sequence, stage.id) THEN 'converted'
                        WHEN stage.id IS NOT NULL THEN 'returned'
                   END AS outcome,
                   exit.to_stage_id AS next_stage_id,
                   %(user)s AS user_id,
                   %(source)s AS source,
                   date_part('epoch', exit.date - exit.date_entered) / 86400 AS days,
                   date_part('epoch', exit.date - exit.date_entered) / 86400 AS days_total,
                   CASE WHEN exit.source != 'merge' THEN coalesce(
                       next_stage.is_lost IS NOT TRUE
                       AND stage.is_lost IS NOT TRUE
                       AND (next_stage.sequence, next_stage.id) > (stage.sequence, stage.id),
                       FALSE
                   )::int::float8 END AS conversion_rate,
                   FALSE AS is_passed,
                   %(is_counted)s AS is_counted
              FROM lifecycle_transition exit
              JOIN res_partner ON res_partner.id = exit.partner_id AND res_partner.active
         LEFT JOIN lifecycle_stage stage ON stage.id = exit.from_stage_id
         LEFT JOIN lifecycle_stage next_stage ON next_stage.id = exit.to_stage_id
             WHERE exit.date_entered IS NOT NULL
               AND %(asked_for)s
            """,
            ids=IDS_PER_MOVE,
            is_counted=is_counted,
            asked_for=self._asked_for("exit"),
            stage_name=SQL(
                "CASE WHEN stage.id IS NULL THEN exit.from_stage_name ELSE %s END", self._stage_name("stage")
            ),
            **{
                name: self._select_of_entry(
                    name,
                    SQL("exit.partner_id"),
                    SQL("exit.date_entered"),
                    SQL("exit.from_stage_id"),
                )
                for name in ("user", "source")
            },
        )

    def _select_open(self, is_counted=NOT_ASKED):
        """The stays that go on are the contacts themselves."""
        return SQL(
            """
            SELECT res_partner.id::bigint * %(ids)s + %(ids)s - 1 AS id,
                   res_partner.id AS partner_id,
                   res_partner.company_id,
                   res_partner.partner_share,
                   stage.id AS stage_id,
                   %(stage_name)s AS stage_name,
                   res_partner.date_last_stage_update AS date_entered,
                   NULL::timestamp AS date_left,
                   'remaining' AS outcome,
                   NULL::integer AS next_stage_id,
                   %(user)s AS user_id,
                   %(source)s AS source,
                   date_part('epoch', %(now)s - res_partner.date_last_stage_update) / 86400 AS days,
                   date_part('epoch', %(now)s - res_partner.date_last_stage_update) / 86400 AS days_total,
                   NULL::float8 AS conversion_rate,
                   FALSE AS is_passed,
                   %(is_counted)s AS is_counted
              FROM res_partner
              JOIN lifecycle_stage stage ON stage.id = res_partner.lifecycle_stage_id
             WHERE res_partner.active
               AND res_partner.lifecycle_stage_id IS NOT NULL
               AND %(asked_for)s
            """,
            ids=IDS_PER_MOVE,
            now=fields.Datetime.now(),
            is_counted=is_counted,
            asked_for=self._asked_for("res_partner"),
            stage_name=self._stage_name("stage"),
            **{
                name: self._select_of_entry(
                    name,
                    SQL("res_partner.id"),
                    SQL("res_partner.date_last_stage_update"),
                    SQL("res_partner.lifecycle_stage_id"),
                )
                for name in ("user", "source")
            },
        )

    def _asked_for(self, alias):
        """:return: ``SQL`` that a row can be one of this recordset, by its own key; the ids are not in an index"""
        if not self.ids:
            return SQL("TRUE")
        return SQL("%s IN %s", SQL.identifier(alias, "id"), tuple({id_ // IDS_PER_MOVE for id_ in self.ids}))

    def _is_counted(self):
        """:return: ``SQL``, whether figures count the contact of the stay, which is ``res_partner``, for this user"""
        Partner = self.env["res.partner"]
        query = Partner._search(Partner._lifecycle_counted_domain())
        if query.is_empty() or query._joins:
            return SQL("res_partner.id IN %s", query.subselect())
        return query.where_clause or SQL("TRUE")

    def _select_of_entry(self, name, partner, date, stage):
        """:return: ``SQL`` of a column of the move with which a stay began; it costs nothing where it is not asked for"""
        return SQL(
            """(
                SELECT %(column)s
                  FROM lifecycle_transition entry
                 WHERE entry.partner_id = %(partner)s
                   AND entry.date = %(date)s
                   AND entry.to_stage_id IS NOT DISTINCT FROM %(stage)s
                   AND entry.to_stage_name IS NOT NULL
              ORDER BY entry.id DESC
                 LIMIT 1
            )""",
            column=SQL.identifier("entry", {"user": "user_id"}.get(name, name)),
            partner=partner,
            date=date,
            stage=stage,
        )

    def _select_passed(self, is_counted):
        return SQL(
            """
            SELECT move.id::bigint * %(ids)s + skipped.position AS id,
                   move.partner_id,
                   res_partner.company_id,
                   res_partner.partner_share,
                   skipped.id AS stage_id,
                   %(stage_name)s AS stage_name,
                   move.date AS date_entered,
                   move.date AS date_left,
                   'converted' AS outcome,
                   move.to_stage_id AS next_stage_id,
                   move.user_id,
                   move.source,
                   NULL::float8 AS days,
                   NULL::float8 AS days_total,
                   1::float8 AS conversion_rate,
                   TRUE AS is_passed,
                   %(is_counted)s AS is_counted
              FROM lifecycle_transition move
              JOIN res_partner ON res_partner.id = move.partner_id AND res_partner.active
              JOIN lifecycle_stage origin ON origin.id = move.from_stage_id AND NOT origin.is_lost
              JOIN lifecycle_stage target ON target.id = move.to_stage_id AND NOT target.is_lost
              JOIN (
                    SELECT id, name, emoji, sequence, row_number() OVER (ORDER BY sequence, id) AS position
                      FROM lifecycle_stage
                     WHERE NOT is_lost
                   ) skipped
                ON (skipped.sequence, skipped.id) > (origin.sequence, origin.id)
               AND (skipped.sequence, skipped.id) < (target.sequence, target.id)
             WHERE move.source != 'merge'
               AND %(asked_for)s
            """,
            ids=IDS_PER_MOVE,
            is_counted=is_counted,
            asked_for=self._asked_for("move"),
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
