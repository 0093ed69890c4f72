from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..common_inbox import LARGE, SMALL, InboxCase


@tagged("post_install", "-at_install")
class TestInboxPanel(InboxCase):
    """The inboxes: all, mine, unassigned, and one for each lifecycle stage (I1)."""

    def test_one_inbox_for_each_lifecycle_stage_in_stage_order(self):
        """I1"""
        self.customer.sequence = -1
        self.make_conversations(2, stage=self.hot_lead)
        self.make_conversations(1, stage=self.customer)
        self.assertEqual(
            self.get_inboxes("lifecycle_stage_id")[2:6],
            [(self.customer.id, 1), (self.new_lead.id, 0), (self.hot_lead.id, 2), (self.payment.id, 0)],
        )

    def test_conversations_without_a_stage_have_an_inbox(self):
        """I10"""
        self.make_conversations(3).lifecycle_stage_id = False
        self.make_conversations(1, stage=self.hot_lead)
        self.assertEqual(self.get_inboxes("lifecycle_stage_id")[:2], [(False, None), ("none", 3)])

    def test_lost_stages_are_in_one_inbox_after_the_others(self):
        """I10: each with its number, and together"""
        lost = self.cold_lead.stage_id
        warm = self.LostStage.create({"name": "Warm no more", "sequence": 50}).stage_id
        self.make_conversations(1, stage=lost)
        self.make_conversations(2, stage=warm)
        result = self.Channel.with_user(self.operator).search_panel_select_range(
            "lifecycle_stage_id", enable_counters=True, search_domain=self.open_domain
        )
        inboxes = [(inbox["id"], inbox["parent"], inbox["__count"]) for inbox in result["values"][-3:]]
        self.assertEqual(inboxes, [("lost", False, 3), (lost.id, "lost", 1), (warm.id, "lost", 2)])

    def test_without_lost_stages_there_is_no_inbox_for_them(self):
        """I10"""
        self.LostStage.search([]).unlink()
        self.assertNotIn("lost", dict(self.get_inboxes("lifecycle_stage_id")))

    def test_stage_being_deleted_has_no_inbox(self):
        """I1, S11"""
        self.env.cr.execute(
            "UPDATE lifecycle_stage SET deletion_pending = TRUE WHERE id = %s", [self.payment.id]
        )
        self.env.invalidate_all()
        self.assertNotIn(self.payment.id, dict(self.get_inboxes("lifecycle_stage_id")))

    def test_each_count_is_what_choosing_the_inbox_shows(self):
        """I1: with the rest of the search, and with the inbox chosen in the other section"""
        self.make_conversations(3, stage=self.hot_lead)
        self.make_conversations(2, agent=self.colleague, stage=self.hot_lead)
        self.make_conversations(1, stage=self.payment)
        self.make_unassigned()
        self.make_close(self.make_conversations(1, stage=self.hot_lead))
        Channel = self.Channel.with_user(self.operator)
        for search in (
            self.open_domain,
            [("lifecycle_status", "=", "closed")],
            [*self.open_domain, ("name", "ilike", "Visitor")],
        ):
            for category in (
                [],
                [("lifecycle_assignment", "=", "mine")],
                [("lifecycle_stage_id", "=", self.hot_lead.id)],
            ):
                for field_name in ("lifecycle_assignment", "lifecycle_stage_id"):
                    if category and category[0][0] == field_name:
                        continue
                    inboxes = self.get_inboxes(field_name, domain=search, category_domain=category)
                    for inbox, count in inboxes:
                        if count is None:
                            continue
                        chosen = {
                            False: [],
                            "none": [("lifecycle_stage_id", "=", False)],
                            "lost": [("lifecycle_stage_id.is_lost", "=", True)],
                        }.get(inbox, [(field_name, "=", inbox)])
                        expected = Channel.search_count(Domain.AND([search, category, chosen]))
                        self.assertEqual(count, expected, f"{search}, {category}, {field_name} = {inbox}")

    def test_mine_and_unassigned(self):
        """I1, I3"""
        self.make_conversations(2)
        self.make_conversations(3, agent=self.colleague)
        unassigned = self.make_unassigned()
        self.assertEqual(
            self.get_inboxes("lifecycle_assignment"), [(False, 6), ("mine", 2), ("unassigned", 1)]
        )
        self.assertEqual(
            self.get_inboxes("lifecycle_assignment", self.colleague),
            [(False, 6), ("mine", 3), ("unassigned", 1)],
        )
        domain = [*self.open_domain, ("lifecycle_assignment", "=", "unassigned")]
        self.assertEqual(self.Channel.with_user(self.operator).search(domain), unassigned)

    def test_everything_is_listed_once_by_the_web_client(self):
        """I1: it takes an inbox whose parent does not exist out of the list, and lists everything itself"""
        for field_name in ("lifecycle_assignment", "lifecycle_stage_id"):
            result = self.Channel.with_user(self.operator).search_panel_select_range(
                field_name, enable_counters=True
            )
            self.assertIs(result["values"][0]["id"], False)
            self.assertTrue(result["values"][0][result["parent_field"]])
            self.assertNotIn(result["values"][0][result["parent_field"]], [i["id"] for i in result["values"]])

    def test_agent_counts_only_what_he_may_read(self):
        """I1, I6: a sales agent is in his own conversations only, a live chat agent reads all"""
        self.make_conversations(2, agent=self.colleague, stage=self.hot_lead)
        self.make_conversations(1, agent=self.agent, stage=self.hot_lead)
        self.assertEqual(dict(self.get_inboxes("lifecycle_stage_id", self.agent))[self.hot_lead.id], 1)
        self.assertEqual(self.get_inboxes("lifecycle_assignment", self.agent)[0], (False, 1))
        self.assertEqual(dict(self.get_inboxes("lifecycle_stage_id"))[self.hot_lead.id], 3)

    def test_who_is_no_agent_gets_no_inboxes(self):
        """P1, P4"""
        for user, field_name in (
            (self.internal, "lifecycle_stage_id"),
            (self.portal, "lifecycle_stage_id"),
            (self.portal, "lifecycle_assignment"),
        ):
            with self.subTest(user=user.login, field_name=field_name), self.assertRaises(AccessError):
                self.get_inboxes(field_name, user)

    def test_other_sections_are_odoos(self):
        """I1"""
        result = self.Channel.with_user(self.operator).search_panel_select_range("channel_type", expand=True)
        self.assertIn({"id": "livechat", "display_name": "Livechat Conversation"}, result["values"])

    def test_panel_costs_a_fixed_number_of_queries(self):
        """I1: at N and at 2N conversations, in more stages"""

        def count():
            return [
                self.count_queries(lambda name=name: self.get_inboxes(name))
                for name in ("lifecycle_assignment", "lifecycle_stage_id")
            ]

        self.make_conversations(SMALL, stage=self.hot_lead)
        few = count()
        self.make_conversations(LARGE - SMALL, agent=self.colleague, stage=self.payment)
        self.make_stages(4)
        many = count()
        self.assertEqual(few, many)
        self.assertLessEqual(max(many), 6)
