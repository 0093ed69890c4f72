from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_inbox import LARGE, SMALL, InboxCase


@tagged("post_install", "-at_install")
class TestInboxCounts(InboxCase):
    """How many conversations are in the tabs and in saved inboxes (I10)."""

    def count(self, inboxes, user=None):
        return self.Channel.with_user(user or self.operator).lifecycle_count_inboxes(inboxes)

    def test_each_count_is_what_a_search_finds(self):
        """I10"""
        self.make_conversations(3, stage=self.hot_lead)
        self.make_conversations(2, agent=self.colleague)
        self.make_unassigned()
        Channel = self.Channel.with_user(self.operator)
        inboxes = {
            "open": self.open_domain,
            "closed": [("lifecycle_status", "=", "closed")],
            "hot": [*self.open_domain, ("lifecycle_stage_id", "=", self.hot_lead.id)],
            "mine": [*self.open_domain, ("lifecycle_assignment", "=", "mine")],
            "nothing": [("id", "in", [])],
            "all": [],
        }
        counts = self.count(inboxes)
        self.assertEqual(counts, {key: Channel.search_count(domain) for key, domain in inboxes.items()})
        self.assertEqual((counts["open"], counts["hot"], counts["mine"], counts["nothing"]), (6, 3, 3, 0))

    def test_agent_counts_only_what_they_may_read(self):
        """I6, I10"""
        self.make_conversations(2, agent=self.colleague)
        self.make_conversations(1, agent=self.agent)
        self.assertEqual(self.count({"open": self.open_domain}, self.agent), {"open": 1})
        self.assertEqual(self.count({"open": self.open_domain}), {"open": 3})

    def test_what_cannot_be_counted_takes_no_other_count_away(self):
        """I10: a saved search names a field that is gone, or one that agents may not filter by (P5)"""
        self.make_conversations(2)
        counts = self.count(
            {
                "open": self.open_domain,
                "gone": [("x_gone", "=", 1)],
                "refused": [("lifecycle_partner_id.lifecycle_stage_id", "=", self.hot_lead.id)],
                "no domain": "?",
            }
        )
        self.assertEqual(counts, {"open": 2, "gone": None, "refused": None, "no domain": None})

    def test_who_is_no_agent_counts_nothing(self):
        """P1, P4"""
        for user in (self.internal, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.count({"open": []}, user)

    def test_what_is_no_list_of_inboxes_is_refused(self):
        """I10"""
        for inboxes in ([], "all", {str(number): [] for number in range(201)}):
            with self.assertRaisesRegex(UserError, "Count 200 inboxes at most"):
                self.count(inboxes)

    def test_inboxes_cost_a_fixed_number_of_queries(self):
        """I10: at N and at 2N conversations and inboxes"""
        self.make_conversations(SMALL)
        inboxes = {
            str(number): [*self.open_domain, ("name", "ilike", str(number))] for number in range(LARGE)
        }
        few = self.count_queries(lambda: self.count(dict(list(inboxes.items())[:SMALL])))
        self.make_conversations(SMALL)
        many = self.count_queries(lambda: self.count(inboxes))
        self.assertEqual(few, many)
        self.assertLessEqual(many, 3)

    def test_unread_is_what_the_user_has_not_seen(self):
        """I10"""
        mine, other = self.make_conversations(1), self.make_conversations(1, agent=self.colleague)
        for channel in mine | other:
            self.write_in(channel, "Hello", author_id=self.contact.id)
        self.env.invalidate_all()
        as_operator = (mine | other).with_user(self.operator)
        self.assertEqual(as_operator.mapped("lifecycle_is_unread"), [True, False])
        member = mine.channel_member_ids.filtered(lambda m: m.partner_id == self.operator.partner_id)
        member.with_user(self.operator)._mark_as_read(mine.message_ids[0].id)
        self.env.invalidate_all()
        self.assertEqual(as_operator.mapped("lifecycle_is_unread"), [False, False])

    def test_unread_of_all_costs_a_fixed_number_of_queries(self):
        """I10: at N and at 2N conversations"""
        channels = self.make_conversations(LARGE)
        few, many = (
            self.count_queries(lambda some=some: some.with_user(self.operator).mapped("lifecycle_is_unread"))
            for some in (channels[:SMALL], channels)
        )
        self.assertEqual(few, many)
