from odoo.tests import tagged

from ..common import LifecycleCase
from ..common_queries import QueriesCase
from ..common_rpc import RpcCase


@tagged("post_install", "-at_install")
class TestChatterReaders(RpcCase):
    """P1, H1: who may not see the stage gets no note on a move, which would be empty to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.message_post(body="First")
        for stage in (cls.hot_lead, cls.payment, cls.customer):
            cls.contact.lifecycle_stage_id = stage
        cls.contact.message_post(body="Last")
        cls.note = cls.contact._message_log(body="", tracking_value_ids=[])

    def fetch(self, user, **params):
        """:return: list of dict, the messages of the contact as the web client gets them, the newest first"""
        self.log_in(user)
        result = self.rpc(
            "/mail/thread/messages",
            thread_model="res.partner",
            thread_id=self.contact.id,
            fetch_params=params,
        )["result"]
        messages = {message["id"]: message for message in result["data"].get("mail.message", [])}
        return [messages[id_] for id_ in result["messages"]]

    def get_text(self, message):
        return "".join(message["body"]).removeprefix("markup")

    def test_each_reader_gets_what_says_something(self):
        """P1, H1: also the note of the creation, which has a text besides the first stage"""
        for user, moves in ((self.agent, 4), (self.manager, 4), (self.internal, 0)):
            with self.subTest(user.login):
                messages = self.fetch(user)
                texts = [text for text in map(self.get_text, messages) if text]
                self.assertIn("Last", texts[0])
                self.assertIn("First", texts[1])
                self.assertIn("Contact created", texts[2])
                self.assertEqual(sum(bool(message["trackingValues"]) for message in messages), moves)
                empty = [
                    message["id"]
                    for message in messages
                    if not (self.get_text(message) or message["trackingValues"])
                ]
                self.assertEqual(empty, [self.note.id])

    def get_notes(self):
        """:return: the notes on moves, without that of the creation"""
        return self.get_tracking_values(self.contact).mail_message_id[1:]

    def test_other_messages_are_untouched(self):
        """P1: one that somebody has emptied, one with an attachment, what is told of other fields as well"""
        self.contact.lifecycle_stage_id = self.hot_lead
        moved = self.get_notes()
        with_file, with_other = moved[-1], moved[-2]
        with_file.attachment_ids = self.env["ir.attachment"].create({"name": "offer.txt", "raw": b"1"})
        phone = self.env["ir.model.fields"]._get("res.partner", "phone")
        with_other.sudo().tracking_value_ids.copy({"field_id": phone.id})
        ids = {message["id"] for message in self.fetch(self.internal)}
        self.assertLessEqual({with_file.id, with_other.id, self.note.id}, ids)
        self.assertFalse(ids & set((moved - with_file - with_other).ids))

    def test_pages_are_full(self):
        """P1: the web client takes a page that is not for the end"""
        self.assertEqual(len(self.fetch(self.internal, limit=2)), 2)
        [last] = self.fetch(self.internal, limit=1, search_term="Last")
        self.assertEqual(len(self.fetch(self.internal, limit=2, before=last["id"])), 2)
        ids = [message["id"] for message in self.fetch(self.internal, around=last["id"])]
        self.assertFalse(set(self.get_notes().ids) & set(ids))

    def test_portal(self):
        """P1: notes are not for them anyway"""
        contact = self.portal.partner_id
        contact.lifecycle_stage_id = self.hot_lead
        contact.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.log_in(self.portal)
        answer = self.rpc("/mail/chatter_fetch", thread_model="res.partner", thread_id=contact.id)["result"]
        [message] = answer["data"]["mail.message"]
        self.assertIn("Hello", str(message["body"]))


@tagged("post_install", "-at_install")
class TestChatterReadersQueries(QueriesCase, LifecycleCase):
    def test_no_query_per_move(self):
        """P1: for who sees them and who does not"""
        for user in (self.internal, self.agent):
            messages = self.env["mail.message"].with_user(user)

            def count(number, messages=messages):
                contact = self.make_contacts(1)
                for index in range(number):
                    contact.lifecycle_stage_id = self.hot_lead if index % 2 else self.payment
                self.env.flush_all()
                self.cr.precommit.run()
                thread = contact.with_user(messages.env.user)
                return self.count_queries(
                    lambda: messages._message_fetch(None, thread=thread, limit=10)["messages"].mapped("body")
                )

            with self.subTest(user.login):
                self.assertNoQueryPerRecord(count, small=20, large=40)
