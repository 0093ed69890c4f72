from odoo import api, models


class LifecycleLive(models.AbstractModel):
    """Live update of open pages: they are told when something changes that they count (M2).

    It watches the columns written, including computed ones, and runs no query. However much changes, a transaction
    sends one notification.
    """

    _name = "lifecycle.live.mixin"
    _description = "Live Update of Open Pages"

    def write(self, vals):
        # many2many fields have no column
        self._lifecycle_notify_pages(vals.keys())
        return super().write(vals)

    def _write_multi(self, vals_list):
        for fields in {tuple(vals) for vals in vals_list}:
            self._lifecycle_notify_pages(fields)
        return super()._write_multi(vals_list)

    def unlink(self):
        if self._lifecycle_is_watched():
            self._notify_agents()
        return super().unlink()

    @api.model
    def _lifecycle_live_fields(self):
        """:return: set of the names of the fields that a figure depends on"""
        return set()

    def _lifecycle_is_watched(self):
        """:return: whether any of these records can be in a figure"""
        return bool(self)

    def _lifecycle_notify_pages(self, fields):
        if self._lifecycle_live_fields().intersection(fields) and self._lifecycle_is_watched():
            self._notify_agents()

    @api.model
    def _notify_agents(self, what="changed"):
        """Tell the open pages of agents that something changed, not what: each reads what it may (M2).

        Once a transaction is enough.

        :param str what: ``changed``, what is counted; ``written``, no more than a message came
        """
        pending, name = self.env.cr.precommit.data, f"contact_lifecycle/{what}"
        if pending.get(name):
            return
        pending[name] = True
        agents = self.env["ir.model.data"]._xmlid_to_res_id("contact_lifecycle.group_agent")
        self.env["res.groups"].browse(agents)._bus_send(name, {})
