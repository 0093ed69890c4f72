from odoo import api, models

from odoo.addons.mail.tools.discuss import Store

AGENT = "contact_lifecycle.group_agent"
# the agents among those who hear of a conversation, beside Odoo's "internal_users"
AGENTS = "lifecycle_agents"
# what a page that asks gets of a stage, in the language of its reader
OWN_STAGE_FIELDS = ("display_name", "emoji", "is_lost", "name")


class DiscussChannel(models.Model):
    """What Discuss knows of a conversation's stage: agents only, neither others inside (P1) nor the visitor (A8)."""

    _inherit = "discuss.channel"

    def _lifecycle_store_fields(self, own=False):
        """:param own: whether one page asks; several are sent neither what each has in a language (H6) nor a name that
        not each may know (P5)
        """
        types = self._lifecycle_channel_types()
        enabled = self.env["lifecycle.stage"]._are_shown()
        # Odoo sends data to a page as the superuser, too
        own_channels = self.with_user(self.env.uid) if own and enabled else self.browse()
        hiding = own_channels._lifecycle_hiding_contact()

        def is_shown(channel):
            return enabled and channel.channel_type in types

        # sudo: discuss.channel, lifecycle.stage, res.partner - it is sent to agents alone, whoever makes the change;
        # an agent who may see the conversation may see its stage, and of whose it is what was asked above
        return [
            Store.One(
                "lifecycle_stage_id",
                [*(OWN_STAGE_FIELDS if own else ["is_lost"])],
                predicate=is_shown,
                sudo=True,
            ),
            Store.One(
                "lifecycle_partner_id",
                ["name"] if own else [],
                predicate=lambda channel: is_shown(channel) and channel not in hiding,
                sudo=True,
            ),
            Store.Attr(
                "lifecycle_partner_id",
                False,
                predicate=lambda channel: is_shown(channel) and channel in hiding,
            ),
            Store.Attr("lifecycle_snoozed_until", predicate=is_shown, sudo=True),
            Store.Attr("lifecycle_status", predicate=is_shown, sudo=True),
        ]

    def _sync_field_names(self):
        field_names = super()._sync_field_names()
        field_names[AGENTS].extend(self._lifecycle_store_fields())
        return field_names

    def _lifecycle_send_stage(self):
        """Tell the pages on which these conversations are open which stage they are in now, as ``write`` tells them."""
        [field] = [
            field for field in self._lifecycle_store_fields() if field.field_name == "lifecycle_stage_id"
        ]
        for channel in self.filtered(field.predicate):
            Store(bus_channel=channel, bus_subchannel=AGENTS).add(channel, field).bus_send()

    def _to_store_defaults(self, target):
        defaults = super()._to_store_defaults(target)
        if not self._lifecycle_is_for_agents(target):
            return defaults
        return defaults + self._lifecycle_store_fields(own=target.is_current_user(self.env))

    @api.model
    def _lifecycle_is_for_agents(self, target):
        """
        :param target: ``Store.Target``; without one, the data are for the current user
        :return: whether nobody but agents receives what is sent there
        """
        # sudo: res.groups, res.users - whoever makes the change, only whether it reaches agents alone matters
        if isinstance(target.channel, self.env.registry["res.groups"]):
            return self.env.ref(AGENT).sudo() in target.channel.sudo().all_implied_ids
        if target.subchannel:
            return target.subchannel == AGENTS
        user = target.get_user(self.env).sudo()
        return bool(user) and user.has_group(AGENT)
