"""Tell apart the stages that have one name in some language: 19.0.1.0.0 let them, and nobody could use the name (A12).

It starts from any names, and a second run changes nothing: of the stages that read alike the first keeps its name, the
others are called “Payment (2)”, “Payment (3)”.
"""

from itertools import count

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.contact_lifecycle.models.stage.lifecycle_stage_name import MAX_NAME_LENGTH, normalize_name


def migrate(cr, version):
    Stage = api.Environment(cr, SUPERUSER_ID, {})["lifecycle.stage"]
    for code in Stage._get_languages():
        tell_apart(Stage.with_context(lang=code).search([]), code)
    Stage.env.registry.clear_cache()


def tell_apart(stages, code):
    """:param stages: ``lifecycle.stage``, all there are, in the language with that code"""
    taken = set()
    for stage in stages:
        name = stage.name
        if not taken.isdisjoint(get_labels(stage, name)):
            name = find_free_name(stage, taken)
            # not by the ORM, which would refuse it for the doubles that are still to come
            stage.env.cr.execute(
                SQL(
                    "UPDATE lifecycle_stage SET name = jsonb_set(name, ARRAY[%s], to_jsonb(%s::text)) WHERE id = %s",
                    code,
                    name,
                    stage.id,
                )
            )
        taken |= get_labels(stage, name)
    stages.invalidate_model(["name", "display_name"])


def get_labels(stage, name):
    return {normalize_name(name), normalize_name(f"{stage.emoji or ''} {name}")}


def find_free_name(stage, taken):
    for number in count(2):
        suffix = f" ({number})"
        name = stage.name.strip()[: MAX_NAME_LENGTH - len(suffix)] + suffix
        if taken.isdisjoint(get_labels(stage, name)):
            return name
