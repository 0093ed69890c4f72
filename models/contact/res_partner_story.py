from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

MADE_BEFORE = timedelta(minutes=5)


class ResPartner(models.Model):
    """A story told afterwards: contacts that moved in the past, as those of the demo data did."""

    _inherit = "res.partner"

    @api.model
    def _lifecycle_tell(self, moves):
        """Move contacts as of dates in the past, and let them have been made before that.

        :param list moves: tuples of a list of the ids of contacts that moved together, id of the ``lifecycle.stage`` or
            False, naive UTC datetime, id of the user, source (a value of ``lifecycle.transition.source``), and ids of the
            ``lifecycle.rule`` and of the ``discuss.channel`` that it was made by and in, or False. A contact's moves come
            after those it has made.
        """
        for partner_ids, stage_id, date, user_id, source, rule_id, channel_id in sorted(
            moves, key=lambda move: move[2]
        ):
            batch = (
                self.with_user(user_id)
                .browse(partner_ids)
                ._lifecycle_move_to(
                    self.env["lifecycle.stage"].browse(stage_id or ()),
                    source,
                    date=date.replace(microsecond=0),
                    rule=self.env["lifecycle.rule"].browse(rule_id or ()),
                    channel_ids=dict.fromkeys(partner_ids, channel_id) if channel_id else {},
                )
            )
            # sudo: lifecycle.batch - a story is told by private code alone
            batch.sudo().date = date.replace(microsecond=0)
        self.browse({partner_id for move in moves for partner_id in move[0]})._lifecycle_date_creation()

    def _lifecycle_date_creation(self):
        """Let these contacts, and the note that they have been made, be older than their first move."""
        # sudo: res.partner, lifecycle.transition, mail.message - a story is told by private code alone
        for partner in self.sudo():
            since = min(partner.lifecycle_transition_ids.mapped("date")) - MADE_BEFORE
            if partner.create_date > since:
                self.env.cr.execute(
                    SQL("UPDATE res_partner SET create_date = %s WHERE id = %s", since, partner.id)
                )
                partner.message_ids.sorted("id")[:1].date = since
        self.invalidate_recordset(["create_date"])
