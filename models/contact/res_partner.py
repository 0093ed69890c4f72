from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...tools import guarded_fields
from ...tools.bulk_create import is_as_shipped, write_at_once
from ...tools.move import Creation, Move, Stay, is_silent, plain_sudo
from ...tools.remote_input import readable
from .gathering import Gathering

_lt = LazyTranslate(__name__)

AGENT = "contact_lifecycle.group_agent"
MANAGER = "contact_lifecycle.group_manager"
# the columns of a move
MOVED = {"lifecycle_stage_id", "date_last_stage_update", "write_uid", "write_date"}


class ResPartner(models.Model):
    """The contact's stage. ``create`` and ``write`` are the gate: every move passes here and is logged."""

    _name = "res.partner"
    _inherit = [
        "res.partner",
        "mail.tracking.duration.mixin",
        "lifecycle.live.mixin",
        "lifecycle.protected.mixin",
    ]
    _track_duration_field = "lifecycle_stage_id"

    lifecycle_stage_id = guarded_fields.GuardedMany2one(
        "lifecycle.stage",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        groups=AGENT,
        search_groups=MANAGER,
        domain="[('deletion_pending', '=', False)]",
        group_expand="_read_group_lifecycle_stage_id",
        falsy_value_label=_lt("No stage"),
        help="Where this contact is in the sales process.",
    )
    lifecycle_is_lost = guarded_fields.GuardedBoolean(
        string="In a Lost Stage", related="lifecycle_stage_id.is_lost", groups=AGENT, search_groups=MANAGER
    )
    date_last_stage_update = guarded_fields.GuardedDatetime(
        string="Last Stage Change",
        prefetch=False,  # contacts are read with every mail
        readonly=True,
        copy=False,
        groups=AGENT,
        search_groups=MANAGER,
        help="When the contact entered its stage. Written by the gate alone: other values are ignored.",
    )
    lifecycle_transition_ids = fields.One2many(
        "lifecycle.transition",
        "partner_id",
        string="Stage History",
        readonly=True,
        copy=False,
        groups=MANAGER,
    )
    lifecycle_transition_count = fields.Integer(compute="_compute_lifecycle_transition_count", groups=MANAGER)
    # The mixin's fields tell the stage as well: portal users may read their own contact.
    duration_tracking = guarded_fields.GuardedJson(groups=AGENT, search_groups=MANAGER)
    rotting_days = guarded_fields.GuardedInteger(string="Days Stuck", groups=AGENT, search_groups=MANAGER)
    is_rotting = guarded_fields.GuardedBoolean(string="Stuck", groups=AGENT, search_groups=MANAGER)

    # The stays that go on, by when they began, for the funnel and its report (M8), with what says whether they count:
    # else a period in which many came has the whole table read.
    _lifecycle_entered_idx = models.Index(
        "(date_last_stage_update) INCLUDE (id, lifecycle_stage_id, active, partner_share, type, company_id) "
        "WHERE lifecycle_stage_id IS NOT NULL"
    )

    @api.depends("lifecycle_stage_id", "date_last_stage_update")
    def _compute_duration_tracking(self):
        """Seconds spent in each stage as Odoo's status bar wants them, from the log (H3, decision 4)."""
        durations = {partner_id: {} for partner_id in readable(self).ids}
        if durations:
            self.env["lifecycle.transition"].flush_model()
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, from_stage_id, round(sum(days_in_stage) * 86400)::int
                      FROM lifecycle_transition
                     WHERE partner_id IN %s AND from_stage_id IS NOT NULL
                  GROUP BY partner_id, from_stage_id
                    """,
                    tuple(durations),
                )
            )
            for partner_id, stage_id, seconds in rows:
                durations[partner_id][str(stage_id)] = seconds
        now = fields.Datetime.now()
        for partner in self:
            seconds = durations.get(partner._origin.id, {})
            # the stored stage, as time passes in that one while another is only chosen in a form
            stage = partner._origin.id in durations and partner._origin.lifecycle_stage_id
            if stage and partner.date_last_stage_update:
                current = int((now - partner.date_last_stage_update).total_seconds())
                seconds[str(stage.id)] = seconds.get(str(stage.id), 0) + current
            partner.duration_tracking = seconds

    def _compute_lifecycle_transition_count(self):
        """Zero, which hides the button, while stages are not shown at all (S2)."""
        counts = {}
        if self.env["lifecycle.stage"]._are_shown():
            domain = [("partner_id", "in", self.ids)]
            counts = dict(self.env["lifecycle.transition"]._read_group(domain, ["partner_id"], ["__count"]))
        for partner in self:
            partner.lifecycle_transition_count = counts.get(partner._origin, 0)

    @api.model
    def _read_group_lifecycle_stage_id(self, stages, domain):
        """Show every stage as a column, empty ones too."""
        return stages.search([("deletion_pending", "=", False)])

    @api.model_create_multi
    def create(self, vals_list):
        """Make contacts; those of whom nothing is said enter the default stage (A1, A2), those for whom the stage
        is given as False have none (A6).
        """
        creation = Creation()
        vals_list = self._lifecycle_gate_vals(vals_list)
        with creation.going_on(self.env):
            partners = super().create(vals_list)
        notes = {partner_id: creation.notes.get(partner_id) for partner_id in partners.ids}
        # however the stage came in: as a value, from the context, or as a user's default value
        entered = self.browse(partner.id for partner in partners.sudo() if partner.lifecycle_stage_id)
        if entered:
            for stage in entered.sudo().lifecycle_stage_id:
                stage._lock_for_entry()
            move = Move.take(entered).of_created(entered, notes)
            gathering = Gathering.for_next(entered, move)
            entered._lifecycle_write_protected({"date_last_stage_update": fields.Datetime.now()})
            left = dict.fromkeys(entered.ids, Stay(False, False))
            if not (gathering and gathering.add(left, notes)):
                entered._lifecycle_moved(move, left, entered.sudo()._lifecycle_get_stays(), notes)
        unsaid = self.browse(
            partner.id
            for partner, vals in zip(partners, vals_list, strict=True)
            if "lifecycle_stage_id" not in vals
        )
        (unsaid - entered)._lifecycle_apply_default("create", created=notes)
        return partners

    def web_save(self, vals, specification, next_id=None):
        """A form in which no stage is chosen says nothing of that of a new contact (A1)."""
        if not self and not vals.get("lifecycle_stage_id", True):
            vals = {key: val for key, val in vals.items() if key != "lifecycle_stage_id"}
        return super().web_save(vals, specification, next_id=next_id)

    def write(self, vals):
        """Change contacts; a change of stage is logged wherever it comes from (H1, H2).

        ``lifecycle_stage_id`` takes an id, the name of a stage (A6) or False. Where the move comes from, private code
        says by ``_lifecycle_move_to``.

        :raises UserError: when the stage is unknown or being deleted
        :raises AccessError: when the user is no agent, or may not read the contacts; to change anything
            else as well, the right to write them is needed
        """
        [vals] = self._lifecycle_gate_vals([vals])
        if "lifecycle_stage_id" not in vals:
            return super().write(vals)
        stage = self.env["lifecycle.stage"].browse(vals["lifecycle_stage_id"] or ())
        other_vals = {key: val for key, val in vals.items() if key != "lifecycle_stage_id"}
        self.check_access("write" if other_vals else "read")
        # sudo: res.partner - who sets stages and may read the contacts knows theirs: asked for all of them, once
        known = self.sudo()
        known.fetch(["lifecycle_stage_id", "date_last_stage_update"])
        left = {id_: stay for id_, stay in known._lifecycle_get_stays().items() if stay.stage_id != stage.id}
        moving = self.browse(left)
        if other_vals and (staying := self - moving):
            super(ResPartner, staying).write(other_vals)
        if moving:
            # sudo: res.partner - what other addons do in a write is the same whoever writes
            is_alone = not other_vals and moving.sudo()._lifecycle_is_written_alone()
            moving._lifecycle_enter(stage, Move.take(moving), left, other_vals, is_alone)
        return True

    def _lifecycle_enter(self, stage, move, left, other_vals, is_alone):
        """Write a move that the gate has taken, and what follows it.

        :param stage: ``lifecycle.stage``, one record or none
        :param move: the ``Move`` of these contacts
        :param dict left: contact id -> ``Stay`` that it leaves
        :param dict other_vals: what else of them is written
        :param bool is_alone: whether nothing else is, and nobody has a part in it
        :return: dict contact id -> ``Stay`` that has begun
        """
        gathering = Gathering.for_next(self, move)
        stage._lock_for_entry()
        # sudo: res.partner - an agent sets the stage of contacts that are not theirs to change otherwise (P1)
        writing = self if other_vals else self.sudo()
        stay = Stay(stage.id, move.date or fields.Datetime.now())
        columns = {"lifecycle_stage_id": stay.stage_id, "date_last_stage_update": stay.since}
        entered = dict.fromkeys(self.ids, stay)
        if not is_alone:
            super(ResPartner, writing._lifecycle_untracked(other_vals)).write({**other_vals, **columns})
            entered = self.sudo()._lifecycle_get_stays()
        elif move.created:  # what else is written with a contact is written already
            writing._lifecycle_place(entered)
            writing._validate_fields(columns)
        else:
            models.BaseModel.write(writing._lifecycle_untracked(), columns)
        if not (gathering and gathering.add(left, move.created)):
            self._lifecycle_moved(move, left, entered, move.created)
        return entered

    @api.model
    def _lifecycle_place(self, stays):
        """Let contacts be in stages, with nothing that follows it.

        :param dict stays: contact id -> ``Stay``
        """
        placed, names = self.browse(stays), ("lifecycle_stage_id", "date_last_stage_update")
        if leaving := placed.filtered("lifecycle_stage_id"):
            leaving.modified(names[:1], before=True)  # what is computed of the stages that they leave
        # what is computed of a new contact waits in the cache as well: both are written by one UPDATE
        for stay, partners in placed.grouped(lambda partner: stays[partner.id]).items():
            self._fields["lifecycle_stage_id"].write(partners, stay.stage_id)
            self._fields["date_last_stage_update"].write(partners, stay.since)
        placed.modified(names)

    def unlink(self):
        """Delete contacts, with their history, when it is written."""
        Gathering.write_waiting(self.env)
        return super().unlink()

    def _write_multi(self, vals_list):
        """Write a move of many contacts (A5), or those who move in (D2), by one query; what others write is the ORM's."""
        if len(self) > 1 and is_as_shipped(self, "_write_multi"):
            names = set().union(*vals_list)
            if (names <= MOVED or is_silent(self.env)) and write_at_once(self, vals_list):
                return self._lifecycle_notify_pages(names)
        return super()._write_multi(vals_list)

    def action_lifecycle_clear(self):
        """Leave these contacts without a stage, “Clear selection” (A4).

        :raises AccessError: when the user is no agent, or may not read one of the contacts
        """
        self.write({"lifecycle_stage_id": False})

    @api.readonly
    def action_lifecycle_history(self):
        """Open the stage history of this contact (H2).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager, or may not read the contact
        """
        self._check_field_access(self._fields["lifecycle_transition_ids"], "read")
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.lifecycle_transition_action"
        )
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}

    def _lifecycle_move_to(self, stage, source, **facts):
        """Move these contacts, saying where the move comes from. Whoever calls has checked the right to do so.

        :param stage: ``lifecycle.stage``, one record or none
        :param str source: a value of ``lifecycle.transition.source``
        :param facts: what else is known of the move, see ``tools.move.Move``
        :return: the ``lifecycle.batch`` of the moves, none where it is one
        """
        move = Move(self, source, **facts)
        with move.going_on(self.env):
            # sudo: res.partner - a move that has a source of its own is not the caller's to refuse
            self.sudo().write({"lifecycle_stage_id": stage})
        return move.batch.with_env(self.env)

    def _lifecycle_move_by_hand(self, stage):
        """Move these contacts as ``write`` does, with all that it asks first.

        :param stage: ``lifecycle.stage``, one record or none
        :return: the ``lifecycle.batch`` of the moves, none where it is one
        """
        move = Move(self, "bulk" if len(self) > 1 else "manual")
        with move.going_on(self.env):
            self.write({"lifecycle_stage_id": stage.id})
        return move.batch.with_env(self.env)

    def _lifecycle_move_at(self, stage_id, date):
        """Move these contacts by hand as of ``date``, to load a history from elsewhere.

        :param int stage_id: id of the ``lifecycle.stage``
        :param datetime date: naive UTC datetime, not before the contacts' last move
        """
        stage = self.env["lifecycle.stage"].browse(stage_id or ())
        source = "bulk" if len(self) > 1 else "manual"
        self._lifecycle_move_to(stage, source, date=date.replace(microsecond=0))

    def _lifecycle_get_stays(self):
        """:return: dict contact id -> ``Stay`` in the stage that it is in, or in none"""
        return {
            partner.id: Stay(partner.lifecycle_stage_id.id, partner.date_last_stage_update)
            for partner in self
        }

    def _lifecycle_moved(self, move, left, entered, created):
        """Write what follows a move: log, chatter, open conversations, lock, in this order; rules come after it.

        :param move: the ``Move`` that the gate has taken for these contacts
        :param dict left: contact id -> ``Stay`` that it has left
        :param dict entered: contact id -> ``Stay`` that has begun
        :param dict created: contact id -> id of the note of its creation or None, for contacts being made
        :return: ``lifecycle.transition``, the rows of the log, in the order of the contacts
        """
        # sudo: res.partner - the agent may move the contact; the traces are not theirs to refuse
        moved = plain_sudo(self)
        if move.batch or not created:  # a contact that is being made has nowhere to go back to
            moved.env["lifecycle.batch"]._take_in(move, moved[:1].lifecycle_stage_id, len(moved))
        rows = moved.env["lifecycle.transition"]._log_moves(moved, left, entered, move)
        if not (self.env.context.get("tracking_disable") or self.env.context.get("mail_notrack")):
            moved._lifecycle_log_in_chatter(left, entered, created)
        # one that has just been made is in no conversation yet
        (moved - moved.browse(created))._lifecycle_show_in_conversations()
        moved._lifecycle_lock_moved_back(left, move.source)
        return rows

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"date_last_stage_update"}

    def _lifecycle_write_protected(self, vals):
        """Write the columns that ``write`` ignores."""
        # sudo: res.partner - what follows a move is not the caller's to refuse
        return super(ResPartner, self.sudo()).write(vals)

    def _lifecycle_show_in_conversations(self):
        """Let the open conversations of these contacts show the contact's stage (A7)."""
        if not self:
            return
        Channel = self.env["discuss.channel"].with_context(active_test=False)
        channels = Channel.search(
            [("lifecycle_partner_id", "in", self.ids), *Channel._lifecycle_open_domain()]
        )
        for stage, group in channels.grouped(
            lambda channel: channel.lifecycle_partner_id.lifecycle_stage_id
        ).items():
            group._lifecycle_show_stage(stage)

    @api.model
    def _lifecycle_gate_vals(self, vals_list):
        """:return: ``vals_list`` with the id of the stages named, and without what only the gate writes
        :raises AccessError: when the user is no agent, whatever stage they name (P5)
        """
        stage_ids = {}  # each stage is looked up once, however many contacts enter it
        gate_vals_list = []
        for vals in vals_list:
            gate_vals = self._lifecycle_without_protected(vals)
            if "lifecycle_stage_id" in gate_vals:
                self._check_field_access(self._fields["lifecycle_stage_id"], "write")
                value = gate_vals["lifecycle_stage_id"]
                if repr(value) not in stage_ids:
                    stage_ids[repr(value)] = self.env["lifecycle.stage"]._from_value(value).id
                gate_vals["lifecycle_stage_id"] = stage_ids[repr(value)]
            gate_vals_list.append(gate_vals)
        return gate_vals_list
