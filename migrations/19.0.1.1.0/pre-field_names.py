"""Rename two fields that are called by other words now, and wherever users have named them.

It starts from a database with the former names, or with the new ones: a second run changes nothing.
"""

from odoo.tools import SQL, sql

# model, table, former name, new name
RENAMED = (
    ("calendar.event", "calendar_event", "lifecycle_held", "lifecycle_meeting_reported"),
    ("crm.lead", "crm_lead", "lifecycle_story", "lifecycle_summary"),
)
# table, column: texts in which users, or Odoo in their name, have written the names of fields
TEXTS = (
    ("ir_exports_line", "name"),
    ("ir_filters", "context"),
    ("ir_filters", "domain"),
    ("ir_filters", "sort"),
    ("ir_ui_view", "arch_db"),
)


def migrate(cr, version):
    for model, table, former, new in RENAMED:
        if sql.column_exists(cr, table, former):
            sql.rename_column(cr, table, former, new)
            cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(f"{table}__{former}_idx")))
        cr.execute(
            SQL("UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s", new, model, former)
        )
        cr.execute(
            SQL(
                "UPDATE ir_model_data SET name = %s WHERE module = 'contact_lifecycle' AND name = %s",
                f"field_{table}__{new}",
                f"field_{table}__{former}",
            )
        )
        for text_table, column in TEXTS:
            cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = replace(%(column)s::text, %(former)s, %(new)s)%(cast)s "
                    "WHERE %(column)s::text LIKE %(pattern)s",
                    table=SQL.identifier(text_table),
                    column=SQL.identifier(column),
                    former=former,
                    new=new,
                    cast=SQL("::jsonb" if column == "arch_db" else ""),
                    pattern=f"%{former}%",
                )
            )
