import textwrap

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import html_to_inner_content

from ...tools.remote_input import readable

PREVIEW_LENGTH = 100
# what Odoo itself says in a conversation
NOTIFICATIONS = ("notification", "user_notification")


class DiscussChannel(models.Model):
    """What the inboxes show of a conversation: who, with whom, the last message (I1, I2)."""

    _inherit = "discuss.channel"

    lifecycle_customer_name = fields.Char(
        string="Customer",
        compute="_compute_lifecycle_customer_name",
        search="_search_lifecycle_customer_name",
        groups="contact_lifecycle.group_agent",
        help="The contact's name, or what the visitor is called while nobody knows who it is.",
    )
    lifecycle_agent_ids = fields.Many2many(
        "res.partner",
        string="Agents in the Conversation",
        compute="_compute_lifecycle_agent_ids",
        groups="contact_lifecycle.group_agent",
        help="Who takes care of the conversation; once it is closed, who has done so.",
    )
    lifecycle_last_message = fields.Char(
        string="Last Message",
        compute="_compute_lifecycle_last_message",
        groups="contact_lifecycle.group_agent",
    )
    lifecycle_last_message_date = fields.Datetime(
        string="Last Message On",
        compute="_compute_lifecycle_last_message",
        groups="contact_lifecycle.group_agent",
    )
    lifecycle_is_unread = fields.Boolean(
        string="Unread",
        compute="_compute_lifecycle_is_unread",
        groups="contact_lifecycle.group_agent",
        help="The user is in the conversation, and something was written that they have not seen.",
    )
    lifecycle_duration = fields.Float(
        string="Hours until Closed",
        compute="_compute_lifecycle_duration",
        aggregator="avg",
        groups="contact_lifecycle.group_agent",
        help="Hours from the beginning to the end of the conversation; only closed ones have it.",
    )

    @api.depends("name", "lifecycle_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lifecycle_customer_name(self):
        hiding = self._origin._lifecycle_hiding_contact()
        for channel, stored in self._lifecycle_stored():
            visitors = stored.channel_member_ids.guest_id.mapped("name")
            channel.lifecycle_customer_name = (
                (stored not in hiding and stored.lifecycle_partner_id.display_name)
                or (visitors and visitors[0])
                or (stored.name if channel._origin else channel.name)
            )

    @api.model
    def _search_lifecycle_customer_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(
            [
                [("lifecycle_partner_id.name", operator, value)],
                [("channel_member_ids.guest_id.name", operator, value)],
                [("name", operator, value)],
            ]
        )

    @api.depends("channel_member_ids", "livechat_agent_partner_ids", "livechat_end_dt")
    def _compute_lifecycle_agent_ids(self):
        for channel, stored in self._lifecycle_stored():
            agents = stored.channel_member_ids.filtered(lambda m: m._lifecycle_is_agent()).partner_id
            if stored.livechat_end_dt:
                agents |= stored.livechat_agent_partner_ids
            channel.lifecycle_agent_ids = agents.sudo(self.env.su)

    def _lifecycle_stored(self):
        """:return: list of (conversation, the same as it is stored, in sudo, or none where the user may not read it)"""
        conversations = readable(self)
        # sudo: res.partner, mail.guest, discuss.channel.member - whoever may read the conversation may see who is in it
        return [
            (channel, (channel._origin & conversations).sudo().with_prefetch(conversations.ids))
            for channel in self
        ]

    @api.depends("message_ids")
    def _compute_lifecycle_last_message(self):
        """One query for all: the newest message of each, or what is attached to it where it says nothing."""
        rows, ids = {}, readable(self).ids
        if ids:
            self.env["mail.message"].flush_model(
                ["attachment_ids", "body", "date", "message_type", "model", "res_id"]
            )
            self.env["ir.attachment"].flush_model(["name"])
            query = SQL(
                """
                SELECT channel.id, message.body, message.date, (
                           SELECT attachment.name
                             FROM message_attachment_rel rel
                             JOIN ir_attachment attachment ON attachment.id = rel.attachment_id
                            WHERE rel.message_id = message.id
                         ORDER BY attachment.id
                            LIMIT 1
                       )
                  FROM unnest(%s) AS channel(id)
          JOIN LATERAL (
                           SELECT id, body, date
                             FROM mail_message
                            WHERE model = 'discuss.channel'
                              AND res_id = channel.id
                              AND message_type NOT IN %s
                         ORDER BY id DESC
                            LIMIT 1
                       ) message ON TRUE
                """,
                ids,
                NOTIFICATIONS,
            )
            rows = {row[0]: row[1:] for row in self.env.execute_query(query)}
        for channel in self:
            body, date, attachment = rows.get(channel._origin.id, ("", False, ""))
            text = html_to_inner_content(body or "") or attachment or ""
            channel.lifecycle_last_message = textwrap.shorten(text, PREVIEW_LENGTH, placeholder="…")
            channel.lifecycle_last_message_date = date

    @api.depends("channel_member_ids.seen_message_id", "message_ids")
    @api.depends_context("uid")
    def _compute_lifecycle_is_unread(self):
        # sudo: discuss.channel.member - the user's own
        members = self.env["discuss.channel.member"].sudo()
        mine = members.search([("channel_id", "in", self._origin.ids), ("is_self", "=", True)])
        unread = set(mine.filtered("message_unread_counter").channel_id.ids)
        for channel in self:
            channel.lifecycle_is_unread = channel._origin.id in unread

    @api.depends("livechat_end_dt")
    def _compute_lifecycle_duration(self):
        for channel in self:
            end = channel.livechat_end_dt
            channel.lifecycle_duration = end and (end - channel.create_date).total_seconds() / 3600

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """Let the duration be aggregated and sorted by with no column; NULL, not zero, while it has no end."""
        if field_expr != "lifecycle_duration":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        begin, end = (
            super(DiscussChannel, self)._field_to_sql(alias, name, query)
            for name in ("create_date", "livechat_end_dt")
        )
        return SQL("EXTRACT(epoch FROM %s - %s) / 3600", end, begin)

    def _message_post_after_hook(self, message, *args):
        """Tell the inboxes of agents, which are in the order of the last message, that there is one (I10)."""
        result = super()._message_post_after_hook(message, *args)
        if message.message_type not in NOTIFICATIONS and self._lifecycle_is_watched():
            self._notify_agents("written")
        return result

    @api.readonly
    def action_lifecycle_open(self):
        """Open this conversation in Discuss, as who may read it, in it or not (I1).

        :return: an ``ir.actions.client`` dictionary
        :raises AccessError: when the user may not read the conversation
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id("mail.action_discuss")
        return {**action, "context": {"active_id": f"discuss.channel_{self.id}"}}

    @api.readonly
    def action_lifecycle_view_contact(self):
        """Open the contact of this conversation, “View Contact” (I6).

        :return: an ``ir.actions.act_window`` dictionary, or None while nobody knows who the visitor is
        :raises AccessError: when the user may not read the conversation or its contact
        """
        self.ensure_one()
        self.check_access("read")
        if not self.lifecycle_partner_id:
            return None
        self._lifecycle_check_contact_seen(
            self.env._("You may not see the contact of this conversation: ask a colleague who may.")
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.lifecycle_partner_id.id,
            "views": [(False, "form")],
        }
