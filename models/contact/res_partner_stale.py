from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Contacts that have been in their stage for too long (M5). The mark itself, ``is_rotting``, is Odoo's."""

    _inherit = "res.partner"

    @api.model
    def _search_is_rotting(self, operator, value):
        """Find all that have the mark: Odoo's own search lists them one by one, without those stale for a year."""
        if operator != "in":
            return NotImplemented
        stages = self.env["lifecycle.stage"].search([("rotting_threshold_days", ">", 0)])
        stale = self._lifecycle_stale_domain(stages)
        return Domain.OR(stale if is_stale else ~stale for is_stale in value)

    @api.model
    def _lifecycle_stale_domain(self, stages):
        """:return: ``Domain`` of the contacts in ``stages`` that have ``is_rotting``"""
        now = self.env.cr.now().replace(microsecond=0)
        return Domain.OR(
            Domain("lifecycle_stage_id", "=", stage.id)
            & Domain(
                "date_last_stage_update",
                "<",
                fields.Datetime.to_string(now - timedelta(days=stage.rotting_threshold_days)),
            )
            for stage in stages
            if stage.rotting_threshold_days
        )
