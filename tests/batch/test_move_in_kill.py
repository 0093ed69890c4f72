from unittest.mock import patch

from odoo.tests import tagged

from ...models.batch import lifecycle_import_running
from ..common_kill import COUNT, KillCase
from ..scripts.kill import BATCH_SIZE

PREFIX = "Move in kill test"


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_kill")
class TestMoveInKill(KillCase):
    """The server goes away while contacts move in: nobody is lost or made twice (D2)."""

    def delete(self, env):
        env["lifecycle.import"].search([])._lifecycle_write_protected({"state": "stopped"})
        env["lifecycle.import"].search([]).unlink()
        env["res.partner"].search([("name", "like", PREFIX)]).unlink()
        env["ir.model.data"].search([("module", "=", "__lifecycle_file__")]).unlink()
        cron = env.ref("contact_lifecycle.ir_cron_move_in")
        env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()

    def prepare(self, env):
        lines = ["Id,Name,Stage,Date"]
        for number in range(COUNT):
            name = f"{number},{PREFIX} {number:02}"
            lines += [f"{name},New Lead,2025-01-0{1 + number % 9}", f"{name},Hot Lead,2025-02-01"]
        attachment = env["ir.attachment"].create({"name": "a.csv", "raw": "\n".join(lines).encode()})
        moving = env["lifecycle.import"].create({"source": "file", "attachment_ids": attachment.ids})
        moving.action_read()
        with patch.object(lifecycle_import_running, "BATCH_SIZE", BATCH_SIZE):
            moving.action_start()
        self.assertEqual((moving.state, moving.waiting_count), ("running", COUNT - BATCH_SIZE))

    def read_rows(self, env):
        """:return: all that is told of the contacts, but for ids and moments"""
        moving = env["lifecycle.import"].search([])
        contacts = env["res.partner"].search([("name", "like", PREFIX)], order="name")
        return {
            "state": moving.mapped("state"),
            "rows": [
                (row.number, row.state, row.match, row.result)
                for row in env["lifecycle.import.row"].search([])
            ],
            "ids": sorted(
                env["ir.model.data"].search([("module", "=", "__lifecycle_file__")]).mapped("name")
            ),
            "contacts": [
                (
                    contact.name,
                    contact.lifecycle_stage_id.name,
                    str(contact.date_last_stage_update),
                    [
                        (
                            row.from_stage_name,
                            row.to_stage_name,
                            str(row.date),
                            str(row.date_entered),
                            row.source,
                        )
                        for row in contact.lifecycle_transition_ids.sorted("id")
                    ],
                    len(contact.message_ids),
                )
                for contact in contacts
            ],
        }

    def run_batches(self):
        with patch.object(lifecycle_import_running, "BATCH_SIZE", BATCH_SIZE):
            self.run_through("move_in")

    def test_killed_while_contacts_move_in(self):
        """D2: at each moment; the next run ends as if nothing had happened, row by row"""
        undisturbed = self.run_undisturbed("move_in", lifecycle_import_running)
        self.assertEqual(undisturbed["state"], ["done"])
        self.assertEqual(len(undisturbed["contacts"]), COUNT)
        self.assertEqual({contact[1] for contact in undisturbed["contacts"]}, {"Hot Lead"})
        self.assertEqual({len(contact[3]) for contact in undisturbed["contacts"]}, {2})

        def look(_prepared, commits):
            left = self.transact(
                lambda env: env["lifecycle.import.row"].search_count([("state", "=", "waiting")])
            )
            self.assertEqual(left, max(0, COUNT - BATCH_SIZE * min(commits, 4)))
            self.run_batches()
            self.assertEqual(self.transact(self.read_rows), undisturbed)

        self.kill_at_each("move_in", self.prepare, look)
