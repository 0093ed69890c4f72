from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from ...models.figure.lifecycle_dashboard import LEFT_OUT
from ..common_dashboard import DashboardCase


@tagged("post_install", "-at_install")
class TestLeftOut(DashboardCase):
    """What the cards leave out is counted, and opens (M7)."""

    def get_left_out(self, user=None):
        return self.Dashboard.with_user(user or self.manager).get_metrics()["left_out"]

    def search_part(self, part, user=None):
        user = user or self.manager
        action = self.Dashboard.with_user(user).action_open_left_out(part)
        self.assertEqual(action["views"][0][1], "list")
        return self.env[action["res_model"]].with_user(user).search(Domain(action["domain"]))

    def make_everything(self):
        """Something to count, and something not to count, in each part."""
        lost = self.cold_lead.stage_id
        for make in (self.make_contacts_without_stage, lambda number: self.make_contacts(number, lost)):
            contacts = make(5)
            contacts[0].active = False
            contacts[1].type = "delivery"
        self.make_contacts(2, self.hot_lead)
        self.make_conversations(3, stage=lost)
        self.make_close(self.make_conversations(1, stage=lost))
        self.make_conversations(2, stage=self.hot_lead)
        without = self.Channel.union(*(self.make_unassigned() for _number in range(4)))
        without.lifecycle_stage_id = False
        self.make_close(without[0])
        without[1]._lifecycle_write_protected({"lifecycle_snoozed_until": "2099-01-01"})

    def test_each_part_is_what_is_added(self):
        """M7: whatever was in the database before"""
        before = self.get_left_out()
        self.assertEqual(set(before), set(LEFT_OUT))
        self.make_everything()
        after = self.get_left_out()
        self.assertEqual(
            {part: after[part] - before[part] for part in LEFT_OUT},
            {
                "contacts_without": 3,
                "contacts_lost": 3,
                "conversations_without": 3,
                "conversations_lost": 3,
            },
        )

    def test_each_part_is_the_length_of_its_list(self):
        """M7"""
        self.make_everything()
        manager = self.make_user("lifecycle_other_manager", "contact_lifecycle.group_manager")
        for user in (self.manager, manager):
            counts = self.get_left_out(user)
            for part in LEFT_OUT:
                with self.subTest(part=part, user=user.login):
                    self.assertEqual(len(self.search_part(part, user)), counts[part])

    def test_with_the_cards_they_are_all(self):
        """M7: every contact that counts is on a card or in a part, and every conversation that is not closed"""
        self.make_everything()
        metrics = self.Dashboard.with_user(self.manager).get_metrics()
        parts = metrics["left_out"]
        contacts = sum(stage["contacts"] for stage in metrics["stages"])
        Partner = self.Partner.with_user(self.manager)
        self.assertEqual(
            contacts + parts["contacts_without"] + parts["contacts_lost"],
            Partner.search_count([("lifecycle_in_scope", "=", True)]),
        )
        conversations = sum(stage["open"] + stage["snoozed"] for stage in metrics["stages"])
        Channel = self.env["discuss.channel"].with_user(self.manager)
        self.assertEqual(
            conversations + parts["conversations_without"] + parts["conversations_lost"],
            Channel.search_count(
                [("lifecycle_is_conversation", "=", True), ("lifecycle_status", "in", ["open", "snoozed"])]
            ),
        )

    def test_no_such_part(self):
        """M7"""
        for part in ("contacts", "", None, "contacts_lost_"):
            with self.assertRaisesRegex(UserError, "There is no figure .*: choose one of contacts_without"):
                self.Dashboard.with_user(self.manager).action_open_left_out(part)
