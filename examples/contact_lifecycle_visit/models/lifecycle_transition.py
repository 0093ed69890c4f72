from odoo import fields, models


class LifecycleTransition(models.Model):
    _inherit = "lifecycle.transition"

    # the log goes on without this addon
    source = fields.Selection(selection_add=[("visit", "Visit")], ondelete={"visit": "set manual"})
