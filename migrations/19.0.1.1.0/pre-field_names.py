"""Rename two fields that are called by other words now, and name another one where three of the log are no more;
wherever users have named them.

It starts from a database with the former names, or with the new ones: a second run changes nothing.
"""

from odoo.tools import SQL, sql

# model, table, former name, new name
RENAMED = (
    ("calendar.event", "calendar_event", "lifecycle_held", "lifecycle_meeting_reported"),
    ("crm.lead", "crm_lead", "lifecycle_story", "lifecycle_summary"),
)
LOG, ITS_PATH = "lifecycle.transition", "lifecycle_transition_ids"
# field of the log that is no more -> the one that says the same
INSTEAD = {"create_uid": "user_id", "write_uid": "user_id", "write_date": "create_date"}
OF_MODEL = "model_id = (SELECT id FROM ir_model WHERE model = %s)"
# table -> (columns in which users, or Odoo in their name, have written the names of fields; which rows are about a model)
TEXTS = {
    "base_automation": (("filter_domain", "filter_pre_domain"), OF_MODEL),
    "ir_act_window": (("context", "domain"), "res_model = %s"),
    "ir_exports_line": (("name",), "export_id IN (SELECT id FROM ir_exports WHERE resource = %s)"),
    "ir_filters": (("context", "domain", "sort"), "model_id = %s"),
    "ir_rule": (("domain_force",), OF_MODEL),
    "ir_ui_view": (("arch_db",), "model = %s"),
}


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
        replace(cr, rf"\m{former}\M", new)
    for former, new in INSTEAD.items():
        # every model has fields of these names: those at the beginning of a path, in what is about the log
        replace(cr, rf"""(^|["']){former}\M""", rf"\1{new}", LOG)
        replace(cr, rf"\m({ITS_PATH}\.){former}\M", rf"\1{new}")


def replace(cr, pattern, new, model=None):
    """Replace what matches a pattern, in texts about one model or about any."""
    for table, (columns, of_model) in TEXTS.items():
        for column in columns:
            cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = regexp_replace(%(column)s::text, %(pattern)s, %(new)s, 'g')%(cast)s "
                    "WHERE %(column)s::text ~ %(pattern)s AND %(of_model)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    pattern=pattern,
                    new=new,
                    cast=SQL("::jsonb" if column == "arch_db" else ""),
                    of_model=SQL(of_model, model) if model else SQL("TRUE"),
                )
            )
