from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.remote_input import readable

# what people say, in emails and in the chatter
TALK = ("comment", "email")


class ResPartner(models.Model):
    """When somebody last talked with the contact, for the cards of a whole page at once (A3)."""

    _inherit = "res.partner"

    lifecycle_last_contact = fields.Datetime(
        string="Last Contact",
        compute="_compute_lifecycle_last_contact",
        groups="contact_lifecycle.group_agent",
        help="The last message in a conversation with the contact, or in its chatter, that you may read. Internal notes "
        "do not count.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lifecycle_last_contact(self):
        contacts = readable(self)
        dates = contacts._lifecycle_last_in_conversations() if contacts else {}
        for partner_id, date in contacts._lifecycle_last_in_chatter().items() if contacts else ():
            dates[partner_id] = max(date, dates.get(partner_id, date))
        for partner in self:
            partner.lifecycle_last_contact = dates.get(partner._origin.id, False)

    def _lifecycle_last_in_conversations(self):
        """:return: dict contact id -> when something was last written in its conversations, as the inbox tells it"""
        groups = self.env["discuss.channel"]._read_group(
            [("lifecycle_partner_id", "in", self.ids), ("lifecycle_is_conversation", "=", True)],
            ["lifecycle_partner_id"],
            ["last_interest_dt:max"],
        )
        return {partner.id: date for partner, date in groups if date}

    def _lifecycle_last_in_chatter(self):
        """Who may read a contact may read what was said in its chatter, unless another addon says otherwise: so the
        last message of each is asked for, and then whether it may be read.

        :return: dict contact id -> date of that message
        """
        Message = self.env["mail.message"]
        Message.flush_model(["is_internal", "message_type", "model", "res_id", "subtype_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT message.id
                  FROM unnest(%s) AS contact(id)
          JOIN LATERAL (
                           SELECT mail_message.id
                             FROM mail_message
                        LEFT JOIN mail_message_subtype subtype ON subtype.id = mail_message.subtype_id
                            WHERE mail_message.model = 'res.partner'
                              AND mail_message.res_id = contact.id
                              AND mail_message.message_type IN %s
                              AND mail_message.is_internal IS NOT TRUE
                              AND subtype.internal IS NOT TRUE
                         ORDER BY mail_message.id DESC
                            LIMIT 1
                       ) message ON TRUE
                """,
                self.ids,
                TALK,
            )
        )
        messages = Message.browse(row[0] for row in rows)._filtered_access("read")
        # sudo: mail.message - those that the user may read
        return {message.res_id: message.date for message in messages.sudo() if message.date}
