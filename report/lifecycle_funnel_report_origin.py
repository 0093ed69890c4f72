from odoo import fields, models
from odoo.tools import SQL


class LifecycleFunnelReport(models.Model):
    """Where the contact of a stay came from, and whose it is: what the funnel is split by (M3).

    Each of these is looked up for a row that is asked for it, by an index of the contact, and costs nothing else.
    So they are not read ahead with the others.
    """

    _inherit = "lifecycle.funnel.report"
    _depends = {
        "crm.lead": ["partner_id", "source_id", "medium_id", "company_id"],
        "discuss.channel": ["lifecycle_partner_id", "livechat_channel_id"],
        "res.partner": ["user_id", "country_id"],
    }

    first_source = fields.Selection(
        lambda self: self.env["lifecycle.transition"]._fields["source"]._description_selection(self.env),
        readonly=True,
        prefetch=False,
        help="Where the first move of the contact came from.",
    )
    utm_source_id = fields.Many2one(
        "utm.source",
        string="UTM Source",
        readonly=True,
        prefetch=False,
        help="Of the contact's first lead that has one.",
    )
    utm_medium_id = fields.Many2one(
        "utm.medium",
        string="UTM Medium",
        readonly=True,
        prefetch=False,
        help="Of the contact's first lead that has one.",
    )
    livechat_channel_id = fields.Many2one(
        "im_livechat.channel",
        string="Live Chat Channel",
        readonly=True,
        prefetch=False,
        help="Of the contact's first live chat conversation.",
    )
    salesperson_id = fields.Many2one("res.users", readonly=True, prefetch=False)
    country_id = fields.Many2one("res.country", readonly=True, prefetch=False)

    def _branches(self):
        return [self._with_origin(branch) for branch in super()._branches()]

    def _with_origin(self, branch):
        return SQL(
            """
            SELECT funnel.*,
                   %(first_source)s AS first_source,
                   %(utm_source)s AS utm_source_id,
                   %(utm_medium)s AS utm_medium_id,
                   %(livechat_channel)s AS livechat_channel_id,
                   %(salesperson)s AS salesperson_id,
                   %(country)s AS country_id
              FROM (%(funnel)s) funnel
            """,
            first_source=SQL(
                "(SELECT source FROM lifecycle_transition first WHERE first.partner_id = funnel.partner_id "
                "ORDER BY first.date, first.id LIMIT 1)"
            ),
            utm_source=self._select_of_first_lead("source_id"),
            utm_medium=self._select_of_first_lead("medium_id"),
            livechat_channel=SQL(
                "(SELECT livechat_channel_id FROM discuss_channel first "
                "WHERE first.lifecycle_partner_id = funnel.partner_id AND first.livechat_channel_id IS NOT NULL "
                "ORDER BY first.id LIMIT 1)"
            ),
            salesperson=self._select_of_contact("user_id"),
            country=self._select_of_contact("country_id"),
            funnel=branch,
        )

    def _select_of_first_lead(self, name):
        """Of a lead nothing else is shown, so that managers who see no leads may be told; the leads of other
        companies say nothing.

        :return: ``SQL`` of a column of the contact's first lead that has it
        """
        return SQL(
            "(SELECT %(column)s FROM crm_lead first WHERE first.partner_id = funnel.partner_id "
            "AND %(column)s IS NOT NULL AND (first.company_id IS NULL OR first.company_id IN %(companies)s) "
            "ORDER BY first.id LIMIT 1)",
            column=SQL.identifier("first", name),
            companies=tuple(self.env.companies.ids),
        )

    def _select_of_contact(self, name):
        """:return: ``SQL`` of a column of the contact"""
        return SQL(
            "(SELECT %s FROM res_partner contact WHERE contact.id = funnel.partner_id)",
            SQL.identifier("contact", name),
        )
