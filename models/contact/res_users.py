from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _lifecycle_is_internal(self):
        """:return: whether this is an active internal user, and neither the superuser nor a customer"""
        return bool(self) and self._is_internal() and self.active

    @api.model_create_multi
    def create(self, vals_list):
        """Give a new user's contact the default stage once it is known whether the user is internal (A2)."""
        users = super(ResUsers, self.with_context(lifecycle_skip_default=True)).create(vals_list)
        users = users.with_env(self.env)
        unsaid = users.browse(
            user.id
            for user, vals in zip(users, vals_list, strict=True)
            if not vals.get("partner_id") and "lifecycle_stage_id" not in vals
        )
        unsaid.partner_id._lifecycle_apply_default("create")
        return users
