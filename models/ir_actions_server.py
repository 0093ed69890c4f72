from odoo import fields, models


class IrActionsServer(models.Model):
    """One step of the automation of a stage (T11)."""

    _inherit = "ir.actions.server"

    lifecycle_stage_id = fields.Many2one(related="base_automation_id.lifecycle_stage_id")

    def action_delete_with_following(self):
        """Delete this step of an automation and all that follow it (T11).

        :raises AccessError: when the user may not delete actions
        """
        self.ensure_one()
        steps = self.base_automation_id.action_server_ids.sorted()
        (steps[steps.ids.index(self.id) :] if self in steps else self).unlink()
