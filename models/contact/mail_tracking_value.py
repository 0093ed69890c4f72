from odoo import models


class MailTrackingValue(models.Model):
    """In the chatter of contacts, a move is a tracking value (H1)."""

    _name = "mail.tracking.value"
    _inherit = ["mail.tracking.value", "lifecycle.traces.mixin"]
