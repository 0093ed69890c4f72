from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Contacts are found by what a rule would do with them now, and why: so a number of a dry run opens whom it counts
    (T14, M7).
    """

    _inherit = "res.partner"

    lifecycle_rule_result = fields.Char(
        string="What a Rule Does",
        store=False,
        search="_search_lifecycle_rule_result",
        groups="contact_lifecycle.group_owner",
        help="To search with only: the id of a rule, a colon and one of the results of its runs.",
    )

    @api.model
    def _search_lifecycle_rule_result(self, operator, value):
        """:return: ``Domain`` of the contacts with the results in ``value``, see ``lifecycle.rule._get_result_text``"""
        if operator != "in":
            return NotImplemented
        Rule = self.env["lifecycle.rule"]
        domain = Domain.OR(Rule._read_result_text(str(text)) for text in value)
        # sudo: res.partner - a condition may look at what only its author may read; which of them are found is for the
        # record rules of whoever searches
        return Domain("id", "in", self.sudo()._search(domain))
