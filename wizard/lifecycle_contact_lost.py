from odoo import fields, models
from odoo.exceptions import UserError


class LifecycleContactLost(models.TransientModel):
    """Asks which lost stage contacts go to, as the CRM asks why an opportunity was lost.

    The form offers it to agents (access to this model) while stages are shown at all (groups of the action, S2).
    """

    _name = "lifecycle.contact.lost"
    _description = "Move Contacts to a Lost Stage"

    partner_ids = fields.Many2many(
        "res.partner", string="Contacts", default=lambda self: self.env.context.get("active_ids")
    )
    lost_stage_id = fields.Many2one(
        "lifecycle.stage",
        required=True,
        domain="[('is_lost', '=', True), ('deletion_pending', '=', False)]",
        default=lambda self: self.env["lifecycle.stage"].search([("is_lost", "=", True)], limit=1),
        ondelete="cascade",
    )
    entry_criteria = fields.Text(related="lost_stage_id.entry_criteria", related_sudo=False)
    description = fields.Text(related="lost_stage_id.description", related_sudo=False)

    def action_confirm(self):
        """Move the contacts to the lost stage (A3).

        :return: an ``ir.actions.client`` dictionary where several have moved, a notice with “Undo” in it (D5)
        :raises UserError: when the stage chosen is not a lost one
        :raises AccessError: when the user is no agent, or may not read one of the contacts
        """
        self.check_access("read")
        if not self.lost_stage_id.is_lost:
            raise UserError(
                self.env._("Choose a lost stage: %(stage)s is none.", stage=self.lost_stage_id.display_name)
            )
        batch = self.partner_ids._lifecycle_move_by_hand(self.lost_stage_id)
        if not batch:
            return None  # which closes the dialog; the contact shows what has happened
        tell = self.env["lifecycle.contact.stage"]._tell_moved
        return batch._get_notice(tell(self.lost_stage_id, batch.move_count))
