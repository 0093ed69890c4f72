from odoo import fields, models

from ...tools.only_people import automation


class IrActionsServer(models.Model):
    """One step of the automation of a stage (T11); and what a server action does, no person does (T17)."""

    _inherit = "ir.actions.server"

    lifecycle_stage_id = fields.Many2one(related="base_automation_id.lifecycle_stage_id")

    def run(self):
        """Whoever sets it off: what it writes is automatic. Scheduled actions pass on what people have written."""
        # sudo: ir.actions.server - only which kind it is matters
        with automation(running="ir_cron" not in self.sudo().mapped("usage")):
            return super().run()

    def action_delete_with_following(self):
        """Delete this step of an automation and all that follow it (T11).

        :raises AccessError: when the user may not delete actions
        """
        self.ensure_one()
        steps = self.base_automation_id.action_server_ids.sorted()
        (steps[steps.ids.index(self.id) :] if self in steps else self).unlink()
