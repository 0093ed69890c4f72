"""A hundred thousand contacts with half a million moves move in from a file, as the dialog and the scheduled action do.

They stand beside the bare SQL that writes the same rows with the same indexes, and beside Odoo's own ``create`` of the same
contacts without the addon, which has neither a history nor a line in the chatter. COUNT sets another number of contacts.
"""

import os
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from apart import apart
from databases import copy_of, environment_in

from odoo.tools import SQL

DATABASES = ("small",)
BESIDE = ("without",)
COUNT = int(os.environ.get("COUNT", "100000"))
STAGES = ("New Lead", "Hot Lead", "Payment", "Hot Lead", "Customer")
LIMIT = 3  # of bare SQL
MEMORY = 300  # MB beyond what Odoo has before
SECONDS = 0.004  # to read and try, of each contact with its moves
AT_ONCE = 1000
# all that is written, and what else has to be there for it; in the order in which they point to each other
WRITTEN = ("res_partner", "lifecycle_transition", "mail_message", "mail_tracking_value", "ir_model_data")
NEEDED = ("lifecycle_batch", "lifecycle_import", "lifecycle_import_row")
OUTCOME = ("match", "result", "state", "partner_id", "move_count", "is_contradicting", "candidate_ids")


def measure(purpose, table):
    with tempfile.TemporaryDirectory() as folder:
        with copy_of(purpose) as name:
            figures = apart(move_in, name, folder)
        with copy_of(purpose) as name:
            bare = apart(write_in_sql, name, folder)
    with copy_of("without") as name:
        plain = apart(create_only, name)
    what = f"{COUNT} contacts with {COUNT * len(STAGES)} moves"
    table.add(f"{what} moved in", figures["moved"], "bare SQL", bare, LIMIT)
    table.add(
        f"{what} moved in", figures["moved"], "create of the contacts alone, without the addon", plain, None
    )
    table.add(f"create of {COUNT} contacts alone, without the addon", plain, "bare SQL of all", bare, None)
    table.add_value(f"{what} read and tried", figures["read"], "s", COUNT * SECONDS)
    table.add_value(f"{what}: memory", figures["memory"], "MB", MEMORY)


def get_people():
    """:return: iterator of dicts of the values of contacts"""
    for number in range(COUNT):
        yield {
            "name": f"Somebody {number}",
            "email": f"somebody{number}@example.net",
            "phone": f"+4930{10_000_000 + number}",
        }


def make_file():
    lines = ["Id,Name,Email,Phone,Stage,Date"]
    for number, person in enumerate(get_people()):
        who = f"{number},{person['name']},{person['email']},{person['phone']}"
        lines += (
            f"{who},{stage},2025-{month:02}-{1 + number % 28:02} 10:00"
            for month, stage in enumerate(STAGES, 1)
        )
    return "\n".join(lines).encode()


def move_in(name, folder):
    """:return: dict of what was measured in the database of that name; the rows are in files of the folder then"""
    data = make_file()
    with environment_in(name) as env:
        before = {table: find_last_id(env, table) for table in (*WRITTEN, *NEEDED)}
        env = env(user=env.ref("base.user_admin").id)
        file = env["ir.attachment"].create(
            {"name": "people.csv", "raw": data, "res_model": "lifecycle.import"}
        )
        del data
        moving = env["lifecycle.import"].create(
            {"source": "file", "attachment_ids": file.ids, "tz": "UTC", "day_first": True}
        )
        env.cr.commit()
        memory = getrusage(RUSAGE_SELF).ru_maxrss
        read = run(moving, moving.action_read, "reading")
        if (moving.state, moving.new_count) != ("check", COUNT):
            raise SystemExit("Not every contact has been read.")
        moved = run(moving, moving.action_start, "running")
        if (moving.state, moving.failed_count, moving.move_count) != ("done", 0, COUNT * len(STAGES)):
            raise SystemExit("Not every contact has moved in.")
        memory = (getrusage(RUSAGE_SELF).ru_maxrss - memory) / 1024
        for table, last_id in before.items():
            copy(env, folder, table, f"COPY (SELECT * FROM {table} WHERE id > {last_id}) TO STDOUT", "w")
        return {"read": read, "moved": moved, "memory": memory}


def run(moving, action, state):
    """:return: seconds until it is done, with all that the scheduled action does of it"""
    start = time.perf_counter()
    action()
    moving.env.cr.commit()
    moving.invalidate_recordset()
    while moving.state == state:
        moving.env["lifecycle.import"].sudo()._cron_move_in()
        moving.env.cr.commit()
        moving.invalidate_recordset()
    return time.perf_counter() - start


def find_last_id(env, table):
    [[last_id]] = env.execute_query(SQL("SELECT coalesce(max(id), 0) FROM %s", SQL.identifier(table)))
    return last_id


def copy(env, folder, table, command, mode):
    with Path(folder, table).open(mode) as file:
        env.cr._obj.copy_expert(command, file)


def write_in_sql(name, folder):
    """:return: seconds in which bare SQL writes the same rows to the database of that name, and commits"""
    with environment_in(name) as env:
        for table in (*WRITTEN, *NEEDED):
            env.cr.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE FALSE")
            copy(env, folder, table, f"COPY kept_{table} FROM STDIN", "r")
            env.cr.execute(f"ANALYZE kept_{table}")
        # the rows as they were before they moved in
        env.cr.execute("CREATE TABLE outcome AS SELECT * FROM kept_lifecycle_import_row")
        env.cr.execute("UPDATE kept_lifecycle_import_row SET state = 'waiting', partner_id = NULL")
        env.cr.execute("ANALYZE outcome")
        for table in NEEDED:
            env.cr.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
        env.cr.commit()
        env.cr.execute("ANALYZE lifecycle_import_row")
        env.cr.execute("CHECKPOINT")
        start = time.perf_counter()
        for table in WRITTEN:
            env.cr.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
        changes = ", ".join(f"{name} = outcome.{name}" for name in OUTCOME)
        env.cr.execute(
            f"UPDATE lifecycle_import_row SET {changes} FROM outcome WHERE outcome.id = lifecycle_import_row.id"
        )
        env.cr.commit()
        return time.perf_counter() - start


def create_only(name):
    """:return: seconds in which Odoo makes the same contacts by ``create``, a thousand at a time, each of which commits"""
    with environment_in(name) as env:
        Partner = env(user=env.ref("base.user_admin").id)["res.partner"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        people = list(get_people())
        start = time.perf_counter()
        for place in range(0, COUNT, AT_ONCE):
            Partner.create(people[place : place + AT_ONCE])
            env.cr.commit()
        return time.perf_counter() - start
