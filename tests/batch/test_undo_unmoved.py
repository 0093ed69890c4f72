import json
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.batch import lifecycle_batch_undo
from ..common_move_in import MoveInCase
from ..common_undo import UndoCase

HEADER = "Id,Name,Email,Stage\n"


@tagged("post_install", "-at_install")
class TestUndoUnmoved(UndoCase, MoveInCase):
    """D5: contacts that have come with an import and without a stage, which no row of the log names."""

    def come(self, *stages):
        """:return: the batch of an import, none where there is none, and its new contacts, one for each of the stages"""
        lines = (f"{number},Come {number},,{stage}" for number, stage in enumerate(stages))
        moving = self.move_in("file", {"a.csv": (HEADER + "\n".join(lines)).encode()})
        contacts = self.Partner.union(*(self.find("file", number) for number in range(len(stages))))
        return moving.batch_id, contacts

    def test_import_that_has_moved_nobody(self):
        """D5: there and back, and there again"""
        batch, contacts = self.come("", "", "")
        self.assertEqual(batch.move_count, 0)
        dialog = self.open_undo(batch)
        self.assertEqual((*self.get_told(dialog), dialog.new_count), ([], [], 3))
        with self.assertRaisesRegex(UserError, "No contact is left to go back."):
            dialog.action_confirm()
        dialog.archive_new = True
        self.assertEqual(dialog.action_confirm()["params"]["message"], "To the archive: 3.")
        self.assertEqual(contacts.mapped("active"), [False] * 3)
        self.assertEqual(self.open_undo(batch).new_count, 0)
        undo = batch.undone_by_ids
        dialog = self.open_undo(undo)
        self.assertEqual(self.get_told(dialog), (["Out of the archive again: 3."], []))
        self.assertEqual(dialog.action_confirm()["params"]["message"], "Out of the archive again: 3.")
        self.assertEqual(contacts.mapped("active"), [True] * 3)
        self.undo(undo.undone_by_ids, archive_new=True)
        self.assertEqual(contacts.mapped("active"), [False] * 3)
        self.assertFalse(contacts.lifecycle_stage_id)
        self.assertFalse(contacts.lifecycle_transition_ids)

    def test_a_single_contact_is_no_batch(self):
        """D5: neither one that is moved, nor one that is not; both together are"""
        for stages, count in ((["Hot Lead"], 0), ([""], 0), (["Hot Lead", ""], 1)):
            with self.subTest(stages=stages), self.undone():
                self.assertEqual(len(self.come(*stages)[0]), count)

    def test_in_and_out(self):
        """D5: whoever has left all stages over there is in the log, but has none to go back from"""
        events = [
            {
                "event_type": "contact.lifecycle.updated",
                "lifecycle": stage,
                "contact": {"id": 7, "firstName": "In", "lastName": "Out"},
                "received_at": f"2025-01-0{day}T10:00:00Z",
            }
            for day, stage in ((1, "Hot Lead"), (2, None))
        ]
        lines = "\n".join(json.dumps(event) for event in events)
        batch = self.move_in("respondio", {"a.jsonl": lines.encode()}).batch_id
        contact = self.find("respondio", 7)
        self.assertEqual(len(contact.lifecycle_transition_ids), 2)
        dialog = self.open_undo(batch)
        self.assertEqual((*self.get_told(dialog), dialog.new_count), ([], [], 1))
        undo = self.undo(batch, archive_new=True)
        self.assertFalse(contact.active)
        self.assertEqual(len(contact.lifecycle_transition_ids), 2)
        self.assertEqual(
            set(batch.move_ids.with_user(self.owner).mapped("since_then")), {"It is back already."}
        )
        self.undo(undo)
        self.assertTrue(contact.active)

    def test_whoever_has_moved_on_stays(self):
        """D5: it is said, and listed with what has happened since"""
        batch, contacts = self.come("Hot Lead", "Hot Lead", "", "")
        contacts[1].lifecycle_stage_id = self.payment
        contacts[2].with_user(self.agent).lifecycle_stage_id = self.customer
        dialog = self.open_undo(batch)
        self.assertEqual(
            (*self.get_told(dialog), dialog.new_count),
            (["1 contact has no stage again."], ["2 contacts have moved on since."], 2),
        )
        moves = self.Transition.with_user(self.owner).search(dialog.action_open_left()["domain"])
        self.assertEqual(moves.partner_id, contacts[1:3])
        self.assertEqual(
            moves.filtered(lambda move: move.partner_id == contacts[2]).to_stage_id, self.customer
        )
        undo = self.undo(batch, archive_new=True)
        self.assertEqual(contacts.mapped("active"), [False, True, True, False])
        contacts[3].lifecycle_stage_id = self.customer
        self.assertEqual(self.get_told(self.open_undo(undo))[1], ["1 contact has moved on since."])
        self.undo(undo)
        self.assertEqual(contacts.mapped("active"), [True, True, True, False])

    def test_nobody_else_is_archived_or_brought_back(self):
        """D5: who is a user or was archived before, without the right to, and where it is not ticked"""
        batch, contacts = self.come("Hot Lead", "", "", "")
        self.make_user("lifecycle_came", "base.group_user", partner_id=contacts[1].id)
        contacts[2].active = False
        owner = self.make_user("lifecycle_no_writer", "contact_lifecycle.group_owner")
        with self.undone():
            self.assertEqual(self.open_undo(batch, owner).new_count, 0)
            self.undo(batch, owner, archive_new=True)
            self.assertEqual(contacts.mapped("active"), [True, True, False, True])
        with self.undone():
            undo = self.undo(batch)
            self.assertEqual(contacts.mapped("active"), [True, True, False, True])
            contacts[3].active = False
            self.assertEqual(self.open_undo(undo).coming_count, 0)
            self.undo(undo)
            self.assertFalse(contacts[3].active, "who was archived by somebody else stays so")
        self.assertEqual(self.open_undo(batch).new_count, 2)
        undo = self.undo(batch, archive_new=True)
        self.assertEqual(contacts.mapped("active"), [False, True, False, False])
        self.assertEqual(self.open_undo(undo).coming_count, 2)
        self.undo(undo)
        self.assertEqual(contacts.mapped("active"), [True, True, False, True])

    def test_merged_contacts(self):
        """D5, H5: whoever was somebody else as well stays"""
        batch, contacts = self.come("Hot Lead", "", "")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        here = self.make_contacts_without_stage(1)
        for destination, source in ((here, contacts[1]), (contacts[2], self.make_contacts_without_stage(1))):
            both = destination | source
            wizard.create(
                {"partner_ids": [Command.set(both.ids)], "dst_partner_id": destination.id}
            ).action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.open_undo(batch).new_count, 1)
        self.undo(batch, archive_new=True)
        self.assertEqual((contacts[0] | here | contacts[2]).mapped("active"), [False, True, True])

    def test_in_the_background(self):
        """D5, decision 8: those with a stage and those without, by id"""
        batch, contacts = self.come("Hot Lead", "", "", "Hot Lead", "", "", "")
        with patch.object(lifecycle_batch_undo, "BATCH_SIZE", 2), self.committing():
            for expected, archive_new in (([False] * 7, True), ([True] * 7, False)):
                batch = self.undo(batch, archive_new=archive_new)
                self.assertTrue(batch.is_running)
                self.assertEqual(contacts.mapped("active").count(expected[0]), 2)
                self.env.invalidate_all()
                self.Batch._cron_undo()
                self.assertEqual((contacts.mapped("active"), batch.is_running), (expected, False))
