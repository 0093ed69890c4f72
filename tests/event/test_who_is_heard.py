from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common_customer import CustomerCase
from ..common_mail import MailCase

# Who answers a mail to Ada, who is told by the name or the contact whom the answer counts for. The contacts are made
# below: the mail is on Ada's lead, and where the row does not say more, it went to her alone.
ANSWERS = (
    ("Ada <ada@example.com>", "ada"),
    ("ADA@EXAMPLE.COM", "ada"),
    # nobody has these addresses
    ("Ada <ada@home.example.com>", "ada"),
    ("Ada <ada+odoo@example.com>", "ada"),
    ("Ada, who has two addresses <ada.two@example.com>", "ada"),
    ("Ada's assistant <assistant@example.com>", "ada"),
    ("Ada via a list <talk@lists.example.com>", "ada"),
    ("Somebody archived <archived@example.com>", "ada"),
    # somebody has them
    ("Bob of her company <bob@example.com>", "bob"),
    ("Our salesperson <salesman@example.com>", None),
)


@tagged("post_install", "-at_install")
class TestWhoIsHeard(CustomerCase, MailCase):
    """A reply counts for the contact it answers to, and a customer is heard on every channel (T18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = False
        with_address = {"ada": "ada@example.com, ada.two@example.com", "bob": "bob@example.com"}
        cls.ada, cls.bob = cls.make_quiet_contacts(2)
        for name, contact in (("ada", cls.ada), ("bob", cls.bob)):
            contact.write({"name": name, "email": with_address[name]})
        cls.make_contacts(1).write({"email": "archived@example.com", "active": False})
        cls.lead.partner_id = cls.ada
        cls.offer = cls.write_long_ago(cls.lead, cls.ada)
        cls.rule = cls.make_rule(
            "connected", ["email_reply", "conversation_reply"], cls.hot_lead, cls.new_lead
        )

    def find_heard(self):
        """:return: list of the names of those whom the rule has moved; they are put back"""
        self.commit()
        heard = (self.ada | self.bob).filtered(lambda contact: contact.lifecycle_stage_id == self.hot_lead)
        heard._lifecycle_move_to(self.new_lead, "import")
        self.commit()
        return heard.mapped("name")

    def test_answers(self):
        """T18"""
        for sender, expected in ANSWERS:
            with self.subTest(sender=sender):
                self.assertEqual(self.receive(self.offer, sender=sender).res_id, self.lead.id)
                self.assertEqual(self.find_heard(), [expected] if expected else [])

    def test_answer_of_nobody_known_to_a_mail_that_others_got_too(self):
        """T18: it is not known whose it is"""
        for others in (self.bob, self.salesman.partner_id):
            user = self.make_user(f"lifecycle_writer_{others.id}", "sales_team.group_sale_salesman_all_leads")
            offer = self.write_long_ago(self.lead, self.ada, others, user=user)
            self.assertLessEqual(others, offer.notification_ids.res_partner_id)
            self.receive(offer, sender="assistant@example.com")
            self.assertEqual(self.find_heard(), [])

    def test_answer_of_nobody_known_to_a_colleague(self):
        """T18: nor is it a contact's"""
        writer = self.make_user("lifecycle_writer", "sales_team.group_sale_salesman_all_leads")
        question = self.write_long_ago(self.lead, self.salesman.partner_id, user=writer, note=True)
        mail = self.receive(question, sender="assistant@example.com")
        self.assertFalse(self.lead._lifecycle_find_writer(mail))
        self.assertEqual(self.find_heard(), [])

    def test_answer_from_a_shared_address(self):
        """T18: of whom Odoo takes the first, to a mail to the second"""
        (self.ada | self.bob).email = "office@example.com"
        self.lead.partner_id = self.bob
        offer = self.write_long_ago(self.lead, self.bob)
        mail = self.receive(offer, sender="Bob <office@example.com>")
        self.assertEqual(mail.author_id, self.ada, "else nothing is shown here")
        self.assertEqual(self.find_heard(), ["bob"])

    def test_automatic_answer_from_another_address(self):
        """T18, T17"""
        self.receive(self.offer, "Auto-Submitted: auto-replied", sender="Ada <ada@home.example.com>")
        self.assertEqual(self.find_heard(), [])

    def test_first_message_from_another_address(self):
        """T18, A1"""
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", "message")
        contact = self.make_quiet_contacts(1)
        self.receive(self.write_long_ago(self.lead, contact), sender="assistant@example.com")
        self.assertEqual(contact.lifecycle_stage_id, self.new_lead)

    def test_interaction_from_another_address(self):
        """T18, T9: on a document that says nothing of the contact"""
        document = self.lead.copy({"partner_id": False})
        offer = self.write_long_ago(document, self.ada)
        self.assertTrue(self.is_quiet(self.ada))
        self.receive(offer, "Auto-Submitted: auto-replied", sender="assistant@example.com")
        self.assertTrue(self.is_quiet(self.ada), "an automatic answer")
        self.receive(offer, sender="assistant@example.com")
        self.assertFalse(self.is_quiet(self.ada))
        self.assertTrue(self.is_quiet(self.bob))

    def test_ordinary_answer_costs_no_query_more(self):
        """T18: who answers a mail on the own lead need not be looked for"""
        calls = []
        self.patch(
            type(self.env["mail.message"]),
            "_lifecycle_get_sole_recipient",
            lambda message: calls.append(message),
        )
        self.receive(self.offer, sender="ada@example.com")
        self.receive(self.offer, sender="salesman@example.com")
        self.assertFalse(calls)

    def snooze(self, channel):
        channel.action_lifecycle_snooze(fields.Datetime.now() + timedelta(hours=1))
        self.commit()

    def test_customers_whom_no_gateway_knows(self):
        """T18, I4, A1: their messages have neither an author nor a guest; before and after somebody says who it is"""
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", "message")
        channel = self.make_conversation("gateway", "agent guest")
        self.commit()
        vals = {"body": "Hello", "author_id": False, "email_from": False, "message_type": "comment"}
        self.assertFalse(channel.lifecycle_stage_id)
        message = channel.message_post(**vals)
        self.assertFalse(message.author_id or message.author_guest_id)
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)
        self.assertEqual(self.find_heard(), [])
        self.snooze(channel)
        channel.message_post(**vals)
        self.assertEqual(channel.lifecycle_status, "open")

        channel.with_user(self.agent).action_lifecycle_set_contact(self.ada.id)
        self.snooze(channel)
        channel.message_post(**vals)
        self.assertEqual(channel.lifecycle_status, "open")
        self.assertEqual(self.find_heard(), ["ada"])

    def test_who_else_says_something_there(self):
        """T18, T17, I4: a notification, one of us, an automation and an internal channel are not heard"""
        channel = self.make_conversation("gateway", "agent guest")
        channel.with_user(self.agent).action_lifecycle_set_contact(self.ada.id)
        internal = self.env["discuss.channel"]._create_channel(name="Internal", group_id=None)
        internal.sudo()._lifecycle_set_column("lifecycle_partner_id", self.ada)
        self.snooze(channel)
        nobody = {"body": "x", "author_id": False, "email_from": False}
        channel.message_post(**nobody, message_type="notification")
        channel.with_user(self.agent).message_post(body="x", message_type="comment")
        channel.message_post(**nobody, message_type="comment", lifecycle_is_automatic=True)
        internal.message_post(**nobody, message_type="comment")
        self.assertEqual(channel.lifecycle_status, "snoozed")
        self.assertEqual(self.find_heard(), [])

    def test_first_message_of_a_guest_who_is_known(self):
        """T18, A1"""
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", "message")
        contact, guest = self.make_contacts(1), self.make_guest()
        channel = self.make_livechat(guest)
        channel.with_user(self.agent).action_lifecycle_set_contact(contact.id)
        self.assertFalse(contact.lifecycle_stage_id)
        visitor = channel.with_user(self.env.ref("base.public_user")).sudo().with_context(guest=guest)
        visitor.message_post(body="Hello", message_type="comment")
        self.assertEqual(contact.lifecycle_stage_id, self.new_lead)
