from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ...tools.only_people import automation, is_by_automation
from ..common_rule import RuleCase

FIELD = "lifecycle_is_automatic"


@tagged("post_install", "-at_install")
class TestOnlyPeople(RuleCase):
    """Whether a person has written a message (T17) is nobody's to see, or to say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.message = cls.contact.message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=cls.portal.partner_id.ids,
            lifecycle_is_automatic=True,
        )

    def test_nobody_reads_it(self):
        """T17: not those who may read the message, and not by what it is found or in what order"""
        self.assertTrue(self.message.sudo()[FIELD])
        for user in (self.portal, self.internal, self.agent, self.owner, self.administrator):
            message = self.message.with_user(user)
            Message, domain = message.browse(), [(FIELD, "=", True)]
            for name, read in (
                ("read", lambda message=message: message.read([FIELD])),
                ("search", lambda Message=Message, domain=domain: Message.search(domain)),
                ("order", lambda Message=Message: Message.search([], order=FIELD)),
                ("group", lambda Message=Message: Message.formatted_read_group([], [FIELD], ["__count"])),
            ):
                with self.subTest(user=user.login, way=name), self.assertRaisesRegex(AccessError, "access"):
                    read()
            with self.subTest(user=user.login):
                self.assertEqual(
                    message.read(["id"]), [{"id": self.message.id}], "else nothing is shown here"
                )
                self.assertNotIn(FIELD, Message.fields_get())

    def test_no_page_receives_it(self):
        """T17: of the chatter, of a conversation, of a visitor"""
        channel = self.make_livechat(self.make_guest())
        said = channel.message_post(body="x", message_type="comment", lifecycle_is_automatic=True)
        for message in (self.message, said):
            for user in (self.env.ref("base.public_user"), self.agent, self.administrator):
                for reader in (message.with_user(user), message.with_user(user).sudo()):
                    self.assertNotIn(FIELD, str(Store().add(reader).get_result()))

    def test_nobody_says_it(self):
        """T17: neither that a message is a person's nor that it is not, by no way into a message"""
        for user in (self.internal, self.agent, self.administrator):
            contact = self.contact.with_user(user)
            for value in (True, False):
                for name, say in (
                    ("post", lambda c=contact, v=value: c.message_post(body="x", **{FIELD: v})),
                    (
                        "create",
                        lambda c=contact, v=value: c.env["mail.message"].create({"body": "x", FIELD: v}),
                    ),
                    ("write", lambda c=contact, v=value: self.message.with_env(c.env).write({FIELD: v})),
                ):
                    row = {"user": user.login, "way": name, "value": value}
                    with self.subTest(**row), self.assertRaisesRegex(AccessError, "access"):
                        say()
        context = {f"default_{FIELD}": True}
        posted = self.contact.with_user(self.agent).with_context(**context).message_post(body="x")
        self.assertFalse(posted.sudo()[FIELD])

    def test_it_is_over_when_the_automation_is(self):
        """T17: also when that fails, and in a scheduled action that one of us runs"""
        self.assertFalse(is_by_automation())
        with self.assertRaisesRegex(ValueError, "no"), automation():
            self.assertTrue(is_by_automation())
            with automation(running=False):
                self.assertFalse(is_by_automation())
            self.assertTrue(is_by_automation())
            raise ValueError("no")
        self.assertFalse(is_by_automation())
        self.assertFalse(self.contact.message_post(body="x").sudo()[FIELD])

    def test_meeting_and_call_of_an_automation(self):
        """T17, T1: are not ours, though it runs as one of us sets it off; those are that we make ourselves"""
        rule = self.make_rule("outreach", ["meeting_scheduled", "call_made"], self.hot_lead, self.new_lead)
        code = """
env["calendar.event"].create(
    {"name": "x", "start": "2031-01-01 10:00:00", "stop": "2031-01-01 11:00:00", "partner_ids": record.ids})
record.activity_schedule("mail.mail_activity_data_call").action_feedback()
"""
        action = self.env["ir.actions.server"].create(
            {
                "name": "x",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": code,
            }
        )
        records = {"active_model": "res.partner", "active_id": self.contact.id}
        action.with_user(self.salesman).with_context(**records).run()
        self.assertStayed(self.contact)
        self.contact.with_user(self.salesman).activity_schedule(
            "mail.mail_activity_data_call"
        ).action_feedback()
        self.assertMoved(self.contact, self.hot_lead, rule)
