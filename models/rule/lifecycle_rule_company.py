from odoo import api, models
from odoo.fields import Domain


class LifecycleRule(models.Model):
    """The company's stage goes to its people: one way, forward only, off until switched on (T16)."""

    _inherit = "lifecycle.rule"

    @api.model
    def _company_sync_is_on(self):
        # sudo: ir.config_parameter - the setting is no secret
        return self.env["ir.config_parameter"].sudo().get_param("contact_lifecycle.company_sync") == "True"

    @api.model
    def _sync_companies(self, partners):
        """Let the people of those of ``partners`` that are companies follow them.

        Only forward, which is neither into a lost stage nor out of one: a person is lost for reasons of its own.
        """
        companies = partners.filtered(lambda partner: partner.is_company and partner.lifecycle_stage_id)
        if not companies:
            return
        Partner = self.env["res.partner"]
        people = Partner.search(
            Domain("commercial_partner_id", "in", companies.ids)
            & Domain("id", "not in", companies.ids)
            & Domain("lifecycle_locked", "!=", True)
            & self._get_scope()
        )
        order = self.env["lifecycle.stage"]._get_order()
        for stage, group in people.grouped(
            lambda person: person.commercial_partner_id.lifecycle_stage_id
        ).items():
            behind = group.filtered(
                lambda person, stage=stage: (
                    not person.lifecycle_stage_id
                    or order.get(person.lifecycle_stage_id.id, len(order)) < order.get(stage.id, -1)
                )
            )
            if stage.id in order and behind:
                self._try_each(
                    behind,
                    lambda people, stage=stage: people._lifecycle_move_to(stage, "company"),
                    "on companies",
                )
