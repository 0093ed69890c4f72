import logging

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.move import plain_sudo, silently
from ...tools.remote_input import shorten
from ...tools.try_each import try_each

_logger = logging.getLogger(__name__)

BATCH_SIZE = 2000
QUIET = {
    "lifecycle_skip_default": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}


class LifecycleImport(models.Model):
    """The contacts move in, a batch after the other; each commits, and what waits is what is left (D2, decision 8)."""

    _inherit = "lifecycle.import"

    def action_start(self):
        """Make the stages that are to be made, and let the contacts move in: the first at once, the others in the
        background (D1, D2).

        :raises UserError: when there would be more than twenty stages (S7), or a stage is not chosen
        :raises AccessError: when the user is not an owner, or may not make contacts
        """
        self._check_step("check")
        self.env["res.partner"].check_access("create")
        if self.problem:
            raise UserError(self.problem)
        self.stage_ids._make_stages()
        files = ", ".join(self.attachment_ids.mapped("name"))
        batch = self.env["lifecycle.batch"]._begin("import", name=shorten(files or self.display_name))
        self._lifecycle_write_protected({"state": "running", "user_id": self.env.uid, "batch_id": batch.id})
        # never beside another one, or both make whoever is in both; the lock is what the background takes, too
        # sudo: ir.cron - its records are the administrators'
        if (
            self.env.ref("contact_lifecycle.ir_cron_move_in")
            .sudo()
            .try_lock_for_update(allow_referencing=True)
        ):
            self._run_batch()
        self._go_on()

    def action_stop(self):
        """Stop after the step that is being done (D1, D2).

        :raises AccessError: when the user is not an owner
        """
        self._check_step("reading", "running", alone=False)
        self._lifecycle_write_protected({"state": "stopped"})

    def action_resume(self):
        """Go on where it was stopped; as the user, if who has started it may not any more (D1, D2).

        :raises AccessError: when the user is not an owner, or may not make contacts
        """
        self._check_step("stopped")
        self.env["res.partner"].check_access("create")
        state = "reading" if self.phase else "running"
        # sudo: res.users - whether whoever has started it is still there, and in which companies
        user = self.user_id if self.sudo()._may_go_on() else self.env.user
        self._lifecycle_write_protected({"state": state, "problem": False, "user_id": user.id})
        self._trigger()

    # ------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------

    def _go_on(self):
        if self._count_waiting():
            self._trigger()
        else:
            self._finish()

    def _go_on_moving(self):
        """:return: whether there is time for another one"""
        cron = self.env["ir.cron"]
        time_left, rows = cron._commit_progress(remaining=self._count_waiting()), ()
        while time_left and self._is("running") and (rows := self._run_batch(rows)):
            time_left = cron._commit_progress(len(rows))
        if self._is("running") and not self._count_waiting():
            self._finish()
            cron._commit_progress()
        return bool(time_left)

    def _count_waiting(self):
        # sudo: lifecycle.import.row - those of contacts that somebody else does not see wait as well
        return self.env["lifecycle.import.row"].sudo().search_count(self._waiting_domain())

    def _waiting_domain(self):
        return [("import_id", "=", self.id), ("state", "=", "waiting")]

    def _finish(self):
        self._lifecycle_write_protected({"state": "done", "date_done": fields.Datetime.now()})
        self.batch_id._end()

    def _run_batch(self, before=()):
        """
        :param before: the rows of the last batch, if it is known
        :return: the rows after them, which wait no longer
        """
        moving = silently(self._as_user().with_context(**QUIET))
        rows = moving._search_waiting([], BATCH_SIZE, before)
        for row, error in try_each(rows, moving._move_in):
            moving._note_failed(row, error)
        return rows

    def _note_failed(self, row, error):
        # sudo: lifecycle.import.row - nobody but the addon writes them
        row.sudo().write(
            {
                "state": "failed",
                "problem": self.env._(
                    "Row %(row)s: %(problem)s",
                    row=row.number,
                    problem=self._tell_failure(row, error),
                ),
            }
        )

    def _tell_failure(self, row, error):
        """:return: a sentence for the owner; of what is no refusal, the log has the rest"""
        if isinstance(error, UserError) and error.args:
            _logger.info("%s could not move in: %s", row, error)
            return shorten(error.args[0])
        _logger.error("%s could not move in", row, exc_info=error)
        if isinstance(error, psycopg2.Error):
            return self.env._("The database refuses this contact.")
        return self.env._("Something went wrong with this contact: your administrator finds it in the log.")

    def _move_in(self, rows):
        """Make contacts, fill in what is empty of those that are there, and write their histories."""
        intents = self._intend(rows)
        acting, partner_ids, later = {}, set(), rows.browse()
        for row, intent in list(intents.items()):
            if intent.partner.id in partner_ids:
                later += row  # the owner has chosen somebody twice: one history after the other
                del intents[row]
            elif intent.plan:
                acting[row] = intent
                partner_ids.update(intent.partner.ids)
        new = [intent for intent in acting.values() if not intent.partner]
        self._write_contacts(acting)
        without_stage = (intent.partner.id for intent in new if intent.plan.stage is None)
        self.batch_id._add_unmoved(self.env["res.partner"].browse(without_stage))
        # sudo: res.partner - the log is the addon's; the right to write the contacts was asked
        moved = (
            self.env["res.partner"]
            .sudo()
            ._lifecycle_write_history(
                {intent.partner.id: intent.plan for intent in acting.values()},
                self.batch_id,
                made={intent.partner.id for intent in new},
            )
        )
        if self.run_rules and moved:
            self._set_off(moved)
        self._note(intents, "done")
        self.env.flush_all()  # while nothing is set off: what is computed is written, too
        if later:
            self._move_in(later)

    def _set_off(self, moved):
        """Tell the rules of those that are in another stage now, as the owner has asked for."""
        model = self.env["lifecycle.transition"]._name
        # sudo: lifecycle.rule - whoever moves a contact need not know the rules
        plain_sudo(self.env["lifecycle.rule"])._collect_event(
            "stage_entered", [(partner_id, (model, row_id)) for partner_id, row_id in moved.items()]
        )
