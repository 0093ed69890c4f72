from odoo import api, fields, models
from odoo.tools import SQL

from ..models.contact.gathering import Gathering
from ..tools.move import Move, Stay, as_bookkeeping

# Tables that have a contact once in each message or conversation: table, column of the contact, what it is unique in.
ONCE_IN_EACH = (
    ("mail_notification", "res_partner_id", "mail_message_id"),
    ("im_livechat_channel_member_history", "partner_id", "channel_id"),
    ("discuss_channel_member", "partner_id", "channel_id"),
)


class MergePartnerAutomatic(models.TransientModel):
    """Merging contacts is no move (H5): it is neither an event of rules nor a number in any figure."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep of what the contacts were notified, and the conversations that they are in (T9, I8): where one message
        went to several of them, or several are in one conversation, Odoo would delete all that it has of the others.
        """
        Gathering.write_waiting(self.env)
        self.env.flush_all()
        self.env.cr.execute(
            # who has become one with others is not archived as somebody whom an import has made (D5)
            SQL(
                "DELETE FROM lifecycle_batch_unmoved_rel WHERE res_partner_id = ANY(%s)",
                (src_partners | dst_partner).ids,
            )
        )
        for table, column, unique_in in ONCE_IN_EACH:
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM %(table)s duplicate
                          USING %(table)s kept
                          WHERE duplicate.%(unique_in)s = kept.%(unique_in)s AND duplicate.id != kept.id
                            AND duplicate.%(column)s = ANY(%(sources)s)
                            AND (kept.%(column)s = %(destination)s
                                 OR (kept.%(column)s = ANY(%(sources)s) AND kept.id < duplicate.id))
                    """,
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    unique_in=SQL.identifier(unique_in),
                    sources=src_partners.ids,
                    destination=dst_partner.id,
                )
            )
        self.env.invalidate_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Keep the most advanced stage of the contacts that become one, with the date on which it was entered, and the
        lock (A9, H5). The log and the conversations of the others were moved to the contact that remains before.
        """
        # sudo: res.partner - merging is allowed to those who are no agents
        merged = (src_partners | dst_partner).sudo()
        remaining = dst_partner.sudo()
        self._lifecycle_keep_most_advanced(merged, remaining)
        locked = merged.filtered("lifecycle_locked").sorted("lifecycle_locked_date")[:1]
        if locked:  # one of them was moved back by hand: that holds for all (T4)
            remaining._lifecycle_write_protected(
                {
                    "lifecycle_locked": True,
                    "lifecycle_locked_by_id": locked.lifecycle_locked_by_id.id,
                    "lifecycle_locked_date": locked.lifecycle_locked_date,
                }
            )
        result = super()._update_values(src_partners, as_bookkeeping(dst_partner))
        remaining._lifecycle_show_in_conversations()
        return result

    @api.model
    def _lifecycle_keep_most_advanced(self, merged, remaining):
        """One stay goes on; the log ends the open stays of the others, so that they are not lost (H2).

        :param merged: ``res.partner`` in sudo, all that become one
        :param remaining: the one of them that remains
        """
        stages = merged.lifecycle_stage_id.sorted()
        advanced = stages.filtered(lambda stage: not stage.is_lost)[-1:]
        best = advanced or remaining.lifecycle_stage_id or stages[:1]
        if not best:
            return
        entered = {contact: contact.date_last_stage_update or fields.Datetime.now() for contact in merged}
        lasting = merged.filtered(lambda contact: contact.lifecycle_stage_id == best).sorted(entered.get)[:1]
        ending = [
            Stay(contact.lifecycle_stage_id.id, entered[contact])
            for contact in merged - lasting
            if contact.lifecycle_stage_id
        ]
        if remaining != lasting:
            best._lock_for_entry()
            remaining._lifecycle_write_protected(
                {"lifecycle_stage_id": best.id, "date_last_stage_update": entered[lasting]}
            )
            self.env["lifecycle.live.mixin"]._notify_agents()
        begun = {remaining.id: Stay(best.id, fields.Datetime.now())}
        for stay in ending:
            remaining.env["lifecycle.transition"]._log_moves(
                remaining, {remaining.id: stay}, begun, Move(remaining, "merge")
            )
