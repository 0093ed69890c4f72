from odoo import fields, models


class IrUiView(models.Model):
    """A view of its own: conversations as a list, with the chat beside it (I10)."""

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("lifecycle_inbox", "Inbox")])

    def _get_view_info(self):
        return {"lifecycle_inbox": {"icon": "fa fa-inbox"}} | super()._get_view_info()
