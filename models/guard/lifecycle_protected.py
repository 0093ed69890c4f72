from odoo import api, models, tools


class LifecycleProtected(models.AbstractModel):
    """Fields that only the addon writes: one list for every door (P5).

    ``default_get`` is the door of ``default_*`` in the context and of users' default values, and leaves the fields what
    they have themselves; ``create`` and ``write`` of the model ask the same list. What the addon itself writes passes by ``_lifecycle_write_protected``.
    """

    _name = "lifecycle.protected.mixin"
    _description = "Fields That Only the Addon Writes"

    @api.model
    def _lifecycle_protected_fields(self):
        """:return: set of the names of the fields; each topic of a model adds its own"""
        return set()

    @api.model
    @tools.ormcache()
    def _lifecycle_get_protected(self):
        """:return: frozenset of the names of the fields, put together once: each record that is made asks for it"""
        return frozenset(self._lifecycle_protected_fields())

    @api.model
    def _lifecycle_without_protected(self, vals):
        """:return: a dict of ``vals`` without what only the addon writes"""
        protected = self._lifecycle_get_protected()
        if vals.keys().isdisjoint(protected):
            return dict(vals)
        return {name: value for name, value in vals.items() if name not in protected}

    @api.model
    def default_get(self, fields):
        defaults = self._lifecycle_without_protected(super().default_get(fields))
        own = {
            name: default(self)
            for name in self._lifecycle_get_protected()
            if (default := self._fields[name].default) and name in fields
        }
        return {**defaults, **self._convert_to_write(own)} if own else defaults


class LifecycleOwnRows(models.AbstractModel):
    """A model that private code alone writes: nobody may make its records, and nobody's default value gets into them (P5)."""

    _name = "lifecycle.own.rows.mixin"
    _inherit = ["lifecycle.protected.mixin"]
    _description = "Rows That Only the Addon Writes"

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | set(self._fields)
