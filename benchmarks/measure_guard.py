"""What the guard of ``models/guard/`` costs: the same queries with it and without it."""

import time
from contextlib import contextmanager
from functools import partial
from importlib import import_module

from databases import environment
from timing import in_turns

LIMIT = 1.02
# A search that makes some ten searches of its own, each of which passes the guard: 30 of 800 microseconds.
LIMIT_OF_MANY = 1.05
SECONDS = 40  # for each query; two in a hundred show only in many rounds
ROUNDS = (31, 2000)


def get_guard(registry):
    """:return: list of (class, name, method) of all that is the guard's"""
    # Python finds the addon as soon as Odoo has loaded a database.
    base = import_module("odoo.addons.contact_lifecycle.models.guard.base")
    guarded_fields = import_module("odoo.addons.contact_lifecycle.tools.guarded_fields")
    methods = [
        (cls, name, method)
        for cls in (base.Base, guarded_fields.SearchGuard)
        for name, method in vars(cls).items()
        if callable(method) and not name.startswith("__")
    ]
    return methods + [
        (cls, name, method)
        for cls in registry.values()
        for name, method in vars(cls).items()
        if hasattr(method, "is_search_guard")
    ]


@contextmanager
def without(methods):
    """Take methods away, so that Odoo's own run as if these had never been there."""
    for cls, name, _method in methods:
        delattr(cls, name)
    try:
        yield
    finally:
        for cls, name, method in methods:
            setattr(cls, name, method)


def measure(purpose, table):
    with environment(purpose) as env:
        user = env.ref("base.user_admin")
        Partner, Attachment = (env(user=user.id)[name] for name in ("res.partner", "ir.attachment"))
        no_guard = partial(without, get_guard(env.registry))
        for name, call in {
            "ordered search, one found": lambda: Partner.search(
                [("name", "=", "Contact 7")], order="name, id desc"
            ),
            "ordered search": lambda: Partner.search(
                [("email", "!=", False)], order="name, id desc", limit=80
            ),
            "ordered search, stage": lambda: Partner.search(
                [("lifecycle_stage_id", "!=", False)], order="date_last_stage_update desc", limit=80
            ),
            "grouped read": lambda: Partner.formatted_read_group(
                [("email", "!=", False)], ["country_id"], ["__count"]
            ),
            "grouped read, stage": lambda: Partner.formatted_read_group(
                [("email", "!=", False)], ["lifecycle_stage_id"], ["__count"]
            ),
            "search in a way of the model's own": lambda: Attachment.search(
                [("res_model", "=", "res.company"), ("name", "!=", False)], order="name, id desc", limit=80
            ),
        }.items():
            start = time.perf_counter()
            call()
            rounds = int(SECONDS / 2 / (time.perf_counter() - start))
            rounds = min(max(rounds, ROUNDS[0]), ROUNDS[1])
            ours, theirs = in_turns(rounds, call, call, theirs_within=no_guard)
            table.add(name, ours, "no guard", theirs, LIMIT_OF_MANY if "own" in name else LIMIT)
