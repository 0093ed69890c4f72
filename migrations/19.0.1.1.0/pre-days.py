"""Bound the numbers of days, of which 19.0.1.0.0 took any, before their constraints come: dates end in the year 9999.

It starts from any numbers, and a second run changes nothing.
"""

from odoo.tools import SQL

MAX_DAYS = 36500
COLUMNS = (
    ("lifecycle_stage", "rotting_threshold_days"),
    ("lifecycle_lost_stage", "reengage_after_days"),
    ("lifecycle_rule", "delay_days"),
    ("lifecycle_rule", "inactivity_days"),
)


def migrate(cr, version):
    for table, column in COLUMNS:
        cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(most)s WHERE %(column)s > %(most)s",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                most=MAX_DAYS,
            )
        )
