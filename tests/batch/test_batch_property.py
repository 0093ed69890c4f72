import os
import random

from odoo.tests import tagged

from ..common_undo import UndoCase

ROUNDS = int(os.environ.get("CONTACT_LIFECYCLE_ROUNDS") or 3)
SEED = int(os.environ.get("CONTACT_LIFECYCLE_SEED") or 0)
STEPS = 30


class Story:
    """What a history of moves, batches, undos and deletions of stages must lead to, in plain Python."""

    def __init__(self, stages):
        self.stages = stages  # contact -> its stage
        self.moves = {contact: [] for contact in stages}  # contact -> list of (from, to, batch)
        self.gone = set()

    def move(self, contact, stage, batch):
        if self.stages[contact] == stage:
            return False
        self.moves[contact].append((self.stages[contact], stage, batch))
        self.stages[contact] = stage
        return True

    def find_going_back(self, batch):
        """:return: dict contact -> the stage that it goes back to"""
        return {
            contact: moves[-1][0]
            for contact, moves in self.moves.items()
            if moves and moves[-1][2] == batch and moves[-1][0] not in self.gone
        }


@tagged("post_install", "-at_install")
class TestBatchProperty(UndoCase):
    """D5: any history of moves and undos, undos of undos too, leads where the story says."""

    def test_histories(self):
        for seed in range(SEED, SEED + ROUNDS):
            with self.subTest(f"CONTACT_LIFECYCLE_SEED={seed} CONTACT_LIFECYCLE_ROUNDS=1"), self.undone():
                self.tell(random.Random(seed))

    def tell(self, chance):
        contacts = self.make_contacts(5)
        story = Story({contact: contact.lifecycle_stage_id for contact in contacts})
        stages = [*self.make_stages(4), self.hot_lead, self.payment, self.cold_lead.stage_id, self.Stage]
        batches = []
        for _step in range(STEPS):
            deed = chance.choice(["several", "several", "one", "undo", "undo", "undo", "delete"])
            if deed == "undo" and batches:
                batches += self.undo_one(story, chance.choice(batches))
            elif deed == "delete" and len(stages) > 5:
                stage = stages.pop(0)
                batches += self.delete(story, stage, chance.choice(stages))
            elif deed in ("several", "one"):
                chosen = contacts.browse(
                    chance.sample(contacts.ids, chance.randint(2, 5) if deed == "several" else 1)
                )
                batches += self.move_some(story, chosen, chance.choice(stages))
            self.assertEqual({c: c.lifecycle_stage_id for c in contacts}, story.stages, deed)
        for contact in contacts:
            logged = self.get_log(contact).filtered(lambda row: row.source != "default")
            self.assertEqual([row.batch_id for row in logged], [m[2] for m in story.moves[contact]])

    def find_new(self, last):
        batch = self.find_batches(last)
        self.assertLessEqual(len(batch), 1)
        return batch

    def move_some(self, story, contacts, stage):
        last = self.Batch.search([], limit=1)
        contacts.with_user(self.agent).write({"lifecycle_stage_id": stage.id})
        batch = self.find_new(last)
        moved = [contact for contact in contacts if story.move(contact, stage, batch)]
        self.assertEqual(bool(batch), len(moved) > 1)
        return batch

    def delete(self, story, stage, target):
        last = self.Batch.search([], limit=1)
        self.delete_stage(stage, target)
        batch = self.find_new(last)
        for contact in list(story.stages):
            if story.stages[contact] == stage:
                story.move(contact, target, batch)
        story.gone.add(stage)
        return batch

    def undo_one(self, story, batch):
        going = story.find_going_back(batch)
        dialog = self.open_undo(batch)
        self.assertEqual(dialog.move_count, len(going))
        self.assertEqual(dialog.left_count, len(batch.move_ids.partner_id) - len(going))
        if not going:
            return self.Batch
        undo = self.undo(batch)
        for contact, stage in going.items():
            story.move(contact, stage, undo)
        self.assertEqual(
            (undo.move_count, undo.move_ids.partner_id), (len(going), self.Partner.union(*going))
        )
        return undo
