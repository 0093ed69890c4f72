"""What ``test_bad_calls.py`` calls, and with what: found by looking at the code, so that what is new is covered."""

import inspect
import re
from pathlib import Path

from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method

MODULE = "contact_lifecycle"
FOLDER = Path(__file__).resolve().parent.parent
MISSING_ID = 2147483647
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"

INTEGERS = (0, 1, -1, MISSING_ID, MISSING_ID + 1, 2**63, -(2**63) - 1, 10**30)
FLOATS = (0.0, -0.5, 1e308, float("inf"), float("nan"))
TEXTS = (
    "",
    " ",
    "0",
    "-1",
    MARKUP,
    "%s%(x)s{0}",
    "'; DROP TABLE lifecycle_stage; --",
    "nul\x00",
    "half \ud800",
    "🔥",
    "x" * 100000,
    "__class__",
    "/stage",
    "[('id', '=', 1)]",
)
DATES = (
    "2026-01-01",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "2030-01-31 09:00:00",
    "2026-01-01T00:00:00Z",
)
DOMAINS = (
    [["id", "!=", False]],
    ["&"],
    [["nothing", "=", 1]],
    [["id", "=", "x"]],
    [["name", "any", 1]],
    [[]],
)
# of the methods that take any keyword
KEYWORDS = {
    "execute_command_stage": ("body",),
    "message_post": ("body", "message_type"),
    "search_panel_select_range": ("search_domain", "category_domain", "filter_domain"),
}


def is_ours(cls):
    """:return: whether the addon defines this class, but for what it adds to every model there is"""
    return cls.__module__.startswith(f"odoo.addons.{MODULE}.") and "base" not in vars(cls).get("_inherit", ())


def find_methods(env):
    """:return: list of (model, name, whether the addon brought it), the methods that can be called from outside:
    what the addon defines on any model, and whatever its own models have
    """
    found = []
    for model in sorted(env.registry):
        cls = env.registry[model]
        own = {name for base in cls.mro() if is_ours(base) for name in vars(base)}
        others = {name for base in cls.mro() if not is_ours(base) and base is not cls for name in vars(base)}
        for name in sorted(set(dir(cls)) if model.startswith("lifecycle.") else own):
            if name in cls._fields or not inspect.isroutine(getattr(cls, name, None)):
                continue
            try:
                get_public_method(env[model], name)
            except AccessError:
                continue
            found.append((model, name, name in own and name not in others))
    return found


def find_parameters(cls, name):
    """:return: list of the parameters of a method of a model, without those that take any others: as our own definition
    has them where there is one, as Odoo's automations hide it behind one of no parameters
    """
    method = next(
        (vars(base)[name] for base in cls.mro() if is_ours(base) and name in vars(base)), getattr(cls, name)
    )
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def find_routes():
    """:return: the sources in which the addon serves a path: one that extends a path of Odoo's names none"""
    sources = (path.read_text() for path in FOLDER.rglob("*.py") if "tests" not in path.parts)
    return [
        source for source in sources if re.search(r"@(http\.)?route\(\s*(\[|[\"'])|http\.Controller", source)
    ]


def find_context_keys():
    """:return: what the addon reads from the context, which whoever calls may fill"""
    keys = {"active_id", "active_ids", "default_lifecycle_stage_id", "default_stage_id"}
    for path in FOLDER.rglob("*.py"):
        if "tests" not in path.relative_to(FOLDER).parts:
            keys.update(re.findall(r"context\.get\(\s*[\"'](\w+)[\"']", path.read_text()))
    return sorted(keys)


def garbage():
    """:return: strategy of anything that can be said in JSON, and somewhat more"""
    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from(INTEGERS),
        st.sampled_from(FLOATS),
        st.sampled_from(TEXTS),
        st.sampled_from(DATES),
        st.text(max_size=20),
    )
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(TEXTS[:10]), inner, max_size=2)
        ),
        max_leaves=5,
    )


class Arguments:
    """Strategies of the arguments of a method."""

    def __init__(self, env, ids, words):
        self.env, self.ids = env, ids
        self.words = st.sampled_from(words)
        self.context_keys = find_context_keys()
        self.any_id = st.sampled_from(sorted({id_ for found in ids.values() for id_ in found}))

    def value(self):
        """:return: strategy of what may be meant, or not at all"""
        return st.one_of(garbage(), self.any_id, self.words, st.sampled_from(DATES), st.sampled_from(DOMAINS))

    def values(self, model):
        names = [
            name
            for name, field in self.env[model]._fields.items()
            if model.startswith("lifecycle.") or MODULE in field._modules
        ]
        return st.dictionaries(st.sampled_from(names or ["name"]), self.value(), max_size=3)

    def records(self, model):
        found = self.ids.get(model) or [MISSING_ID]
        return st.sampled_from(
            [found[:1], found[:1], found[:1], found[-1:], found, [], [MISSING_ID], [*found, MISSING_ID], [-1]]
        )

    def context(self):
        return st.dictionaries(st.sampled_from(self.context_keys), self.value(), max_size=2)

    def argument(self, model, name):
        if name in ("vals_list", "values_list"):
            return st.one_of(st.lists(self.values(model), max_size=2), self.values(model))
        if name.startswith("val") or name == "default":
            return self.values(model)
        if name.endswith("_id"):
            return st.one_of(self.any_id, garbage())
        if name.startswith("date") or name == "until":
            return st.one_of(st.sampled_from(DATES), garbage())
        if name.startswith("domain") or name.endswith("domain"):
            return st.one_of(st.sampled_from(DOMAINS), garbage())
        return self.value()

    def call(self, model, name):
        """:return: strategy of (args, kwargs) as ``call_kw`` takes them"""
        cls = type(self.env[model])
        method = getattr(cls, name)
        args, kwargs = [], {"context": self.context()}
        if not getattr(method, "_api_model", False):
            args.append(self.records(model))
        kwargs.update((key, self.argument(model, key)) for key in KEYWORDS.get(name, ()))
        for parameter in find_parameters(cls, name):
            if parameter.kind is parameter.KEYWORD_ONLY:
                if parameter.default is parameter.empty:
                    kwargs[parameter.name] = self.argument(model, parameter.name)
            else:
                args.append(self.argument(model, parameter.name))
        return st.tuples(st.tuples(*args).map(list), st.fixed_dictionaries(kwargs))
