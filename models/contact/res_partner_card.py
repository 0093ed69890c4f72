from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

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
        sums = self._lifecycle_sum_open_revenue(self.ids, "id")
        currency = self.env.company.currency_id
        for partner in self:
            amount = sums.get(partner._origin.id)
            partner.lifecycle_open_revenue = format_amount(self.env, amount, currency) if amount else False

    @api.model
    def _lifecycle_sum_open_revenue(self, contacts, name):
        """The one definition of the amount, on a card and at the head of a column (M7): the expected revenue of the open
        opportunities that the user may read. By one query, however many contacts there are.

        :param contacts: list of the ids of contacts, or a ``Query`` of them
        :param str name: the column of the contact to sum by, ``id`` for each its own
        :return: dict value of that column -> amount in the currency of the user's company; empty for who may not read
            opportunities at all
        """
        Lead = self.env["crm.lead"]
        if not Lead.has_access("read"):
            return {}
        leads = Lead._search(
            Domain("partner_id", "in", contacts)
            & Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
        )
        if leads.is_empty():
            return {}
        _contacts, contact = Lead._fields["partner_id"].join(Lead, leads.table, leads)
        key = self._field_to_sql(contact, name, leads)
        company, revenue = (
            Lead._field_to_sql(leads.table, field, leads) for field in ("company_id", "expected_revenue")
        )
        leads.order = None
        leads.groupby = SQL("%s, %s", key, company)
        rows = self.env.execute_query(leads.select(key, company, SQL("SUM(%s)", revenue)))
        currency, today = self.env.company.currency_id, fields.Date.context_today(self)
        sums = defaultdict(float)
        for value, company_id, amount in rows:
            # sudo: res.company - the currency that the amount, which the user may read, is in
            from_currency = self.env["res.company"].sudo().browse(company_id or ()).currency_id or currency
            sums[value] += from_currency._convert(amount or 0, currency, self.env.company, today)
        return dict(sums)
