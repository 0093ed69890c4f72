import logging

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.domain_text import read_domain

_logger = logging.getLogger(__name__)

# People and companies, but not the database's own users nor addresses of somebody else.
SHIPPED_DOMAIN = "[('partner_share', '=', True), ('type', 'in', ['contact', False])]"


class ResPartner(models.Model):
    """Who has a lifecycle (A2), and who of them counts."""

    _inherit = "res.partner"

    lifecycle_in_scope = fields.Boolean(
        string="Has a Lifecycle",
        compute="_compute_lifecycle_in_scope",
        search="_search_lifecycle_in_scope",
        groups="contact_lifecycle.group_agent",
        help="Whether the settings count this contact among those that have a lifecycle.",
    )

    def _compute_lifecycle_in_scope(self):
        in_scope = self.filtered_domain(self._lifecycle_scope_domain())
        for partner in self:
            partner.lifecycle_in_scope = partner in in_scope

    @api.model
    def _search_lifecycle_in_scope(self, operator, value):
        return self._lifecycle_scope_domain() if operator == "in" else NotImplemented

    @api.model
    def _lifecycle_scope_domain(self):
        """:return: ``Domain`` of the contacts that have a lifecycle (A2): those that the settings say, but none of
        the database's own companies
        """
        return self._lifecycle_settings_domain() & self._lifecycle_no_own_company_domain()

    @api.model
    @tools.ormcache()
    def _lifecycle_no_own_company_domain(self):
        return Domain("id", "not in", self.env["res.company"]._lifecycle_partner_ids()).optimize(self)

    @api.model
    @tools.ormcache()
    def _lifecycle_counted_domain(self):
        """:return: ``Domain`` of the contacts that figures count: those in scope that are not archived. The record
        rules of whoever asks come on top of it.
        """
        return (self._lifecycle_scope_domain() & Domain("active", "=", True)).optimize(
            self.with_context(tz="UTC")
        )

    def _lifecycle_filter_counted(self):
        """:return: those of these contacts that figures count"""
        terms = self._lifecycle_counted_terms()
        if terms is None:
            return self.filtered_domain(self._lifecycle_counted_domain())
        # Odoo makes a domain ready each time, which takes longer than to look at a contact that is just made
        return self.browse(
            partner.id
            for partner in self
            if all((partner[name] in values) is is_in for name, is_in, values in terms)
        )

    @api.model
    @tools.ormcache()
    def _lifecycle_counted_terms(self):
        """:return: list of (name of a field, whether its value is one of them, set of values), which are all that the domain
        says; None where it says more
        """
        operators = {"in": True, "not in": False}
        terms = []
        for term in self._lifecycle_counted_domain():
            if term == "&":
                continue
            if isinstance(term, str) or term[1] not in operators or not self._lifecycle_is_plain(term[0]):
                return None
            name, operator, values = term
            terms.append((name, operators[operator], frozenset(values)))
        return terms

    @api.model
    def _lifecycle_is_plain(self, name):
        """:return: whether a value of this field is in a list of values where a domain says so"""
        return name == "id" or (name in self._fields and self._fields[name].type in ("boolean", "selection"))

    @api.model
    def _lifecycle_describe_unseen(self, domain):
        """Say of a number that counts everybody how many of them the user does not find in their own lists (P5).

        :param domain: domain of the contacts that are counted
        :return: text, how many the record rules hide and how many others are archived; empty where there are none
        """
        unseen, archived, _outside = self._lifecycle_count_unseen(domain)
        sentences = []
        if unseen:
            sentences.append(
                self.env._(
                    "Among them are contacts that you do not see, such as those of other companies: %(count)s.",
                    count=unseen,
                )
            )
        if archived:
            sentences.append(self.env._("Among them are archived contacts: %(count)s.", count=archived))
        return " ".join(sentences)

    def _lifecycle_describe_uncounted(self, domain):
        """Say beside the number of a list, which counts those that have a lifecycle, who else is there (M7).

        :param domain: domain of the contacts, of whom the list counts some
        :return: tuple of their number and a text: those without a lifecycle, archived ones, and those whom the
            record rules hide; zero and empty where there are none
        """
        unseen, archived, outside = self._lifecycle_count_unseen(domain)
        parts = [
            (outside, self.env._("without a lifecycle: %(count)s", count=outside)),
            (archived, self.env._("archived: %(count)s", count=archived)),
            (unseen, self.env._("not shown to you: %(count)s", count=unseen)),
        ]
        told = ", ".join(part for count, part in parts if count)
        return (
            unseen + archived + outside,
            told and self.env._("Contacts that the list does not count: %(contacts)s.", contacts=told),
        )

    def _lifecycle_count_unseen(self, domain):
        """:return: three numbers of contacts: those that the record rules hide; of the others those that are archived;
        and of the others again those that have no lifecycle
        """
        everybody = self.with_context(active_test=False)
        # sudo: res.partner - how many they are, never who
        counted = everybody.sudo()._search(domain)
        counted.order = None
        is_seen = SQL(
            "%s IN %s", SQL.identifier(counted.table, "id"), everybody._search(Domain.TRUE).subselect()
        )
        is_active = everybody.sudo()._field_to_sql(counted.table, "active", counted)
        scope = self._lifecycle_scope_domain().optimize_full(everybody.sudo())
        in_scope = scope._to_sql(everybody.sudo(), counted.table, counted)
        return self.env.execute_query(
            counted.select(
                SQL("count(*) FILTER (WHERE NOT %s)", is_seen),
                SQL("count(*) FILTER (WHERE %s AND NOT %s)", is_seen, is_active),
                SQL("count(*) FILTER (WHERE %s AND %s AND (%s) IS NOT TRUE)", is_seen, is_active, in_scope),
            )
        )[0]

    def _lifecycle_uncounted_action(self, domain):
        """:return: an ``ir.actions.act_window`` dictionary that opens those whom `_lifecycle_describe_uncounted` names,
        as far as the user may see them
        """
        uncounted = Domain(domain) & ~self._lifecycle_counted_domain()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts that the list does not count"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(uncounted),
            "context": {"active_test": False, "search_disable_custom_filters": True},
        }

    @api.model
    @tools.ormcache(cache="stable")
    def _lifecycle_settings_domain(self):
        # sudo: ir.config_parameter - the scope is no secret
        domain = self.env["ir.config_parameter"].sudo().get_param("contact_lifecycle.contact_domain")
        # a day without a time begins for everybody at once: what is kept here is not for whoever asks first
        alike = self.with_context(tz="UTC")
        try:
            return read_domain(domain or SHIPPED_DOMAIN).optimize(alike)
        except (NotImplementedError, RecursionError, TypeError, ValueError):
            # written past the settings; no contact may be lost for it
            _logger.warning(
                "contact_lifecycle.contact_domain is not a domain, the shipped one is used: %s", domain
            )
            return read_domain(SHIPPED_DOMAIN).optimize(self)

    @api.model
    def _lifecycle_live_fields(self):
        scope = {
            condition.field_expr.partition(".")[0]
            for condition in self._lifecycle_scope_domain().iter_conditions()
        }
        return scope | {"active", "company_id", "lifecycle_stage_id"}
