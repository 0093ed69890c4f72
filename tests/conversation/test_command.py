import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestCommand(LifecycleCase, MailCommon):
    """``/stage NAME`` sets the stage and answers the user alone (A10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.make_livechat(cls.make_guest())

    def command(self, text, user=None, channel=None):
        """:return: the answer, and that it went to the user and nobody else"""
        channel = (channel or self.channel).with_user(user or self.agent)
        before = channel.sudo().message_ids
        self._reset_bus()
        channel.execute_command_stage(body=text)
        self.env.cr.precommit.run()
        self.assertEqual(channel.sudo().message_ids, before, "nothing is posted")
        answers = [
            (json.loads(row.channel), json.loads(row.message))
            for row in self.env["bus.bus"].sudo().search([])
            if "transient_message" in row.message or "mail.message" in row.message
        ]
        self.assertEqual(len(answers), 1, answers)
        address, content = answers[0]
        self.assertIn("res.partner", address[1])
        self.assertEqual(address[2], (user or self.agent).partner_id.id)
        return json.dumps(content, ensure_ascii=False)

    def test_name_sets_the_stage(self):
        """A10: whole, beginning or part of it, in any case, with or without the emoji"""
        for text, stage in (
            ("/stage Hot Lead", self.hot_lead),
            ("/stage pay", self.payment),
            ("/stage  NEW lead ", self.new_lead),
            (f"/stage {self.customer.display_name}", self.customer),
            ("/stage cold", self.cold_lead.stage_id),
        ):
            answer = self.command(text)
            self.assertEqual(self.channel.lifecycle_stage_id, stage, text)
            self.assertIn(f"now in {stage.display_name}", answer)

    def test_contact_moves_too(self):
        """A7, A10"""
        channel = self.make_livechat(self.contact)
        self.command("/stage payment", channel=channel)
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment)
        self.assertEqual(self.get_moves(self.contact)[-1][2], "conversation")

    def test_unknown_ambiguous_and_missing_names_are_answered(self):
        """A10"""
        for text, part in (
            ("/stage wizard", "There is no stage"),
            ("/stage lead", "type more of the name"),
            ("/stage", "the name of a stage"),
        ):
            self.assertIn(part, self.command(text), text)
            self.assertEqual(self.channel.lifecycle_stage_id, self.new_lead, text)

    def test_markup_is_answered_as_text(self):
        """A10"""
        answer = self.command("/stage &lt;script&gt;alert(1)&lt;/script&gt;")
        self.assertNotIn("<script>", answer)

    def test_who_may_not_set_the_stage_is_told(self):
        """A10, P1"""
        channel = self.make_livechat(self.make_guest(), agent=self.internal)
        self.command("/stage payment", user=self.internal, channel=channel)
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)

    def test_command_sent_as_text_never_reaches_the_visitor(self):
        """A8, A10: a page that does not know the command would post it"""
        channel = self.channel.with_user(self.agent)
        for body in ("/stage hot", "<p>/stage hot</p>", " /STAGE hot", "/stage"):
            with self.assertRaisesRegex(UserError, "Nothing was sent"):
                channel.message_post(body=body, message_type="comment")
        message = channel.message_post(body="The /stage is yours", message_type="comment")
        self.assertTrue(message)
        self.assertTrue(channel.message_post(body="/stages of grief", message_type="comment"))

    def test_visitor_may_write_what_looks_like_a_command(self):
        """A10: it is none of his"""
        guest = self.channel.channel_member_ids.guest_id
        as_guest = self.channel.with_user(self.env.ref("base.public_user")).sudo()
        message = as_guest.message_post(body="/stage hot", message_type="comment", author_guest_id=guest.id)
        self.assertIn("/stage hot", message.body)
        self.assertEqual(self.channel.lifecycle_stage_id, self.new_lead)
