from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _tz_get

SOURCES = [
    ("respondio", "respond.io"),
    ("hubspot", "HubSpot"),
    ("chatwoot", "Chatwoot"),
    ("partner_stage", "Partner Stage"),
    ("file", "Any file"),
]
OPTIONS = ("source", "tz", "day_first", "as_of", "move_back", "run_rules")
OPEN = ("files", "check")  # for what the owner says
LINES = ("attachment_ids", "column_ids", "stage_ids", "choice_ids")


class LifecycleImport(models.Model):
    """The contacts of another system move in with their stages and histories (D1 to D4), step by step: files are read into
    rows of ours, a trial says what would happen, and what is left to do is the rows that wait.
    """

    _name = "lifecycle.import"
    _inherit = ["lifecycle.protected.mixin"]
    _description = "Moving In"
    _order = "id desc"
    _rec_name = "source"

    source = fields.Selection(
        SOURCES,
        string="Coming from",
        required=True,
        help="Partner Stage is the community's addon: its stages are in this database.",
    )
    state = fields.Selection(
        [
            ("files", "Files"),
            ("reading", "Reading"),
            ("check", "Trial run"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        string="Step",
        required=True,
        readonly=True,
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Attach Files")
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Of the times in the files that name none.",
    )
    day_first = fields.Boolean(
        string="Day before Month",
        default=lambda self: self._default_day_first(),
        help="Whether 1/2/2026 is in February.",
    )
    as_of = fields.Datetime(
        string="Stages as of",
        required=True,
        default=fields.Datetime.now,
        help="When the files were made: on that day the contacts were in the stages that have no date of their own.",
    )
    move_back = fields.Boolean(
        string="Follow the file",
        help="Contacts end in the stage that the file has, also where they have moved on here since.",
    )
    run_rules = fields.Boolean(
        string="Set off rules",
        help="Rules hear of contacts that enter a stage. Otherwise nothing is set off.",
    )
    user_id = fields.Many2one("res.users", string="Started by", readonly=True, copy=False)
    company_id = fields.Many2one("res.company", required=True, readonly=True, copy=False)
    batch_id = fields.Many2one(
        "lifecycle.batch", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    date_done = fields.Datetime(string="Done on", readonly=True, copy=False)
    known_files = fields.Char(compute="_compute_known_files")
    column_ids = fields.One2many("lifecycle.import.column", "import_id", string="Columns")
    stage_ids = fields.One2many("lifecycle.import.stage", "import_id", string="Stages")
    choice_ids = fields.One2many("lifecycle.import.choice", "import_id", string="Contacts to Choose")

    _as_of_in_range = models.Constraint(
        "CHECK (as_of BETWEEN '1970-01-02' AND '2999-12-31')",
        "No file was made then: enter the day on which yours were made.",
    )

    def _default_day_first(self):
        date_format = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").date_format or "%m/%d"
        return date_format.find("%d") < date_format.find("%m")

    @api.model
    def default_get(self, fields):
        """A new one begins at the first step, whoever says otherwise."""
        own = {"state": "files", "company_id": self.env.company.id}
        return super().default_get(fields) | {name: own[name] for name in own.keys() & set(fields)}

    @api.depends("source", "date_done", "state")
    def _compute_display_name(self):
        sources = dict(self._fields["source"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        for moving in self:
            parts = (sources.get(moving.source), states.get(moving.state))
            # one that has no source yet is called New by Odoo
            moving.display_name = moving.source and ", ".join(filter(None, parts))

    @api.depends("attachment_ids", "source")
    def _compute_known_files(self):
        for moving in self:
            is_known = moving._find_same_files()
            text = moving.env._("These files have moved in before: their stages are taken as of then.")
            moving.known_files = text if is_known else False

    def write(self, vals):
        self._check_options(vals)
        result = super().write(self._lifecycle_without_protected(vals))
        self._own_attachments()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        moving = super().create([self._lifecycle_without_protected(vals) for vals in vals_list])
        moving._own_attachments()
        return moving

    def copy(self, default=None):
        return super().copy({**(default or {}), "attachment_ids": False})

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {
            "batch_id",
            "company_id",
            "date_done",
            "state",
            "user_id",
        }

    def _lifecycle_write_protected(self, vals):
        """Write the columns that ``write`` ignores."""
        return super().write(vals)

    def _check_options(self, vals):
        """Let nobody change what has been read, or what goes on."""
        for moving in self:
            settled = () if moving.state == "files" else ("source",) if moving.state == "check" else OPTIONS
            changes_lines = moving.state not in OPEN and any(vals.get(name) for name in LINES)
            if changes_lines or any(name in vals and vals[name] != moving[name] for name in settled):
                raise UserError(moving.env._("This step is over: reload the page."))

    def _check_lines_open(self):
        """Let nobody change the lines of what goes on, nor of what begins to at the same time."""
        if self.try_lock_for_update(allow_referencing=True) != self:
            raise UserError(self._tell_busy())
        if any(moving.state not in OPEN for moving in self):
            raise UserError(self.env._("This step is over: reload the page."))

    def _tell_busy(self):
        return self.env._("Somebody else is at this right now: wait a moment, then reload the page.")

    def _own_attachments(self):
        """Let the files be read by who may read this, and go with it."""
        for moving in self:
            loose = moving.attachment_ids.filtered(lambda file: not file.res_id)
            loose.write({"res_model": self._name, "res_id": moving.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(moving.state in ("reading", "running") for moving in self):
            raise UserError(self.env._("This is running: stop it first."))

    def _find_same_files(self):
        """:return: the last one of this source that has moved the same files in, or none"""
        self.ensure_one()
        checksums = set(self.attachment_ids.mapped("checksum"))
        if not checksums:
            return self.browse()
        done = self.search(
            [("source", "=", self.source), ("state", "=", "done"), ("id", "!=", self._origin.id or 0)]
        )
        return done.filtered(lambda other: checksums <= set(other.attachment_ids.mapped("checksum")))[:1]

    def _get_as_of(self):
        """:return: naive UTC datetime of the stages that have no date; never later than the trial itself"""
        now = fields.Datetime.now()
        return min((self._find_same_files() or self).as_of, now).replace(microsecond=0)

    def _check_step(self, *states, alone=True):
        """
        :param bool alone: whether nobody else may be at it at the same time
        """
        self.check_access("write")
        self.ensure_one()
        if alone and not self.try_lock_for_update():
            raise UserError(self._tell_busy())
        if self.state not in states:
            raise UserError(self.env._("This step is over: reload the page."))

    @api.autovacuum
    def _gc_rows(self):
        """The rows of what is done, or was left as it is, are of no use after three months; the history is in the log."""
        before = fields.Datetime.now() - timedelta(days=90)
        old = self.search([("state", "not in", ("reading", "running")), ("write_date", "<", before)])
        # sudo: lifecycle.import.row - nobody but the addon writes them
        Row = self.env["lifecycle.import.row"].sudo()
        rows = Row.search([("import_id", "in", old.ids)], limit=10000)
        count = len(rows)
        rows.unlink()
        return count, Row.search_count([("import_id", "in", old.ids)], limit=10000)
