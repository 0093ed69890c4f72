from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.remote_input import readable


class LifecycleBatchUndo(models.TransientModel):
    """Says what undoing a batch does, before it does it: who goes back to where, who stays and why (D5).

    Agents have it in the notice on what they have just done, managers in the list of batches.
    """

    _name = "lifecycle.batch.undo"
    _description = "Undo a Batch of Moves"

    batch_id = fields.Many2one("lifecycle.batch", required=True, readonly=True, ondelete="cascade")
    effect = fields.Text(compute="_compute_effect")
    left_out = fields.Text(compute="_compute_effect")
    move_count = fields.Integer(compute="_compute_effect")
    left_count = fields.Integer(compute="_compute_effect")
    new_count = fields.Integer(compute="_compute_effect")
    coming_count = fields.Integer(compute="_compute_effect")
    archive_new = fields.Boolean(string="Archive the contacts that the import has made")
    new_text = fields.Char(string="New Contacts", compute="_compute_effect")

    @api.depends("batch_id")
    def _compute_effect(self):
        for wizard in self:
            going, staying, archived, new, coming = readable(wizard.batch_id)._preview_undo()
            effect = [self._tell_going(stage, going[stage]) for stage in self._put_in_order(going)]
            if archived:
                effect.append(self.env._("Among them are archived contacts: %(count)s.", count=archived))
            if coming:
                effect.append(self.env._("Out of the archive again: %(count)s.", count=len(coming)))
            wizard.effect = "\n".join(effect)
            wizard.left_out = "\n".join(self._tell_staying(staying))
            wizard.move_count = sum(going.values())
            wizard.left_count = sum(staying.values())
            wizard.new_count = len(new)
            wizard.coming_count = len(coming)
            wizard.new_text = bool(new) and self.env._("Made by the import: %(count)s.", count=len(new))

    def action_confirm(self):
        """Undo the batch as far as it can be.

        :return: an ``ir.actions.client`` dictionary, a notice that shows the page as it is now
        :raises UserError: when no contact would go back or be archived, or its contacts are still moving
        :raises AccessError: when the user is no agent, or may not read the batch
        """
        self.check_access("read")
        self.ensure_one()
        batch = self.batch_id
        batch.check_access("read")
        going, staying, _archived, new, coming = batch._preview_undo()
        left_out = " ".join(self._tell_staying(staying))
        archive_new = self.archive_new and bool(new)
        if not (going or archive_new or coming):
            raise UserError(
                self.env._("No contact is left to go back. %(reasons)s", reasons=left_out).strip()
            )
        undo = batch._undo(archive_new=archive_new)
        told = [self._tell_gone(sum(going.values()), undo.is_running)]
        if archive_new:
            told.append(self.env._("To the archive: %(count)s.", count=len(new)))
        if coming:
            told.append(self.env._("Out of the archive again: %(count)s.", count=len(coming)))
        return undo._get_notice(" ".join(filter(None, [*told, left_out])))

    @api.readonly
    def action_open_left(self):
        """Open the moves of the contacts that stay, with what has happened since.

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager, or may not read the batch
        """
        self.ensure_one()
        self.env["lifecycle.transition"].check_access("read")
        self.batch_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts that stay"),
            "res_model": "lifecycle.transition",
            "view_mode": "list",
            "views": [(self.env.ref("contact_lifecycle.lifecycle_transition_view_list_batch").id, "list")],
            "domain": [("staying_batch_id", "in", self.batch_id.ids)],
        }

    @api.model
    def _put_in_order(self, going):
        """:return: the stages in their order, the lack of one last"""
        Stage = self.env["lifecycle.stage"]
        return [*Stage.union(*going).sorted(), *(stage for stage in going if not stage)]

    @api.model
    def _tell_going(self, stage, count):
        if not stage:
            if count == 1:
                return self.env._("1 contact has no stage again.")
            return self.env._("%(count)s contacts have no stage again.", count=count)
        if count == 1:
            return self.env._("1 contact goes back to %(stage)s.", stage=stage.display_name)
        return self.env._("%(count)s contacts go back to %(stage)s.", count=count, stage=stage.display_name)

    @api.model
    def _tell_gone(self, count, is_running):
        if is_running and not count:
            return self.env._("This goes on in the background.")
        if is_running:
            return self.env._("%(count)s contacts go back, in the background.", count=count)
        if count == 1:
            return self.env._("1 contact has gone back.")
        return count and self.env._("%(count)s contacts have gone back.", count=count)

    @api.model
    def _tell_staying(self, staying):
        """:return: list of sentences, why the others stay where they are"""
        sentences = {
            "moved_on": (
                self.env._("1 contact has moved on since."),
                self.env._("%(count)s contacts have moved on since.", count=staying["moved_on"]),
            ),
            "stage_deleted": (
                self.env._(
                    "1 contact stays: its former stage has been deleted, and undoing does not bring it back."
                ),
                self.env._(
                    "%(count)s contacts stay: their former stage has been deleted, and undoing does not bring it back.",
                    count=staying["stage_deleted"],
                ),
            ),
            "there": (
                self.env._("1 contact is where it was."),
                self.env._("%(count)s contacts are where they were.", count=staying["there"]),
            ),
            "no_right": (
                self.env._("1 contact stays: you may not move it."),
                self.env._("%(count)s contacts stay: you may not move them.", count=staying["no_right"]),
            ),
        }
        return [
            one if staying[reason] == 1 else many
            for reason, (one, many) in sentences.items()
            if staying[reason]
        ]
