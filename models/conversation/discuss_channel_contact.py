from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.remote_input import unreadable


class DiscussChannel(models.Model):
    """Whose a conversation is, which not everybody who reads it may know: live chats have no company, contacts may (P5)."""

    _inherit = "discuss.channel"

    def _lifecycle_hiding_contact(self):
        """:return: those of these conversations whose contact the user may not see, nor is shown by Odoo as being in it"""
        if self.env.su:
            return self.browse()
        # sudo: discuss.channel - whose the conversations are, for the right to see them to be asked of the user
        channels = self.sudo()
        unseen = unreadable(channels.lifecycle_partner_id.sudo(False))
        return channels.filtered(
            lambda c: (
                c.lifecycle_partner_id in unseen and c.lifecycle_partner_id not in c._lifecycle_parties()
            )
        ).sudo(False)

    def _lifecycle_check_contact_seen(self, message):
        """:raises AccessError: with that message, when the user may not see one of the contacts"""
        # sudo: discuss.channel - whose the conversations are, for the right to see them to be asked of the user
        if unreadable(self.sudo().lifecycle_partner_id.sudo(self.env.su)):
            raise AccessError(message)

    def _lifecycle_parties(self):
        """:return: ``res.partner``, who is in the conversation, or has been in a live chat"""
        return self.channel_member_ids.partner_id | self.livechat_channel_member_history_ids.partner_id

    def _read_format(self, fnames, *args, **kwargs):
        """Leave the contact out, where Odoo would name it: whoever reads a record is told what its fields are called."""
        result = super()._read_format(fnames, *args, **kwargs)
        if "lifecycle_partner_id" in fnames:
            hiding = set(self._lifecycle_hiding_contact().ids)
            for vals in result:
                if vals["id"] in hiding:
                    vals["lifecycle_partner_id"] = False
        return result

    @api.model
    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        """Leave a group's contact without its name, as above."""
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        if groupby_spec != "lifecycle_partner_id":
            return formatter
        unseen = unreadable(self.env["res.partner"].union(*filter(None, values)))

        def without_name(value):
            label, domain = formatter(value)
            return ((value.id, self._lifecycle_unnamed()) if value in unseen else label), domain

        return without_name

    @api.model
    def _read_group_format_result(self, rows_dict, lazy_groupby):
        """The same for the older way of grouping."""
        result = super()._read_group_format_result(rows_dict, lazy_groupby)
        if "lifecycle_partner_id" in lazy_groupby:
            ids = {row["lifecycle_partner_id"][0] for row in rows_dict if row["lifecycle_partner_id"]}
            unseen = set(unreadable(self.env["res.partner"].browse(ids)).ids)
            for row in rows_dict:
                if row["lifecycle_partner_id"] and row["lifecycle_partner_id"][0] in unseen:
                    row["lifecycle_partner_id"] = (row["lifecycle_partner_id"][0], self._lifecycle_unnamed())
        return result

    @api.model
    def _lifecycle_unnamed(self):
        return self.env._("A contact that you do not see")
