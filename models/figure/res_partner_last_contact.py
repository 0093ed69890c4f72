from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.remote_input import readable


def get_moment(message):
    """:return: when it was written; a mail has the date that its sender's clock says, which may be to come"""
    return min(message.date, message.create_date) if message.message_type == "email" else message.date


class ResPartner(models.Model):
    """When somebody last talked with the contact, for the cards of a whole page at once (A3).

    That is what rules on inactivity look at as well (T17), as far as the user may read it.
    """

    _inherit = "res.partner"

    lifecycle_last_contact = fields.Datetime(
        string="Last Contact",
        compute="_compute_lifecycle_last_contact",
        groups="contact_lifecycle.group_agent",
        help="When something was last written in a conversation with the contact, or in the chatter of the contact or its "
        "leads, as far as you may read it. Notes and what programs send do not count.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lifecycle_last_contact(self):
        contacts = readable(self)
        dates = contacts._lifecycle_last_in_conversations() if contacts else {}
        for partner_id, date in contacts._lifecycle_last_in_chatter() if contacts else ():
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
        """Who may read a contact or a lead may read what was said there, unless another addon says otherwise: so the last
        message of each is asked for, and then whether it may be read.

        :return: list of (contact id, date of that message)
        """
        for model in ("mail.message", "mail.notification", "sms.sms"):
            self.env[model].flush_model()
        Lead, contact_id = self.env["crm.lead"].with_context(active_test=False), SQL("contact.id")
        domain = [("partner_id", "in", self.ids)]
        leads = Lead._search(domain) if Lead.has_access("read") else Lead._as_query(ordered=False)
        last = SQL(
            """
            %(spoken)s AND %(spoken_to)s AND NOT %(unreached)s AND message.is_internal IS NOT TRUE
            ORDER BY message.id DESC LIMIT 1
            """,
            spoken=self.env["lifecycle.rule"]._get_spoken_sql(contact_id),
            spoken_to=self.env["lifecycle.rule"]._get_spoken_to_sql(),
            unreached=self.env["lifecycle.rule"]._get_message_unreached_sql(contact_id),
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.id, last.id
                  FROM unnest(%(ids)s) AS contact(id)
          JOIN LATERAL (
                           (SELECT message.id
                              FROM mail_message message
                             WHERE message.model = 'res.partner' AND message.res_id = contact.id AND %(last)s)
                       UNION ALL
                           (SELECT message.id
                              FROM (%(leads)s) lead
                              JOIN mail_message message
                                ON message.model = 'crm.lead' AND message.res_id = lead.id
                             WHERE lead.partner_id = contact.id AND %(last)s)
                       ) last ON TRUE
                """,
                ids=self.ids,
                leads=leads.select(
                    SQL.identifier(Lead._table, "id"), SQL.identifier(Lead._table, "partner_id")
                ),
                last=last,
            )
        )
        messages = self.env["mail.message"].browse(message_id for _contact_id, message_id in rows)
        # sudo: mail.message - those that the user may read
        moments = {message.id: get_moment(message) for message in messages._filtered_access("read").sudo()}
        return [
            (contact_id, moments[message_id]) for contact_id, message_id in rows if moments.get(message_id)
        ]
