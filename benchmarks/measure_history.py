"""What funnel and reports cost where the log is long (M8): ten moves a contact over 900 days, with returns, losses,
skips, clearings and merges.

Beside the queries of 19.0.1.0.0 and beside the bare SQL that counts the same, which is in ``bare_funnel.py``.
"""

from datetime import timedelta
from functools import partial

import bare_funnel
import former_reports
from databases import environment
from timing import in_turns

from odoo import fields
from odoo.tools import SQL

DATABASES = ("history",)
ROUNDS = 3
FORMER_ROUNDS = 1  # they take minutes
PAGE, COUNTED = 80, 10_001
BYTES_A_MOVE = 226  # what it was in 19.0.1.0.0
LIMITS = {30: 0.1, 365: 0.15}


def measure(_purpose, table):
    with environment("history") as env:
        env = env(user=env.ref("base.user_admin").id)
        measure_bytes(env, table)
        measure_lists(env, table)
        measure_groups(env, table)
        measure_funnel(env, table)
        measure_beside_funnel(env, table)
        measure_beside_former(env, table)


def measure_bytes(env, table):
    [(size, count)] = env.execute_query(
        SQL("SELECT pg_total_relation_size('lifecycle_transition'), count(*) FROM lifecycle_transition")
    )
    table.add_value(f"log with its indexes, {count:,} moves", size / count, "bytes a move", BYTES_A_MOVE)


def page(Model, names, count_limit, domain=()):
    """:return: function that loads what a list shows at first, as the web client asks for it"""
    specification = {
        name: {"fields": {"display_name": {}}} if Model._fields[name].relational else {} for name in names
    }

    def load():
        Model.env.invalidate_all()
        return Model.web_search_read(list(domain), specification, limit=PAGE, count_limit=count_limit)

    return load


def funnel_page(env, domain=()):
    names = [
        "partner_id",
        "stage_id",
        "date_entered",
        "date_left",
        "days",
        "outcome",
        "next_stage_id",
        "user_id",
        "source",
    ]
    return page(env["lifecycle.funnel.report"], names, COUNTED, domain)


def time_page(env, domain=()):
    names = [
        "partner_id",
        "stage_id",
        "date_first_entered",
        "date_last_entered",
        "times_entered",
        "days",
        "is_current",
    ]
    return page(env["lifecycle.stage.time.report"], names, 1001, domain)


def measure_lists(env, table):
    names = [
        "date",
        "partner_id",
        "from_stage_shown",
        "to_stage_shown",
        "days_in_stage",
        "user_id",
        "source",
        "rule_id",
    ]
    Log = env["lifecycle.transition"]
    bare = SQL("SELECT * FROM lifecycle_transition ORDER BY date DESC, id DESC LIMIT %s", PAGE)
    count = SQL("SELECT count(*) FROM (SELECT FROM lifecycle_transition LIMIT %s) AS page", COUNTED)
    ours, theirs = in_turns(
        21, page(Log, names, COUNTED), lambda: (env.execute_query(bare), env.execute_query(count))
    )
    table.add("first page of the history", ours, "bare SQL of its rows", theirs, None)


def measure_groups(env, table):
    Time = env["lifecycle.stage.time.report"]
    ours, theirs = in_turns(
        FORMER_ROUNDS,
        lambda: Time.formatted_read_group([], ["stage_id"], ["__count", "days:avg"]),
        lambda: bare_funnel.stage_time(env),
    )
    table.add("Time in Stage by stage", ours, "bare SQL", theirs, 1.5)


def period_of(env, days):
    today = fields.Date.context_today(env["lifecycle.dashboard"])
    return today - timedelta(days=days - 1), today


def measure_funnel(env, table):
    Dashboard = env["lifecycle.dashboard"]
    for days in LIMITS:
        period = period_of(env, days)
        ours = Dashboard.get_funnel(*period)
        theirs = bare_funnel.count(env, *Dashboard._funnel_period(*period))
        counted = (
            sum(stage["entered"] for stage in ours["stages"]),
            sum(drop["count"] for drop in ours["drop_off"]),
        )
        if counted != theirs:
            raise SystemExit(f"The funnel counts {counted}, the SQL {theirs}: they do not measure the same.")
        table.add(
            f"get_funnel(), {days} days",
            *_with_name(
                "bare SQL",
                in_turns(
                    ROUNDS,
                    lambda period=period: Dashboard.get_funnel(*period),
                    lambda period=period: bare_funnel.count(env, *Dashboard._funnel_period(*period)),
                ),
            ),
            1.5,
        )


def measure_beside_funnel(env, table):
    """What managers look at beside the funnel, for which nothing is promised."""
    Dashboard = env["lifecycle.dashboard"]
    period = period_of(env, 30)
    stage = env["lifecycle.stage"].search([("is_lost", "=", False)], limit=1)
    for name, call in {
        "get_cohorts(), twelve months": Dashboard.get_cohorts,
        "get_funnel_split(), 30 days, by country": lambda: Dashboard.get_funnel_split(
            *period, stage.id, "country_id"
        ),
        "get_column_heads() of the pipeline": lambda: Dashboard.get_column_heads([]),
    }.items():
        times = in_turns(FORMER_ROUNDS, call, lambda: Dashboard.get_funnel(*period))
        table.add(name, *_with_name("get_funnel(), 30 days", times), None)


def _with_name(name, times):
    ours, theirs = times
    return ours, name, theirs


def measure_beside_former(env, table):
    """Last, as the index that they need is made and goes with the transaction."""
    Dashboard = env["lifecycle.dashboard"]
    env.cr.execute(former_reports.INDEX)
    env.cr.execute("ANALYZE lifecycle_transition")
    former_plans = partial(former_reports.planned, env.cr)
    pages = {
        "first page of the funnel report": (funnel_page(env), former_reports.funnel(), "date_entered"),
        "first page of Time in Stage": (time_page(env), former_reports.stage_time(), "date_last_entered"),
    }
    for name, (ours, former, column) in pages.items():
        query = SQL(
            "SELECT * FROM (%s) AS report ORDER BY %s DESC, id DESC LIMIT %s",
            former,
            SQL.identifier(column),
            PAGE,
        )
        times = in_turns(
            FORMER_ROUNDS, ours, lambda query=query: env.execute_query(query), theirs_within=former_plans
        )
        table.add(name, *_with_name("19.0.1.0.0", times), 0.02)
    for days, limit in LIMITS.items():
        period = period_of(env, days)
        times = in_turns(
            FORMER_ROUNDS,
            lambda period=period: Dashboard.get_funnel(*period),
            lambda period=period: former_reports.count(env, *Dashboard._funnel_period(*period)),
            theirs_within=former_plans,
        )
        table.add(f"get_funnel(), {days} days", *_with_name("19.0.1.0.0", times), limit)
