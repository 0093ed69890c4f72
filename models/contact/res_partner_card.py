from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount

from ...tools.guarded_fields import GuardedInteger
from .res_partner import AGENT, MANAGER


class ResPartner(models.Model):
    """What a card of the pipeline says of a contact, read for the whole page at once (A3, M5)."""

    _inherit = "res.partner"

    lifecycle_days_in_stage = GuardedInteger(
        string="Days in Stage",
        compute="_compute_lifecycle_days_in_stage",
        groups=AGENT,
        search_groups=MANAGER,
    )
    lifecycle_open_revenue = fields.Char(
        string="Open Opportunities",
        compute="_compute_lifecycle_open_revenue",
        groups=AGENT,
        help="Expected revenue of the contact's open opportunities that you may read.",
    )

    @api.depends("lifecycle_stage_id", "date_last_stage_update")
    def _compute_lifecycle_days_in_stage(self):
        now = fields.Datetime.now()
        for partner in self:
            since = partner.lifecycle_stage_id and partner.date_last_stage_update
            partner.lifecycle_days_in_stage = (now - since).days if since else 0

    @api.depends_context("uid", "company", "lang")
    def _compute_lifecycle_open_revenue(self):
        """Empty where there is none, and for who may not read opportunities at all. Amounts of several currencies are told
        in that of the user's company.
        """
        domain = [
            ("partner_id", "in", self.ids),
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
        ]
        Lead = self.env["crm.lead"]
        groups = Lead.has_access("read") and Lead._read_group(
            domain, ["partner_id", "company_id"], ["expected_revenue:sum"]
        )
        currency, today = self.env.company.currency_id, fields.Date.context_today(self)
        sums = defaultdict(float)
        for partner, company, amount in groups or ():
            # sudo: res.company - the currency that the amount, which the user may read, is in
            from_currency = company.sudo().currency_id or currency
            sums[partner.id] += from_currency._convert(amount, currency, self.env.company, today)
        for partner in self:
            amount = sums[partner._origin.id]
            partner.lifecycle_open_revenue = format_amount(self.env, amount, currency) if amount else False
