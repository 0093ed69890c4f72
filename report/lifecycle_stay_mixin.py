from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class LifecycleStayMixin(models.AbstractModel):
    """What is alike in the reports on stays: their rows come from several branches, and a page of them in a moment (M8)."""

    _name = "lifecycle.stay.mixin"
    _description = "Report on Stays"

    def _branches(self):
        """:return: list of ``SQL`` with the same columns, which together are the rows; of this recordset if it has any"""
        raise NotImplementedError

    @property
    def _table_query(self) -> SQL:
        # UNION ALL, so that conditions reach the indexes of each branch, and what is not asked for is not computed.
        return SQL(" UNION ALL ").join(self._branches())

    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        # What is read of records is asked for by their ids, and made of their rows alone. Any other search is not of them.
        is_read = bool(self.ids) and Domain(domain) == Domain([("id", "in", self.ids)])
        report = self if is_read else self.browse()
        query = super(LifecycleStayMixin, report)._search(domain, offset, limit, order, **kwargs)
        if query.limit and not query.is_empty() and not query._joins:
            # The first rows of all are among the first rows of each branch, which an index may give in their order.
            # PostgreSQL would put all rows of a branch in order first: it plans a branch without knowing of the limit.
            # Where only their number counts, the newest ones are the soonest found.
            alias = SQL.identifier(self._table)
            page = SQL(
                "WHERE %s ORDER BY %s LIMIT %s",
                query.where_clause or SQL("TRUE"),
                query.order or self._order_to_sql(self._order, query),
                query.limit + (query.offset or 0),
            )
            pages = [
                SQL("(SELECT * FROM (%s) AS %s %s)", branch, alias, page) for branch in report._branches()
            ]
            query._tables[self._table] = SQL(
                "(%s)", SQL(" UNION ALL ").join(pages), to_flush=query._tables[self._table].to_flush
            )
        return query

    @api.readonly
    def action_open_contact(self):
        """Open the contact of this row.

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read this report, or the contact
        """
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()
