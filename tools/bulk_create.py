"""Bulk creation: the ORM makes the first record, SQL copies its row (decision 2).

The first record has the defaults, computed fields and checks of every addon that is installed; the others are
copies of its row in the database, made by one query, with values of their own in some columns. That is five to ten times as fast, and what is stored is the same.

It holds as long as ``create()`` stores for a record what the copy of another one's row has as well, or the ORM computes
from it. Odoo's own addons do no more; where another addon or an automation rule has a part in ``create()``, by a method, a
default, or a check, every record is made by it.
"""

from collections import defaultdict
from functools import lru_cache, partial
from itertools import repeat
from types import FunctionType

from psycopg2.extras import Json

from odoo import models
from odoo.tools import SQL

OURS_AND_ODOOS = ("contact_lifecycle", "mail")


def code_of(modules):
    """:return: tuple of what the names of the Python modules of these addons begin with"""
    return tuple(f"odoo.addons.{module}." for module in modules)


CODE_OF_OURS_AND_ODOOS = code_of(OURS_AND_ODOOS)
PARTS_OF_CREATE = (
    "create",
    "_add_missing_default_values",
    "_create",
    "_prepare_create_values",
    "_validate_fields",
    "default_get",
    "init",
)
# types of fields whose values in the cache are those in the column
KEPT = ("boolean", "char", "date", "datetime", "float", "integer", "many2one", "selection", "text")


def is_as_shipped(model, *method_names, code=CODE_OF_OURS_AND_ODOOS):
    """
    :param tuple code: what the names of the modules begin with, in which they may be defined
    :return: whether only Odoo's ORM, its mail addon and this addon define these methods of ``model``; an automation
        rule defines one on the class that the registry builds
    """
    own_class, *classes = type(model).__mro__
    is_automated = any(name in vars(own_class) for name in method_names)
    return not is_automated and are_as_shipped(tuple(classes), method_names, code)


@lru_cache
def are_as_shipped(classes, method_names, code):
    """The same for classes that stay as they are, while automation rules come and go."""
    return not any(
        name in vars(cls) and cls is not models.BaseModel and not cls.__module__.startswith(code)
        for cls in classes
        for name in method_names
    )


def is_extended(model, code):
    """
    :param tuple code: what the names of the modules begin with that are known
    :return: whether another addon extends a method of ``model`` that one of these, or the ORM, defines
    """
    return _is_extended(type(model).__mro__[1:], code)


@lru_cache
def _is_extended(classes, code):
    methods = {True: set(), False: set()}
    for cls in classes:
        is_known = cls.__module__.startswith(("builtins", "odoo.orm.", *code))
        methods[is_known].update(
            name for name, value in vars(cls).items() if isinstance(value, FunctionType | property)
        )
    return not methods[True].isdisjoint(methods[False])


def makes_all_alike(model):
    """:return: whether ``create()`` of ``model`` does the same for each record, so that rows may be copied instead"""
    return not (model._check_company_auto or model._constraint_methods) and stores_all_alike(model)


def stores_all_alike(model, modules=OURS_AND_ODOOS):
    """
    :param tuple modules: names of the addons that are known to do so
    :return: whether ``create()`` stores the same for each record, whatever it checks
    """
    return not (
        any(
            isinstance(table_object, models.Constraint | models.UniqueIndex)
            and table_object._module not in modules
            for table_object in model._table_objects.values()
        )
        or any(_is_each_its_own(field, model.pool, modules) for field in model._fields.values())
    ) and is_as_shipped(model, *PARTS_OF_CREATE, code=code_of(modules))


def _is_each_its_own(field, registry, modules):
    """:return: whether ``create()`` may store of ``field`` what is not in the row, or not the same in each"""
    if not field.manual and set(field._modules).issubset(modules):
        return False
    if field.default is not None and (field.inverse or not (field.store and field.column_type)):
        return True
    # the ORM wraps a constant in a function of its own
    has_function = field.default is not None and not field.default.__module__.startswith("odoo.orm.")
    return has_function or bool(field.compute and field.store and not registry.field_depends[field])


def create_from_first(model, alike, own):
    """Create records as ``create()`` would, by column.

    :param dict alike: name of a field -> the value that all of them have
    :param dict own: name of a field -> list of their values; of one that is stored in a column
    :return: the new records, in the order of the lists
    """
    vals_list = ({**alike, **dict(zip(own, row, strict=True))} for row in zip(*own.values(), strict=True))
    if len(next(iter(own.values()))) > 1 and not makes_all_alike(model):
        return model.create(list(vals_list))
    first = model.create([next(vals_list)])
    differing = {name: values for name, values in own.items() if values.count(values[0]) < len(values)} or own
    return first + copy_row(first, {name: values[1:] for name, values in differing.items()})


def write_at_once(records, vals_list):
    """Do what ``_write_multi`` does, in one query for all that get the same columns, where the ORM writes a hundred at a time.

    :param list vals_list: for each record a dict of values as ``_write_multi`` has them
    :return: whether it is done: not where a column has a value for each language or company, or of a file
    """
    groups = defaultdict(dict)
    for id_, vals in zip(records._ids, vals_list, strict=True):
        groups[tuple(vals)][id_] = vals
    fields = {records._fields[name] for names in groups for name in names}
    if any(field.translate or field.company_dependent or field.type == "binary" for field in fields):
        return False
    for names, rows in groups.items():
        own = {name: [vals[name] for vals in rows.values()] for name in names}
        if records._log_access:
            own = {"write_uid": [records.env.uid], "write_date": [records.env.cr.now()], **own}
        _update(records, list(rows), own)
    return True


def _update(records, ids, own):
    """Write columns of the rows of these ids, those with one value for all as such.

    :param dict own: name of a column -> list of its values
    """
    alike = {name: values[0] for name, values in own.items() if values.count(values[0]) == len(values)}
    own = {"id": ids, **{name: values for name, values in own.items() if name not in alike}}
    values = {name: SQL("own.%s", SQL.identifier(name)) for name in own if name != "id"} | alike
    records.env.execute_query(
        SQL(
            "UPDATE %(table)s SET %(values)s FROM unnest(%(arrays)s) AS own(%(names)s) WHERE %(table)s.id = own.id",
            table=SQL.identifier(records._table),
            values=SQL(", ").join(
                SQL("%s = %s::%s", SQL.identifier(name), value, SQL(records._fields[name].column_type[1]))  # pylint: disable=sql-injection
                for name, value in values.items()
            ),
            arrays=_write_arrays(records, own, lambda field, value: value),
            names=SQL(", ").join(map(SQL.identifier, own)),
        )
    )


def copy_row(record, own, given=(), early=()):
    """Add copies of the row of ``record``, made in this transaction, in one query.

    :param dict own: name of a field -> list of the values that the copies have instead, for each in its turn
    :param given: names of other fields whose values were given, too: they are not computed
    :param early: stored fields, see ``is_kept``, that may be computed before the rows are there, from what is cached
        of them: else they are written to the rows afterwards, which takes longer than to add them
    :return: the new records, in the order of the lists
    """
    record.ensure_one()
    if not any(own.values()):
        return record.browse()
    record.flush_recordset()
    if not early:
        copies = record.browse(_insert_copies(record, own))
        _tell_orm(record, copies, own, given)
        return copies
    copies = record.browse(_reserve_ids(record, len(next(iter(own.values())))))
    _tell_orm(record, copies, own, given)
    _insert_copies(record, {"id": copies.ids, **own, **_compute_early(copies, early)})
    return copies


def _reserve_ids(record, count):
    sequence = SQL("pg_get_serial_sequence(%s, 'id')", record._table)
    rows = record.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count))
    return [id_ for (id_,) in rows]


def _insert_copies(record, own):
    """:return: list of the ids of the new rows"""
    fields = [record._fields[name] for name in own]
    names = [SQL.identifier(field.name) for field in fields]
    columns = [
        SQL.identifier(field.name)
        for field in record._fields.values()
        if field.store and field.column_type and field.name != "id" and field not in fields
    ]
    rows = record.env.execute_query(
        SQL(
            """
            INSERT INTO %(table)s (%(names)s, %(columns)s)
                 SELECT %(own)s, %(copied)s
                   FROM %(table)s original
             CROSS JOIN unnest(%(arrays)s) WITH ORDINALITY AS own(%(names)s, number)
                  WHERE original.id = %(id)s
               ORDER BY own.number
              RETURNING id
            """,
            table=SQL.identifier(record._table),
            names=SQL(", ").join(names),
            columns=SQL(", ").join(columns),
            own=SQL(", ").join(SQL("own.%s", name) for name in names),
            copied=SQL(", ").join(SQL("original.%s", column) for column in columns),
            arrays=_write_arrays(
                record, own, lambda field, value: field.convert_to_column_insert(value, record)
            ),
            id=record.id,
        )
    )
    return [id_ for (id_,) in rows]


def _tell_orm(record, copies, own, given):
    """Tell the rest of the ORM what ``create()`` tells it."""
    fields = [record._fields[name] for name in own]
    _keep_in_cache(record, copies, fields, own)
    for field in fields:
        for inverse in record.pool.field_inverses[field]:
            inverse._invalidate_cache(record.env, set(own[field.name]))
    given = {
        computed
        for field in (record._fields[name] for name in {*own, *given})
        if field.compute and (not field.readonly or field.precompute)
        for computed in record.pool.field_computed.get(field, [field])
    }
    with record.env.protecting(given, copies):
        copies.modified(record._fields, create=True)


def _compute_early(copies, fields):
    """:return: dict name of a field -> list of what has been computed for the copies, which need not be written any more"""
    ids = set(copies._ids)
    waiting = [field for field in fields if ids.issubset(copies.env.records_to_compute(field)._ids)]
    for field in sorted(
        waiting, key=lambda field: not field.recursive
    ):  # the ORM computes it record by record
        if rest := copies & copies.env.records_to_compute(field):
            field.compute_value(rest)
    computed = {}
    for field in waiting:
        cache = field._get_cache(copies.env)
        computed[field.name] = [cache[id_] for id_ in copies._ids]
        copies.env._field_dirty[field].difference_update(copies._ids)
    return computed


def is_kept(field):
    """:return: whether what is in the cache of a stored field is what is in its column"""
    return field.store and field.type in KEPT and not (field.translate or field.company_dependent)


def _convert(field, values, convert):
    """:return: list of what the values become, each different one once: few stages are in many rows"""
    if field.type != "json":
        convert = lru_cache(maxsize=None, typed=True)(convert)
    return list(map(convert, values))


def _write_arrays(records, own, convert):
    """Texts of arrays, which the database reads in a third of the time that it takes to read each value in the query.

    :param dict own: name of a field -> list of values
    :param convert: function of a field and a value that returns what is in the column
    :return: ``SQL``
    """

    def write(field, value):
        column = convert(field, value)
        if column is None:
            return "NULL"
        text = column.dumps(column.adapted) if isinstance(column, Json) else str(column)
        return '"{}"'.format(text.replace("\\", r"\\").replace('"', r"\""))

    return SQL(", ").join(
        SQL(
            "%s::%s[]",
            "{{{}}}".format(",".join(_convert(field, values, partial(write, field)))),
            SQL(field.column_type[0]),  # pylint: disable=sql-injection
        )
        for field, values in ((records._fields[name], values) for name, values in own.items())
    )


def _keep_in_cache(record, copies, fields, own):
    """Remember of the copies what is known, or the ORM reads all of each to find out what depends on it."""
    for field in fields:
        values = _convert(field, own[field.name], partial(field.convert_to_cache, record=copies))
        field._insert_cache(copies, values)
    for field in record._fields.values():
        if field.store and not field.column_type and field.type in ("one2many", "many2many"):
            field._insert_cache(copies, repeat(()))
        elif is_kept(field) and field.name != "id" and field not in fields and field.name in record._cache:
            field._insert_cache(copies, repeat(record._cache[field.name]))
