from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        """Give a new user's contact the default stage only once it is known whose side he is on (A2)."""
        users = super(ResUsers, self.with_context(lifecycle_skip_default=True)).create(vals_list)
        users = users.with_env(self.env)
        known = {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        users.partner_id.filtered(lambda partner: partner.id not in known)._lifecycle_enter_default_on(
            "create"
        )
        return users
