from unittest.mock import patch

from odoo import Command

from .common import LifecycleCase


class CustomerCase(LifecycleCase):
    """People of every kind, and conversations of any of them; "gateway" stands for channels that are no live chats."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        leaving = cls.make_user("lifecycle_leaving", "contact_lifecycle.group_agent")
        leaving.active = False
        cls.bot = cls.env["chatbot.script"].create({"title": "Bot"})
        archived, invited = cls.make_contacts(2)
        archived.active = False
        cls.people = {
            "agent": cls.agent.partner_id,
            "colleague": cls.internal.partner_id,
            "former": leaving.partner_id,
            "odoobot": cls.env.ref("base.partner_root"),
            "bot": cls.bot.operator_partner_id,
            "portal": cls.portal.partner_id,
            "contact": cls.contact,
            "archived": archived,
            "invited": invited,
            "guest": cls.make_guest(),
        }

    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(
                self.registry["discuss.channel"],
                "_lifecycle_channel_types",
                lambda self: ["livechat", "gateway"],
            )
        )
        field = self.env["discuss.channel"]._fields["channel_type"]
        selection = {**field._selection, "gateway": "Gateway"}
        self.startPatcher(patch.object(field, "_selection", selection))

    def get_member_vals(self, name):
        """:return: values of a member; ``name`` is somebody of ``people``, with ``:`` and a member type or without"""
        name, _colon, member_type = name.partition(":")
        person = self.people[name]
        vals = {"guest_id" if person._name == "mail.guest" else "partner_id": person.id}
        if member_type:
            vals["livechat_member_type"] = member_type
        if member_type == "bot":
            vals["chatbot_script_id"] = self.bot.id
        return vals

    def make_conversation(self, channel_type, members, joining=""):
        vals = {
            "name": f"{channel_type} {members}",
            "channel_type": channel_type,
            "channel_member_ids": [Command.create(self.get_member_vals(name)) for name in members.split()],
        }
        if channel_type == "livechat":
            operator = members.split()[0].partition(":")[0]
            vals.update(livechat_operator_id=self.people[operator].id, livechat_status="in_progress")
        # nobody but those named is in it: Odoo adds the user who makes it
        Channel = self.env["discuss.channel"].with_user(self.env.ref("base.public_user")).sudo()
        channel = Channel.create(vals).with_env(self.env)
        for name in joining.split():
            if ":" in name:
                channel.write({"channel_member_ids": [Command.create(self.get_member_vals(name))]})
            else:
                person = self.people[name]
                key = "guests" if person._name == "mail.guest" else "partners"
                channel.with_user(self.agent).sudo()._add_members(**{key: person})
        return channel
