from odoo import api, fields, models


class LifecycleBatch(models.Model):
    """How batches are told of, and from where they are undone; see ``lifecycle_batch_undo.py``."""

    _inherit = "lifecycle.batch"

    undoes_id = fields.Many2one(
        "lifecycle.batch",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What it takes back.",
    )
    undone_by_ids = fields.One2many("lifecycle.batch", "undoes_id", readonly=True)

    def _get_what(self):
        # sudo: lifecycle.batch - what it takes back is its name, whoever sees that one
        undone = self.sudo().undoes_id
        return self.env._("“%(batch)s”", batch=undone.display_name) if undone else super()._get_what()

    @api.readonly
    def action_undo(self):
        """Open the dialog that says what undoing this batch would do, before it does it.

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read the batch
        """
        self.check_access("read")
        self.ensure_one()
        return self._get_undo_action()

    def _get_undo_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo"),
            "res_model": "lifecycle.batch.undo",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_batch_id": self.id, "dialog_size": "medium"},
        }

    def _get_notice(self, message):
        """Say what has been done, with “Undo” beside it where it is a batch.

        :param str message: a sentence
        :return: an ``ir.actions.client`` dictionary
        """
        # closes the dialog that it comes from, and lets the page below be read anew
        following = {"type": "ir.actions.act_window_close"}
        params = {"type": "success", "message": message, "next": following}
        if not self:
            return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
        params["undo"] = self._get_undo_action()
        return {"type": "ir.actions.client", "tag": "lifecycle_batch_notice", "params": params}
