from odoo import models

from .search_guard import GuardedOne2many


class MailMessage(models.Model):
    """The chatter's tracking values tell the moves of contacts, to administrators alone (P2)."""

    _inherit = "mail.message"

    # with Odoo's own groups, which the guard asks for on every path
    tracking_value_ids = GuardedOne2many()
