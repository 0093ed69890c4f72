"""What the guard of ``models/search_guard.py`` costs: the same queries with it and without it."""

import time
from contextlib import contextmanager
from importlib import import_module

from databases import environment
from timing import in_turns

LIMIT = 1.02
SECONDS = 40  # for each query; two in a hundred show only in many rounds
ROUNDS = (31, 2000)


@contextmanager
def no_guard():
    """Take the methods of the guard away, so that Odoo's own run as if it had never been there."""
    # Python finds the addon as soon as Odoo has loaded a database.
    search_guard = import_module("odoo.addons.contact_lifecycle.models.search_guard")
    taken = []
    for cls in (search_guard.Base, search_guard.SearchGuard):
        for name, method in list(vars(cls).items()):
            if callable(method) and not name.startswith("__"):
                taken.append((cls, name, method))
                delattr(cls, name)
    try:
        yield
    finally:
        for cls, name, method in taken:
            setattr(cls, name, method)


def measure(purpose, table):
    with environment(purpose) as env:
        user = env.ref("base.user_admin")
        Partner = env(user=user.id)["res.partner"]
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
        }.items():
            start = time.perf_counter()
            call()
            rounds = int(SECONDS / 2 / (time.perf_counter() - start))
            rounds = min(max(rounds, ROUNDS[0]), ROUNDS[1])
            ours, theirs = in_turns(rounds, call, call, theirs_within=no_guard)
            table.add(name, ours, "no guard", theirs, LIMIT)
