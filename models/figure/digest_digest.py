from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class DigestDigest(models.Model):
    """New customers and lost contacts in Odoo's digest mail, for managers (M6, P1)."""

    _inherit = "digest.digest"

    kpi_lifecycle_customers = fields.Boolean("New Customers")
    kpi_lifecycle_customers_value = fields.Integer(compute="_compute_kpi_lifecycle_customers_value")
    kpi_lifecycle_lost = fields.Boolean("Lost Contacts")
    kpi_lifecycle_lost_value = fields.Integer(compute="_compute_kpi_lifecycle_lost_value")

    def _compute_kpi_lifecycle_customers_value(self):
        self._lifecycle_count_contacts_entering("is_won", "kpi_lifecycle_customers_value")

    def _compute_kpi_lifecycle_lost_value(self):
        self._lifecycle_count_contacts_entering("is_lost", "kpi_lifecycle_lost_value")

    def _lifecycle_count_contacts_entering(self, kind, digest_kpi_field):
        """Count the contacts that entered a stage of a kind from outside of it, each once, in the company
        of the digest or in none.

        :param str kind: ``is_won`` or ``is_lost``
        :param str digest_kpi_field: the field that takes the number
        :raises AccessError: when the recipient is no manager, or stages are not shown: Odoo leaves it out
        """
        Partner, Log = self.env["res.partner"], self.env["lifecycle.transition"]
        if not (
            self.env.user.has_group("contact_lifecycle.group_manager")
            and self.env["lifecycle.stage"]._are_shown()
        ):
            raise AccessError(self.env._("Only lifecycle managers see these figures: leave them out."))
        start, end, _companies = self._get_kpi_compute_parameters()
        counts = dict(
            Log._read_group(
                Log._moves_domain(start, end)
                & Domain(f"to_stage_id.{kind}", "=", True)
                & (Domain("from_stage_id", "=", False) | Domain(f"from_stage_id.{kind}", "=", False))
                & Domain("partner_id", "any", Partner._lifecycle_counted_domain()),
                ["partner_id.company_id"],
                ["partner_id:count_distinct"],
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest[digest_kpi_field] = counts.get(company, 0) + counts.get(company.browse(), 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu_id = self.env["ir.model.data"]._xmlid_to_res_id("contact_lifecycle.lifecycle_menu_root")
        action = f"contact_lifecycle.lifecycle_transition_action?menu_id={menu_id}"
        return {**actions, "kpi_lifecycle_customers": action, "kpi_lifecycle_lost": action}
