from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.batch import lifecycle_batch_undo
from ..common_automation import AutomationCase
from ..common_queries import QueriesCase
from ..common_undo import UndoCase


@tagged("post_install", "-at_install")
class TestUndo(UndoCase, AutomationCase, QueriesCase):
    """D5: who goes back, and who stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacts = (
            cls.make_contacts(2, cls.payment)
            | cls.make_contacts(2, cls.hot_lead)
            | cls.make_contacts(1, cls.customer)
        )

    def test_says_before_it_does_what_it_will_do(self):
        """D5: in the order of the stages"""
        none = self.make_contacts_without_stage(1)
        batch = self.move(self.contacts | none, self.new_lead)
        dialog = self.open_undo(batch, self.agent)
        self.assertEqual(
            self.get_told(dialog),
            (
                [
                    "2 contacts go back to 🔥 Hot Lead.",
                    "2 contacts go back to 💵 Payment.",
                    "1 contact goes back to 🤩 Customer.",
                    "1 contact has no stage again.",
                ],
                [],
            ),
        )
        action = dialog.action_confirm()
        self.assertEqual(action["params"]["message"], "6 contacts have gone back.")
        self.assertEqual(
            self.get_moves(none)[1:],
            [("🆕 New Lead", False, "undo")] if len(self.get_moves(none)) > 1 else [],
        )
        self.assertEqual(self.get_log(self.contacts[0])[-1].user_id, self.agent)

    def test_the_notice_brings_the_undo_and_that_brings_the_next(self):
        """D5, A13: Set Stage..., Undo, and Undo of that"""
        Dialog = self.env["lifecycle.contact.stage"].with_user(self.agent)
        action = Dialog.create(
            {"selection": self.contacts.ids, "stage_id": self.new_lead.id}
        ).action_confirm()
        for stage in (self.payment, self.new_lead, self.payment):
            self.assertEqual(action["tag"], "lifecycle_batch_notice")
            undo = action["params"]["undo"]
            dialog = self.env[undo["res_model"]].with_user(self.agent).with_context(**undo["context"])
            action = dialog.create({}).action_confirm()
            self.assertEqual(self.contacts[0].lifecycle_stage_id, stage)

    def test_those_that_have_moved_on_stay(self):
        """D5: by a person, a rule, or there and back; they are listed with what has happened"""
        batch = self.move(self.contacts, self.new_lead)
        self.contacts[0].with_user(self.agent).lifecycle_stage_id = self.customer
        self.contacts[1]._lifecycle_move_to(self.hot_lead, "rule")
        self.contacts[2].lifecycle_stage_id = self.customer
        self.contacts[2].lifecycle_stage_id = self.new_lead
        dialog = self.open_undo(batch)
        self.assertEqual(
            self.get_told(dialog),
            (
                ["1 contact goes back to 🔥 Hot Lead.", "1 contact goes back to 🤩 Customer."],
                ["3 contacts have moved on since."],
            ),
        )
        action = dialog.action_open_left()
        moves = self.Transition.with_user(self.owner).search(action["domain"])
        self.assertEqual(moves.partner_id, self.contacts[:3])
        told = {move.partner_id: move.since_then for move in batch.move_ids.with_user(self.owner)}
        self.assertEqual(
            [told[contact] for contact in self.contacts],
            ["Manual: 🤩 Customer", "Automation: 🔥 Hot Lead", "Manual: 🆕 New Lead", False, False],
        )
        dialog.action_confirm()
        self.assertEqual(
            [contact.lifecycle_stage_id for contact in self.contacts],
            [self.customer, self.hot_lead, self.new_lead, self.hot_lead, self.customer],
        )

    def test_history_from_before_is_no_move_since(self):
        """D2, D5: moves that an import brings later, and that were made before the batch"""
        batch = self.move(self.contacts, self.new_lead)
        for contact, date in zip(self.contacts[:2], ("2020-01-01", "2999-01-01"), strict=True):
            self.cr.execute(
                "INSERT INTO lifecycle_transition (partner_id, date, source, from_stage_name, to_stage_name) "
                "VALUES (%s, %s, 'import', 'Lead', 'Opportunity')",
                [contact.id, date],
            )
        dialog = self.open_undo(batch)
        self.assertEqual(dialog.left_out, "1 contact has moved on since.")
        told = {move.partner_id: move.since_then for move in batch.move_ids.with_user(self.owner)}
        self.assertEqual(told[self.contacts[0]], False)
        self.assertEqual(told[self.contacts[1]], "Import: Opportunity")
        dialog.action_confirm()
        self.assertEqual(self.contacts[0].lifecycle_stage_id, self.payment)
        self.assertEqual(self.contacts[1].lifecycle_stage_id, self.new_lead)

    @mute_logger(lifecycle_batch_undo.__name__)
    def test_one_that_fails_keeps_no_other(self):
        """D5"""
        batch = self.move(self.contacts, self.new_lead)
        Batch, failing = type(self.Batch), self.contacts[1]
        original = Batch._move_back

        def fail(undo, partners, stage):
            original(undo, partners, stage)
            if failing in partners:
                raise ValueError("another addon")

        with patch.object(Batch, "_move_back", fail):
            undo = self.undo(batch)
        self.assertEqual(undo.move_ids.partner_id, self.contacts - failing)
        self.assertEqual(undo.move_count, 4)
        self.assertEqual(failing.lifecycle_stage_id, self.new_lead)
        self.assertEqual(
            (self.contacts - failing).lifecycle_stage_id, self.payment | self.hot_lead | self.customer
        )

    def test_a_stage_that_is_deleted_does_not_come_back(self):
        """D5: it is said before; also while its contacts are still moving"""
        stage, leaving = self.make_stages(2)
        self.contacts[0].lifecycle_stage_id = stage
        self.contacts[1].lifecycle_stage_id = leaving
        batch = self.move(self.contacts, self.new_lead)
        self.env.flush_all()
        stage.unlink()
        leaving._lifecycle_write_protected({"deletion_pending": True})
        dialog = self.open_undo(batch)
        self.assertEqual(
            self.get_told(dialog)[1],
            ["2 contacts stay: their former stage has been deleted, and undoing does not bring it back."],
        )
        dialog.action_confirm()
        self.assertEqual(self.contacts[:2].lifecycle_stage_id, self.new_lead)
        self.assertEqual(
            batch.move_ids.filtered(lambda move: move.partner_id == self.contacts[0]).since_then,
            "The former stage has been deleted.",
        )

    def test_archived_contacts_go_back_and_it_is_said(self):
        """D5: whether they were archived before or since"""
        self.contacts[0].active = False
        batch = self.move(self.contacts, self.new_lead)
        self.contacts[2].active = False
        dialog = self.open_undo(batch)
        self.assertIn("Among them are archived contacts: 2.", dialog.effect)
        dialog.action_confirm()
        self.assertEqual(self.contacts[0].lifecycle_stage_id, self.payment)
        self.assertEqual(self.contacts.mapped("active"), [False, True, False, True, True])

    def test_nobody_is_left_to_go_back(self):
        """D5: it is not offered, and refused"""
        batch = self.move(self.contacts, self.new_lead)
        self.undo(batch)
        dialog = self.open_undo(batch)
        self.assertEqual(self.get_told(dialog), ([], ["5 contacts have moved on since."]))
        self.assertFalse(dialog.move_count)
        with self.assertRaisesRegex(
            UserError, "No contact is left to go back. 5 contacts have moved on since."
        ):
            dialog.action_confirm()

    def test_deleted_contacts_are_not_missed(self):
        """D5"""
        batch = self.move(self.contacts, self.new_lead)
        self.contacts[0].unlink()
        self.undo(batch)
        self.assertEqual(self.contacts[1].lifecycle_stage_id, self.payment)

    def test_merged_contacts(self):
        """D5, H5: who was two has moved on"""
        batch = self.move(self.contacts, self.new_lead)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard.create(
            {"partner_ids": self.contacts[:2].ids, "dst_partner_id": self.contacts[0].id}
        ).action_merge()
        self.env.invalidate_all()
        undo = self.undo(batch)
        self.assertEqual(undo.move_count, 3)
        self.assertEqual(self.contacts[0].lifecycle_stage_id, self.new_lead)

    def test_rows_for_one_contact_twice(self):
        """D5: an import in which somebody moves twice goes back to where they were before it"""
        contact = self.contacts[0]
        rows = [
            [str(contact.id), "Hot Lead"],
            [str(self.contacts[1].id), "Hot Lead"],
            [str(contact.id), "Customer"],
        ]
        with self.one_batch() as found:
            self.Partner.load([".id", "lifecycle_stage_id"], rows)
        self.assertEqual(contact.lifecycle_stage_id, self.customer)
        self.undo(found[0])
        self.assertEqual(self.contacts[:2].lifecycle_stage_id, self.payment)

    # ------------------------------------------------------------
    # The lock
    # ------------------------------------------------------------

    def test_the_lock_of_a_move_goes_with_it_and_comes_again(self):
        """D5, T4: with its undo, and the undo of that"""
        batch = self.move(self.contacts, self.new_lead)
        self.assertEqual(self.contacts.mapped("lifecycle_locked"), [True] * 5)
        undo = self.undo(batch)
        self.assertEqual(self.contacts.mapped("lifecycle_locked"), [False] * 5)
        self.assertFalse(self.contacts.lifecycle_locked_by_id)
        again = self.undo(undo, self.manager)
        self.assertEqual(self.contacts.mapped("lifecycle_locked"), [True] * 5)
        self.assertEqual(self.contacts.lifecycle_locked_by_id, self.manager)
        self.undo(again)
        self.assertEqual(self.contacts.mapped("lifecycle_locked"), [False] * 5)

    def test_a_lock_from_before_stays(self):
        """D5, T4: also one of the same person"""
        locked = self.contacts[0]
        with freeze_time("2020-01-01 10:00:00"):
            locked.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.undo(self.move(self.contacts, self.new_lead))
        self.assertEqual(self.contacts.mapped("lifecycle_locked"), [True] + [False] * 4)
        self.assertEqual(locked.lifecycle_locked_date.year, 2020)

    def test_a_lock_does_not_stop_who_undoes(self):
        """D5, T4: locks are about rules; and taking back what a rule has done locks nobody"""
        with freeze_time("2020-01-01 10:00:00"):
            self.contacts[0].with_user(self.agent).lifecycle_stage_id = self.new_lead
        self.contacts._lifecycle_move_to(self.customer, "rule")
        batch = self.Batch.search([], limit=1)
        self.undo(batch)
        self.assertEqual(self.contacts[0].lifecycle_stage_id, self.new_lead)
        self.assertEqual(self.contacts.mapped("lifecycle_locked"), [True] + [False] * 4)

    # ------------------------------------------------------------
    # Nothing follows
    # ------------------------------------------------------------

    def test_no_rule_and_no_automation_runs(self):
        """D5: of the stage that contacts go back to; the same moves set them off when they are made by hand"""
        self.make_automation(self.payment, self.make_activity_step())
        rule = self.env["lifecycle.rule"].create(
            {
                "name": "Lead",
                "kind": "lead",
                "lead_kind": "lead",
                "active": True,
                "entered_stage_ids": [Command.set(self.payment.ids)],
            }
        )
        contacts = self.make_contacts(2)

        def count_consequences():
            self.env.flush_all()
            self.cr.precommit.run()
            self.cr.postcommit.clear()
            return (
                len(self.get_activities(contacts)),
                self.env["lifecycle.lead.request"].search_count([("rule_id", "=", rule.id)]),
                self.env["mail.mail"].search_count([]),
            )

        nothing = count_consequences()
        undo = self.undo(self.move(contacts, self.payment))
        before = count_consequences()
        self.assertEqual(before, (2, 2, nothing[2]))
        self.undo(undo)
        self.assertEqual(contacts.lifecycle_stage_id, self.payment)
        self.assertEqual(count_consequences(), before)
        contacts.action_lifecycle_clear()
        contacts.write({"lifecycle_stage_id": self.payment.id})
        self.assertEqual(count_consequences(), (4, 4, nothing[2]))

    def test_automations_that_wait_run_once(self):
        """D5: for who had been in the stage for long enough before the batch, and not again after its undo; for others
        as they have been there for long enough since
        """
        step = {"state": "code", "code": "records.message_post(body='ran')"}
        automation = self.make_automation(self.payment, step)
        automation.write(
            {
                "trigger": "on_time",
                "trg_date_id": self.env["ir.model.fields"]._get("res.partner", "date_last_stage_update").id,
                "trg_date_range": 3,
                "trg_date_range_type": "day",
                "trg_date_range_mode": "after",
                "filter_domain": repr([("lifecycle_stage_id", "=", self.payment.id)]),
                "last_run": Datetime.now() - timedelta(days=10),
            }
        )
        early, late = self.make_contacts(2)
        early._lifecycle_move_at(self.payment.id, Datetime.now() - timedelta(days=4))
        late._lifecycle_move_at(self.payment.id, Datetime.now() - timedelta(days=1))
        self.run_delayed()
        self.undo(self.move(early | late, self.customer))

        def count_runs(contact):
            return len(contact.message_ids.filtered(lambda message: "ran" in (message.body or "")))

        self.assertEqual((count_runs(early), count_runs(late)), (1, 0))
        in_four_days = Datetime.now() + timedelta(days=4)
        with patch.object(type(self.env.cr), "now", lambda cr: in_four_days):
            self.run_delayed()
        self.assertEqual((count_runs(early), count_runs(late)), (1, 1))

    def test_log_chatter_and_conversations_follow(self):
        """D5, H1, H2, A7: it is a move like others in all that is told of it"""
        channel = self.make_livechat(self.contacts[0])
        batch = self.move(self.contacts, self.new_lead)
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)
        count = len(self.get_log(self.contacts[0]))
        values = len(self.get_tracking_values(self.contacts[0]))
        self.undo(batch)
        self.assertEqual(channel.lifecycle_stage_id, self.payment)
        self.assertEqual(len(self.get_log(self.contacts[0])), count + 1)
        self.assertEqual(len(self.get_tracking_values(self.contacts[0])), values + 1)

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_no_query_per_contact(self):
        """D5: what it says, what it does, and the list of its moves"""

        def make(count):
            return self.move(self.make_contacts(max(count, 2)), self.payment)

        def count_told(count):
            dialog = self.open_undo(make(count))
            return self.count_queries(lambda: dialog.effect)

        def count_done(count):
            dialog = self.open_undo(make(count))
            return self.count_queries(dialog.action_confirm)

        def count_listed(count):
            batch = make(count)
            batch.move_ids.partner_id[:1].lifecycle_stage_id = self.customer
            return self.count_queries(lambda: batch.move_ids.mapped("since_then"))

        for count in (count_told, count_done, count_listed):
            self.assertNoQueryPerRecord(count)

    def test_no_query_per_batch(self):
        """D5: the list of batches"""
        specification = {"display_name": {}, "user_id": {"fields": {}}, "move_count": {}, "undone_by_ids": {}}

        def count(number):
            for _ in range(number):
                self.move(self.contacts, self.new_lead)
                self.move(self.contacts, self.payment)
            Batch = self.Batch.with_user(self.manager)
            return self.count_queries(lambda: Batch.web_search_read([], specification, limit=2 * number))

        self.assertNoQueryPerRecord(count, small=5, large=10)
