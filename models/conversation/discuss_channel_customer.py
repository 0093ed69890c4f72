from odoo import api, models
from odoo.tools import SQL


class DiscussChannel(models.Model):
    """Who the customer in a conversation is: none of us, no bot, and nobody who was invited into it (I8)."""

    _inherit = "discuss.channel"

    @api.model
    def _lifecycle_customers_sql(self):
        """The one definition of who the customer is; others may extend it for their channels.

        In a live chat Odoo says who the visitor is, also when they have left. In other channels it is the first of
        the members who can be a customer: whoever comes after was invited, and a guest is a customer whom nobody
        knows.

        :return: ``SQL`` of rows of channel_id and partner_id, at most one for each conversation; partner_id is
            NULL where nobody knows the customer
        """
        members = self.env["discuss.channel.member"]._fields
        histories = self.env["im_livechat.channel.member.history"]._fields
        return SQL(
            """
              SELECT DISTINCT ON (party.channel_id) party.channel_id, party.partner_id
                FROM (
                      SELECT history.channel_id, history.partner_id, history.id
                        FROM im_livechat_channel_member_history history
                       WHERE history.livechat_member_type = 'visitor' AND history.partner_id IS NOT NULL
                   UNION ALL
                      SELECT member.channel_id, member.partner_id, member.id
                        FROM discuss_channel_member member
                        JOIN discuss_channel channel ON channel.id = member.channel_id
                       WHERE channel.channel_type = ANY(%(other_types)s)
                     ) party
               WHERE party.partner_id IS NULL OR %(outsider)s
            ORDER BY party.channel_id, party.id
            """,
            other_types=[name for name in self._lifecycle_channel_types() if name != "livechat"],
            outsider=self.env["res.partner"]._lifecycle_outsider_sql(SQL.identifier("party", "partner_id")),
            to_flush=[
                self._fields["channel_type"],
                *(members[name] for name in ("channel_id", "partner_id")),
                *(histories[name] for name in ("channel_id", "partner_id", "livechat_member_type")),
            ],
        )

    def _lifecycle_find_customers(self):
        """:return: dict conversation -> the contact of its customer, one ``res.partner``; no key where nobody knows"""
        if not self:
            return {}
        query = SQL(
            "SELECT channel_id, partner_id FROM (%s) customer WHERE channel_id IN %s AND partner_id IS NOT NULL",
            self._lifecycle_customers_sql(),
            tuple(self.ids),
        )
        return {
            self.browse(channel_id): self.env["res.partner"].browse(partner_id)
            for channel_id, partner_id in self.env.execute_query(query)
        }

    def _lifecycle_identify(self):
        """Note who the customer is where the members of the conversation tell."""
        types = self._lifecycle_channel_types()
        unknown = self.filtered(lambda c: c.channel_type in types and not c.lifecycle_partner_id)
        for channel, partner in unknown._lifecycle_find_customers().items():
            channel._lifecycle_identify_as(partner)

    def _lifecycle_can_be_customer(self, partner):
        """For what only suggests who the visitor is: an address that was typed, the contact of a lead.

        :param partner: ``res.partner``, one record or none
        :return: whether this is nobody of ours, no bot, and nobody who is in the conversation as somebody else
        """
        self.ensure_one()
        parties = self._lifecycle_parties()
        return bool(partner._lifecycle_outsiders()) and (
            partner not in parties or partner == self._lifecycle_find_customers().get(self)
        )

    def _lifecycle_is_from_customer(self, message):
        """Tell the customer's messages from those of us, of bots, of programs, and of those who were invited (I8, T17).

        :return: bool
        """
        self.ensure_one()
        # sudo: discuss.channel, mail.message, res.partner - whoever writes may not see who the contact is
        channel, message = self.sudo(), message.sudo()
        author, guest = message.author_id, message.author_guest_id
        if message.message_type in ("notification", "user_notification") or message.lifecycle_is_automatic:
            return False
        if author and author == channel.lifecycle_partner_id:
            return True
        if channel.channel_type == "livechat":
            visitors = channel.livechat_customer_history_ids
            return bool((author and author in visitors.partner_id) or (guest and guest in visitors.guest_id))
        # in other channels, the messages of customers whom nobody knows may have neither author nor guest (T18)
        return not author or author == channel._lifecycle_find_customers().get(channel)

    @api.model
    def _lifecycle_take_in(self):
        """Fill the columns of the conversations that were there before the addon, or before their type was that of
        a customer conversation: who the contact is, how they stand.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE discuss_channel channel
                   SET lifecycle_partner_id = customer.partner_id
                  FROM (%s) customer
                 WHERE customer.channel_id = channel.id
                   AND channel.lifecycle_status IS NULL
                   AND channel.lifecycle_partner_id IS NULL
                """,
                self._lifecycle_customers_sql(),
            )
        )
        self._lifecycle_fill_status()
