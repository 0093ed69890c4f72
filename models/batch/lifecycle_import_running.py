import csv
import io
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.move import plain_sudo, silently
from ...tools.move_in.rows import escape_formula
from ...tools.remote_input import shorten
from ...tools.try_each import try_each

_logger = logging.getLogger(__name__)

BATCH_SIZE = 500
QUIET = {
    "lifecycle_skip_default": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}


class LifecycleImport(models.Model):
    """The contacts move in, a batch after the other; each commits, and what waits is what is left (D2, decision 8)."""

    _inherit = "lifecycle.import"

    report = fields.Binary(compute="_compute_report")

    def action_start(self):
        """Make the stages that are to be made, and let the contacts move in: the first at once, the others in the
        background (D1, D2).

        :raises UserError: when there would be more than twenty stages (S7), or a stage is not chosen
        :raises AccessError: when the user is not an owner, or may not make contacts
        """
        self._check_step("check")
        self.env["res.partner"].check_access("create")
        self.stage_ids._make_stages()
        files = ", ".join(self.attachment_ids.mapped("name"))
        batch = self.env["lifecycle.batch"]._begin("import", name=shorten(files or self.display_name))
        self._lifecycle_write_protected({"state": "running", "user_id": self.env.uid, "batch_id": batch.id})
        self._run_batch()
        self._go_on()

    def action_stop(self):
        """Stop after the batch that is being written (D2).

        :raises AccessError: when the user is not an owner
        """
        self._check_step("running")
        self._lifecycle_write_protected({"state": "stopped"})

    def action_resume(self):
        """Go on where it was stopped (D2).

        :raises AccessError: when the user is not an owner
        """
        self._check_step("stopped")
        self._lifecycle_write_protected({"state": "running"})
        self._go_on()

    @api.readonly
    def action_rows(self):
        """Open the rows with what happens to each (D3).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is not an owner
        """
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.lifecycle_import_row_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)], "context": {}}

    @api.readonly
    def action_report(self):
        """Download the rows, with what happens to each, as CSV (D3).

        :return: an ``ir.actions.act_url`` dictionary
        :raises AccessError: when the user is not an owner
        """
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/report/moving-in-{self.id}.csv?download=true",
            "target": "download",
        }

    def _compute_report(self):
        """A table that no spreadsheet runs anything of."""
        Row = self.env["lifecycle.import.row"]
        names = ("file_name", "number", "external_id", "name", "email", "phone", "state", "match")
        names += ("result", "move_count", "is_contradicting", "problem")
        for moving in self:
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow(escape_formula(Row._fields[name]._description_string(self.env)) for name in names)
            labels = {
                name: dict(Row._fields[name]._description_selection(self.env))
                for name in ("state", "match", "result")
            }
            for row in Row.search_fetch([("import_id", "=", moving._origin.id)], names):
                writer.writerow(
                    escape_formula(labels[name].get(row[name]) if name in labels else row[name])
                    for name in names
                )
            moving.report = text.getvalue().encode("utf-8-sig")

    # ------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------

    def _go_on(self):
        if self._count_waiting():
            self.env.ref("contact_lifecycle.ir_cron_move_in").sudo()._trigger()
        else:
            self._finish()

    @api.model
    def _cron_move_in(self):
        """Move the contacts in of all that are running, a batch at a time."""
        cron = self.env["ir.cron"]
        for moving in self.search([("state", "=", "running")], order="id"):
            time_left = cron._commit_progress(remaining=moving._count_waiting())
            while time_left and (count := moving._is_running() and moving._run_batch()):
                time_left = cron._commit_progress(count)
            if not moving._is_running():
                continue
            if not time_left:
                return
            if not moving._count_waiting():
                moving._finish()
                cron._commit_progress()

    def _is_running(self):
        self.invalidate_recordset(["state"])
        return self.state == "running"

    def _count_waiting(self):
        # sudo: lifecycle.import.row - those of contacts that somebody else does not see wait as well
        return self.env["lifecycle.import.row"].sudo().search_count(self._waiting_domain())

    def _waiting_domain(self):
        return [("import_id", "=", self.id), ("state", "=", "waiting")]

    def _finish(self):
        self._lifecycle_write_protected({"state": "done", "date_done": fields.Datetime.now()})
        self.batch_id._end()

    def _run_batch(self):
        """:return: number of rows that wait no longer"""
        user = self.user_id or self.env.user
        moving = self.with_user(user).with_company(self.company_id).with_context(lang=user.lang, **QUIET)
        moving = silently(moving)
        rows = moving.env["lifecycle.import.row"].search(moving._waiting_domain(), limit=BATCH_SIZE)
        for row, error in try_each(rows, moving._move_in):
            moving._note_failed(row, error)
        return len(rows)

    def _note_failed(self, row, error):
        _logger.info("A contact could not move in: %s", error)
        problem = error.args[0] if isinstance(error, UserError) and error.args else ""
        # sudo: lifecycle.import.row - nobody but the addon writes them
        row.sudo().write(
            {
                "state": "failed",
                "problem": self.env._(
                    "Row %(row)s: %(problem)s",
                    row=row.number,
                    problem=shorten(problem) or self.env._("The database refuses this contact."),
                ),
            }
        )

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
        self._write_contacts(acting)
        self.env.flush_all()  # while nothing is set off: what is computed is written, too
        # sudo: res.partner - the log is the addon's; the right to write the contacts was asked
        moved = (
            self.env["res.partner"]
            .sudo()
            ._lifecycle_write_history(
                {intent.partner.id: intent.plan for intent in acting.values()}, self.batch_id
            )
        )
        if self.run_rules and moved:
            self._set_off(moved)
        self._note(intents, "done")
        self.env.flush_all()
        if later:
            self._move_in(later)

    def _set_off(self, moved):
        """Tell the rules of those that are in another stage now, as the owner has asked for."""
        model = self.env["lifecycle.transition"]._name
        # sudo: lifecycle.rule - whoever moves a contact need not know the rules
        plain_sudo(self.env["lifecycle.rule"])._collect_event(
            "stage_entered", [(partner_id, (model, row_id)) for partner_id, row_id in moved.items()]
        )
