from copy import deepcopy

from odoo import api, models

from ...tools.bulk_create import CODE_OF_OURS_AND_ODOOS, is_as_shipped
from ...tools.move import GoingOn

# whose defaults are the same for each contact that one user makes in one transaction
ALIKE = (*CODE_OF_OURS_AND_ODOOS, "odoo.addons.base.")


class DefaultsOnce(GoingOn):
    """The defaults of the contacts that one ``create`` makes, found out once.

    They are those of one user, company and context: what an addon makes meanwhile with others has its own.
    """

    def __init__(self, records):
        self.env = records.env
        self.values = records._add_missing_default_values({})

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
    """Making many contacts that belong to no other: what is stored is what ``create`` stores, in a third of its time.

    It goes through ``create``, so every addon has its part in it. What is left out is what Odoo asks for each contact
    anew though the answer is the same: its defaults, what it takes over from its parent, and its images in four sizes.
    What depends on parents is computed for all of them, as they have none.
    """

    _inherit = "res.partner"

    @api.model
    def _lifecycle_create_many(self, vals_list):
        """
        :param list vals_list: values as of ``create``, without a parent and without images
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
            partners = making.create([{"user_id": user_id, **vals} for vals in vals_list])
        partners._lifecycle_compute_together()
        without_image = partners - partners._lifecycle_get_pictured()
        for field in self._fields.values():
            if field.store and field.related and field.related.partition(".")[0] == "image_1920":
                self.env.remove_to_compute(field, without_image)
        return partners.with_env(self.env)

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
        return is_as_shipped(self, "default_get", "_add_missing_default_values", code=ALIKE) and all(
            function.__module__.startswith((*ALIKE, "odoo.orm.")) for function in functions
        )
