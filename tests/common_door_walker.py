"""What ``test_door_walker.py`` tries, found by looking at the code, so that what is new is covered."""

import inspect

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tools import SQL, mute_logger

from .common_bad_input import KEYWORDS, MODULE, find_context_keys, is_ours

REFUSALS = (AccessError, MissingError, UserError, ValueError)
LONG_AGO = "2001-01-01 00:00:00"
# what write and create of contacts and conversations keep besides the log
KEPT = {
    "res_partner": (
        "lifecycle_stage_id",
        "lifecycle_locked",
        "lifecycle_locked_by_id",
        "lifecycle_locked_date IS NOT NULL",
        "date_last_stage_update > now() - interval '1 hour'",
    ),
    "discuss_channel": (
        "lifecycle_stage_id",
        "lifecycle_partner_id",
        "lifecycle_snoozed_until",
        "lifecycle_status",
    ),
}


def find_our_fields(env):
    """:return: dict name -> field of the fields that the addon brings, on models of its own and on others"""
    return {
        name: field
        for model in sorted(env.registry)
        for name, field in env.registry[model]._fields.items()
        if set(field._modules) == {MODULE}
    }


def forge(env, field, record=None):
    """:return: a value for a field that nobody has given it, or None where there is none"""
    if field.type in ("many2one", "one2many", "many2many"):
        found = env[field.comodel_name].sudo().with_context(active_test=False).search([], limit=1, order="id")
        if field.type == "many2one":
            return found.id or None
        return [Command.set(found.ids)] if field.type == "many2many" and found else None
    if field.type == "selection":
        return field.get_values(env)[-1]
    by_type = {
        "boolean": not record[field.name] if record else True,
        "char": "Forged",
        "text": "Forged",
        "html": "Forged",
        "integer": 7,
        "float": 7.0,
        "date": LONG_AGO[:10],
        "datetime": LONG_AGO,
    }
    return by_type.get(field.type)


def forge_context(env, rule):
    """:return: dict of all that the addon could read from the context, and of defaults for all its fields"""
    context = {
        f"default_{name}": value
        for name, field in find_our_fields(env).items()
        if (value := forge(env, field)) is not None
    }
    context |= {
        key: {"1": 1} if key.endswith("s") or key.startswith("__") else 1
        for key in find_context_keys()
        if key not in ("active_id", "active_ids", "lang", "tz") and key not in context
    }
    context |= {
        "__action_done": {"1": [1]},
        "lifecycle_source": "rule",
        "lifecycle_date": LONG_AGO,
        "lifecycle_rule_id": rule.id,
        "lifecycle_import": {"source": "merge"},
        "lifecycle_new_conversation": True,
        "lifecycle_bookkeeping": True,
    }
    return context


class Call:
    """A call of a public method, by one role."""

    def __init__(self, model, name, args, kwargs=None):
        self.model, self.name, self.args, self.kwargs = model, name, args, kwargs or {}
        self.label = f"{model}.{name}"

    def run(self, env, context):
        """:return: whether it was not refused"""
        muted = mute_logger("odoo.addons.base.models.ir_model", "odoo.models", "odoo.sql_db")
        try:
            with muted, env.cr.savepoint():
                call_kw(
                    env[self.model], self.name, list(self.args), {**self.kwargs, "context": dict(context)}
                )
                env.flush_all()
                env.cr.precommit.run()
        except Exception:  # noqa: BLE001 - what may go wrong, and how, test_bad_calls.py judges
            env.cr.precommit.clear()
            return False
        return True


def find_calls(env, methods, values, records):
    """:param methods: see ``bad_input.find_methods``
    :param dict values: name of a parameter -> what may be meant by it
    :param dict records: model -> recordset to call it on
    :return: list of ``Call``, each method of ours with arguments that are likely to do something
    """
    calls = []
    for model, name, _is_new in methods:
        cls = env.registry[model]
        method = next(
            (vars(base)[name] for base in cls.mro() if is_ours(base) and name in vars(base)),
            getattr(cls, name),
        )
        args, kwargs = [], {key: values[key] for key in KEYWORDS.get(name, ()) if key in values}
        if not getattr(getattr(cls, name), "_api_model", False):
            args.append(records[model].ids if model in records else [])
        for parameter in list(inspect.signature(method).parameters.values())[1:]:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            value = values.get(f"{model}.{parameter.name}", values.get(parameter.name))
            if parameter.kind is parameter.KEYWORD_ONLY:
                kwargs[parameter.name] = value
            else:
                args.append(value)
        calls.append(Call(model, name, args, kwargs))
    return calls


def read_log(env, last_ids):
    """:param dict last_ids: table -> the highest id there was before; what is new has none that could be compared
    :return: sorted list of what was logged since, and of what is kept of contacts and conversations
    """

    def named(table, column):
        return SQL(
            "CASE WHEN %(id)s > %(last)s THEN 'new' ELSE %(id)s::text END",
            id=SQL(column),
            last=last_ids[table],
        )

    rows = env.execute_query(
        SQL(
            """
            SELECT 'log', %s, %s, from_stage_id, to_stage_id, from_stage_name, to_stage_name, user_id, source, rule_id,
                   rule_name, round(days_in_stage::numeric, 1), date > now() - interval '1 hour' AND date < now() + interval '1 hour'
              FROM lifecycle_transition
             WHERE id > %s
            """,
            named("res_partner", "partner_id"),
            named("discuss_channel", "channel_id"),
            last_ids["lifecycle_transition"],
        )
    )
    for table, columns in KEPT.items():
        rows += env.execute_query(
            SQL(
                "SELECT %s, %s, %s FROM %s",
                table,
                named(table, "id"),
                SQL(", ").join(map(SQL, columns)),
                SQL.identifier(table),
            )
        )
    return sorted(map(repr, rows))


def read_last_ids(env):
    return {
        table: env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(table)))[0][0]
        for table in ("lifecycle_transition", *KEPT)
    }


def find_own_rows(env):
    """:return: list of the models that private code alone writes"""
    mixin = env.registry["lifecycle.own.rows.mixin"]
    return [
        model for model, cls in sorted(env.registry.items()) if not cls._abstract and issubclass(cls, mixin)
    ]


def find_protected(env):
    """:return: list of (model, name) of the stored fields that only the addon writes, of models that others write, too"""
    own_rows = find_own_rows(env)
    return [
        (model, name)
        for model, cls in sorted(env.registry.items())
        if not cls._abstract and hasattr(cls, "_lifecycle_protected_fields") and model not in own_rows
        for name in sorted(env[model]._lifecycle_protected_fields())
        if cls._fields[name].store and cls._fields[name].column_type
    ]


def find_readonly(env):
    """:return: list of (model, name) of our stored fields that are shown readonly, so nobody is meant to write them"""
    return [
        (model, name)
        for model, cls in sorted(env.registry.items())
        if not cls._abstract and not cls._transient and cls._auto
        for name, field in cls._fields.items()
        if field.store
        and field.column_type
        and field.readonly
        and (set(field._modules) == {MODULE} or model.startswith("lifecycle."))
        and name not in ("id", "create_uid", "create_date", "write_uid", "write_date")
    ]
