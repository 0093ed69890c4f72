"""From where the stage of contacts can be reached, and by which names: found in the registry, so that the fields of the
next addon are found as well. The walks over them are in ``test_guard_walker.py``.
"""

from collections import deque
from contextlib import contextmanager

from odoo.exceptions import AccessError

from ..models.guard.base import MODULE
from ..models.guard.ir_model import DOORS
from ..tools.guarded_fields import SearchGuard

STAGE = "lifecycle_stage_id"
GROUP_CALLS = ("formatted_read_group by path", "web_read_group by path")


def readable_models(env):
    """:return: iterator over the models, empty recordsets, that the user may read"""
    for name in sorted(env.registry):
        model = env[name]
        if not model._abstract and model.has_access("read"):
            yield model


def get_relations(model):
    """:return: list of the fields that lead from ``model`` to others in criteria of its user, many2ones first"""
    relations = (
        field
        for field in model._fields.values()
        if field.relational
        and field.comodel_name in model.env
        and field._description_searchable
        and model._has_field_access(field, "read")
    )
    return sorted(relations, key=lambda field: (field.type != "many2one", field.name))


def get_ways(env, goal):
    """:return: dict name of a model -> the shortest path from there to ``goal``, a model, that ends in a dot"""
    arriving = {}
    for name in sorted(env.registry):
        if not env[name]._abstract:
            for field in get_relations(env[name]):
                arriving.setdefault(field.comodel_name, []).append((name, field.name))
    ways, queue = {goal: ""}, deque([goal])
    while queue:
        comodel = queue.popleft()
        for name, field_name in arriving.get(comodel, ()):
            if name not in ways:
                ways[name] = f"{field_name}.{ways[comodel]}"
                queue.append(name)
    return ways


def get_goals(env):
    """:return: names of the models that show the stage of contacts by a field of their own"""
    return sorted(
        {
            field.model_name
            for model in env.registry.values()
            for field in model._fields.values()
            if isinstance(field, SearchGuard)
            and field.name == STAGE
            and not field.inherited
            and not model._abstract
        }
    )


def get_paths(env):
    """:return: iterator of (model, path): to contacts by each field that leads there, to the other goals by the shortest"""
    goals = {goal: get_ways(env, goal) for goal in get_goals(env)}
    to_contacts = goals["res.partner"]
    for model in readable_models(env):
        for field in get_relations(model):
            if field.comodel_name in to_contacts:
                yield model, f"{field.name}.{to_contacts[field.comodel_name]}{STAGE}"
        for goal, ways in goals.items():
            # what a conversation shows is free in criteria on conversations
            if model._name in ways and not (goal == model._name == "discuss.channel"):
                yield model, ways[model._name] + STAGE


def get_calls(path, stage):
    """:return: dict name -> call with a model, of each way in which a caller searches by criteria"""
    *hops, field_name = path.split(".")
    condition = (field_name, "=", stage.id)
    nested = [condition]
    for hop in reversed(hops):
        nested = [(hop, "any", nested)]
    domain = [(path, "=", stage.id)]

    def relation_of(model):
        return get_relations(model)[0].name

    return {
        "search": lambda M: M.search(domain, limit=1),
        "search, any": lambda M: M.search(nested, limit=1),
        "search, not": lambda M: M.search(["!", *domain], limit=1),
        "search, name": lambda M: M.search([(f"{path}.name", "ilike", stage.name)], limit=1),
        "search_count": lambda M: M.search_count(domain),
        "search_fetch": lambda M: M.search_fetch(domain, ["id"], limit=1),
        "search_read": lambda M: M.search_read(domain, ["id"], limit=1),
        "name_search": lambda M: M.name_search("", domain, limit=1),
        "web_name_search": lambda M: M.web_name_search("", {"display_name": {}}, domain, limit=1),
        "web_search_read": lambda M: M.web_search_read(domain, {"id": {}}, limit=1),
        "formatted_read_group by path": lambda M: M.formatted_read_group([], [path], ["__count"]),
        "web_read_group by path": lambda M: M.web_read_group([], [path], ["__count"]),
        "formatted_read_group": lambda M: M.formatted_read_group(domain, [], ["__count"]),
        "formatted_read_grouping_sets": lambda M: M.formatted_read_grouping_sets(domain, [[]], ["__count"]),
        "web_read_group": lambda M: M.web_read_group(domain, [relation_of(M)], ["__count"]),
        "read_progress_bar": lambda M: M.read_progress_bar(
            domain, relation_of(M), {"field": relation_of(M), "colors": {}}
        ),
        "search_panel": lambda M: M.search_panel_select_range(
            relation_of(M), enable_counters=True, search_domain=domain
        ),
    }


def get_dependents(env):
    """:return: set of the fields that are computed or copied from what is guarded, or from the history"""
    sources = {
        field
        for model in env.registry.values()
        for field in model._fields.values()
        if isinstance(field, SearchGuard)
    }
    sources.update(env.registry["lifecycle.transition"]._fields.values())
    return sources.union(*(env.registry.get_dependent_fields(source) for source in sources))


def get_own_fields(env):
    """:return: set of the fields that this addon adds to any model, and of those of others that hold a stage"""
    return {
        field
        for model in env.registry.values()
        for field in model._fields.values()
        if MODULE in field._modules or (field.relational and field.comodel_name == "lifecycle.stage")
    }


def get_uses(field):
    """:return: dict name -> call with the field's model, of each way in which a caller may use it but for reading"""
    name = field.name
    return {
        "criterion": lambda M: M.search([(name, "!=", False)], limit=1),
        "order": lambda M: M.search([], order=f"{name} desc, id", limit=1),
        "group": lambda M: M.formatted_read_group([], [name], ["__count"]),
        "aggregate": lambda M: M.formatted_read_group([], [], [f"{name}:count_distinct"]),
        "progress bar": lambda M: M.read_progress_bar([], "create_uid", {"field": name, "colors": {}}),
        "search panel": lambda M: M.search_panel_select_range(name),
        "export": lambda M: M.browse().export_data(["id", name]),
    }


def is_refused(model, call):
    """:return: whether ``call`` with ``model`` ends in an AccessError, whatever else is wrong with it otherwise"""
    try:
        call(model)
    except AccessError:
        return True
    except Exception:  # noqa: BLE001 - not refused, whatever the reason
        return False
    return False


@contextmanager
def no_doors(registry):
    """Take away what checks a caller before the models' own methods."""
    taken = []
    for model_class in registry.values():
        for door in DOORS:
            method = vars(model_class).get(door)
            if hasattr(method, "is_search_guard"):
                taken.append((model_class, door, method))
                delattr(model_class, door)
    try:
        yield
    finally:
        for model_class, door, method in taken:
            setattr(model_class, door, method)
