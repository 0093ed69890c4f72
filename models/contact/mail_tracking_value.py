from odoo import api, models

from .gathering import Gathering


class MailTrackingValue(models.Model):
    """Whoever reads what is tracked of contacts finds the moves that waited (H1)."""

    _inherit = "mail.tracking.value"

    @api.model
    def _search(self, *args, **kwargs):
        """Find what waits as well."""
        Gathering.write_waiting(self.env)
        return super()._search(*args, **kwargs)

    @api.private
    def flush_model(self, fnames=None):
        """Write what waits as well."""
        Gathering.write_waiting(self.env)
        return super().flush_model(fnames)
