from psycopg2.errors import ForeignKeyViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.again import coming_back

BATCH_SIZE = 2000


class LifecycleStage(models.Model):
    """Deleting a stage that contacts are in: they move out in batches, then the stage goes (S11).

    The first batch is moved at once. When contacts are left, the stage is marked and a scheduled
    action does the rest, committing after each batch: what it has still to do is exactly what is
    still in the stage, so a killed server loses and repeats nothing (decision 8).
    """

    _inherit = "lifecycle.stage"

    deletion_pending = fields.Boolean(
        string="Being Deleted",
        readonly=True,
        copy=False,
        help="The contacts of this stage are being moved; the stage is deleted afterwards.",
    )
    deletion_target_id = fields.Many2one("lifecycle.stage", readonly=True, copy=False, ondelete="restrict")
    deletion_user_id = fields.Many2one("res.users", readonly=True, copy=False)
    deletion_batch_id = fields.Many2one(
        "lifecycle.batch",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="contact_lifecycle.group_owner",
    )

    @api.model
    def _lifecycle_protected_fields(self):
        own = {"deletion_pending", "deletion_target_id", "deletion_user_id", "deletion_batch_id"}
        return super()._lifecycle_protected_fields() | own

    @api.readonly
    def action_delete(self):
        """Open the dialog that says how many contacts are in this stage and where they go: to the stage before it, unless
        another one is chosen (S11).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is not an owner
        """
        self.check_access("unlink")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delete %(stage)s", stage=self.name),
            "res_model": "lifecycle.stage.delete",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_stage_id": self.id,
                "default_reassign": True,
                "default_target_stage_id": self._get_neighbour().id,
            },
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_target(self):
        # sudo: lifecycle.stage - whoever may delete a stage must hear of every obstacle
        waiting = self.sudo().search([("deletion_target_id", "in", self.ids), ("id", "not in", self.ids)])
        if waiting:
            raise UserError(
                self.env._(
                    "The contacts of %(stages)s are still moving here: wait until that is done.",
                    stages=", ".join(waiting.mapped("display_name")),
                )
            )

    def _move_contacts_and_delete(self, target, batch=None):
        """Delete this stage and move its contacts and conversations to ``target``, which may be empty.

        :param target: ``lifecycle.stage``, one record or none
        :param batch: ``lifecycle.batch`` that the moves of its contacts belong to; else they are one of their own
        :raises UserError: when the stage cannot be deleted, or the target is no place to move to
        """
        self.ensure_one()
        self.check_access("unlink")
        self._check_lifecycle_stage_remains()
        self._unlink_except_target()
        if target == self or target.deletion_pending:
            raise UserError(
                self.env._("The contacts cannot move to a stage that is being deleted: choose another one.")
            )
        self._hand_over_default()
        self._get_locked_for_entry().discard(self.id)
        self._lifecycle_write_protected(
            {
                "deletion_pending": True,
                "deletion_target_id": target.id,
                "deletion_user_id": self.env.uid,
                "deletion_batch_id": batch and batch.id,
            }
        )
        self._move_out_batch()
        if self._is_empty():
            self._delete_emptied()
        else:
            self.env.ref("contact_lifecycle.ir_cron_delete_stages")._trigger()

    @api.model
    @coming_back("contact_lifecycle.ir_cron_delete_stages")
    def _cron_delete_stages(self):
        """Move the contacts out of the stages being deleted, a batch at a time, and delete the emptied ones."""
        for stage in self.search([("deletion_pending", "=", True)]):
            if not stage._move_out_in_background():
                return

    def _move_out_in_background(self):
        """:return: whether it is deleted, and there is time for another one"""
        cron = self.env["ir.cron"]
        time_left = cron._commit_progress(remaining=self._count_contents())
        while time_left and (moved := self._move_out_batch()):
            time_left = cron._commit_progress(moved)
        if not self._is_empty():
            return False
        self._delete_emptied()
        cron._commit_progress()
        return True

    def _delete_emptied(self):
        try:
            with self.env.cr.savepoint():
                self.unlink()
        except ForeignKeyViolation as error:
            # Somebody has just moved a contact here, which this transaction does not see: Odoo runs it again.
            raise ConcurrencyError("a contact entered the stage being deleted") from error

    def _all_records(self, model):
        """:return: ``model``, an empty recordset that finds archived records as well, as the user who deletes the stage"""
        # sudo: contacts and conversations that the owner may not write leave the stage as well
        records = self.env[model].with_user(self.deletion_user_id or self.env.user).sudo()
        return records.with_context(active_test=False)

    def _count_contents(self):
        in_stage = [("lifecycle_stage_id", "=", self.id)]
        return sum(
            self._all_records(model).search_count(in_stage) for model in ("res.partner", "discuss.channel")
        )

    def _is_empty(self):
        in_stage = [("lifecycle_stage_id", "=", self.id)]
        return not any(
            self._all_records(model).search(in_stage, limit=1) for model in ("res.partner", "discuss.channel")
        )

    def _move_out_batch(self):
        """:return: the number of contacts and conversations that were moved"""
        in_stage = [("lifecycle_stage_id", "=", self.id)]
        Partner = self._all_records("res.partner")
        # in no order: else all that are left would be read and sorted for each batch
        partners = Partner.browse(Partner._search(in_stage, limit=BATCH_SIZE))
        batch = partners._lifecycle_move_to(
            self.deletion_target_id, "stage_deletion", batch=self.deletion_batch_id
        )
        if batch != self.deletion_batch_id:
            self._lifecycle_write_protected({"deletion_batch_id": batch.id})
        # the open conversations of these contacts went along; what is left is closed, or has a stage of its own
        channels = self._all_records("discuss.channel").search(in_stage, limit=BATCH_SIZE, order="id")
        known = channels.filtered("lifecycle_partner_id")
        known._lifecycle_show_stage(self.deletion_target_id)
        (channels - known)._lifecycle_move_unknown(self.deletion_target_id, "stage_deletion")
        return len(partners) + len(channels)
