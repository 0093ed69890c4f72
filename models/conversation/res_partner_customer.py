from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Who can be a customer: nobody who is or was one of the database's own users, and no bot (I8)."""

    _inherit = "res.partner"

    @api.model
    def _lifecycle_outsider_sql(self, partner_id):
        """:param SQL partner_id: a column that has ids of contacts
        :return: ``SQL`` condition, true where the contact can be a customer
        """
        users, scripts = self.env["res.users"]._fields, self.env["chatbot.script"]._fields
        return SQL(
            """(NOT EXISTS (
                    SELECT FROM res_users
                     WHERE res_users.partner_id = %(partner_id)s
                       AND (res_users.share IS NOT TRUE
                            OR res_users.id IN (SELECT uid FROM res_groups_users_rel WHERE gid = %(public)s))
                ) AND NOT EXISTS (
                    SELECT FROM chatbot_script WHERE chatbot_script.operator_partner_id = %(partner_id)s
                ))""",
            partner_id=partner_id,
            public=self.env["ir.model.data"]._xmlid_to_res_id("base.group_public"),
            to_flush=[
                users["partner_id"],
                users["share"],
                users["group_ids"],
                scripts["operator_partner_id"],
            ],
        )

    def _lifecycle_outsiders(self):
        """:return: those of these contacts that can be customers"""
        if not self:
            return self
        condition = self._lifecycle_outsider_sql(SQL.identifier("res_partner", "id"))
        query = SQL("SELECT id FROM res_partner WHERE id IN %s AND %s", tuple(self.ids), condition)
        ids = {row[0] for row in self.env.execute_query(query)}
        return self.filtered(lambda partner: partner.id in ids)
