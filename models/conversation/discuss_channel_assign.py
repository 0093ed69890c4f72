from odoo import api, models
from odoo.exceptions import UserError

from ...tools.remote_input import browse_untrusted_id, join_names
from .discuss_channel_store import AGENT


class DiscussChannel(models.Model):
    """Who takes care of a conversation is a named colleague (I10)."""

    _inherit = "discuss.channel"

    @api.model
    @api.readonly
    def lifecycle_colleagues(self):
        """List whom a conversation can be assigned to, by name.

        :return: list of dictionaries with ``id`` and ``name`` of users, the agents whom the user may see
        :raises AccessError: when the user is no agent
        """
        self._lifecycle_check_agent()
        domain = [("all_group_ids", "in", self.env.ref(AGENT).ids), ("share", "=", False)]
        return self.env["res.users"].search_read(domain, ["name"], order="name, id")

    def action_lifecycle_assign(self, user_id):
        """Assign these conversations to a colleague, who joins them; the user leaves those that are their own.

        As for taking over, where two try at once, one of them is tried again and refused.

        :param int user_id: id of a ``res.users``, one of ``lifecycle_colleagues``
        :raises UserError: when it is no such colleague, or a conversation is closed or somebody else's
        :raises AccessError: when the user is no agent, or may not read one of the conversations
        """
        self._lifecycle_check_agent()
        colleague = browse_untrusted_id(self.env["res.users"], user_id)._filtered_access("read")
        # sudo: res.users - to whom it is shown was asked; which groups a colleague is in is not each one's to read
        if not (colleague.sudo().active and colleague.sudo().has_group(AGENT)):
            raise UserError(self.env._("Choose a colleague who is an agent."))
        # sudo: discuss.channel - agents may enter what they may read, and hand over what they take care of
        channels = self.sudo()
        others = channels.filtered(
            lambda channel: (
                channel.lifecycle_status == "closed"
                or not (channel.lifecycle_is_unassigned or channel.is_member)
            )
        )
        if others:
            raise UserError(
                self.env._(
                    "%(conversations)s: closed, or somebody else takes care of it; choose an unassigned conversation or one of your own.",
                    conversations=join_names(others.mapped("display_name")),
                )
            )
        leaving = channels.filtered("is_member") if colleague != self.env.user else channels.browse()
        channels._add_members(users=colleague)
        for channel in leaving:
            channel._action_unfollow(self.env.user.partner_id)
