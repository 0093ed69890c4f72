from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ... import hooks
from ..common_customer import CustomerCase

# Who is in a conversation from the beginning, as a space-separated list of people, in a live chat with what Odoo says
# that they are; who joins later; who the customer is. "gateway" stands for any other type of customer conversation.
TABLE = [
    # a live chat: Odoo says who the visitor is
    ("livechat", "agent:agent guest:visitor", "", None),
    ("livechat", "agent:agent contact:visitor", "", "contact"),
    ("livechat", "contact:visitor agent:agent", "", "contact"),
    ("livechat", "agent:agent archived:visitor", "", "archived"),
    ("livechat", "agent:agent portal:visitor", "", "portal"),
    ("livechat", "agent:agent", "", None),
    ("livechat", "bot:bot guest:visitor", "", None),
    ("livechat", "bot:bot contact:visitor", "", "contact"),
    ("livechat", "bot:bot guest:visitor", "agent", None),
    ("livechat", "bot:bot colleague:visitor", "", None),
    ("livechat", "agent:agent colleague:visitor", "", None),
    ("livechat", "agent:agent former:visitor", "", None),
    ("livechat", "agent:agent bot:visitor", "", None),
    ("livechat", "colleague:bot guest:visitor", "", None),
    ("livechat", "former:agent guest:visitor", "", None),
    ("livechat", "former:agent guest:visitor", "agent", None),
    ("livechat", "former:agent contact:visitor", "colleague", "contact"),
    ("livechat", "odoobot:agent guest:visitor", "", None),
    ("livechat", "agent:agent guest:visitor", "colleague", None),
    ("livechat", "agent:agent guest:visitor", "portal", None),
    ("livechat", "agent:agent guest:visitor", "invited", None),
    ("livechat", "agent:agent contact:visitor", "invited", "contact"),
    ("livechat", "agent:agent contact:visitor", "guest", "contact"),
    ("livechat", "agent:agent", "invited", None),
    ("livechat", "agent:agent guest:visitor", "contact:visitor", "contact"),
    ("livechat", "agent:agent colleague:visitor", "contact:visitor", "contact"),
    ("livechat", "agent:agent guest:visitor portal:visitor", "", "portal"),
    ("livechat", "agent:agent contact:visitor portal:visitor", "", "contact"),
    # other channels: the first who is neither ours nor a bot
    ("gateway", "agent contact", "", "contact"),
    ("gateway", "contact agent", "", "contact"),
    ("gateway", "agent archived", "", "archived"),
    ("gateway", "agent portal", "", "portal"),
    ("gateway", "agent guest", "", None),
    ("gateway", "agent", "", None),
    ("gateway", "agent colleague", "", None),
    ("gateway", "agent former", "", None),
    ("gateway", "former contact", "", "contact"),
    ("gateway", "former guest", "agent", None),
    ("gateway", "agent bot", "", None),
    ("gateway", "bot contact", "", "contact"),
    ("gateway", "bot guest", "", None),
    ("gateway", "odoobot agent contact", "", "contact"),
    ("gateway", "agent contact", "invited", "contact"),
    ("gateway", "agent guest", "invited", None),
    ("gateway", "agent guest", "portal", None),
    ("gateway", "agent guest", "colleague", None),
    ("gateway", "agent contact", "guest", "contact"),
    ("gateway", "agent", "contact", "contact"),
    # no conversations with customers
    ("channel", "agent contact", "", None),
    ("channel", "agent guest", "portal", None),
    ("group", "agent contact", "portal", None),
    ("chat", "agent contact", "", None),
]


@tagged("post_install", "-at_install")
class TestConversationCustomer(CustomerCase):
    """Nobody but the customer is taken for the customer (I8)."""

    def test_table_of_channel_types_and_members(self):
        """I8: row by row; the addon, installed later, finds the same"""
        channels = {row: self.make_conversation(*row[:3]) for row in TABLE}
        names = ["lifecycle_partner_id", "lifecycle_status", "lifecycle_is_unassigned"]
        before = {}
        for row, channel in channels.items():
            with self.subTest(row=row):
                self.assertEqual(channel.lifecycle_partner_id, self.people.get(row[3], self.Partner))
                before[row] = channel.read(names)
        self.env.flush_all()
        self.cr.execute(
            """UPDATE discuss_channel SET lifecycle_status = NULL, lifecycle_is_unassigned = NULL,
               lifecycle_partner_id = NULL"""
        )
        self.env.invalidate_all()
        hooks.post_init_hook(self.env)
        for row, channel in channels.items():
            with self.subTest("installed later", row=row):
                self.assertEqual(channel.read(names), before[row])

    def test_every_kind_of_person_is_in_the_table(self):
        """I8: in both kinds of channels, with every type of member that Odoo has"""
        member_types = dict(self.env["discuss.channel.member"]._fields["livechat_member_type"].selection)
        names = {
            channel_type: {
                name for row in TABLE if row[0] == channel_type for name in f"{row[1]} {row[2]}".split()
            }
            for channel_type in ("livechat", "gateway")
        }
        self.assertEqual(
            {name.partition(":")[2] for name in names["livechat"] if ":" in name}, set(member_types)
        )
        for found in names.values():
            self.assertEqual({name.partition(":")[0] for name in found}, set(self.people))

    def test_chats_that_a_bot_opens(self):
        """I8, A7: two visitors whom nobody knows have nothing in common"""
        site = self.env["im_livechat.channel"].create({"name": "Site"})
        self.bot.script_step_ids = [
            Command.create({"message": "Your email?", "step_type": "question_email"}),
            Command.create({"message": "Thanks", "step_type": "text"}),
        ]
        one, two = self.env["discuss.channel"].concat(
            *(self.open_with_bot(site, self.make_guest(f"Visitor {number}")) for number in range(2))
        )
        for chat in (one, two):
            self.assertFalse(chat.lifecycle_partner_id)
            self.assertEqual(chat.lifecycle_stage_id, self.new_lead)
            self.assertTrue(chat.lifecycle_is_unassigned)
            self.assertEqual(self.get_moves(chat), [(False, self.new_lead.display_name, "default")])
        one.with_user(self.agent).sudo().action_lifecycle_set_stage("Hot Lead")
        self.assertEqual((one.lifecycle_stage_id, two.lifecycle_stage_id), (self.hot_lead, self.new_lead))
        self.contact.write({"email": "known@example.com", "lifecycle_stage_id": self.payment.id})
        self.answer(one, "known@example.com")
        self.assertEqual(one.lifecycle_partner_id, self.contact)
        self.assertEqual(one.lifecycle_stage_id, self.payment)
        self.assertFalse(self.people["bot"].lifecycle_stage_id)

    def open_with_bot(self, site, guest):
        """:return: a chat as ``/im_livechat/get_session`` makes it for a visitor"""
        public = self.env.ref("base.public_user")
        site = site.with_user(public).sudo().with_context(guest=guest)
        vals = site._get_livechat_discuss_channel_vals(
            operator_partner=self.people["bot"], operator_model="chatbot.script", chatbot_script=self.bot
        )
        return site.env["discuss.channel"].create(vals).with_env(self.env)

    def answer(self, chat, text):
        """Answer the bot's question as the visitor."""
        public = self.env.ref("base.public_user")
        guest = chat.livechat_customer_guest_ids
        self.bot.script_step_ids.filtered(lambda step: step.step_type == "question_email").with_user(
            public
        ).sudo().with_context(guest=guest)._process_answer(chat.with_user(public).sudo(), text)

    def test_address_of_ours_typed_into_a_bot_identifies_nobody(self):
        """I8, A7: nor that of somebody who left, or who was invited into the chat"""
        self.bot.script_step_ids = [Command.create({"message": "?", "step_type": "question_email"})]
        for name in ("colleague", "former", "invited"):
            with self.subTest(name=name):
                self.people[name].email = f"{name}@example.com"
                chat = self.make_conversation("livechat", "bot:bot guest:visitor")
                if name == "invited":
                    chat.with_user(self.agent).sudo()._add_members(partners=self.people[name])
                self.answer(chat, f"{name}@example.com")
                self.assertFalse(chat.lifecycle_partner_id)
        self.answer(chat, "nobody@example.com")
        self.assertEqual(chat.lifecycle_partner_id.email, "nobody@example.com")

    def test_contact_of_a_lead_is_the_visitor_only_where_it_can_be(self):
        """I8, A7: the command /lead takes any member that is no internal user for the customer"""
        for channel_type, members, joining in (
            ("livechat", "bot:bot guest:visitor", ""),
            ("livechat", "former:agent guest:visitor", "agent"),
            ("livechat", "agent:agent guest:visitor", "invited"),
            ("gateway", "agent guest", "portal"),
        ):
            with self.subTest(members=members, joining=joining):
                chat = self.make_conversation(channel_type, members, joining)
                lead = chat._convert_visitor_to_lead(self.people["agent"], "/lead Interested")
                self.assertTrue(lead.partner_id, "Odoo took somebody for the customer")
                self.assertFalse(chat.lifecycle_partner_id)
                lead.partner_id = self.contact
                self.assertEqual(chat.lifecycle_partner_id, self.contact)

    def test_conversation_of_a_former_agent_is_taken_over(self):
        """I8, I3: who has left is neither the customer nor takes care of it"""
        chat = self.make_livechat(self.people["guest"])
        self.env.flush_all()
        self.agent.active = False
        self.assertTrue(chat.lifecycle_is_unassigned)
        self.assertFalse(chat.lifecycle_agent_ids)
        successor = self.make_user("lifecycle_successor", "im_livechat.im_livechat_group_user")
        chat.with_user(successor).action_lifecycle_take_over()
        self.assertFalse(chat.lifecycle_is_unassigned)
        self.assertFalse(chat.lifecycle_partner_id)
        self.assertEqual(chat.lifecycle_stage_id, self.new_lead)
        self.assertFalse(self.agent.partner_id.lifecycle_stage_id)
        self.agent.active = True
        self.assertEqual(chat.lifecycle_agent_ids, (self.agent | successor).partner_id)

    def test_bot_is_no_agent(self):
        """I3: not even one that acts as an internal user's partner"""
        self.bot.operator_partner_id = self.internal.partner_id
        chat = self.make_conversation("livechat", "colleague:bot guest:visitor")
        self.assertTrue(chat.lifecycle_is_unassigned)
        self.assertFalse(chat.lifecycle_agent_ids)

    def test_anybody_can_be_set_as_contact(self):
        """A7, I8: a person knows better"""
        chat = self.make_conversation("livechat", "bot:bot guest:visitor", "agent invited")
        for name in ("invited", "former", "contact"):
            chat.with_user(self.agent).action_lifecycle_set_contact(self.people[name].id)
            self.assertEqual(chat.lifecycle_partner_id, self.people[name])

    def test_guest_makes_room_for_the_contact(self):
        """A7, I7: as mail_gateway does it, the contact joins, then the guest goes"""
        chat = self.make_conversation("gateway", "agent guest", "contact")
        chat.channel_member_ids.filtered("guest_id").unlink()
        self.assertEqual(chat.lifecycle_partner_id, self.contact)

    def test_only_the_message_of_the_customer_wakes(self):
        """I4, I8"""
        for channel_type, members, joining, author, wakes in (
            ("livechat", "agent:agent guest:visitor", "", "guest", True),
            ("livechat", "agent:agent contact:visitor", "", "contact", True),
            ("livechat", "agent:agent colleague:visitor", "", "colleague", True),
            ("livechat", "agent:agent guest:visitor", "", "agent", False),
            ("livechat", "agent:agent guest:visitor", "", "odoobot", False),
            ("livechat", "bot:bot guest:visitor", "agent", "bot", False),
            ("livechat", "former:agent guest:visitor", "agent", "former", False),
            ("livechat", "agent:agent guest:visitor", "colleague", "colleague", False),
            ("livechat", "agent:agent guest:visitor", "invited", "invited", False),
            ("livechat", "agent:agent contact:visitor", "portal", "portal", False),
            ("livechat", "agent:agent contact:visitor", "guest", "guest", False),
            ("gateway", "agent guest", "", "guest", True),
            ("gateway", "agent guest", "", None, True),
            ("gateway", "agent contact", "", "contact", True),
            ("gateway", "agent contact", "", None, True),
            ("gateway", "agent contact", "", "agent", False),
            ("gateway", "agent contact", "", "odoobot", False),
            ("gateway", "agent bot contact", "", "bot", False),
            ("gateway", "agent contact", "invited", "invited", False),
            ("gateway", "agent guest", "portal", "portal", False),
        ):
            with self.subTest(channel_type=channel_type, members=members, joining=joining, author=author):
                chat = self.make_conversation(channel_type, members, joining)
                chat._lifecycle_write_protected(
                    {"lifecycle_snoozed_until": fields.Datetime.now() + timedelta(days=1)}
                )
                self.write_as(author, chat, message_type="notification")
                self.assertEqual(chat.lifecycle_status, "snoozed", "Odoo's notes wake nobody")
                self.write_as(author, chat)
                self.assertEqual(chat.lifecycle_status, "open" if wakes else "snoozed")

    def write_as(self, name, chat, message_type="comment"):
        """Post as one of ``people``, or as nobody at all."""
        person = self.people.get(name, self.Partner)
        vals = {"author_id": person.id}
        if person._name == "mail.guest":
            public = self.env.ref("base.public_user")
            chat = chat.with_user(public).sudo().with_context(guest=person)
            vals = {"author_guest_id": person.id}
        message = chat.message_post(body="Hello", message_type=message_type, **vals)
        self.assertEqual(message.author_guest_id or message.author_id, person)

    def test_contact_that_somebody_set_wakes(self):
        """I4, A7"""
        chat = self.make_conversation("livechat", "agent:agent guest:visitor", "contact")
        chat.with_user(self.agent).action_lifecycle_set_contact(self.contact.id)
        chat._lifecycle_write_protected(
            {"lifecycle_snoozed_until": fields.Datetime.now() + timedelta(days=1)}
        )
        chat.message_post(body="It is me", message_type="comment", author_id=self.contact.id)
        self.assertEqual(chat.lifecycle_status, "open")
