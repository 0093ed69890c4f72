from unittest.mock import patch

from odoo.tests import tagged

from ...models.batch import lifecycle_batch_undo
from ..common_kill import COUNT, KillCase
from ..scripts.kill import BATCH_SIZE

PREFIX = "Undo kill test"


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_kill")
class TestUndoKill(KillCase):
    """The server goes away while the contacts of a batch go back (D5, decision 8)."""

    def delete(self, env):
        env["res.partner"].with_context(active_test=False).search([("name", "like", PREFIX)]).unlink()
        env["lifecycle.stage"].search([("name", "like", PREFIX)]).unlink()
        cron = env.ref("contact_lifecycle.ir_cron_undo_batches")
        env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()

    def prepare(self, env):
        """Undo a move of several contacts, up to the background; one has moved on since."""
        stages = env["lifecycle.stage"].create([{"name": f"{PREFIX} {name}"} for name in ("a", "b", "c")])
        contacts = env["res.partner"].create(
            [{"name": f"{PREFIX} {i:02}", "lifecycle_stage_id": stages[i % 2 + 1].id} for i in range(COUNT)]
        )
        contacts.write({"lifecycle_stage_id": stages[0].id})
        batch = env["lifecycle.batch"].search([("stage_id", "=", stages[0].id)])
        self.assertEqual(batch.move_count, COUNT)
        contacts[9].lifecycle_stage_id = stages[2]
        env.flush_all()
        with patch.object(lifecycle_batch_undo, "BATCH_SIZE", BATCH_SIZE):
            undo = batch._undo()
        self.assertTrue(undo.is_running, "nothing is left for the background")

    def read_rows(self, env):
        """:return: all that is told of the contacts and batches, but for ids and moments"""
        contacts = env["res.partner"].search([("name", "like", PREFIX)], order="name")
        return {
            "contacts": [
                (
                    contact.name,
                    contact.lifecycle_stage_id.name,
                    contact.lifecycle_locked,
                    [
                        (row.from_stage_name, row.to_stage_name, row.source, row.batch_id.source)
                        for row in contact.lifecycle_transition_ids.sorted("id")
                    ],
                    len(contact.message_ids),
                )
                for contact in contacts
            ],
            "batches": [
                (batch.source, batch.move_count, len(batch.move_ids), batch.is_running)
                for batch in contacts.lifecycle_transition_ids.batch_id.sorted("id")
            ],
        }

    def read_undisturbed(self):
        rows = self.run_undisturbed("undo", lifecycle_batch_undo)
        self.assertEqual(
            rows["batches"], [("bulk", COUNT, COUNT, False), ("undo", COUNT - 1, COUNT - 1, False)]
        )
        for number, contact in enumerate(rows["contacts"]):
            self.assertEqual(contact[1], f"{PREFIX} {'bc'[number % 2]}")
        return rows

    def test_killed_while_the_contacts_of_a_batch_go_back(self):
        """D5: at each moment; the next run ends as if nothing had happened, row by row"""
        undisturbed = self.read_undisturbed()

        def look(_prepared, _commits):
            self.run_through("undo")
            self.assertEqual(self.transact(self.read_rows), undisturbed)

        self.kill_at_each("undo", self.prepare, look)
