from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from . import search_guard
from .given import browse_given


class DiscussChannel(models.Model):
    """The conversation's stage: the contact's, or its own while nobody knows who the visitor is (A7)."""

    _inherit = "discuss.channel"

    lifecycle_partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The customer in this conversation, when it is known who it is.",
    )
    lifecycle_stage_id = search_guard.GuardedMany2one(
        "lifecycle.stage",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        search_groups_from={"res.partner": "contact_lifecycle.group_manager"},
        domain="[('deletion_pending', '=', False)]",
        group_expand="_read_group_lifecycle_stage_id",
    )

    @api.model
    def _read_group_lifecycle_stage_id(self, stages, domain):
        """Show every stage as a column, empty ones too."""
        return stages.search([("deletion_pending", "=", False)])

    @api.model_create_multi
    def create(self, vals_list):
        """Open conversations; one with an unknown visitor starts in the default stage (A7)."""
        context = {key: val for key, val in self.env.context.items() if key != "default_lifecycle_stage_id"}
        context["lifecycle_new_conversation"] = True
        channels = super(DiscussChannel, self.with_env(self.env(context=context))).create(
            [{key: val for key, val in vals.items() if key != "lifecycle_stage_id"} for vals in vals_list]
        )
        channels = channels.with_env(self.env)
        for channel, vals in zip(channels, vals_list, strict=True):
            if vals.get("lifecycle_stage_id"):
                channel.write({"lifecycle_stage_id": vals["lifecycle_stage_id"]})
        # in a live chat it is the visitor, joining, who brings the default stage; other channels may not know him
        channels.filtered(lambda c: c.channel_type != "livechat")._lifecycle_enter_default_on("create")
        return channels

    def write(self, vals):
        """Change conversations; a stage goes to the contact where it is known, and is logged (A7, H2).

        :raises UserError: when the stage is unknown or being deleted
        :raises AccessError: when the user is no agent, or may not read the conversation; to change
            anything else as well, the right to write it is needed; our other fields have their actions
        """
        if not self.env.su and any(
            name.startswith("lifecycle_") for name in vals.keys() - {"lifecycle_stage_id"}
        ):
            raise AccessError(
                self.env._(
                    "Who the contact is and until when it is snoozed is set by the buttons of the conversation."
                )
            )
        if "lifecycle_stage_id" not in vals:
            return super().write(vals)
        self._lifecycle_check_agent()
        stage = self.env["res.partner"]._lifecycle_stage_from(vals["lifecycle_stage_id"])
        other_vals = {key: val for key, val in vals.items() if key != "lifecycle_stage_id"}
        if other_vals:
            super().write(other_vals)
        # sudo: discuss.channel - checked above; the contact behind it need not be the agent's to write
        self.env["lifecycle.transition"]._sudo(self)._lifecycle_move(stage)
        return True

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.author_guest_id:
            self._lifecycle_enter_default_on("message")
        return result

    def action_lifecycle_set_stage(self, stage_id):
        """Set the stage of these conversations, and with it that of their contacts (A3, A7).

        :param stage_id: id or name of a ``lifecycle.stage``, or False to clear it
        :raises UserError: when the stage is unknown or being deleted
        :raises AccessError: when the user is no agent, or may not read one of the conversations
        """
        self.write({"lifecycle_stage_id": stage_id})

    def action_lifecycle_set_contact(self, partner_id):
        """Say who the visitor is, “Set as contact”: the stage is handed over (A7).

        :param int partner_id: id of the ``res.partner``, or False where it turned out not to be known
        :raises UserError: when there is no such contact
        :raises AccessError: when the user is no agent, or may not read the conversation or the contact
        """
        self._lifecycle_check_agent()
        partner = browse_given(self.env["res.partner"], partner_id)
        if partner_id and not partner:
            raise UserError(self.env._("This contact does not exist any more: choose another one."))
        partner.check_access("read")
        self.env["lifecycle.transition"]._sudo(self)._lifecycle_identify_as(partner)

    def _lifecycle_check_agent(self):
        """:raises AccessError: when the user is no agent, or may not read these conversations"""
        self.env["res.partner"]._check_field_access(
            self.env["res.partner"]._fields["lifecycle_stage_id"], "write"
        )
        self.check_access("read")

    @api.model
    def _lifecycle_channel_types(self):
        """:return: list of the channel types that are conversations with customers; others add theirs (I7)"""
        return ["livechat"]

    @api.model
    def _lifecycle_open_domain(self):
        """:return: domain, a list, of the conversations that are not closed"""
        return [("livechat_end_dt", "=", False)]

    def _lifecycle_customer(self):
        """:return: the contact of the customer in this conversation, or an empty ``res.partner``"""
        self.ensure_one()
        customers = self.livechat_customer_partner_ids or self.channel_member_ids.partner_id.filtered(
            "partner_share"
        )
        return customers.filtered(lambda partner: not partner.is_public)[:1]

    def _lifecycle_identify(self):
        """Note who the customer is where the members of the conversation tell."""
        for channel in self.filtered(lambda c: c.channel_type in self._lifecycle_channel_types()):
            if not channel.lifecycle_partner_id and (partner := channel._lifecycle_customer()):
                channel._lifecycle_identify_as(partner)

    def _lifecycle_identify_as(self, partner):
        """Note who the customer is and hand the stage over (A7): a contact without a stage takes the
        conversation's, otherwise the contact's wins. Both are logged.

        :param partner: ``res.partner``, one record, or none to forget who it is
        """
        for channel in self.filtered(lambda c: c.lifecycle_partner_id != partner):
            own_stage = not channel.lifecycle_partner_id and channel.lifecycle_stage_id
            if own_stage and partner.lifecycle_stage_id:
                channel._lifecycle_move_unknown(partner.lifecycle_stage_id)
            channel._lifecycle_set_column("lifecycle_partner_id", partner)
            if own_stage and not partner.lifecycle_stage_id:
                channel._lifecycle_move_contacts(own_stage)
            elif partner:
                channel._lifecycle_show_stage(partner.lifecycle_stage_id)

    def _lifecycle_enter_default_on(self, event):
        """Let conversations with unknown visitors that have no stage enter the default one.

        :param str event: ``create`` or ``message``; nothing happens unless it is the one in the settings
        """
        Partner = self.env["res.partner"]
        if Partner._lifecycle_default_on() != event or not Partner._lifecycle_is_enabled():
            return
        # sudo: discuss.channel - it is the visitor who opens the conversation
        channels = self.env["lifecycle.transition"]._sudo(self).with_context(lifecycle_source="default")
        channels = channels.filtered(
            lambda c: (
                c.channel_type in self._lifecycle_channel_types()
                and not c.lifecycle_partner_id
                and not c.lifecycle_stage_id
            )
        )
        if channels:
            entered = channels._lifecycle_entered_dates()  # those were cleared on purpose
            channels = channels.filtered(lambda channel: channel not in entered)
        channels._lifecycle_move_unknown(self.env["lifecycle.stage"]._get_default())

    def _lifecycle_move(self, stage):
        """Move these conversations: their contacts where these are known.

        :param stage: ``lifecycle.stage``, one record or none
        """
        channels = self.with_context(
            lifecycle_source=self.env.context.get("lifecycle_source", "conversation")
        )
        known = channels.filtered("lifecycle_partner_id")
        known._lifecycle_move_contacts(stage)
        (channels - known)._lifecycle_move_unknown(stage)

    def _lifecycle_move_contacts(self, stage):
        channel_ids = {channel.lifecycle_partner_id.id: channel.id for channel in self}
        self.lifecycle_partner_id.with_context(
            lifecycle_source="conversation", lifecycle_channel_ids=channel_ids
        ).write({"lifecycle_stage_id": stage.id})
        # the gate has moved the open conversations; a closed one moves when it is named itself
        self._lifecycle_show_stage(stage)

    def _lifecycle_move_unknown(self, stage):
        moving = self.filtered(lambda channel: channel.lifecycle_stage_id != stage)
        if not moving:
            return
        stage._lock_for_entry()
        from_stages = {channel: channel.lifecycle_stage_id for channel in moving}
        since = moving._lifecycle_entered_dates()
        moving._lifecycle_show_stage(stage)
        Transition = self.env["lifecycle.transition"]
        Transition._log_moves(moving, from_stages, since, Transition._source(len(moving)), Transition._now())

    def _lifecycle_show_stage(self, stage):
        """Set the column alone: whoever calls has logged the move."""
        self._lifecycle_set_column("lifecycle_stage_id", stage)

    def _lifecycle_set_column(self, name, record):
        """Set one of our columns, and tell the pages on which the conversation is open; a new one is open on none."""
        changing = self.filtered(lambda channel: channel[name] != record)
        if self.env.context.get("lifecycle_new_conversation"):
            return models.BaseModel.write(changing, {name: record.id})
        return super(DiscussChannel, changing).write({name: record.id})

    def _lifecycle_entered_dates(self):
        """:return: dict conversation -> when it entered its own stage, from the log; no key where it never did"""
        # sudo: lifecycle.transition - the log is read for the log
        return dict(
            self.env["lifecycle.transition"]
            .sudo()
            ._read_group([("channel_id", "in", self.ids)], ["channel_id"], ["date:max"])
        )
