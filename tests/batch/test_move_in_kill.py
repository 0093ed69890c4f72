import io
from unittest.mock import patch

import openpyxl

from odoo.tests import tagged

from ...models.batch import (
    lifecycle_import_background,
    lifecycle_import_reading,
    lifecycle_import_running,
    lifecycle_import_trial,
)
from ..common_kill import COUNT, KillCase
from ..scripts.kill import BATCH_SIZE

PREFIX = "Move in kill test"
# The first commits the progress alone, six commit some rows each, one that they are joined, four what is tried, and the last
# that it is over.
READING_MOMENTS = (
    (1, "after"),
    (2, "before"),
    (2, "after"),
    (4, "before"),
    (7, "after"),
    (8, "before"),
    (8, "after"),
    (9, "before"),
    (11, "after"),
    (13, "before"),
)


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

    is_workbook = False

    def make_book(self, lines):
        book, stream = openpyxl.Workbook(), io.BytesIO()
        for line in lines:
            book.active.append(line.split(","))
        book.save(stream)
        return stream.getvalue()

    def make(self, env):
        lines = ["Id,Name,Stage,Date"]
        for number in range(COUNT):
            name = f"{number},{PREFIX} {number:02}"
            lines += [f"{name},New Lead,2025-01-0{1 + number % 9}", f"{name},Hot Lead,2025-02-01"]
        data = self.make_book(lines) if self.is_workbook else "\n".join(lines).encode()
        attachment = env["ir.attachment"].create({"name": "a.csv", "raw": data})
        return env["lifecycle.import"].create(
            {"source": "file", "attachment_ids": attachment.ids, "as_of": "2025-06-01 00:00:00"}
        )

    def prepare(self, env):
        moving = self.make(env)
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

    def begin_to_read(self, env):
        """Read some rows of the file, and leave the others to the background."""
        with (
            patch.object(lifecycle_import_background, "SECONDS_AT_ONCE", -1),
            patch.object(lifecycle_import_reading, "STORED_AT_ONCE", BATCH_SIZE),
        ):
            moving = self.make(env)
            moving.action_read()
        self.assertEqual((moving.state, moving.phase, moving.row_count), ("reading", "read", BATCH_SIZE))

    def read_on(self):
        with (
            patch.object(lifecycle_import_reading, "STORED_AT_ONCE", BATCH_SIZE),
            patch.object(lifecycle_import_trial, "TRIED_AT_ONCE", BATCH_SIZE),
        ):
            self.run_through("move_in")
        return self.transact(self.read_trial)

    def read_trial(self, env):
        """:return: all that is told of the trial, but for ids"""
        moving = env["lifecycle.import"].search([])
        names = (
            "number",
            "key",
            "external_id",
            "name",
            "stages",
            "moves",
            "state",
            "match",
            "result",
            "move_count",
        )
        return (
            moving.mapped(lambda one: (one.state, one.phase, one.new_count, one.move_count)),
            [[row[name] for name in names] for row in env["lifecycle.import.row"].search([])],
            moving.stage_ids.mapped(lambda line: (line.value, line.contact_count, line.outcome)),
        )

    def test_killed_while_a_file_is_read(self):
        """D1, D3: at ten moments; no row is read twice or left out, and all are tried"""
        self.check_killed_reading()

    def test_killed_while_a_workbook_is_read(self):
        """D1, D3: the same, from the row on that is stored last"""
        self.is_workbook = True
        self.check_killed_reading()

    def check_killed_reading(self):
        self.transact(self.begin_to_read)
        undisturbed = self.read_on()
        self.clean_up()
        self.assertEqual(undisturbed[0], [("check", False, COUNT, 2 * COUNT)])

        def look(_prepared, _commits):
            self.assertEqual(self.transact(lambda env: env["lifecycle.import"].search([]).state), "reading")
            self.assertEqual(self.read_on(), undisturbed)

        self.kill_at_each("move_in", self.begin_to_read, look, READING_MOMENTS)
