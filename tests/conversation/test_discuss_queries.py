from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ..common import LifecycleCase

ALLOWED = 2  # queries more than without the addon


@tagged("post_install", "-at_install")
class TestDiscussQueries(LifecycleCase):
    """What the stage costs in Discuss: a fixed number of queries, whatever the number of conversations (I5)."""

    def count(self, function):
        """:return: number of queries of ``function``, with empty caches but for what any request has"""
        self.env.flush_all()
        self.env.invalidate_all()
        function()  # warm up: rules, translations, settings
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def switch_off(self):
        """Stages are not shown at all: what is left is what Odoo does without the addon."""
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.env.invalidate_all()

    def make_livechats(self, count):
        contacts = self.make_contacts(count, self.hot_lead)
        return self.env["discuss.channel"].union(*(self.make_livechat(contact) for contact in contacts))

    def test_opening_discuss_costs_at_most_two_queries_more(self):
        """I5: with 100 and with 200 conversations, the stage being shown or not"""
        channels = self.make_livechats(200).with_user(self.agent)
        few = channels[:100]
        shown_few = self.count(lambda: Store().add(few).get_result())
        shown = self.count(lambda: Store().add(channels).get_result())
        data = Store().add(channels).get_result()
        self.assertEqual(len(data["discuss.channel"]), 200)
        self.assertTrue(all(values["lifecycle_stage_id"] for values in data["discuss.channel"]))
        self.switch_off()
        self.assertNotIn("lifecycle_stage_id", Store().add(channels).get_result()["discuss.channel"][0])
        hidden_few = self.count(lambda: Store().add(few).get_result())
        hidden = self.count(lambda: Store().add(channels).get_result())

        self.assertLessEqual(shown - hidden, ALLOWED)
        self.assertLessEqual(shown_few - hidden_few, ALLOWED)

    def test_message_of_a_visitor_costs_at_most_two_queries_more(self):
        """I5: N and 2N conversations of the same visitor's contact"""
        guest = self.make_guest()
        channel = self.make_livechat(guest)
        as_guest = channel.with_user(self.env.ref("base.public_user")).with_context(guest=guest).sudo()

        def post():
            as_guest.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")

        shown = self.count(post)
        self.make_livechats(20)
        self.assertLessEqual(self.count(post), shown + ALLOWED)
        self.switch_off()
        self.assertLessEqual(shown - self.count(post), ALLOWED)

    def test_moving_a_contact_does_not_cost_more_with_more_conversations(self):
        """A7: all open conversations of a contact in one step"""
        contacts = self.make_contacts(2)
        for contact, number in zip(contacts, (10, 20), strict=True):
            for _i in range(number):
                self.make_livechat(contact)

        def move(contact):
            stage = self.payment if contact.lifecycle_stage_id != self.payment else self.hot_lead
            contact.with_user(self.agent).lifecycle_stage_id = stage

        few, many = (self.count(lambda contact=contact: move(contact)) for contact in contacts)
        self.assertLessEqual(many - few, ALLOWED)
