from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.move import Move


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep of what the contacts were notified (T9): where one message went to several of them, Odoo would delete
        all that it has of the others; so the message goes to one of them beforehand.
        """
        self.env["mail.notification"].flush_model(["mail_message_id", "res_partner_id"])
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mail_notification duplicate
                      USING mail_notification kept
                      WHERE duplicate.mail_message_id = kept.mail_message_id AND duplicate.id != kept.id
                        AND duplicate.res_partner_id = ANY(%(sources)s)
                        AND (kept.res_partner_id = %(destination)s
                             OR (kept.res_partner_id = ANY(%(sources)s) AND kept.id < duplicate.id))
                """,
                sources=src_partners.ids,
                destination=dst_partner.id,
            )
        )
        self.env["mail.notification"].invalidate_model()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Keep the most advanced stage of the contacts that become one (A9).

        The contact that remains enters it first, so that its value wins in Odoo's own merge. The
        log and the conversations of the others were moved to it before; when their last move led
        elsewhere, the log says that the merge brought the contact back.
        """
        # sudo: res.partner - merging is allowed to those who are no agents
        merged = (src_partners | dst_partner).sudo()
        remaining = dst_partner.sudo()
        stages = merged.lifecycle_stage_id.sorted()
        advanced = stages.filtered(lambda stage: not stage.is_lost)[-1:]
        best = advanced or remaining.lifecycle_stage_id or stages[:1]
        remaining._lifecycle_move_to(best, "merge")
        Transition = remaining.env["lifecycle.transition"]
        last = Transition.search([("partner_id", "=", remaining.id)], limit=1)
        if last.to_stage_id != best:
            Transition._log_moves(
                remaining,
                {remaining: last.to_stage_id},
                {remaining: last.date},
                Move(remaining, "merge"),
                fields.Datetime.now(),
            )
        locked = merged.filtered("lifecycle_locked").sorted("lifecycle_locked_date")[:1]
        if locked:  # one of them was moved back by hand: that holds for all (T4)
            remaining._lifecycle_write_protected(
                {
                    "lifecycle_locked": True,
                    "lifecycle_locked_by_id": locked.lifecycle_locked_by_id.id,
                    "lifecycle_locked_date": locked.lifecycle_locked_date,
                }
            )
        result = super()._update_values(src_partners, dst_partner)
        remaining._lifecycle_show_in_conversations()
        return result
