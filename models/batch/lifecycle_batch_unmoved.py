from odoo import fields, models
from odoo.tools import SQL

from ..contact.lifecycle_batch import SEVERAL
from ..contact.res_partner import MANAGER


class LifecycleBatch(models.Model):
    """Contacts of a batch that no row of the log names: those that have come with an import and without a stage, and of an
    undo those of them that it has archived (D5). So an import can be undone also where it has moved nobody.
    """

    _inherit = "lifecycle.batch"

    unmoved_ids = fields.Many2many(
        "res.partner",
        "lifecycle_batch_unmoved_rel",
        string="Contacts without a Move",
        help="The import has made them without a stage, or the undo has archived them.",
        readonly=True,
        copy=False,
        groups=MANAGER,
    )

    def _add_unmoved(self, partners):
        """By SQL, since the ORM would read all that are there each time."""
        if partners:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO lifecycle_batch_unmoved_rel (lifecycle_batch_id, res_partner_id)
                         SELECT %s, unnest(%s) ON CONFLICT DO NOTHING
                    """,
                    self.id,
                    partners.ids,
                )
            )
            self.invalidate_recordset(["unmoved_ids"])

    def _get_unmoved_of(self):
        """:return: the batch whose contacts without a move come or go as this one is undone"""
        origin, is_undone = self._get_origin()
        return self if is_undone else origin

    def _end(self):
        """Keep an import also if it has made several contacts."""
        # sudo: lifecycle.batch - nobody else has seen it
        made = self.sudo().unmoved_ids
        is_kept = made and self.move_count + len(made) >= SEVERAL
        return None if is_kept else super()._end()
