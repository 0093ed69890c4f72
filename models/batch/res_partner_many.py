from copy import deepcopy

from odoo import Command, api, models

from ...tools.bulk_create import (
    OURS_AND_ODOOS,
    code_of,
    copy_row,
    is_as_shipped,
    is_extended,
    is_kept,
    stores_all_alike,
)
from ...tools.move import GoingOn, is_silent

# what these store is the same for each contact that one user makes in one transaction, or is computed from it
ALIKE = (
    *OURS_AND_ODOOS,
    "auth_signup",
    "base",
    "calendar",
    "crm",
    "im_livechat",
    "phone_validation",
    "portal",
    "rating",
    "sms",
)
# what else of Odoo's has to do with contacts, and no part in what is computed of them
KNOWN = (
    *ALIKE,
    "base_import",
    "bus",
    "contacts",
    "html_editor",
    "partner_autocomplete",
    "privacy_lookup",
    "snailmail",
    "web",
)


class DefaultsOnce(GoingOn):
    """The defaults of the contacts that one ``create`` makes, found out once.

    They are those of one user, company and context: what an addon makes meanwhile with others has its own.
    """

    def __init__(self, records):
        self.env = records.env
        # without it, there are no default values of properties; ``create`` gives it itself
        name = "properties_base_definition_id"
        definition = records.env["properties.base.definition"]
        definition_id = definition._get_definition_id_for_property_field(records._name, "properties")
        self.values = records._add_missing_default_values({name: definition_id})
        del self.values[name]

    def is_for(self, env):
        return self._get_asker(env) == self._get_asker(self.env)

    @staticmethod
    def _get_asker(env):
        """:return: what a default may depend on: not what Odoo's ``create`` says by the way to its posting of messages"""
        context = {key: value for key, value in env.context.items() if not key.startswith("mail_")}
        return env.uid, env.su, context

    def get_own(self):
        """:return: dict of the defaults, with lists that are nobody else's"""
        return {
            name: deepcopy(value) if isinstance(value, list | dict) else value
            for name, value in self.values.items()
        }


class ResPartner(models.Model):
    """Making many contacts that belong to no other: what is stored is what ``create`` stores, in a fifth of its time.

    Nothing is left out but what Odoo asks for each contact anew though the answer is the same: its defaults, what it takes
    over from its parent, and its images in four sizes. Where another addon has a part in ``create``, all of them go through
    it. Else the first does, the others are copies of its row, and what is computed of them is computed for all together.
    """

    _inherit = "res.partner"

    @api.model
    def _lifecycle_create_many(self, vals_list, stays=()):
        """
        :param list vals_list: values as of ``create``, without a parent and without images
        :param list stays: of each the ``Stay`` in which its history ends; whoever writes the history places those in it
            that have not been
        :return: the new contacts
        """
        # as Odoo's own import does: what is skipped is about parents and children
        making = self.with_context(_partners_skip_fields_sync=True)
        if not vals_list or not self._lifecycle_has_defaults_alike():
            return making.create(vals_list).with_env(self.env)
        once = DefaultsOnce(making)
        with once.going_on(self.env):
            # without a parent there is nobody to compute the salesperson from
            user_id = once.values.get("user_id") or False
            vals_list = [{"user_id": user_id, **vals} for vals in vals_list]
            if making._lifecycle_may_copy(vals_list, once.values):
                partners = making._lifecycle_create_from_first(vals_list, once.values, stays)
            else:
                partners = making.create(vals_list)
        partners._lifecycle_compute_together()
        without_image = partners - partners._lifecycle_get_pictured()
        for field in self._fields.values():
            if field.store and field.related and field.related.partition(".")[0] == "image_1920":
                self.env.remove_to_compute(field, without_image)
        return partners.with_env(self.env)

    @api.model
    def _lifecycle_may_copy(self, vals_list, defaults):
        """:return: whether ``create`` does nothing for each of these contacts but write its row, and check it"""
        context = self.env.context
        given = {name for vals in (defaults, *vals_list) for name in vals}
        return (
            context.get("tracking_disable")
            and context.get("lifecycle_skip_default")
            and is_silent(self.env)
            and not (defaults.get("lifecycle_stage_id") or defaults.get("parent_id"))
            and not any(self._fields[name].inverse for name in given)
            and not any(
                value and value != [Command.set([])] and not self._fields[name].column_type
                for name, value in defaults.items()
            )
            and stores_all_alike(self, ALIKE)
        )

    @api.model
    def _lifecycle_create_from_first(self, vals_list, defaults, stays):
        """Do what ``create(vals_list)`` does, which makes the first; the others are copies of its row.

        :param dict defaults: of each contact
        :param list stays: see ``_lifecycle_create_many``
        """
        names = {name for vals in vals_list for name in vals}
        columns = [name for name in names if self._fields[name].column_type]
        own = {name: [vals.get(name, defaults.get(name, False)) for vals in vals_list] for name in columns}
        first = self.create([{name: values[0] for name, values in own.items()}])
        own = {name: values[1:] for name, values in own.items()}
        if stays:
            own["lifecycle_stage_id"] = [stay.stage_id for stay in stays[1:]]
            own["date_last_stage_update"] = [stay.since for stay in stays[1:]]
        partners = first + copy_row(first, own, given=defaults, early=self._lifecycle_get_early())
        for name in names.difference(columns):
            pairs = zip(partners, vals_list, strict=True)
            self._fields[name].create([(partner, vals[name]) for partner, vals in pairs if name in vals])
            partners.modified([name], create=True)
        for name in names:
            self._check_field_access(self._fields[name], "write")
        partners._validate_fields(names.union(defaults))
        partners._check_company()
        partners.check_access("create")
        return partners

    @api.model
    def _lifecycle_get_early(self):
        """:return: list of the fields that may be computed before the rows are there, as nobody else takes part in it, nor
        checks them: that would look for rows
        """
        if is_extended(self, code_of(KNOWN)):
            return []
        checked = {name for check in self._constraint_methods for name in check._constrains}

        def is_odoos(field):
            is_alike = not field.manual and set(field._modules).issubset(ALIKE)
            return is_kept(field) and is_alike and field.name not in checked

        return [
            field
            for field in self._fields.values()
            if field.compute
            and is_odoos(field)
            and all(is_odoos(beside) for beside in self.pool.field_computed[field] if beside.store)
        ]

    def _lifecycle_compute_together(self):
        """Compute what the ORM would compute contact by contact, as it may depend on the same field of a parent."""
        for field in self._fields.values():
            if field.store and field.recursive and (waiting := self & self.env.records_to_compute(field)):
                field.compute_value(waiting)

    def _lifecycle_get_pictured(self):
        """:return: those of these contacts that a default or an addon has given an image"""
        # sudo: ir.attachment - whether an image of a contact is there
        images = self.env["ir.attachment"].sudo()
        domain = [
            ("res_model", "=", self._name),
            ("res_field", "=", "image_1920"),
            ("res_id", "in", self.ids),
        ]
        return self.browse(images.search_fetch(domain, ["res_id"]).mapped("res_id"))

    @api.model
    def _add_missing_default_values(self, values):
        once = DefaultsOnce.current(self.env)
        if once and once.is_for(self.env):
            return {**once.get_own(), **values}
        return super()._add_missing_default_values(values)

    @api.model
    def _lifecycle_has_defaults_alike(self):
        """:return: whether no other addon gives each contact a default of its own, such as a number"""
        functions = [field.default for field in self._fields.values() if field.default]
        return is_as_shipped(self, "default_get", "_add_missing_default_values", code=code_of(ALIKE)) and all(
            function.__module__.startswith((*code_of(ALIKE), "odoo.orm.")) for function in functions
        )
