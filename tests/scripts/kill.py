"""Run in a process of its own: a scheduled action that stops at a given moment and waits to be killed.

Arguments: the database, the scheduled action (``inactive``, ``leads``, ``undo``, ``move_in`` or ``deletion``), the number of the
commit at which to stop and ``before`` or ``after`` that commit, or ``amid`` what is done for it.
"""

import sys
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

BATCH_SIZE = 4
BATCHES_IN = (
    "rule.lifecycle_rule_inactivity",
    "rule.lifecycle_lead_request",
    "batch.lifecycle_stage",
    "batch.lifecycle_batch_undo",
    "batch.lifecycle_import_running",
)
OTHER_SIZES = {
    "batch.lifecycle_import_reading": "STORED_AT_ONCE",
    "batch.lifecycle_import_trial": "TRIED_AT_ONCE",
}


def run_action(env, action):
    if action == "inactive":
        env["lifecycle.rule"]._cron_run()
    elif action == "leads":
        env["lifecycle.lead.request"]._cron_make_leads()
    elif action == "undo":
        env["lifecycle.batch"]._cron_undo()
    elif action == "move_in":
        env["lifecycle.import"]._cron_move_in()
    else:
        env["lifecycle.stage"]._cron_delete_stages()


def run(database, action, number, moment):
    registry = Registry(database)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for name in BATCHES_IN:
            sys.modules[f"odoo.addons.contact_lifecycle.models.{name}"].BATCH_SIZE = BATCH_SIZE
        for name, size in OTHER_SIZES.items():
            setattr(sys.modules[f"odoo.addons.contact_lifecycle.models.{name}"], size, BATCH_SIZE)
        Cron, Partner = type(env["ir.cron"]), type(env["res.partner"])
        commit_progress, moved = Cron._commit_progress, Partner._lifecycle_moved
        write_history = Partner._lifecycle_write_history
        count = 0

        def wait_for_the_end():
            env.flush_all()  # what is done is in the database, uncommitted or committed
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            time.sleep(60)

        def stop_at(cron, *args, **kwargs):
            nonlocal count
            count += 1
            if count == number and moment == "before":
                wait_for_the_end()
            result = commit_progress(cron, *args, **kwargs)
            if count == number and moment == "after":
                wait_for_the_end()
            return result

        def stop_amid(partners, *args, **kwargs):
            if count + 1 == number and moment == "amid":
                wait_for_the_end()
            return moved(partners, *args, **kwargs)

        def stop_amid_history(partners, *args, **kwargs):
            result = write_history(partners, *args, **kwargs)
            if count + 1 == number and moment == "amid":
                wait_for_the_end()
            return result

        Cron._commit_progress = stop_at
        Partner._lifecycle_write_history = stop_amid_history
        Partner._lifecycle_moved = stop_amid
        run_action(env, action)


if __name__ == "__main__":
    config.parse_config(["--log-level=error"])
    run(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
