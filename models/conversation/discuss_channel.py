from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...tools import guarded_fields
from ...tools.bulk_create import CODE_OF_OURS_AND_ODOOS, is_as_shipped
from ...tools.move import Move, Stay, is_automation
from ...tools.remote_input import browse_untrusted_id, join_names

_lt = LazyTranslate(__name__)

# Whose ``write`` has no part in a change of stage alone: Odoo's own compares all that Discuss shows of each conversation
# before and after.
NO_PART_IN_A_STAGE = (
    *CODE_OF_OURS_AND_ODOOS,
    "odoo.addons.im_livechat.",
    "odoo.addons.rating.",
    "odoo.addons.hr.",
)
NEW = object()  # in the context of the conversations being made: no request can put it there


class DiscussChannel(models.Model):
    """The conversation's stage: the contact's, or its own while nobody knows who the visitor is (A7)."""

    _name = "discuss.channel"
    _inherit = ["discuss.channel", "lifecycle.protected.mixin"]

    lifecycle_partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="contact_lifecycle.group_agent",
        help="The customer in this conversation, when it is known who it is.",
    )
    lifecycle_stage_id = guarded_fields.GuardedMany2one(
        "lifecycle.stage",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="contact_lifecycle.group_agent",
        search_groups_elsewhere="contact_lifecycle.group_manager",
        domain="[('deletion_pending', '=', False)]",
        group_expand="_read_group_lifecycle_stage_id",
        falsy_value_label=_lt("No stage"),
    )

    @api.model
    def _read_group_lifecycle_stage_id(self, stages, domain):
        """Show every stage as a column, empty ones too."""
        return stages.search([("deletion_pending", "=", False)])

    @api.model_create_multi
    def create(self, vals_list):
        """Open conversations; one with an unknown visitor starts in the default stage (A7).

        :raises AccessError: as for ``write``
        """
        creating = super(DiscussChannel, self.with_context(lifecycle_new_conversation=NEW))
        channels = creating.create([self._lifecycle_gate_vals(vals) for vals in vals_list])
        channels = channels.with_env(self.env)
        for channel, vals in zip(channels, vals_list, strict=True):
            if vals.get("lifecycle_stage_id"):
                channel.write({"lifecycle_stage_id": vals["lifecycle_stage_id"]})
        # in a live chat it is the visitor, joining, who brings the default stage; other channels may not know them
        channels.filtered(lambda c: c.channel_type != "livechat")._lifecycle_apply_default("create")
        return channels

    def write(self, vals):
        """Change conversations; a stage goes to the contact where it is known, and is logged (A7, H2).

        :raises UserError: when the stage is unknown or being deleted, or this is no conversation with a customer
        :raises AccessError: when the user is no agent, or may not read the conversation or its contact; to change
            anything else as well, the right to write it is needed; our other fields have their actions
        """
        other_vals = self._lifecycle_gate_vals(vals)
        if "lifecycle_stage_id" not in vals:
            return super().write(vals)
        self._lifecycle_check_may_move()
        stage = self.env["lifecycle.stage"]._from_value(vals["lifecycle_stage_id"])
        if other_vals:
            super().write(other_vals)
        # sudo: discuss.channel - checked above; the contact behind it need not be the agent's to write
        self.sudo()._lifecycle_move(stage, "rule" if is_automation(self.env) else "conversation")
        return True

    @api.model
    def _lifecycle_protected_fields(self):
        """All of ours: the stage goes by the gate, the others are set by the buttons of the conversation."""
        ours = {name for name in self._fields if name.startswith("lifecycle_")}
        return super()._lifecycle_protected_fields() | ours

    @api.model
    def _lifecycle_gate_vals(self, vals):
        """:return: ``vals`` without the stage
        :raises AccessError: when there are others of our fields among them, whoever asks (P5)
        """
        other_vals = {name: value for name, value in vals.items() if name != "lifecycle_stage_id"}
        if self._lifecycle_protected_fields() & other_vals.keys():
            raise AccessError(
                self.env._(
                    "Who the contact is and until when it is snoozed is set by the buttons of the conversation."
                )
            )
        return other_vals

    def _lifecycle_write_protected(self, vals):
        """Write the columns that ``write`` refuses."""
        return super().write(vals)

    def _message_post_after_hook(self, message, *args):
        result = super()._message_post_after_hook(message, *args)
        on_message = self.env["res.partner"]._lifecycle_default_on() == "message"
        if on_message and self._lifecycle_is_from_customer(message):
            self._lifecycle_apply_default("message")
        return result

    def action_lifecycle_set_stage(self, stage_id):
        """Set the stage of these conversations, and with it that of their contacts (A3, A7).

        :param stage_id: id or name of a ``lifecycle.stage``, or False to clear it
        :raises UserError: when the stage is unknown or being deleted, or one is no conversation with a customer
        :raises AccessError: when the user is no agent, or may not read one of the conversations or its contact
        """
        self.write({"lifecycle_stage_id": stage_id})

    def action_lifecycle_set_contact(self, partner_id):
        """Say who the visitor is, “Set as Contact”: the stage is handed over (A7).

        :param int partner_id: id of the ``res.partner``, or False where it turned out not to be known
        :raises UserError: when the user sees no such contact, or this is no conversation with a customer
        :raises AccessError: when the user is no agent, or may not read the conversation or the contact it has
        """
        self._lifecycle_check_may_move()
        partner = browse_untrusted_id(self.env["res.partner"], partner_id)
        if partner_id and not (partner and partner.has_access("read")):
            raise UserError(
                self.env._("There is no such contact, or you may not see it: choose another one.")
            )
        # sudo: discuss.channel - checked above
        self.sudo()._lifecycle_identify_as(partner.sudo())

    def _lifecycle_check_agent(self):
        """Check what the actions of conversations need.

        :raises AccessError: when the user is no agent, or may not read these conversations
        :raises UserError: when one of them is no conversation with a customer
        """
        self.env["res.partner"]._check_field_access(
            self.env["res.partner"]._fields["lifecycle_stage_id"], "write"
        )
        self.check_access("read")
        # sudo: discuss.channel - the right to read them was checked
        if others := self.sudo().filtered(lambda channel: not channel._lifecycle_is_with_customer()):
            raise UserError(
                self.env._(
                    "%(conversations)s: no conversation with a customer, so that it has neither stage nor contact.",
                    conversations=join_names(others.mapped("display_name")),
                )
            )

    def _lifecycle_check_may_move(self):
        """Check what a move needs; the contact moves with the conversation, so it has to be seen as well.

        :raises AccessError: as ``_lifecycle_check_agent``, or when the user may not read one of the contacts
        :raises UserError: as ``_lifecycle_check_agent``
        """
        self._lifecycle_check_agent()
        self._lifecycle_check_contact_seen(
            self.env._(
                "You may not see the contact of this conversation: ask somebody who may to set its stage."
            )
        )

    def _lifecycle_is_with_customer(self):
        """:return: whether this is a conversation with a customer (I7)"""
        self.ensure_one()
        return self.channel_type in self._lifecycle_channel_types()

    @api.model
    def _lifecycle_channel_types(self):
        """:return: list of the channel types that are conversations with customers; others add theirs (I7)"""
        return ["livechat"]

    @api.model
    def _lifecycle_open_domain(self):
        """:return: domain, a list, of the conversations that are not closed"""
        return [("livechat_end_dt", "=", False)]

    def _lifecycle_identify_as(self, partner):
        """Note who the customer is and hand the stage over (A7): a contact that has a lifecycle and no stage
        takes the conversation's (A2), unless the user may not see it (P5); otherwise the contact's wins. Both are
        logged.

        :param partner: ``res.partner``, one record, or none to forget who it is
        """
        in_scope = partner.filtered_domain(partner._lifecycle_scope_domain())
        if self.env.user._is_internal():  # visitors, who are not, are moved by what they do themselves
            in_scope &= partner.with_user(self.env.uid)._filtered_access("read")
        for channel in self.filtered(
            lambda c: c._lifecycle_is_with_customer() and c.lifecycle_partner_id != partner
        ):
            own_stage = not channel.lifecycle_partner_id and channel.lifecycle_stage_id
            takes_over = own_stage and in_scope and not partner.lifecycle_stage_id
            if own_stage and not takes_over:
                channel._lifecycle_move_unknown(partner.lifecycle_stage_id, "conversation")
            channel._lifecycle_set_column("lifecycle_partner_id", partner)
            if takes_over:
                channel._lifecycle_move_contacts(own_stage, "conversation")
            elif partner:
                channel._lifecycle_show_stage(partner.lifecycle_stage_id)

    def _lifecycle_apply_default(self, trigger):
        """Let conversations with unknown visitors that have no stage enter the default one.

        :param str trigger: ``create`` or ``message``; nothing happens unless it is the one in the settings
        """
        Partner = self.env["res.partner"]
        if Partner._lifecycle_default_on() != trigger or not self.env["lifecycle.stage"]._are_shown():
            return
        # sudo: discuss.channel - it is the visitor who opens the conversation
        channels = self.sudo().filtered(
            lambda c: (
                c._lifecycle_is_with_customer() and not c.lifecycle_partner_id and not c.lifecycle_stage_id
            )
        )
        if channels:
            entered = channels._lifecycle_entered_dates()  # those were cleared on purpose
            channels = channels.filtered(lambda channel: channel not in entered)
        channels._lifecycle_move_unknown(self.env["lifecycle.stage"]._get_default(), "default")

    def _lifecycle_move(self, stage, source="conversation"):
        """Move these conversations: their contacts where these are known. Whoever calls has checked the right to do so.

        :param stage: ``lifecycle.stage``, one record or none
        :param str source: a value of ``lifecycle.transition.source``
        """
        known = self.filtered("lifecycle_partner_id")
        known._lifecycle_move_contacts(stage, source)
        (self - known)._lifecycle_move_unknown(stage, source)

    def _lifecycle_move_contacts(self, stage, source):
        channel_ids = {channel.lifecycle_partner_id.id: channel.id for channel in self}
        self.lifecycle_partner_id._lifecycle_move_to(stage, source, channel_ids=channel_ids)
        # the gate has moved the open conversations; a closed one moves when it is named itself
        self._lifecycle_show_stage(stage)

    def _lifecycle_move_unknown(self, stage, source):
        moving = self.filtered(lambda channel: channel.lifecycle_stage_id != stage)
        if not moving:
            return
        stage._lock_for_entry()
        since = moving._lifecycle_entered_dates()
        left = {channel.id: Stay(channel.lifecycle_stage_id.id, since.get(channel)) for channel in moving}
        moving._lifecycle_show_stage(stage)
        entered = dict.fromkeys(moving.ids, Stay(stage.id, fields.Datetime.now()))
        self.env["lifecycle.transition"]._log_moves(moving, left, entered, Move(moving, source))

    def _lifecycle_show_stage(self, stage):
        """Set the column alone: whoever calls has logged the move."""
        self._lifecycle_set_column("lifecycle_stage_id", stage)

    def _lifecycle_set_column(self, name, record):
        """Set one of our columns, and tell the pages on which the conversation is open; a new one is open on none."""
        changing = self.filtered(lambda channel: channel[name] != record)
        if self.env.context.get("lifecycle_new_conversation") is NEW:
            return models.BaseModel.write(changing, {name: record.id})
        parts = ("write", "_sync_field_names")
        if name == "lifecycle_stage_id" and is_as_shipped(self, *parts, code=NO_PART_IN_A_STAGE):
            models.BaseModel.write(changing, {name: record.id})
            return changing._lifecycle_send_stage()
        return super(DiscussChannel, changing).write({name: record.id})

    def _lifecycle_entered_dates(self):
        """:return: dict conversation -> when it entered its own stage, from the log; no key where it never did"""
        # sudo: lifecycle.transition - the log is read for the log
        return dict(
            self.env["lifecycle.transition"]
            .sudo()
            ._read_group([("channel_id", "in", self.ids)], ["channel_id"], ["date:max"])
        )
