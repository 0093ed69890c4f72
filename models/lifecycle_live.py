from odoo import api, models


class LifecycleLive(models.AbstractModel):
    """Tells the open pages of agents when something changes that they count (M2).

    Looked at is what is written to the database, so that computed columns count as well, and nothing is
    queried. However much changes, a transaction sends one notification.
    """

    _name = "lifecycle.live.mixin"
    _description = "What Open Pages Count"

    def write(self, vals):
        # many2many fields have no column
        self._lifecycle_tell(vals.keys())
        return super().write(vals)

    def _write_multi(self, vals_list):
        for fields in {tuple(vals) for vals in vals_list}:
            self._lifecycle_tell(fields)
        return super()._write_multi(vals_list)

    def unlink(self):
        if self._lifecycle_is_counted():
            self.env["lifecycle.transition"]._notify_agents()
        return super().unlink()

    @api.model
    def _lifecycle_live_fields(self):
        """:return: set of the names of the fields that a figure depends on"""
        return set()

    def _lifecycle_is_counted(self):
        """:return: whether any of these records can be in a figure"""
        return bool(self)

    def _lifecycle_tell(self, fields):
        if self._lifecycle_live_fields().intersection(fields) and self._lifecycle_is_counted():
            self.env["lifecycle.transition"]._notify_agents()
