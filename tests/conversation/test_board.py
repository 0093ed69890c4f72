from odoo.tests import tagged

from ..common_inbox import InboxCase


@tagged("post_install", "-at_install")
class TestBoard(InboxCase):
    """The columns of the board of conversations (I1)."""

    def get_columns(self, **kwargs):
        """:return: dict id of a stage or False -> names of the conversations in its column, None where it is folded"""
        groups = self.Channel.with_user(self.operator).with_context(read_group_expand=True)
        groups = groups.web_read_group(
            self.open_domain,
            ["lifecycle_stage_id"],
            unfold_read_specification={"name": {}},
            **{"auto_unfold": True, **kwargs},
        )["groups"]
        return {
            group["lifecycle_stage_id"] and group["lifecycle_stage_id"][0]: (
                [record["name"] for record in group["__records"]] if "__records" in group else None
            )
            for group in groups
        }

    def test_what_has_no_stage_is_seen(self):
        """I1: it is open with the others; a folded stage is not"""
        waiting = self.make_conversations(2)
        waiting.lifecycle_stage_id = False
        self.make_conversations(1, stage=self.hot_lead)
        columns = self.get_columns()
        self.assertCountEqual(columns[False], waiting.mapped("name"))
        self.assertEqual(len(columns[self.hot_lead.id]), 1)
        self.assertEqual(columns[self.new_lead.id], [])
        self.assertIsNone(columns[self.cold_lead.stage_id.id])

    def test_what_the_user_folds_stays_folded(self):
        """I1: as the board is read again, and in a list, which opens none"""
        self.make_conversations(1).lifecycle_stage_id = False
        self.assertIsNone(self.get_columns(opening_info=[{"value": False, "folded": True}])[False])
        self.assertIsNone(self.get_columns(auto_unfold=False)[False])

    def test_no_column_without_conversations(self):
        """I1: stages have one, also empty"""
        self.make_conversations(1, stage=self.hot_lead)
        self.assertNotIn(False, self.get_columns())

    def test_it_is_called_no_stage(self):
        """I1: in boards, reports and exports of numbers alike, in the user's language"""
        for model in ("res.partner", "discuss.channel"):
            field = self.env[model].fields_get(["lifecycle_stage_id"])["lifecycle_stage_id"]
            self.assertEqual(field["falsy_value_label"], "No stage", model)
