from odoo import api, models
from odoo.exceptions import AccessError


class LifecycleDashboard(models.AbstractModel):
    """The figures of the dashboard: read from the contacts, the conversations and the log, never written.

    What is counted follows the record rules of whoever asks; archived contacts do not count.
    """

    _name = "lifecycle.dashboard"
    _description = "Lifecycle Dashboard"

    @api.model
    def _check_manager(self):
        """:raises AccessError: when the user is no manager (P1)"""
        if not (self.env.su or self.env.user.has_group("contact_lifecycle.group_manager")):
            raise AccessError(
                self.env._("Only lifecycle managers see these figures: ask an administrator for the role.")
            )
