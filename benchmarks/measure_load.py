"""Files of contacts imported by ``load``, as Odoo's import does, some of them by several workers at once.

Contacts that are there and change their stage stand beside the same contacts changing a plain field; new contacts stand
beside the same file without the addon. Each call is committed, as requests are, so what is measured is in copies
of the databases.
"""

import time
from resource import RUSAGE_SELF, getrusage
from statistics import median

from apart import apart
from databases import copy_of, environment_in
from workers import Workers

from odoo.tools import SQL

DATABASES = ("small",)
BESIDE = ("without",)
CONTACTS = 5000
WORKERS = 4
BATCH = 250
ROUNDS = 3
NEW_ROUNDS = 2
NEW_CONTACTS = 20_000
NEW_BATCH = 2000  # what Odoo's import sends at a time
LIMITS = {"existing": 1.6, "new": 1.2, "memory": 1.1}
FIELDS = {"lifecycle_stage_id": "lifecycle.stage", "industry_id": "res.partner.industry"}


def measure(purpose, table):
    measure_existing(purpose, table)
    measure_new(purpose, table)


def measure_existing(purpose, table):
    with copy_of(purpose) as name, Workers(WORKERS) as workers:
        give_external_ids(name)

        def run(field, share, number):
            workers.run(load_existing, [(name, field, i * share, share, number) for i in range(WORKERS)])

        run("industry_id", BATCH, 0)
        times = {field: [] for field in FIELDS}
        for number in range(1, ROUNDS + 1):
            for field, results in times.items():
                start = time.perf_counter()
                run(field, CONTACTS // WORKERS, number)
                results.append(time.perf_counter() - start)
    ours, plain = (median(results) for results in times.values())
    what = f"{CONTACTS} rows by load change the stage, {WORKERS} workers"
    table.add(what, ours, "a plain field", plain, LIMITS["existing"])


def give_external_ids(name):
    with environment_in(name) as env:
        env.cr.execute(
            SQL(
                """
                INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
                     SELECT '__import__', 'bench' || row_number() OVER (ORDER BY id), 'res.partner', id, FALSE
                       FROM res_partner
                      WHERE name LIKE 'Contact %%' AND active
                """
            )
        )
        env.cr.commit()


def load_existing(name, field, start, count, number):
    """Change a field of some contacts, a batch after the other, each row to another value than the one before."""
    with environment_in(name) as env:
        Partner = importer(env)
        values = env[FIELDS[field]].search([], order="id", limit=3).mapped("name")
        for first in range(start, start + count, BATCH):
            rows = [
                [f"__import__.bench{row + 1}", values[(row + number) % len(values)]]
                for row in range(first, first + BATCH)
            ]
            load(Partner, ["id", field], rows)


def importer(env):
    user = env.ref("base.user_admin")
    return env(user=user.id, context={"import_file": True, "lang": "en_US", "tz": "UTC"})["res.partner"]


def load(Partner, fields, rows):
    result = Partner.load(fields, rows)
    if not result["ids"]:
        raise SystemExit(result["messages"])
    Partner.env.cr.commit()
    Partner.env.invalidate_all()


def measure_new(purpose, table):
    figures = {purpose: [], "without": []}
    for _round in range(NEW_ROUNDS):
        for each, results in figures.items():
            with copy_of(each) as name:
                results.append(apart(load_new, name, each == purpose))
    (ours, our_memory), (plain, plain_memory) = (
        [median(column) for column in zip(*results, strict=True)] for results in figures.values()
    )
    measured = f"{NEW_CONTACTS} new rows by load with a stage"
    table.add(measured, ours, "without the addon", plain, LIMITS["new"])
    times = our_memory / plain_memory
    table.add_value(f"{measured}, peak memory beside without", times, "times", LIMITS["memory"])


def load_new(name, is_ours):
    """:return: seconds, and megabytes at most, of the import of a file with a stage in one of its columns; without the
    addon with an industry
    """
    with environment_in(name) as env:
        Partner = importer(env)
        field, value = ("lifecycle_stage_id", "Hot Lead") if is_ours else ("industry_id", "Manufacturing")
        load(Partner, ["name", field], [["Warm", value]])
        start = time.perf_counter()
        for first in range(0, NEW_CONTACTS, NEW_BATCH):
            rows = [[f"New {i}", f"new{i}@example.com", value] for i in range(first, first + NEW_BATCH)]
            load(Partner, ["name", "email", field], rows)
        return time.perf_counter() - start, getrusage(RUSAGE_SELF).ru_maxrss / 1024
