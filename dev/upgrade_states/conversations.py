"""Conversations of which 19.0.1.0.0 took the wrong one for the customer, and channels that are no conversations (I8)."""

from datetime import timedelta

from odoo import Command, fields


def make(env):
    env["res.config.settings"].create(
        {"group_use_lifecycle": True, "lifecycle_default_on": "create"}
    ).execute()
    return Maker(env).make()


class Maker:
    def __init__(self, env):
        self.env = env
        self.agent = self.make_agent("agent_who_stays")
        self.former = self.make_agent("agent_who_leaves")
        self.bot = env["chatbot.script"].create({"title": "Bot"}).operator_partner_id
        self.invited = env["res.partner"].create({"name": "Invited"})
        self.contact = env["res.partner"].create({"name": "Customer of a conversation"})
        self.stage = env["lifecycle.stage"].search([("is_lost", "=", False)])[1]

    def make_agent(self, login):
        groups = ("contact_lifecycle.group_agent", "im_livechat.im_livechat_group_user")
        vals = {"group_ids": [Command.link(self.env.ref(group).id) for group in groups]}
        Users = self.env["res.users"].with_context(no_reset_password=True)
        return Users.create({"name": login, "login": login, **vals})

    def make_chat(self, operator, visitor=None, operator_type="agent"):
        visitor = visitor or self.env["mail.guest"].create({"name": "Visitor"})
        link = "guest_id" if visitor._name == "mail.guest" else "partner_id"
        return self.env["discuss.channel"].create(
            {
                "name": "Chat",
                "channel_type": "livechat",
                "livechat_operator_id": operator.id,
                "livechat_status": "in_progress",
                "channel_member_ids": [
                    Command.create({"partner_id": operator.id, "livechat_member_type": operator_type}),
                    Command.create({link: visitor.id, "livechat_member_type": "visitor"}),
                ],
            }
        )

    def make(self):
        agent = self.agent.partner_id
        with_bot = self.make_chat(self.bot, operator_type="bot")
        moved_with_bot = self.make_chat(self.bot, operator_type="bot")
        moved_with_bot.with_user(self.agent).sudo().action_lifecycle_set_stage(self.stage.id)
        closed_with_bot = self.make_chat(self.bot, operator_type="bot")
        closed_with_bot.livechat_end_dt = fields.Datetime.now()
        with_invited = self.make_chat(agent)
        with_invited.with_user(self.agent).sudo()._add_members(partners=self.invited)
        of_colleague = self.make_chat(agent, self.env.ref("base.user_admin").partner_id)
        # whoever leaves: the conversation is theirs still, or, once somebody else joins, they are its customer
        left_alone = self.make_chat(self.former.partner_id)
        of_former = self.make_chat(self.former.partner_id)
        self.env.flush_all()
        self.former.active = False
        of_former.with_user(self.agent).sudo()._add_members(users=self.agent)
        general = self.env["discuss.channel"]._create_channel(name="General", group_id=None)
        general.action_lifecycle_set_stage(self.stage.id)
        general._lifecycle_identify_as(self.contact)
        # and those that are right
        known = self.make_chat(agent, self.contact)
        unknown = self.make_chat(agent)
        unknown.with_user(self.agent).action_lifecycle_snooze(fields.Datetime.now() + timedelta(days=5))
        chosen = self.make_chat(agent)
        chosen.with_user(self.agent).action_lifecycle_set_contact(self.invited.id)
        self.env.flush_all()
        wrong = {
            "with_bot": with_bot,
            "moved_with_bot": moved_with_bot,
            "closed_with_bot": closed_with_bot,
            "with_invited": with_invited,
            "of_colleague": of_colleague,
            "left_alone": left_alone,
            "of_former": of_former,
            "general": general,
        }
        for name, channel in wrong.items():
            assert channel.lifecycle_partner_id or name == "left_alone", f"{name} is not wrong"
        right = {"known": known, "unknown": unknown, "chosen": chosen}
        return {
            "channels": {name: channel.id for name, channel in {**wrong, **right}.items()},
            "stage": self.stage.id,
            "contact": self.contact.id,
            "invited": self.invited.id,
            "log": self.env["lifecycle.transition"].search([]).ids,
            "changes": {"discuss_channel": [channel.id for channel in wrong.values()]},
        }


def check(env, made):
    default = env["lifecycle.stage"]._get_default().id
    contact, invited = (env["res.partner"].browse(made[name]) for name in ("contact", "invited"))
    for name, expected in {
        "with_bot": (False, default, "open", True),
        "moved_with_bot": (False, made["stage"], "open", True),
        "closed_with_bot": (False, False, "closed", True),
        "with_invited": (False, default, "open", False),
        "of_colleague": (False, default, "open", False),
        "left_alone": (False, default, "open", True),
        "of_former": (False, default, "open", False),
        "general": (False, False, False, False),
        "known": (contact.id, contact.lifecycle_stage_id.id, "open", False),
        "unknown": (False, default, "snoozed", False),
        "chosen": (invited.id, invited.lifecycle_stage_id.id, "open", False),
    }.items():
        channel = env["discuss.channel"].browse(made["channels"][name])
        found = (
            channel.lifecycle_partner_id.id,
            channel.lifecycle_stage_id.id,
            channel.lifecycle_status,
            channel.lifecycle_is_unassigned,
        )
        assert found == expected, f"{name}: {found}, not {expected}"
    log = env["lifecycle.transition"].browse(made["log"])
    assert log == log.exists(), "rows of the log are gone"
