"""What the dashboard costs beside the bare SQL that counts the same rows."""

from databases import environment
from timing import in_turns

from odoo.tools import SQL

LIMIT = (
    1.3  # with a million contacts; with few, what Odoo's ORM needs for any query shows, whatever it counts
)
ROUNDS = {"small": 200, "large": 21}


def count_in_sql(env):
    """The figures of ``get_metrics()`` for the shipped scope and a user of one company, and nothing around them."""
    companies = tuple(env.companies.ids)
    contacts = env.execute_query(
        SQL(
            """
            SELECT contact.lifecycle_stage_id, count(*)
              FROM res_partner contact
             WHERE contact.active
               AND contact.partner_share
               AND (contact.type = 'contact' OR contact.type IS NULL)
               AND (contact.company_id IS NULL OR contact.company_id IN %s)
               AND contact.id NOT IN (SELECT partner_id FROM res_company)
          GROUP BY contact.lifecycle_stage_id
            """,
            companies,
        )
    )
    conversations = env.execute_query(
        SQL(
            """
            SELECT lifecycle_stage_id, lifecycle_status, lifecycle_is_unassigned, count(*)
              FROM discuss_channel
             WHERE lifecycle_status IN ('open', 'snoozed')
               AND channel_type = 'livechat'
               AND active
          GROUP BY lifecycle_stage_id, lifecycle_status, lifecycle_is_unassigned
            """
        )
    )
    return sum(row[-1] for row in contacts), sum(row[-1] for row in conversations)


def measure(purpose, table):
    with environment(purpose) as env:
        env = env(user=env.ref("base.user_admin").id)
        Dashboard = env["lifecycle.dashboard"]
        metrics = Dashboard.get_metrics()
        counted = tuple(
            sum(stage[name] for name in names for stage in metrics["stages"])
            + sum(count for part, count in metrics["left_out"].items() if part.startswith(about))
            for about, names in (("contacts", ["contacts"]), ("conversations", ["open", "snoozed"]))
        )
        expected = count_in_sql(env)
        if counted != expected:
            raise SystemExit(
                f"The dashboard counts {counted}, the SQL {expected}: they do not measure the same."
            )
        is_small = expected[0] < 100_000
        rounds = ROUNDS["small" if is_small else "large"]
        ours, theirs = in_turns(rounds, Dashboard.get_metrics, lambda: count_in_sql(env))
        table.add("get_metrics()", ours, "bare SQL", theirs, None if is_small else LIMIT)
