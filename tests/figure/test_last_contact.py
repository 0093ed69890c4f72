from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import LifecycleCase
from ..common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestLastContact(LifecycleCase, QueriesCase):
    """When somebody last talked with a contact, on the cards of the pipeline (A3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "contact_lifecycle.group_manager,im_livechat.im_livechat_group_user"
        cls.operator = cls.make_user("lifecycle_operator", groups)
        cls.now = fields.Datetime.now()

    def get_last(self, user=None, contact=None):
        self.env.invalidate_all()
        return (contact or self.contact).with_user(user or self.operator).lifecycle_last_contact

    def post(self, days_ago, contact=None, **vals):
        """:return: message in the chatter of a contact"""
        message = (
            (contact or self.contact)
            .with_user(self.manager)
            .sudo()
            .message_post(
                body="Hello", **{"message_type": "comment", "subtype_xmlid": "mail.mt_comment", **vals}
            )
        )
        message.date = self.now - timedelta(days=days_ago)
        return message

    def talk(self, days_ago, contact=None):
        """:return: live chat in which something was written then"""
        channel = self.make_livechat(contact or self.contact)
        channel.last_interest_dt = self.now - timedelta(days=days_ago)
        return channel

    def days_ago(self, days):
        return self.now - timedelta(days=days)

    def test_none(self):
        """A3: nobody has talked with the contact, and nobody with a new one"""
        self.assertFalse(self.get_last())
        self.assertFalse(self.Partner.with_user(self.operator).new({"name": "Ada"}).lifecycle_last_contact)

    def test_the_later_one(self):
        """A3: in a conversation or in the chatter, whichever was later, of each contact its own"""
        other, quiet = self.make_contacts(2)
        self.talk(5)
        self.assertEqual(self.get_last(), self.days_ago(5))
        self.post(3)
        self.assertEqual(self.get_last(), self.days_ago(3))
        self.talk(1)
        self.talk(2)
        self.post(8, other, message_type="email")
        self.env.invalidate_all()
        contacts = (self.contact | other | quiet).with_user(self.operator)
        self.assertEqual(
            contacts.mapped("lifecycle_last_contact"), [self.days_ago(1), self.days_ago(8), False]
        )

    def test_written_in_a_conversation(self):
        """A3, I2: it is the moment that the inbox shows"""
        channel = self.talk(5)
        channel.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual(self.get_last(), channel.last_interest_dt)
        self.assertGreaterEqual(self.get_last(), self.now)

    def test_what_is_no_contact(self):
        """A3: internal notes, moves and what Odoo says of itself"""
        self.post(4)
        self.post(1, subtype_xmlid="mail.mt_note")
        self.post(1, is_internal=True)
        self.post(1, message_type="notification")
        self.post(1).lifecycle_is_automatic = True
        # what an automation says
        self.contact.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.contact.lifecycle_stage_id = self.payment
        self.assertEqual(self.get_last(), self.days_ago(4))

    def test_leads(self):
        """A3, T17, P1: what is said there as well, of those that the user may read"""
        seller = self.make_user(
            "lifecycle_seller", "contact_lifecycle.group_manager,sales_team.group_sale_salesman"
        )
        leads = self.env["crm.lead"].create(
            [
                {"name": "Engine", "partner_id": self.contact.id, "user_id": user.id}
                for user in (seller, self.manager)
            ]
        )
        self.post(9)
        self.post(5, leads[0])
        self.post(3, leads[0], subtype_xmlid="mail.mt_note")
        self.post(2, leads[1])
        self.assertEqual(self.get_last(seller), self.days_ago(5))
        self.assertEqual(self.get_last(self.env.user), self.days_ago(2))
        self.assertEqual(self.get_last(self.operator), self.days_ago(9))

    def test_mail_from_the_future(self):
        """A3, T17: its sender's clock does not tell when it came"""
        message = self.post(-400, message_type="email")
        self.assertEqual(self.get_last(), message.create_date)

    def test_conversations_that_the_user_may_not_read(self):
        """A3, P1: a manager who is in no live chat is told of the chatter alone"""
        self.post(9)
        self.talk(2)
        self.assertEqual(self.get_last(self.operator), self.days_ago(2))
        self.assertEqual(self.get_last(self.manager), self.days_ago(9))

    def test_channels_that_are_no_conversations(self):
        """A3: a chat of colleagues about the contact says nothing"""
        channel = self.env["discuss.channel"].create(
            {
                "name": "Colleagues",
                "channel_type": "group",
                "channel_member_ids": [Command.create({"partner_id": self.operator.partner_id.id})],
            }
        )
        channel._lifecycle_write_protected({"lifecycle_partner_id": self.contact.id})
        self.assertFalse(self.get_last())

    def test_messages_that_the_user_may_not_read(self):
        """A3, P1: a rule on messages holds, and a contact that is hidden tells nothing"""
        self.post(4)
        self.env["ir.rule"].create(
            {
                "name": "No Hello",
                "model_id": self.env["ir.model"]._get_id("mail.message"),
                "domain_force": "[('body', 'not ilike', 'Hello')]",
            }
        )
        self.assertFalse(self.get_last())
        self.assertEqual(self.get_last(self.env.user), self.days_ago(4))

    def test_hidden_contact(self):
        """P1, P5: nothing of a contact that the user may not read, also where a form makes it up"""
        self.post(4)
        self.talk(1)
        self.contact.company_id = self.env["res.company"].create({"name": "Another"})
        made_up = self.Partner.with_user(self.operator).new(origin=self.contact)
        self.assertFalse(made_up.lifecycle_last_contact)
        self.assertFalse(self.get_last())
        self.assertEqual(self.get_last(self.env.user), self.days_ago(1))

    def test_who_may_ask(self):
        """P1: agents; nobody else, nor by criteria"""
        self.post(4)
        self.assertEqual(self.get_last(self.agent), self.days_ago(4))
        for user in (self.internal, self.portal):
            contact = user.partner_id if user == self.portal else self.contact
            with self.subTest(user.login), self.assertRaises(AccessError):
                contact.with_user(user).read(["lifecycle_last_contact"])
        description = self.Partner.with_user(self.operator).fields_get(["lifecycle_last_contact"])
        self.assertFalse(description["lifecycle_last_contact"]["searchable"])
        self.assertFalse(description["lifecycle_last_contact"]["sortable"])

    def test_no_query_per_card(self):
        """A3, M8: however many contacts, conversations and messages"""

        def count(number):
            contacts = self.make_contacts(number)
            for contact in contacts:
                self.talk(1, contact)
                self.post(2, contact)
            contacts = contacts.with_user(self.operator)
            return self.count_queries(lambda: contacts.mapped("lifecycle_last_contact"))

        self.assertNoQueryPerRecord(count, 20, 40, per_record=0.2)
