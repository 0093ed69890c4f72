from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.remote_input import browse_untrusted_id


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
        """:return: ``Domain`` of the contacts with the results in ``value``, each like ``12:locked``"""
        if operator != "in":
            return NotImplemented
        domain = Domain.FALSE
        for text in value:
            rule_id, _colon, result = str(text).partition(":")
            is_id = rule_id.isdecimal() and len(rule_id) < 19  # Python refuses to read very long numbers
            rule = browse_untrusted_id(self.env["lifecycle.rule"], int(rule_id) if is_id else 0)
            # sudo: lifecycle.rule - its condition may look at what only its author may read
            domains = rule.sudo()._get_result_domains() if rule else {}
            domain |= domains.get(result, Domain.FALSE)
        # sudo: res.partner - the same; which of them are found is for the record rules of whoever searches
        return Domain("id", "in", self.sudo()._search(domain))
