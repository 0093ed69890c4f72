import os
import random
from datetime import timedelta

from odoo.tests import tagged

from ..common_move_in import MoveInCase
from ..common_undo import UndoCase
from ..scripts import move_in_files

ROUNDS = int(os.environ.get("CONTACT_LIFECYCLE_ROUNDS") or 1)
SEED = int(os.environ.get("CONTACT_LIFECYCLE_SEED") or 0)
OFTEN = 12


@tagged("post_install", "-at_install")
class TestMoveInUndoProperty(UndoCase, MoveInCase):
    """D5: whatever has moved in, undone is as before, but for the log; and undone again is as it was."""

    def read_contacts(self, contacts):
        self.env.flush_all()
        self.env.invalidate_all()
        return {contact.id: (contact.lifecycle_stage_id, contact.active) for contact in contacts}

    def test_undone_is_as_before(self):
        """D5: for each source, by chance, with people who are here already and have moved"""
        for seed in range(SEED, SEED + ROUNDS):
            for number, (source, writers) in enumerate(move_in_files.WRITERS.items(), 1):
                for writer in writers:
                    told = f"CONTACT_LIFECYCLE_SEED={seed} CONTACT_LIFECYCLE_ROUNDS=1"
                    with self.subTest(told, writer=writer.__name__), self.undone():
                        self.tell(random.Random(seed), source, writer, 10000 * number)

    def tell(self, chance, source, writer, first):
        people = move_in_files.make_people(
            source, OFTEN, chance.random(), first, writer is move_in_files.write_hubspot_table
        )
        stages = [self.new_lead, self.hot_lead, self.payment, self.customer]
        here = self.make_contacts_without_stage(OFTEN // 2)
        for contact, person in zip(here, people[::2], strict=True):
            contact.email = person.email
            for days in sorted(chance.sample(range(700), chance.randrange(4))):
                contact._lifecycle_move_at(
                    chance.choice(stages).id, move_in_files.START + timedelta(days=days)
                )
        self.env.flush_all()  # they have been here for a day
        self.cr.execute(
            "UPDATE res_partner SET create_date = create_date - interval '1 day' WHERE id IN %s",
            [tuple(here.ids)],
        )
        before = self.read_contacts(here)
        moving = self.prepare(source, writer(people))
        moving.action_read()
        moving.stage_ids.filtered(lambda line: line.outcome == "empty").outcome = "lifecycle"
        moving.action_start()
        self.assertEqual((moving.state, moving.failed_count), ("done", 0))
        everybody = self.Partner.union(*(self.find(source, person.id) for person in people))
        self.assertEqual((len(everybody), len(everybody & here)), (OFTEN, OFTEN // 2))
        after = self.read_contacts(everybody)
        log = self.Transition.search_count([("partner_id", "in", everybody.ids)])
        # with and without a stage
        undone = before | {contact.id: (self.Stage, False) for contact in everybody - here}
        batch = moving.batch_id
        for expected in (undone, after, undone, after):
            batch = self.undo_as_told(batch, everybody)
            self.assertEqual(self.read_contacts(everybody), expected)
        self.assertGreaterEqual(self.Transition.search_count([("partner_id", "in", everybody.ids)]), log)

    def undo_as_told(self, batch, contacts):
        """:return: the batch of the moves back, of which there are as many as were said before"""
        dialog = self.open_undo(batch)
        told = (dialog.move_count, dialog.new_count, dialog.coming_count)
        active = contacts.mapped("active")
        undo = self.undo(batch, archive_new=True)
        changed = list(zip(active, contacts.mapped("active"), strict=True))
        done = (undo.move_count, changed.count((True, False)), changed.count((False, True)))
        self.assertEqual(done, told)
        return undo
