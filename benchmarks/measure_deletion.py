"""A stage with a hundred thousand contacts in it is deleted, as the dialog and the scheduled action do.

What is measured happens in a process of its own, as its memory counts, and in a copy of the database, as it stays. It
stands beside bare SQL that moves as many at once, and so keeps everybody waiting who changes one of them.
"""

import threading
import time
from resource import RUSAGE_SELF, getrusage

from apart import apart
from bare_sql import BareMove
from databases import copy_of, environment_in

from odoo.sql_db import db_connect
from odoo.tools import SQL

DATABASES = ("middle",)
# seconds until the dialog is closed and until the last contact has moved; megabytes beyond what Odoo has before
LIMITS = {"dialog": (3, "s"), "last contact moved": (60, "s"), "memory": (300, "MB")}
LIMIT = 1.7  # of bare SQL
LEAST_STEPS = 10
CONTACTS = 100_000


def measure(purpose, table):
    with copy_of(purpose) as name:
        figures = apart(delete_stage, name)
    for name, (limit, unit) in LIMITS.items():
        table.add_value(f"deleting their stage: {name}", figures[name], unit, limit)
    with copy_of(purpose) as name:
        bare = apart(move_in_sql, name)
    table.add(
        "deleting their stage: last contact moved", figures["last contact moved"], "bare SQL", bare, LIMIT
    )
    if figures["steps"] < LEAST_STEPS:
        raise SystemExit(f"Only {figures['steps']} steps of progress were seen.")


def watch(name, stage_id, seen, done):
    """Collect what another user sees of the progress."""
    while not done.wait(1):
        with db_connect(name).cursor() as cr:
            cr.execute(SQL("SELECT count(*) FROM res_partner WHERE lifecycle_stage_id = %s", stage_id))
            seen.add(cr.fetchone()[0])


def prepare(name):
    """:return: ids of the stage that all contacts are in, and of the one they go to"""
    with environment_in(name) as env:
        stage, target = env["lifecycle.stage"].search([("is_lost", "=", False)], limit=2)
        env.cr.execute(
            SQL("UPDATE res_partner SET lifecycle_stage_id = %s WHERE name LIKE 'Contact %%'", stage.id)
        )
        env.cr.execute(
            SQL(
                "UPDATE ir_cron SET active = (id = %s)",
                env.ref("contact_lifecycle.ir_cron_delete_stages").id,
            )
        )
        env.cr.commit()
        count = (
            env["res.partner"]
            .with_context(active_test=False)
            .search_count([("lifecycle_stage_id", "=", stage.id)])
        )
        if count < CONTACTS:
            raise SystemExit(f"There are {count} contacts in the stage instead of {CONTACTS}.")
        return stage.id, target.id


def delete_stage(name):
    """:return: dict of what was measured in the database of that name"""
    stage_id, target_id = prepare(name)
    memory = getrusage(RUSAGE_SELF).ru_maxrss
    seen, done = set(), threading.Event()
    watcher = threading.Thread(target=watch, args=(name, stage_id, seen, done))
    watcher.start()
    start = time.perf_counter()
    with environment_in(name) as env:
        wizard = env(user=env.ref("base.user_admin").id)["lifecycle.stage.delete"].create(
            {"stage_id": stage_id, "reassign": True, "target_stage_id": target_id}
        )
        wizard.action_confirm()
        env.cr.commit()
        dialog = time.perf_counter() - start
        cron = env["ir.cron"]
        moved = note_before(env, "_delete_emptied")
    while is_left(name, stage_id):
        cron._process_jobs(name)
    total = moved[-1] - start
    done.set()
    watcher.join()
    return {
        "dialog": dialog,
        "last contact moved": total,
        "memory": (getrusage(RUSAGE_SELF).ru_maxrss - memory) / 1024,
        "steps": len(seen),
    }


def note_before(env, method):
    """:return: list of the moments at which a method of stages is called from now on"""
    moments, stages = [], env.registry["lifecycle.stage"]
    original = getattr(stages, method)

    def call(self):
        moments.append(time.perf_counter())
        return original(self)

    setattr(stages, method, call)
    return moments


def move_in_sql(name):
    """:return: seconds in which bare SQL moves the same contacts in the database of that name, and commits"""
    stage_id, target_id = prepare(name)
    with environment_in(name) as env:
        Partner = env(user=env.ref("base.user_admin").id)["res.partner"].with_context(active_test=False)
        partners = Partner.search([("lifecycle_stage_id", "=", stage_id)], order="id")
        move = BareMove(partners, env["lifecycle.stage"].browse(target_id))
        start = time.perf_counter()
        move()
        env.cr.commit()
        return time.perf_counter() - start


def is_left(name, stage_id):
    with environment_in(name) as env:
        return bool(env["lifecycle.stage"].browse(stage_id).exists())
