from odoo import api, models


class DiscussChannelMember(models.Model):
    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        """A visitor who joins as a contact, or logs in, is identified; an unknown one brings the default stage (A7)."""
        created = super().create(vals_list)
        # sudo: discuss.channel.member - visitors may neither see nor set the contact
        members = created.sudo()
        members.channel_id._lifecycle_identify()
        visitors = members.filtered(
            lambda m: m.livechat_member_type == "visitor" or (m.guest_id and not m.livechat_member_type)
        )
        visitors.channel_id._lifecycle_apply_default("create")
        return created

    def unlink(self):
        """In channels other than live chats, a guest makes room for the contact that somebody found them to be (A7)."""
        # sudo: discuss.channel - whoever leaves may neither see nor set the contact
        channels = self.sudo().channel_id.filtered(lambda channel: channel.channel_type != "livechat")
        result = super().unlink()
        channels._lifecycle_identify()
        return result

    def _lifecycle_is_agent(self):
        """:return: whether this is one of the database's own people, here to take care of the conversation"""
        self.ensure_one()
        return (
            self.livechat_member_type not in ("visitor", "bot") and self.partner_id._lifecycle_is_internal()
        )
