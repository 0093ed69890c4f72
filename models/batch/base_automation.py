from odoo import models

from ...tools.move import MovingIn


class BaseAutomation(models.Model):
    """Odoo's automations hear nothing of contacts that move in (D2)."""

    _inherit = "base.automation"

    def _get_actions(self, records, triggers):
        if records._name == "res.partner" and MovingIn.current(records.env):
            return self.browse()
        return super()._get_actions(records, triggers)
