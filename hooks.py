from odoo.tools import SQL

from .tools.domain_text import read_domain_paths, read_favourite_paths

ADDON = "contact_lifecycle"


def pre_init_hook(env):
    """Make the computed columns of conversations before the models load.

    Odoo computes a new stored field record by record; columns that are there already it leaves to
    ``post_init_hook``, which fills them in one statement each (decision 7).
    """
    env.cr.execute(
        SQL(
            """
            ALTER TABLE discuss_channel
                ADD COLUMN IF NOT EXISTS lifecycle_status varchar,
                ADD COLUMN IF NOT EXISTS lifecycle_is_unassigned boolean
            """
        )
    )


def post_init_hook(env):
    """Fill in contact, status and assignment of the live chats that were there before the addon.

    Contacts are not touched at all: they stay without a stage until the owner applies the default one.
    """
    env["discuss.channel"]._lifecycle_take_in()


def uninstall_hook(env):
    """Take away what Odoo would leave behind, and what would fail without the fields of the addon.

    The chatter of contacts and the leads that rules made stay: they are the people's.
    """
    _delete_favourites(env)
    _switch_off_automations(env)
    env["ir.exports.line"].search([("name", "like", "lifecycle_")]).unlink()
    env["ir.config_parameter"].search([("key", "=like", "contact_lifecycle.%")]).unlink()
    env["ir.attachment"].search([("res_model", "=", "lifecycle.import")]).unlink()
    # Odoo knows the foreign keys of an addon, and what others' mixins have to do with its models, but forgets them.
    env["ir.model.constraint"].search([("module.name", "=", ADDON), ("type", "=", "f")]).unlink()
    env["ir.model.data"].search(
        [("name", "=like", "model_inherit__lifecycle_%"), ("module", "!=", ADDON)]
    ).unlink()


def _delete_favourites(env):
    """Delete the favourites that name a field of the addon: the page that opens with one would fail."""
    own_fields = _get_own_fields(env)

    def is_to_delete(favourite):
        model = env.get(favourite.model_id)
        texts = favourite.domain, favourite.context, favourite.sort
        return model is not None and (
            model._original_module == ADDON or _leads_to(own_fields, model, read_favourite_paths, *texts)
        )

    env["ir.filters"].with_context(active_test=False).search([]).filtered(is_to_delete).unlink()


def _switch_off_automations(env):
    """Switch off the automations that name a field of the addon: each would fail."""
    own_fields = _get_own_fields(env)

    def fails_without(automation):
        model = env[automation.model_name]
        texts = automation.filter_domain, automation.filter_pre_domain
        return ADDON in (automation.trg_date_id.modules or "") or any(
            _leads_to(own_fields, model, read_domain_paths, text) for text in texts if text
        )

    env["base.automation"].search([]).filtered(fails_without).action_archive()


def _get_own_fields(env):
    """:return: set of (model, field): those that are gone without the addon, which another one may not know"""
    is_field = [("model", "=", "ir.model.fields")]
    own = env["ir.model.data"].search([*is_field, ("module", "=", ADDON)]).mapped("res_id")
    shared = env["ir.model.data"].search([*is_field, ("module", "!=", ADDON), ("res_id", "in", own)])
    fields = env["ir.model.fields"].browse(set(own) - set(shared.mapped("res_id")))
    return {(field.model, field.name) for field in fields}


def _leads_to(fields, model, read_paths, *texts):
    """:return: whether one of the paths in these texts leads from the model to one of the fields; what cannot be read
    leads nowhere
    """
    try:
        return any(not fields.isdisjoint(_follow(model, path)) for path in read_paths(*texts))
    except ValueError:
        return False


def _follow(model, path):
    """:return: iterator of the (model, field) that a path leads through"""
    while path and model is not None:
        name, _dot, path = path.partition(".")
        yield model._name, name
        field = model._fields.get(name)
        if name != "id":
            model = model.env[field.comodel_name] if field and field.relational else None
