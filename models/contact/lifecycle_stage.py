from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.move import plain_sudo
from .gathering import Gathering


class LifecycleStage(models.Model):
    """How many contacts are in a stage, and what is told of those that have left it."""

    _inherit = "lifecycle.stage"

    contact_count = fields.Integer(
        string="Contacts",
        compute="_compute_contact_count",
        groups="contact_lifecycle.group_manager",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_contact_count(self):
        Partner = self.env["res.partner"]
        counts = dict(
            Partner._read_group(
                Partner._lifecycle_counted_domain() & Domain("lifecycle_stage_id", "in", self.ids),
                ["lifecycle_stage_id"],
                ["__count"],
            )
        )
        for stage in self:
            stage.contact_count = counts.get(stage, 0)

    def _get_logged(self, way):
        """
        :param str way: ``from`` or ``to``
        :return: dict of what the log keeps of this stage, or of none
        """
        stage = plain_sudo(self)
        return {f"{way}_stage_id": stage.id, f"{way}_stage_name": stage.display_name or None}

    @api.model
    def _get_page_fields(self):
        return [*super()._get_page_fields(), "contact_count"]

    @api.ondelete(at_uninstall=False)
    def _unlink_after_traces(self):
        """Write the log of the moves out of these stages while they have a name (H4)."""
        Gathering.write_waiting(self.env)
