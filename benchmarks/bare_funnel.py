"""The bare SQL that counts what the funnel and the time in stage count, for the shipped scope."""

from odoo.tools import SQL


def counted(env):
    """:return: ``SQL``, whether figures count the contact called ``contact`` for a user who sees these companies"""
    return SQL(
        "contact.active AND contact.partner_share AND (contact.type = 'contact' OR contact.type IS NULL) "
        "AND (contact.company_id IS NULL OR contact.company_id IN %s)",
        tuple(env.companies.ids),
    )


def count(env, start, end):
    """Count a period as ``get_funnel`` does.

    :param start: naive UTC datetime at which it begins
    :param end: naive UTC datetime at which it is over
    :return: the numbers of stays in lifecycle stages, and of moves to lost ones
    """
    values = {"start": start, "end": end, "counted": counted(env)}
    ended = env.execute_query(
        SQL(
            """
            SELECT stage.id, next_stage.id, to_stage_name IS NULL, source = 'merge', count(*)
              FROM lifecycle_transition
              JOIN res_partner contact ON contact.id = partner_id
              JOIN lifecycle_stage stage ON stage.id = from_stage_id AND NOT stage.is_lost
         LEFT JOIN lifecycle_stage next_stage ON next_stage.id = to_stage_id
             WHERE date_entered >= %(start)s AND date_entered < %(end)s AND %(counted)s
          GROUP BY 1, 2, 3, 4
            """,
            **values,
        )
    )
    env.execute_query(
        SQL(
            """
            SELECT stage.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days_in_stage), avg(days_in_stage)
              FROM lifecycle_transition
              JOIN res_partner contact ON contact.id = partner_id
              JOIN lifecycle_stage stage ON stage.id = from_stage_id AND NOT stage.is_lost
              JOIN lifecycle_stage next_stage ON next_stage.id = to_stage_id AND NOT next_stage.is_lost
             WHERE date_entered >= %(start)s AND date_entered < %(end)s AND %(counted)s
               AND (next_stage.sequence, next_stage.id) > (stage.sequence, stage.id) AND source != 'merge'
          GROUP BY 1
            """,
            **values,
        )
    )
    remaining = env.execute_query(
        SQL(
            """
            SELECT stage.id, count(*)
              FROM res_partner contact
              JOIN lifecycle_stage stage ON stage.id = lifecycle_stage_id AND NOT stage.is_lost
             WHERE date_last_stage_update >= %(start)s AND date_last_stage_update < %(end)s AND %(counted)s
          GROUP BY 1
            """,
            **values,
        )
    )
    passed = env.execute_query(
        SQL(
            """
            SELECT passed.id, count(*)
              FROM lifecycle_transition
              JOIN res_partner contact ON contact.id = partner_id
              JOIN lifecycle_stage stage ON stage.id = from_stage_id AND NOT stage.is_lost
              JOIN lifecycle_stage next_stage ON next_stage.id = to_stage_id AND NOT next_stage.is_lost
              JOIN lifecycle_stage passed ON NOT passed.is_lost
                   AND (passed.sequence, passed.id) > (stage.sequence, stage.id)
                   AND (passed.sequence, passed.id) < (next_stage.sequence, next_stage.id)
             WHERE date >= %(start)s AND date < %(end)s AND %(counted)s AND source != 'merge'
          GROUP BY 1
            """,
            **values,
        )
    )
    return sum(row[-1] for row in (*ended, *remaining, *passed)), drop_off(env, start, end)


def drop_off(env, start, end):
    """:return: the number of moves from lifecycle to lost stages"""
    rows = env.execute_query(
        SQL(
            """
            SELECT stage.id, next_stage.id, count(*),
                   count(DISTINCT contact.id) FILTER (WHERE contact.lifecycle_stage_id = next_stage.id)
              FROM lifecycle_transition
              JOIN res_partner contact ON contact.id = partner_id
              JOIN lifecycle_stage stage ON stage.id = from_stage_id AND NOT stage.is_lost
              JOIN lifecycle_stage next_stage ON next_stage.id = to_stage_id AND next_stage.is_lost
             WHERE date >= %(start)s AND date < %(end)s AND %(counted)s AND source != 'merge'
          GROUP BY 1, 2
            """,
            start=start,
            end=end,
            counted=counted(env),
        )
    )
    return sum(row[2] for row in rows)


def stage_time(env):
    """Count the contacts that were in each stage, and the mean of the days that they were there."""
    companies = SQL("(contact.company_id IS NULL OR contact.company_id IN %s)", tuple(env.companies.ids))
    return env.execute_query(
        SQL(
            """
            SELECT stage_id, count(*), avg(days)
              FROM (
                       SELECT partner_id, stage_id, name, sum(days) AS days
                         FROM (
                                  SELECT partner_id, from_stage_id AS stage_id, days_in_stage AS days,
                                         CASE WHEN from_stage_id IS NULL THEN from_stage_name END AS name
                                    FROM lifecycle_transition
                                    JOIN res_partner contact ON contact.id = partner_id AND contact.active
                                   WHERE date_entered IS NOT NULL AND %(companies)s
                               UNION ALL
                                  SELECT id, lifecycle_stage_id,
                                         date_part('epoch', now() AT TIME ZONE 'UTC' - date_last_stage_update) / 86400, NULL
                                    FROM res_partner contact
                                   WHERE lifecycle_stage_id IS NOT NULL AND active AND %(companies)s
                              ) AS stay
                     GROUP BY partner_id, stage_id, name
                   ) AS time
          GROUP BY stage_id
            """,
            companies=companies,
        )
    )
