from collections import defaultdict

from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What undoing a batch does to contacts besides moving them (D5)."""

    _inherit = "res.partner"

    def _lifecycle_filter_archivable(self, active=True):
        """:return: those of these contacts that the user may put into the archive, or with ``active=False`` take out of
        it: Odoo keeps those of its users
        """
        # sudo: res.partner - whether somebody is a user, of whoever may change the contact
        contacts = self._filtered_access("write")
        return contacts.filtered(lambda partner: partner.active == active and not partner.sudo().user_ids)

    def _lifecycle_stays_taken_up(self):
        """:return: dict contact id -> list with the beginning and the end of the stay in its stage before, for contacts that
        an undo has brought back there
        """
        self.env["lifecycle.transition"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.id, undone.date_entered, undone.date
                  FROM res_partner contact
          JOIN LATERAL (SELECT source, batch_id
                          FROM lifecycle_transition
                         WHERE partner_id = contact.id
                      ORDER BY date DESC, id DESC
                         LIMIT 1) last_move ON last_move.source = 'undo'
                  JOIN lifecycle_batch undo ON undo.id = last_move.batch_id
                  JOIN lifecycle_transition undone ON undone.batch_id = undo.undoes_id
                                                  AND undone.partner_id = contact.id
                 WHERE contact.id = ANY(%s)
                   AND undone.from_stage_id = contact.lifecycle_stage_id
                   AND undone.date_entered IS NOT NULL
                """,
                self.ids,
            )
        )
        stays = defaultdict(list)
        for contact_id, start, end in rows:
            stays[contact_id].append((start, end))
        return stays
