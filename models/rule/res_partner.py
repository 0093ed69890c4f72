from odoo import models

from ...tools.move import plain_sudo


class ResPartner(models.Model):
    """Tells rules that contacts have moved, when all that follows a move is written (T1 to T16)."""

    _inherit = "res.partner"

    def _lifecycle_moved(self, *args, **kwargs):
        rows = super()._lifecycle_moved(*args, **kwargs)
        entered = ((id_, (rows._name, row_id)) for id_, row_id in zip(self.ids, rows.ids, strict=True))
        # sudo: lifecycle.rule - whoever moves a contact need not know the rules
        plain_sudo(self.env["lifecycle.rule"])._collect_event("stage_entered", entered)
        return rows
