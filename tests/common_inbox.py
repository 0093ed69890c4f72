from odoo import fields

from .common import LifecycleCase

SMALL, LARGE = 10, 20


class InboxCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Channel = cls.env["discuss.channel"]
        # those that were there before, such as demo data, are in nobody's inbox
        cls.env["discuss.channel"].search([("channel_type", "=", "livechat")]).write(
            {"livechat_end_dt": fields.Datetime.now()}
        )
        cls.operator, cls.colleague = (
            cls.make_user(f"lifecycle_{login}", "im_livechat.im_livechat_group_user")
            for login in ("operator", "colleague")
        )
        cls.open_domain = [("lifecycle_is_conversation", "=", True), ("lifecycle_status", "=", "open")]

    def make_conversations(self, count, agent=None, stage=None):
        """:return: ``count`` open live chats of unknown visitors"""
        channels = self.Channel.union(
            *(self.make_livechat(self.make_guest(), agent or self.operator) for _ in range(count))
        )
        if stage:
            channels.lifecycle_stage_id = stage
        return channels

    def make_unassigned(self):
        channel = self.make_livechat(self.make_guest(), self.colleague)
        channel.channel_member_ids.filtered("partner_id").unlink()
        return channel

    def make_waiting(self, name, agent=None):
        """:return: a live chat of a visitor of this ``name`` who has asked something, of nobody or of ``agent``"""
        channel = self.make_livechat(self.make_guest(name=name), self.colleague)
        if not agent:
            channel.channel_member_ids.filtered("partner_id").unlink()
        self.write_in(channel, "Is anybody there?", author_id=self.env.ref("base.public_partner").id)
        return channel

    def make_close(self, channel):
        channel.livechat_end_dt = fields.Datetime.now()

    def write_in(self, channel, body, **kwargs):
        return channel.message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment", **kwargs
        )

    def get_inboxes(self, field_name, user=None, domain=None, **kwargs):
        """:return: list of (id, count) as the panel shows them, all of them first"""
        result = self.Channel.with_user(user or self.operator).search_panel_select_range(
            field_name,
            **{
                "enable_counters": True,
                "search_domain": self.open_domain if domain is None else domain,
                **kwargs,
            },
        )
        return [(inbox["id"], inbox.get("__count")) for inbox in result["values"]]

    def count_queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        call()  # warm up: rules, translations, settings
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        return self.cr.sql_log_count - before
