from copy import deepcopy

from odoo import api, models

from ...tools.move import GoingOn

# whose defaults are the same for each contact that one user makes in one transaction
ALIKE = ("odoo.orm.", "odoo.addons.base.", "odoo.addons.mail.", "odoo.addons.contact_lifecycle.")


class DefaultsOnce(GoingOn):
    """The defaults of the contacts that one ``create`` makes, found out once; None where each has its own."""

    def __init__(self, values):
        self.values = values

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
        once = DefaultsOnce(making._add_missing_default_values({}))
        with once.going_on(self.env):
            # without a parent there is nobody to compute the salesperson from
            partners = making.create([{"user_id": False, **vals} for vals in vals_list])
        if not once.values.get("image_1920"):
            for field in self._fields.values():
                if field.store and field.related and field.related.partition(".")[0] == "image_1920":
                    self.env.remove_to_compute(field, partners)
        return partners.with_env(self.env)

    @api.model
    def _add_missing_default_values(self, values):
        if once := DefaultsOnce.current(self.env):
            return {**once.get_own(), **values}
        return super()._add_missing_default_values(values)

    @api.model
    def _lifecycle_has_defaults_alike(self):
        """:return: whether no other addon gives each contact a default of its own, such as a number"""
        functions = [field.default for field in self._fields.values() if field.default]
        overrides = [
            vars(cls)[name]
            for cls in type(self).mro()
            for name in ("default_get", "_add_missing_default_values")
            if name in vars(cls)
        ]
        return all(function.__module__.startswith(ALIKE) for function in (*functions, *overrides))
