from odoo.exceptions import MissingError
from odoo.tests import tagged

from ..common_concurrency import PREFIX, ConcurrencyCase


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_concurrency")
class TestConcurrencyMerge(ConcurrencyCase):
    """A9: contacts are merged while somebody moves one of them."""

    def setUp(self):
        super().setUp()
        self.stage_ids = self.make_stages(3)
        first, second, self.third = self.stage_ids
        self.remaining_id, self.merged_id = self.make_contact(first), self.make_contact(second)

    def merge(self, env):
        wizard = env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.remaining_id, self.merged_id], env["res.partner"].browse(self.remaining_id))

    def move(self, contact_id):
        return lambda env: env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": self.third})

    def assertMerged(self, moves, stage_id):
        """One contact is left, in this stage; the log has every move, and ends where the contact is."""

        def check(env):
            contact = env["res.partner"].search([("name", "like", PREFIX)])
            self.assertEqual(contact.ids, [self.remaining_id])
            self.assertEqual(contact.lifecycle_stage_id.id, stage_id)
            log = contact.lifecycle_transition_ids.sorted("id")
            self.assertEqual(log[-1].to_stage_id, contact.lifecycle_stage_id)
            self.assertEqual(len(log.filtered(lambda row: row.source != "merge")), moves)
            self.assertFalse(
                env["lifecycle.transition"].search_count(
                    [("to_stage_id", "in", self.stage_ids), ("partner_id", "!=", contact.id)]
                )
            )

        self.transact(check)

    def test_contact_is_merged_away_while_it_moves(self):
        """The move is there first: its stage counts in the merge, and its row in the log survives"""
        results = self.run_second_while_first_is_open(self.move(self.merged_id), self.merge)
        self.assertEqual(results, [True, None])
        self.assertMerged(moves=3, stage_id=self.third)

    def test_contact_moves_while_it_is_merged_away(self):
        """The merge is there first: the agent hears that the contact is gone"""
        _merged, moved = self.run_second_while_first_is_open(self.merge, self.move(self.merged_id))
        self.assertIsInstance(moved, MissingError)
        self.assertMerged(moves=2, stage_id=self.stage_ids[1])

    def test_contact_that_remains_moves_while_another_is_merged_into_it(self):
        """Whoever is first, the other one follows on what he did"""
        self.assertEqual(
            self.run_second_while_first_is_open(self.merge, self.move(self.remaining_id)), [None, True]
        )
        self.assertMerged(moves=3, stage_id=self.third)

    def test_contact_is_merged_into_while_it_moves(self):
        results = self.run_second_while_first_is_open(self.move(self.remaining_id), self.merge)
        self.assertEqual(results, [True, None])
        self.assertMerged(moves=3, stage_id=self.third)

    def test_merge_and_move_at_once(self):
        """Neither waits for the other: one of the orders above comes about"""
        _merged, moved = self.run_at_once(self.merge, self.move(self.merged_id))
        if isinstance(moved, Exception):
            self.assertIsInstance(moved, MissingError)
            self.assertMerged(moves=2, stage_id=self.stage_ids[1])
        else:
            self.assertMerged(moves=3, stage_id=self.third)
