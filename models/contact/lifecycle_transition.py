from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.bulk_create import create_from_first
from ...tools.move import plain_sudo


class LifecycleTransition(models.Model):
    """One move of a contact, or of a conversation whose visitor nobody knows yet, from one stage to
    another (H2). Rows are only ever added, by the gate (``res.partner.write``); they keep the names
    of the stages as they were, so that they outlive them (H4).
    """

    _name = "lifecycle.transition"
    _inherit = ["lifecycle.traces.mixin", "lifecycle.own.rows.mixin"]
    _description = "Lifecycle Transition"
    _order = "date desc, id desc"
    _rec_name = "to_stage_name"
    # Nobody writes a row again, and by whom a move is stands in `user_id`: a tenth less on the disk, and two foreign keys.
    _log_access = False

    # No UNIQUE or CHECK on partner_id: merging contacts would delete rows instead of moving them.
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="partner_id.company_id")
    channel_id = fields.Many2one(
        "discuss.channel", string="Conversation", readonly=True, index="btree_not_null", ondelete="set null"
    )
    from_stage_id = fields.Many2one(
        "lifecycle.stage", string="From", readonly=True, index="btree_not_null", ondelete="set null"
    )
    to_stage_id = fields.Many2one(
        "lifecycle.stage", string="To", readonly=True, index="btree_not_null", ondelete="set null"
    )
    from_stage_name = fields.Char(string="From Stage", readonly=True)
    to_stage_name = fields.Char(string="To Stage", readonly=True)
    from_stage_shown = fields.Char(
        string="From Stage (Shown)", compute="_compute_stages_shown", search="_search_from_stage_shown"
    )
    to_stage_shown = fields.Char(
        string="To Stage (Shown)", compute="_compute_stages_shown", search="_search_to_stage_shown"
    )
    date = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, default=lambda self: self.env.user, ondelete="set null"
    )
    source = fields.Selection(
        [
            ("manual", "Manual"),
            ("conversation", "Conversation"),
            ("bulk", "Several at Once"),
            ("import", "Import"),
            ("default", "Default Stage"),
            ("rule", "Automation"),
            ("company", "Company"),
            ("merge", "Merge of Contacts"),
            ("stage_deletion", "Stage Deletion"),
            ("undo", "Undo"),
        ],
        readonly=True,
        required=True,
        default="manual",
    )
    rule_id = fields.Many2one("lifecycle.rule", readonly=True, index="btree_not_null", ondelete="set null")
    rule_name = fields.Char(readonly=True, help="The name the rule had.")
    batch_id = fields.Many2one(
        "lifecycle.batch",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The operation that moved several contacts at once, of which this move is one.",
    )
    date_entered = fields.Datetime(
        string="Entered Former Stage",
        readonly=True,
        help="When the stage that was left had been entered; so a move that leaves a stage says all of the stay in it.",
    )
    days_in_stage = fields.Float(
        string="Days in Former Stage",
        readonly=True,
        aggregator="avg",
        help="Time spent in the stage that was left, in days.",
    )

    create_date = fields.Datetime(string="Created on", readonly=True, default=lambda self: self.env.cr.now())

    # The stays that began in a period, for the funnel. In one column PostgreSQL would take them for neighbours on the disk,
    # where they are in the order in which they ended, and fetch the rows of a year one by one: four times as long.
    _stays_idx = models.Index("(date_entered, from_stage_id) WHERE date_entered IS NOT NULL")

    @api.depends("from_stage_id", "to_stage_id", "from_stage_name", "to_stage_name")
    @api.depends_context("lang")
    def _compute_stages_shown(self):
        """The names of the stages in the reader's language, and of deleted ones as they were (H4, H6)."""
        for move in self:
            move.from_stage_shown = move.from_stage_id.display_name or move.from_stage_name
            move.to_stage_shown = move.to_stage_id.display_name or move.to_stage_name

    @api.model
    def _search_from_stage_shown(self, operator, value):
        return self._lifecycle_shown_domain("from_stage", operator, value)

    @api.model
    def _search_to_stage_shown(self, operator, value):
        return self._lifecycle_shown_domain("to_stage", operator, value)

    @api.model
    def _lifecycle_shown_domain(self, name, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        there = Domain(f"{name}_id", "!=", False)
        return (there & Domain(f"{name}_id.display_name", operator, value)) | (
            ~there & Domain(f"{name}_name", operator, value)
        )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: the log is append-only, for the superuser as well (H2)."""
        self.check_access("read")
        raise UserError(self.env._("The stage history cannot be changed: move the contact instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The stage history cannot be deleted: it goes with its contact."))

    def copy(self, default=None):  # pylint: disable=method-required-super
        self.check_access("read")
        raise UserError(self.env._("The stage history cannot be duplicated."))

    @api.model
    def _moves_domain(self, start, end):
        """:return: ``Domain`` of what moved in a period, naive UTC datetimes; that contacts became one is no move (H5)"""
        return Domain("date", ">=", start) & Domain("date", "<", end) & Domain("source", "!=", "merge")

    @api.model
    def _get_logged_stages(self, way, stays):
        """:return: dict of columns -> list of what the log keeps of the stages of these stays, see ``_get_logged``"""
        Stage, ids = self.env["lifecycle.stage"], [stay.stage_id for stay in stays]
        logged = {id_: Stage.browse(id_ or ())._get_logged(way) for id_ in set(ids)}
        return {name: [logged[id_][name] for id_ in ids] for name in logged[ids[0]]}

    @api.model
    def _log_moves(self, records, left, entered, move):
        """Add one row for each of ``records``, which are in their new stage already.

        :param records: ``res.partner`` or, where no contact is known, ``discuss.channel``
        :param dict left: id of a record -> ``Stay`` that it has left
        :param dict entered: id of a record -> ``Stay`` that has begun
        :param move: the ``Move``, where it comes from
        """
        is_contact, ids = records._name == "res.partner", records.ids
        rule = plain_sudo(move.rule or self.env["lifecycle.rule"])
        alike = {
            "user_id": self.env.uid,
            "source": move.source,
            "rule_id": rule.id,
            "rule_name": rule.name,
            "batch_id": move.batch.id,
        }
        left, entered = [left[id_] for id_ in ids], [entered[id_] for id_ in ids]
        since = [
            (before.since or stay.since) if before.stage_id else None
            for before, stay in zip(left, entered, strict=True)
        ]
        # every column, so that none is left to a default
        own = {
            "partner_id": ids if is_contact else [False] * len(ids),
            "channel_id": [move.channel_ids.get(id_) for id_ in ids] if is_contact else ids,
            **self._get_logged_stages("from", left),
            **self._get_logged_stages("to", entered),
            "date": [stay.since for stay in entered],
            "date_entered": since,
            "days_in_stage": [
                (stay.since - begun).total_seconds() / 86400 if begun else 0
                for stay, begun in zip(entered, since, strict=True)
            ],
        }
        # sudo: lifecycle.transition - nobody may add to the log but this method
        rows = create_from_first(plain_sudo(self), alike, own)
        move.batch.invalidate_recordset(["move_ids"], flush=False)  # copies of a row are not known to it
        self.env["lifecycle.live.mixin"]._notify_agents()
        return rows
