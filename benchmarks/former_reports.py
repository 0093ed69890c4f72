"""The stays as 19.0.1.0.0 counted them: each move looked for the next one of the contact."""

from contextlib import contextmanager

import bare_funnel

from odoo import fields
from odoo.tools import SQL

IDS_PER_MOVE = 21
# Its index, which is gone.
INDEX = "CREATE INDEX bench_partner_moves_idx ON lifecycle_transition (partner_id, date, id)"


@contextmanager
def planned(cr):
    """:return: context manager within which queries are planned as PostgreSQL does by itself, see tools/plans.py"""
    cr.execute("SET LOCAL jit TO DEFAULT; SET LOCAL work_mem TO DEFAULT")
    yield


def select_stays():
    return SQL(
        """
        SELECT entry.id::bigint * %(ids)s AS id,
               entry.partner_id,
               partner.company_id,
               partner.partner_share,
               entry.to_stage_id AS stage_id,
               CASE WHEN stage.id IS NULL THEN entry.to_stage_name ELSE stage.name ->> 'en_US' END AS stage_name,
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
                SELECT date, to_stage_id, to_stage_name
                  FROM lifecycle_transition move
                 WHERE move.partner_id = entry.partner_id AND (move.date, move.id) > (entry.date, entry.id)
              ORDER BY move.date, move.id
                 LIMIT 1
               ) exit ON TRUE
     LEFT JOIN lifecycle_stage stage ON stage.id = entry.to_stage_id
     LEFT JOIN lifecycle_stage next_stage ON next_stage.id = exit.to_stage_id
         WHERE entry.to_stage_name IS NOT NULL
        """,
        ids=IDS_PER_MOVE,
    )


def select_passed():
    return SQL(
        """
        SELECT move.id::bigint * %(ids)s + skipped.position AS id,
               move.partner_id,
               partner.company_id,
               partner.partner_share,
               skipped.id AS stage_id,
               skipped.name ->> 'en_US' AS stage_name,
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
          JOIN (SELECT id, name, sequence, row_number() OVER (ORDER BY sequence, id) AS position
                  FROM lifecycle_stage WHERE NOT is_lost) skipped
            ON (skipped.sequence, skipped.id) > (origin.sequence, origin.id)
           AND (skipped.sequence, skipped.id) < (target.sequence, target.id)
        """,
        ids=IDS_PER_MOVE,
    )


def funnel():
    """:return: ``SQL`` of what was the table of ``lifecycle.funnel.report``"""
    days = SQL("date_part('epoch', coalesce(date_left, %s) - date_entered) / 86400", fields.Datetime.now())
    return SQL(
        """
        SELECT stay.*, %(days)s AS days, %(days)s AS days_total,
               (outcome = 'converted')::int::float8 AS conversion_rate, FALSE AS is_passed
          FROM (%(stays)s) stay
     UNION ALL
        SELECT passed.*, NULL, NULL, 1, TRUE FROM (%(passed)s) passed
        """,
        days=days,
        stays=select_stays(),
        passed=select_passed(),
    )


def stage_time():
    """:return: ``SQL`` of what was the table of ``lifecycle.stage.time.report``"""
    return SQL(
        """
        SELECT min(id) AS id, partner_id, company_id, partner_share, stage_id,
               (array_agg(stage_name ORDER BY date_entered DESC, id DESC))[1] AS stage_name,
               min(date_entered) AS date_first_entered,
               max(date_entered) AS date_last_entered,
               count(*) AS times_entered,
               sum(date_part('epoch', coalesce(date_left, %(now)s) - date_entered)) / 86400 AS days,
               sum(date_part('epoch', coalesce(date_left, %(now)s) - date_entered)) / 86400 AS days_total,
               bool_or(date_left IS NULL) AS is_current
          FROM (%(stays)s) stay
      GROUP BY partner_id, company_id, partner_share, stage_id, CASE WHEN stage_id IS NULL THEN stage_name END
        """,
        now=fields.Datetime.now(),
        stays=select_stays(),
    )


def count(env, start, end):
    """What ``get_funnel`` of 19.0.1.0.0 counted in a period of naive UTC datetimes."""
    env.execute_query(
        SQL(
            """
            SELECT stage_id, outcome, CASE WHEN outcome = 'lost' THEN next_stage_id END, count(*),
                   count(*) FILTER (WHERE is_passed), percentile_cont(0.5) WITHIN GROUP (ORDER BY days), avg(days)
              FROM (%(funnel)s) stay
             WHERE date_entered >= %(start)s AND date_entered < %(end)s
               AND partner_id IN (SELECT id FROM res_partner contact WHERE %(counted)s)
               AND stage_id IN (SELECT id FROM lifecycle_stage WHERE NOT is_lost)
          GROUP BY 1, 2, 3
            """,
            funnel=funnel(),
            start=start,
            end=end,
            counted=bare_funnel.counted(env),
        )
    )
    bare_funnel.drop_off(env, start, end)
