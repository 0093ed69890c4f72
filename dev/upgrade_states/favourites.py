"""A favourite of the stage history finds what it found, also where it asks who made a row (H2)."""

import ast

LOG = "lifecycle.transition"


def search(env, favourite_id):
    favourite = env["ir.filters"].browse(favourite_id)
    context = ast.literal_eval(favourite.context)
    rows = env[LOG].search(ast.literal_eval(favourite.domain))
    return [len(rows), len(env[LOG]._read_group([("id", "in", rows.ids)], context["group_by"]))]


def make(env):
    favourite = env["ir.filters"].create(
        {
            "name": "Made by programs",
            "model_id": LOG,
            "domain": f"[('create_uid', '=', {env.uid}), ('write_date', '!=', False)]",
            "context": "{'group_by': ['write_uid', 'create_date:year']}",
        }
    )
    return {"favourite": favourite.id}


def check(env, made):
    count, groups = search(env, made["favourite"])
    assert count > 5, "there are hardly any moves"
    assert groups == 1, "they were made by one user in one year"
