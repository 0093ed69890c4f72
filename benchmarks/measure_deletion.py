"""A stage with a hundred thousand contacts in it is deleted, as the dialog and the scheduled action do.

What is measured happens in a process of its own, as its memory counts, and in a copy of the database, as it stays.
"""

import json
import os
import subprocess
import sys
import threading
import time
from resource import RUSAGE_SELF, getrusage

from databases import copy_of, environment, name_of

from odoo.sql_db import db_connect
from odoo.tools import SQL, config

DATABASES = ("middle",)
# seconds until the dialog is closed and until the last contact has moved; megabytes beyond what Odoo has before
LIMITS = {"dialog": (3, "s"), "last contact moved": (60, "s"), "memory": (300, "MB")}
LEAST_STEPS = 10
CONTACTS = 100_000


def measure(purpose, table):
    with copy_of(purpose) as name:
        answer = subprocess.run(
            [sys.executable, __file__],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "BENCH_DELETION": name},
        )
    figures = json.loads(answer.stdout)
    for name, (limit, unit) in LIMITS.items():
        table.add_value(f"deleting their stage: {name}", figures[name], unit, limit)
    if figures["steps"] < LEAST_STEPS:
        raise SystemExit(f"Only {figures['steps']} steps of progress were seen.")


def watch(stage_id, seen, done):
    """Collect what another user sees of the progress."""
    while not done.wait(1):
        with db_connect(name_of("deletion")).cursor() as cr:
            cr.execute(SQL("SELECT count(*) FROM res_partner WHERE lifecycle_stage_id = %s", stage_id))
            seen.add(cr.fetchone()[0])


def prepare():
    """:return: ids of the stage that all contacts are in, and of the one they go to"""
    with environment("deletion") as env:
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


def main():
    config.parse_config(["--no-http", "--log-level", "warn"], setup_logging=True)
    stage_id, target_id = prepare()
    memory = getrusage(RUSAGE_SELF).ru_maxrss
    seen, done = set(), threading.Event()
    watcher = threading.Thread(target=watch, args=(stage_id, seen, done))
    watcher.start()
    start = time.perf_counter()
    with environment("deletion") as env:
        wizard = env(user=env.ref("base.user_admin").id)["lifecycle.stage.delete"].create(
            {"stage_id": stage_id, "reassign": True, "target_stage_id": target_id}
        )
        wizard.action_confirm()
        env.cr.commit()
        dialog = time.perf_counter() - start
        cron = env["ir.cron"]
    while is_left(stage_id):
        cron._process_jobs(name_of("deletion"))
    total = time.perf_counter() - start
    done.set()
    watcher.join()
    print(
        json.dumps(
            {
                "dialog": dialog,
                "last contact moved": total,
                "memory": (getrusage(RUSAGE_SELF).ru_maxrss - memory) / 1024,
                "steps": len(seen),
            }
        )
    )


def is_left(stage_id):
    with environment("deletion") as env:
        return bool(env["lifecycle.stage"].browse(stage_id).exists())


if __name__ == "__main__":
    main()
