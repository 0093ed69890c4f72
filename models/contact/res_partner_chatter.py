from odoo import api, models, tools

from ...tools.bulk_create import (
    CODE_OF_OURS_AND_ODOOS,
    copy_row,
    create_from_first,
    is_as_shipped,
    makes_all_alike,
)
from ...tools.move import Creation, plain_sudo

# what Odoo's ``write`` of contacts calls, and whose parts of it have nothing to do with a change of stage alone
PARTS_OF_WRITE = (
    "write",
    "_children_sync",
    "_fields_sync",
    "_message_auto_subscribe",
    "_message_auto_subscribe_followers",
)
NO_PART_IN_A_MOVE = (*CODE_OF_OURS_AND_ODOOS, "odoo.addons.base.", "odoo.addons.snailmail.")
# what the note on a move tells of a contact
TOLD = {
    "date_last_stage_update",
    "duration_tracking",
    "is_rotting",
    "lifecycle_days_in_stage",
    "lifecycle_is_lost",
    "lifecycle_stage_id",
    "lifecycle_transition_count",
    "lifecycle_transition_ids",
    "rotting_days",
}


class ResPartner(models.Model):
    """The moves in the contact's chatter (H1)."""

    _inherit = "res.partner"

    def _lifecycle_untracked(self, other_vals=()):
        """
        :param other_vals: what else is written, if anything
        :return: these contacts for a write of the stage alone

        Odoo's tracking reads all the fields that it tracks of each contact before any write, and compares
        them afterwards. That is as long as the whole rest of a move, and for nothing, unless another addon
        tracks a field of its own that is computed from ours.
        """
        is_tracked = other_vals or self._lifecycle_is_tracked_elsewhere()
        return self if is_tracked else self.with_context(mail_notrack=True)

    @api.model
    @tools.ormcache("self.env.uid", "self.env.su")
    def _lifecycle_is_tracked_elsewhere(self):
        """:return: whether another addon tracks for this user a field of its own that is computed from ours"""
        tracked = self._track_get_fields() - TOLD
        return any(
            field.model_name == self._name and field.name in tracked
            for name in ("lifecycle_stage_id", "date_last_stage_update")
            for field in self.pool.get_dependent_fields(self._fields[name])
        )

    def _lifecycle_is_written_alone(self):
        """:return: whether nothing but the columns has to be written of the stage alone: neither tracking, nor what Odoo's
        ``write`` of contacts does, which goes through the parents, children and users of each
        """
        return (
            not self._lifecycle_is_tracked_elsewhere()
            and is_as_shipped(self, *PARTS_OF_WRITE, code=NO_PART_IN_A_MOVE)
            and TOLD.isdisjoint(self._commercial_fields())
            and TOLD.isdisjoint(self._address_fields())
        )

    def _track_prepare(self, fields_iter):
        """Leave to the note on the move what it tells, also where another addon has Odoo track that (H1)."""
        names = set(fields_iter)
        return super()._track_prepare(names if TOLD.isdisjoint(names) else names - TOLD)

    def _lifecycle_log_in_chatter(self, left, entered, notes):
        """Log the moves as Odoo's tracking does (H1), but all of them at once (see ``tools/bulk_create.py``).

        The stage is in the tracking value only: everybody can search the body of a message. The note that
        a contact has been created says in which stage.

        :param dict left: contact id -> ``Stay`` that it has left
        :param dict entered: contact id -> ``Stay`` that has begun
        :param dict notes: contact id -> id of the note of its creation or None, for contacts being made
        """
        if not self:
            return
        TrackingValue, Stage = self.env["mail.tracking.value"], plain_sudo(self.env["lifecycle.stage"])
        message_ids = {id_: notes[id_] for id_ in self.ids if notes.get(id_)}
        silent = self.browse(id_ for id_ in self.ids if id_ not in message_ids)
        message_ids.update(silent._lifecycle_post_notes([entered[id_].since for id_ in silent.ids]))
        field = self._fields["lifecycle_stage_id"]
        col_info = {"type": field.type, "selection": None}
        ways = [(left[id_].stage_id, entered[id_].stage_id) for id_ in self.ids]
        tracked = {
            (old, new): TrackingValue._create_tracking_values(
                Stage.browse(old or ()), Stage.browse(new or ()), field.name, col_info, self
            )
            for old, new in set(ways)
        }
        own = {name: [tracked[way][name] for way in ways] for name in tracked[ways[0]]}
        own["mail_message_id"] = [message_ids[id_] for id_ in self.ids]
        create_from_first(TrackingValue, {}, own)

    def _message_log_batch(self, *args, **kwargs):
        """While contacts are created, keep which note says so."""
        messages = super()._message_log_batch(*args, **kwargs)
        if creation := Creation.current(self.env):
            for partner, message in zip(self, messages, strict=True):
                creation.notes.setdefault(partner.id, message.id)
        return messages

    def _lifecycle_post_notes(self, dates):
        """
        :param list dates: naive UTC datetimes, one for each of these contacts
        :return: dict contact id -> id of a new message, without a text, for what has been tracked
        """
        if not self:
            return {}
        Message = self.env["mail.message"]
        at_once = (
            len(self) > 1
            and is_as_shipped(self, "_message_log_batch", "_message_create")
            and makes_all_alike(Message)
        )
        messages = (self[:1] if at_once else self)._message_log_batch(bodies={})
        for date, message in zip(dates, messages, strict=False):
            if message.date != date:
                message.date = date
        if at_once:
            own = {"res_id": self.ids[1:], "date": dates[1:]}
            messages += copy_row(messages, own)
            self.invalidate_recordset(["message_ids", "message_needaction", "message_needaction_counter"])
        return dict(zip(self.ids, messages.ids, strict=True))
