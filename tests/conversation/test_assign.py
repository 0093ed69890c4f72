from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_inbox import LARGE, SMALL, InboxCase


@tagged("post_install", "-at_install")
class TestAssign(InboxCase):
    """A conversation is assigned to a named colleague (I10)."""

    def assign(self, channels, colleague, user=None):
        channels.with_user(user or self.operator).action_lifecycle_assign(colleague.id)
        self.env.invalidate_all()

    def test_colleague_takes_care_of_an_unassigned_one(self):
        """I10"""
        channel = self.make_unassigned()
        self.assign(channel, self.colleague)
        self.assertEqual(channel.lifecycle_agent_ids, self.colleague.partner_id)
        self.assertFalse(channel.lifecycle_is_unassigned)
        self.assertEqual(channel.lifecycle_status, "open")

    def test_ones_own_is_handed_over_and_stays_open(self):
        """I10: several at once, the visitor stays in them"""
        channels = self.make_conversations(2) | self.make_unassigned()
        self.assign(channels, self.colleague)
        for channel in channels:
            self.assertEqual(channel.lifecycle_agent_ids, self.colleague.partner_id)
            self.assertEqual(channel.lifecycle_status, "open")
            self.assertTrue(channel.channel_member_ids.guest_id)

    def test_whoever_assigns_to_themselves_stays(self):
        """I10"""
        channels = self.make_conversations(1) | self.make_unassigned()
        self.assign(channels, self.operator)
        self.assertEqual(channels.lifecycle_agent_ids, self.operator.partner_id)
        self.assertEqual(set(channels.mapped("lifecycle_status")), {"open"})

    def test_closed_one_and_somebody_elses_are_refused(self):
        """I10: and with them the others"""
        unassigned = self.make_unassigned()
        closed = self.make_conversations(1)
        self.make_close(closed)
        for refused in (closed, self.make_conversations(1, agent=self.colleague)):
            with self.assertRaisesRegex(UserError, "choose an unassigned conversation or one of your own"):
                self.assign(unassigned | refused, self.colleague)
        self.assertTrue(unassigned.lifecycle_is_unassigned)

    def test_only_agents_take_care_of_conversations(self):
        """I10, P1"""
        channel = self.make_unassigned()
        retired = self.make_user("lifecycle_retired", "im_livechat.im_livechat_group_user")
        retired.active = False
        for user_id in (self.internal.id, self.portal.id, retired.id, False, -1, 2**40, "x", [1], None):
            with self.assertRaisesRegex(UserError, "Choose a colleague who is an agent"):
                channel.with_user(self.operator).action_lifecycle_assign(user_id)

    def test_only_agents_assign_what_they_may_read(self):
        """I6, I10, P1"""
        channel = self.make_unassigned()
        for user in (self.internal, self.portal, self.agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                channel.with_user(user).action_lifecycle_assign(self.colleague.id)

    def test_colleagues_are_the_agents(self):
        """I10"""
        names = [
            colleague["name"] for colleague in self.Channel.with_user(self.operator).lifecycle_colleagues()
        ]
        self.assertEqual(names, sorted(names))
        for user, expected in (
            (self.colleague, True),
            (self.operator, True),
            (self.agent, True),
            (self.internal, False),
        ):
            self.assertEqual(user.name in names, expected, user.login)
        for user in (self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.Channel.with_user(user).lifecycle_colleagues()

    def test_colleagues_cost_a_fixed_number_of_queries(self):
        """I10: at N and at 2N agents"""
        counts = []
        for size in (SMALL, LARGE):
            for number in range(SMALL):
                self.make_user(f"lifecycle_{size}_{number}", "im_livechat.im_livechat_group_user")
            counts.append(self.count_queries(self.Channel.with_user(self.operator).lifecycle_colleagues))
        self.assertEqual(*counts)
