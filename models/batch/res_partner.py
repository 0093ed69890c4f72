from odoo import models


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
