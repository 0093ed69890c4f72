from unittest.mock import patch

from odoo.tests import tagged

from ...models.batch import lifecycle_batch_undo
from ..common_kill import COUNT, KillCase
from ..scripts.kill import BATCH_SIZE

PREFIX = "Undo import kill test"
WITHOUT_STAGE = (1, 5, 11)  # of those that are new


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_kill")
class TestUndoImportKill(KillCase):
    """The server goes away while an import is undone: who was here goes back, who came with it is archived (D5)."""

    def delete(self, env):
        env["lifecycle.import"].search([]).unlink()
        env["res.partner"].with_context(active_test=False).search([("name", "like", PREFIX)]).unlink()
        env["ir.model.data"].search([("module", "=", "__lifecycle_file__")]).unlink()
        cron = env.ref("contact_lifecycle.ir_cron_undo_batches")
        env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()

    def prepare(self, env):
        """Undo an import, up to the background; every second contact was here before."""
        new_lead = env.ref("contact_lifecycle.lifecycle_stage_new_lead")
        env["res.partner"].create(
            [
                {
                    "name": f"{PREFIX} {number:02}",
                    "email": f"undo{number}@example.com",
                    "lifecycle_stage_id": new_lead.id,
                }
                for number in range(0, COUNT, 2)
            ]
        )
        lines = [
            f"{number},{PREFIX} {number:02},undo{number}@example.com,{'Hot Lead' * (number not in WITHOUT_STAGE)}"
            for number in range(COUNT)
        ]
        data = "\n".join(("Id,Name,Email,Stage", *lines)).encode()
        attachment = env["ir.attachment"].create({"name": f"{PREFIX}.csv", "raw": data})
        moving = env["lifecycle.import"].create({"source": "file", "attachment_ids": attachment.ids})
        moving.action_read()
        moving.action_start()
        self.assertEqual((moving.state, moving.new_count, moving.matched_count), ("done", 7, 7))
        self.assertEqual(moving.batch_id.move_count, COUNT - len(WITHOUT_STAGE))
        with patch.object(lifecycle_batch_undo, "BATCH_SIZE", BATCH_SIZE):
            undo = moving.batch_id._undo(archive_new=True)
        self.assertTrue(undo.is_running, "nothing is left for the background")

    def read_rows(self, env):
        """:return: all that is told of the contacts and batches, but for ids and moments"""
        Partner = env["res.partner"].with_context(active_test=False)
        contacts = Partner.search([("name", "like", PREFIX)], order="name")
        moves = contacts.lifecycle_transition_ids
        return {
            "contacts": [
                (
                    contact.name,
                    contact.active,
                    contact.lifecycle_stage_id.name,
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
                for batch in moves.batch_id.sorted("id")
            ],
        }

    def run_on(self):
        with patch.object(lifecycle_batch_undo, "BATCH_SIZE", BATCH_SIZE):
            self.run_through("undo")
        return self.transact(self.read_rows)

    def test_killed_while_an_import_is_undone(self):
        """D5: at each moment; the next run ends as if nothing had happened, row by row"""
        undisturbed = self.run_undisturbed("undo", lifecycle_batch_undo)
        self.assertEqual(
            [(active, stage) for _name, active, stage, *_rest in undisturbed["contacts"]],
            [(True, "New Lead"), (False, False)] * (COUNT // 2),
        )

        def look(_prepared, _commits):
            self.assertEqual(self.run_on(), undisturbed)

        self.kill_at_each("undo", self.prepare, look)
