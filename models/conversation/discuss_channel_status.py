from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.again import coming_back
from ...tools.remote_input import join_names, read_moment

WAKE_CRON = "contact_lifecycle.ir_cron_wake_conversations"
MAX_SNOOZE = relativedelta(years=1)


class DiscussChannel(models.Model):
    """Whether a conversation is open, snoozed or closed, and whether somebody takes care of it (I3, I4)."""

    _name = "discuss.channel"
    _inherit = ["discuss.channel", "lifecycle.live.mixin"]

    lifecycle_status = fields.Selection(
        [("open", "Open"), ("snoozed", "Snoozed"), ("closed", "Closed")],
        string="Conversation Status",
        compute="_compute_lifecycle_status",
        store=True,
        groups="contact_lifecycle.group_agent",
    )
    lifecycle_snoozed_until = fields.Datetime(
        string="Snoozed Until",
        readonly=True,
        copy=False,
        groups="contact_lifecycle.group_agent",
        help="The conversation opens again at this moment, or when the customer writes.",
    )
    lifecycle_is_unassigned = fields.Boolean(
        string="Unassigned",
        compute="_compute_lifecycle_is_unassigned",
        store=True,
        groups="contact_lifecycle.group_agent",
        help="No human agent is in this conversation.",
    )
    lifecycle_assignment = fields.Selection(
        [("mine", "Mine"), ("unassigned", "Unassigned")],
        string="Assignment",
        compute="_compute_lifecycle_assignment",
        search="_search_lifecycle_assignment",
        groups="contact_lifecycle.group_agent",
    )
    lifecycle_is_conversation = fields.Boolean(
        string="Is a Conversation with a Customer",
        compute="_compute_lifecycle_is_conversation",
        search="_search_lifecycle_is_conversation",
        groups="contact_lifecycle.group_agent",
    )

    _lifecycle_snoozed_until_idx = models.Index(
        "(lifecycle_snoozed_until) WHERE lifecycle_snoozed_until IS NOT NULL"
    )
    _lifecycle_status_idx = models.Index(
        "(lifecycle_status, lifecycle_stage_id) WHERE lifecycle_status IN ('open', 'snoozed')"
    )

    @api.depends("channel_type", "livechat_end_dt", "lifecycle_snoozed_until")
    def _compute_lifecycle_status(self):
        types = self._lifecycle_channel_types()
        for channel in self:
            if channel.channel_type not in types:
                channel.lifecycle_status = False
            elif channel.livechat_end_dt:
                channel.lifecycle_status = "closed"
            else:
                channel.lifecycle_status = "snoozed" if channel.lifecycle_snoozed_until else "open"

    @api.depends(
        "channel_type",
        "channel_member_ids.partner_id.active",
        "channel_member_ids.partner_id.partner_share",
        "channel_member_ids.livechat_member_history_ids.livechat_member_type",
    )
    def _compute_lifecycle_is_unassigned(self):
        """Whoever leaves the company takes care of no conversation any more; ``_lifecycle_fill_status`` is the same."""
        types = self._lifecycle_channel_types()
        for channel in self:
            channel.lifecycle_is_unassigned = channel.channel_type in types and not any(
                member._lifecycle_is_agent() for member in channel.channel_member_ids
            )

    @api.depends("lifecycle_is_unassigned", "is_member")
    @api.depends_context("uid")
    def _compute_lifecycle_assignment(self):
        for channel in self:
            if channel.lifecycle_is_unassigned:
                channel.lifecycle_assignment = "unassigned"
            else:
                channel.lifecycle_assignment = "mine" if channel.is_member else False

    @api.model
    def _search_lifecycle_assignment(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "mine": Domain("is_member", "=", True),
            "unassigned": Domain("lifecycle_is_unassigned", "=", True),
            False: Domain("is_member", "=", False) & Domain("lifecycle_is_unassigned", "=", False),
        }
        return Domain.OR(domains[key] for key in value if key in domains)

    def _compute_lifecycle_is_conversation(self):
        types = self._lifecycle_channel_types()
        for channel in self:
            channel.lifecycle_is_conversation = channel.channel_type in types

    @api.model
    def _search_lifecycle_is_conversation(self, operator, value):
        return (
            [("channel_type", "in", self._lifecycle_channel_types())] if operator == "in" else NotImplemented
        )

    @api.model
    def _lifecycle_live_fields(self):
        return {
            "active",
            "lifecycle_is_unassigned",
            "lifecycle_snoozed_until",
            "lifecycle_stage_id",
            "lifecycle_status",
        }

    def _lifecycle_is_watched(self):
        types = self._lifecycle_channel_types()
        # sudo: discuss.channel - only which kind it is matters
        return any(channel.channel_type in types for channel in self.sudo())

    def _message_post_after_hook(self, message, *args):
        """The customer's message wakes a snoozed conversation (I4)."""
        result = super()._message_post_after_hook(message, *args)
        # sudo: discuss.channel - the visitor who writes may not see whether the conversation is snoozed
        channel = self.sudo()
        if channel.lifecycle_snoozed_until and channel._lifecycle_is_from_customer(message):
            channel._lifecycle_wake()
        return result

    def action_lifecycle_take_over(self):
        """Take care of these conversations that no agent is in (I1, I3).

        Where two try at once, both write that the conversation is taken, so that one of them is tried again and refused.

        :return: what opens the conversation in Discuss, an ``ir.actions.client`` dictionary; None for several
        :raises UserError: when a conversation is closed, or somebody takes care of it already
        :raises AccessError: when the user is no agent, or may not read one of the conversations
        """
        self._lifecycle_check_agent()
        # sudo: discuss.channel - agents may enter what they may read and nobody takes care of
        channels = self.sudo()
        taken = channels.filtered(
            lambda channel: channel.lifecycle_status == "closed" or not channel.lifecycle_is_unassigned
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(conversations)s: closed, or somebody takes care of it already; choose an unassigned conversation.",
                    conversations=join_names(taken.mapped("display_name")),
                )
            )
        channels._add_members(users=self.env.user)
        return self.action_lifecycle_open() if len(self) == 1 else None

    def action_lifecycle_snooze(self, until):
        """Snooze these conversations, for one year at most (I4).

        :param until: moment: a datetime, a date or a text such as ``2030-01-31 09:00:00``; in UTC where it names no
            time zone
        :raises UserError: when the moment is unclear, past or too far ahead, or a conversation is closed
        :raises AccessError: when the user is no agent, or may not read one of the conversations
        """
        self._lifecycle_check_agent()
        moment = read_moment(until)
        if not moment:
            raise UserError(self.env._("Choose a date and time to snooze until."))
        now = fields.Datetime.now()
        if moment <= now:
            raise UserError(
                self.env._(
                    "A conversation can only be snoozed until a moment in the future: choose a later one."
                )
            )
        if moment > now + MAX_SNOOZE:
            raise UserError(
                self.env._("A conversation can be snoozed for one year at most: choose an earlier moment.")
            )
        # sudo: discuss.channel - agents may set the stage and the snooze of what they may read
        channels = self.sudo()
        closed = channels.filtered(lambda channel: channel.lifecycle_status not in ("open", "snoozed"))
        if closed:
            raise UserError(
                self.env._(
                    "%(conversations)s: this conversation is closed and cannot be snoozed.",
                    conversations=join_names(closed.mapped("display_name")),
                )
            )
        if channels:
            channels._lifecycle_write_protected({"lifecycle_snoozed_until": moment})
            self.env.ref(WAKE_CRON).sudo()._trigger(at=moment)

    def action_lifecycle_wake(self):
        """Open these snoozed conversations again (I4).

        :raises AccessError: when the user is no agent, or may not read one of the conversations
        """
        self._lifecycle_check_agent()
        # sudo: discuss.channel - agents may set the stage and the snooze of what they may read
        self.sudo()._lifecycle_wake()

    @api.model
    def _lifecycle_fill_status(self):
        """Set the computed columns above in one statement, where they are not what Odoo would compute one by one."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE discuss_channel
                   SET lifecycle_status = expected.status,
                       lifecycle_is_unassigned = expected.is_unassigned
                  FROM (
                        SELECT channel.id,
                               CASE WHEN channel.channel_type NOT IN %(types)s THEN NULL
                                    WHEN channel.livechat_end_dt IS NOT NULL THEN 'closed'
                                    WHEN channel.lifecycle_snoozed_until IS NOT NULL THEN 'snoozed'
                                    ELSE 'open'
                               END AS status,
                               channel.channel_type IN %(types)s AND NOT EXISTS (
                                    SELECT FROM discuss_channel_member member
                                      JOIN res_partner partner ON partner.id = member.partner_id
                                 LEFT JOIN im_livechat_channel_member_history history
                                           ON history.member_id = member.id
                                     WHERE member.channel_id = channel.id
                                       AND partner.active
                                       AND NOT partner.partner_share
                                       AND COALESCE(history.livechat_member_type, 'agent') = 'agent'
                               ) AS is_unassigned
                          FROM discuss_channel channel
                       ) expected
                 WHERE expected.id = discuss_channel.id
                   AND (expected.status, expected.is_unassigned) IS DISTINCT FROM (
                           discuss_channel.lifecycle_status, COALESCE(discuss_channel.lifecycle_is_unassigned, FALSE)
                       )
                """,
                types=tuple(self._lifecycle_channel_types()),
            )
        )
        self.env.invalidate_all(flush=False)

    def _lifecycle_wake(self):
        self.filtered("lifecycle_snoozed_until")._lifecycle_write_protected(
            {"lifecycle_snoozed_until": False}
        )

    @api.model
    @coming_back(WAKE_CRON)
    def _cron_lifecycle_wake(self):
        """Wake the conversations whose moment has come; each snooze has triggered this for its own moment."""
        now = fields.Datetime.now()
        self.search([("lifecycle_snoozed_until", "<=", now)])._lifecycle_write_protected(
            {"lifecycle_snoozed_until": False, "lifecycle_woken_date": now}
        )
