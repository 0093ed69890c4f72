"""Every row with something of the addon in it is what it was, but for those that a migration changes on purpose."""

# Tables that belong to Odoo, or that are made anew at each upgrade.
TABLES_OF_ODOO = ("mail_message", "mail_tracking_value", "mail_followers")
# table.column -> why an upgrade writes it in any row
WRITTEN = {}
# table.column -> why it is no more
GONE = {"lifecycle_transition.create_uid": "who has moved the contact stands in another column"}
# table.column -> what the column is called now
RENAMED = {"calendar_event.lifecycle_held": "lifecycle_meeting_reported"}
CLOCKS = {"write_date", "write_uid"}


def get_columns(env):
    """:return: dict table -> list of columns, of all that the addon stores and what its records lead to"""
    columns = {}
    for model in env.values():
        if model._abstract or model._transient or not model._auto:
            continue
        own = model._name.startswith("lifecycle.")
        names = [
            field.name
            for field in model._fields.values()
            if field.store
            and field.column_type
            and (own or model._table in TABLES_OF_ODOO or "contact_lifecycle" in field._modules)
        ]
        if names:
            kept = {name for name in names if f"{model._table}.{name}" not in GONE}
            columns[model._table] = sorted({*kept, "id"} - CLOCKS)
    return columns


def read(env, table, columns, is_upgraded=False):
    """
    :param columns: their names in the last release
    :return: dict id -> dict of the values that are set, as JSON has them; no boolean is the same as False
    """
    names = ", ".join(
        f'"{RENAMED[column]}" AS "{name}"'
        if is_upgraded and (column := f"{table}.{name}") in RENAMED
        else f'"{name}"'
        for name in columns
    )
    env.cr.execute(f'SELECT id, to_jsonb(t) FROM (SELECT {names} FROM "{table}") t')
    return {
        str(row_id): {name: value for name, value in values.items() if value not in (None, False)}
        for row_id, values in env.cr.fetchall()
    }


def make(env):
    env.flush_all()
    columns = get_columns(env)
    return {
        "columns": columns,
        "rows": {table: read(env, table, columns[table]) for table in columns},
    }


def check(env, made):
    env.flush_all()
    assert len(made["rows"]["lifecycle_transition"]) > 20, "there are hardly any moves"
    for table, before in made["rows"].items():
        columns = [name for name in made["columns"][table] if f"{table}.{name}" not in WRITTEN]
        after = read(env, table, columns, is_upgraded=True)
        changes = {str(row_id) for row_id in made["all_changes"].get(table, ())}
        differ = [row for row_id, row in before.items() if row_id not in changes and after.get(row_id) != row]
        assert not differ, f"{table}: {len(differ)} rows are not what they were, such as {differ[0]}"
