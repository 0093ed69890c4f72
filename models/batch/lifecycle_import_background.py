import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.again import coming_back, is_temporary
from ...tools.shared_text import get_shared_lang

_logger = logging.getLogger(__name__)

SECONDS_AT_ONCE = 5  # that a request reads and tries, before it leaves the rest to the background
MAX_VALUES = 500  # different stages; Chatwoot's labels count as such
# that the background does so before others have their turn: going on has to find its place again
SECONDS_OF_A_RUN = 45


class LifecycleImport(models.Model):
    """Reading the files and trying what would happen, step by step; each step commits (D1, D3, decision 8).

    Where it is left, the rows say: how many of which file are stored, and which of them are not tried yet. So nobody writes
    to the import meanwhile, and to stop it is to change its state.
    """

    _inherit = "lifecycle.import"

    phase = fields.Selection(
        [("read", "The files are read"), ("join", "Rows are joined"), ("try", "It is tried")],
        string="What is Going On",
        readonly=True,
        copy=False,
    )
    problem = fields.Char(string="Why It Stopped", readonly=True, copy=False)

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"phase", "problem"}

    def _begin(self, phase):
        """Do the steps for some seconds, and let the background do the others."""
        self._lifecycle_write_protected(
            {"state": "reading", "phase": phase, "problem": False, "user_id": self.env.uid}
        )
        until = time.monotonic() + SECONDS_AT_ONCE
        for _step in self._steps():
            if time.monotonic() > until:
                break
        if self.state == "reading":
            self._trigger()

    def _steps(self):
        """Generator that does one step after the other, of a second or so each."""
        if self.phase == "read":
            yield from self._read_files()
            self._lifecycle_write_protected({"phase": "join"})
        if self.phase == "join":
            self._join_rows()
            counts = self._count_stages()
            if len(counts) > MAX_VALUES:
                self._ask_for_columns(
                    self.env._(
                        "There are more than %(max)s different stages: say what the columns are, then read the files "
                        "again.",
                        max=MAX_VALUES,
                    )
                )
                return
            self.env["lifecycle.import.stage"]._suggest(self, counts)
            self._lifecycle_write_protected({"phase": "try"})
            yield
        rows = ()
        while rows := self._try_some(rows):
            yield
        self._lifecycle_write_protected({"state": "check", "phase": False})

    def _ask_for_columns(self, problem):
        """Let the owner say what the columns are, with nothing else to look at."""
        self._delete_rows()
        self._lifecycle_write_protected({"state": "check", "phase": False, "problem": problem})

    # ------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------

    @api.model
    def _trigger(self):
        # sudo: ir.cron - its records are the administrators'
        self.env.ref("contact_lifecycle.ir_cron_move_in").sudo()._trigger()

    @api.model
    @coming_back("contact_lifecycle.ir_cron_move_in")
    def _cron_move_in(self):
        """Go on with all that is read, tried or moved in, a step at a time; one that fails keeps no other waiting."""
        for moving in self.search([("state", "in", ("reading", "running"))], order="id"):
            if not moving._go_on_in_background():
                return

    def _go_on_in_background(self):
        """:return: whether there is time for another one"""
        told = self._in_their_language()
        try:
            if self._may_go_on():
                return self._go_on_reading() if self.state == "reading" else self._go_on_moving()
            told._give_up(
                told.env._("Who has started this may not go on with it: look at it, and click “Go on”.")
            )
        except Exception as error:  # whatever any addon can raise
            if is_temporary(error):
                raise
            _logger.exception("%s cannot go on", self)
            self.env.cr.rollback()
            told.exists()._give_up(
                told.env._(
                    "Something went wrong, and your administrator finds it in the log: click “Go on” to try again."
                )
            )
        return True

    def _go_on_reading(self):
        """:return: whether there is time for another one"""
        cron, until = self.env["ir.cron"], time.monotonic() + SECONDS_OF_A_RUN
        cron._commit_progress(remaining=1)
        moving = self._as_user()
        try:
            for _step in moving._steps():
                cron._commit_progress(1, remaining=1)
                if not self._is("reading"):
                    return True
                if time.monotonic() > until:
                    self._trigger()
                    cron._commit_progress(remaining=0)
                    return False
        except UserError as error:
            self._give_up(str(error), back_to="files")
        cron._commit_progress(1, remaining=0)
        return True

    def _give_up(self, problem, back_to="stopped"):
        """Stop, and say why; where a file cannot be read, nothing of it is kept."""
        vals = {"state": back_to, "problem": problem}
        if back_to == "files":
            self._delete_rows()
            vals["phase"] = False
        self._lifecycle_write_protected(vals)
        self.env["ir.cron"]._commit_progress(1, remaining=0)

    def _is(self, state):
        self.invalidate_recordset(["state"])
        return self.state == state

    def _as_user(self):
        """:return: this, as whoever has started it sees and may do things"""
        user = self.user_id
        return self.with_user(user).with_company(self.company_id).with_context(lang=user.lang, tz=user.tz)

    def _in_their_language(self):
        """:return: this in the language of whoever has started it, or of the company where they are gone"""
        lang = self.user_id.lang or get_shared_lang(self.with_company(self.company_id).env)
        return self.with_context(lang=lang)

    def _may_go_on(self):
        """:return: whether whoever has started it is still there and may still do it"""
        user = self.user_id
        if not user:
            return False
        if not (user.active or user._is_superuser()) or self.company_id not in user.company_ids:
            return False
        moving = self._as_user()
        return moving.has_access("write") and (
            self.state == "reading" or moving.env["res.partner"].has_access("create")
        )

    def _delete_rows(self):
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM lifecycle_import_row WHERE import_id = %s", self.id))
        self.env.invalidate_all()
