from odoo import models
from odoo.tools import SQL


class LifecycleFunnelReport(models.Model):
    """Groups by outcome come in the order of the dashboard, not by the alphabet of their keys (M7)."""

    _inherit = "lifecycle.funnel.report"

    def _read_group_orderby(self, order, groupby_terms, query):
        outcome = groupby_terms.get("outcome")
        if outcome is None:
            return super()._read_group_orderby(order, groupby_terms, query)
        outcomes = [value for value, _label in self._fields["outcome"].selection]
        groupby_terms["outcome"] = SQL("array_position(%s, %s::text)", outcomes, outcome)
        try:
            return super()._read_group_orderby(order, groupby_terms, query)
        finally:
            groupby_terms["outcome"] = outcome
