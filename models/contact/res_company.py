from odoo import api, models, tools


class ResCompany(models.Model):
    """The database's own companies, which are nobody's leads (A2)."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the contact that Odoo makes for a company out of the default stage (A2)."""
        self.check_access("create")  # Odoo clears caches also where there is nothing to create
        companies = super(ResCompany, self.with_context(lifecycle_skip_default=True)).create(vals_list)
        self.env.registry.clear_cache()  # Odoo does so before the company is there
        return companies.with_env(self.env)

    def cache_invalidation_fields(self):
        return super().cache_invalidation_fields() | {"partner_id"}

    @api.model
    @tools.ormcache()
    def _lifecycle_partner_ids(self):
        """:return: tuple of the ids of the contacts of all companies, archived ones included"""
        # sudo: res.company - other companies are no leads either
        companies = self.sudo().with_context(active_test=False).search([("partner_id", "!=", False)])
        return tuple(companies.partner_id.ids)
