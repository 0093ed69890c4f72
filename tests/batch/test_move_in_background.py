from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.batch import lifecycle_import_background, lifecycle_import_reading, lifecycle_import_trial
from ...tools.move_in import sources
from ..common_move_in import MoveInCase
from ..scripts import move_in_files


@tagged("post_install", "-at_install")
class TestMoveInBackground(MoveInCase):
    """D1, D3: a large file is read and tried in the background, in steps that commit, stopped and resumed."""

    def setUp(self):
        super().setUp()
        self.patch(lifecycle_import_background, "SECONDS_AT_ONCE", -1)
        self.patch(lifecycle_import_reading, "STORED_AT_ONCE", 3)
        self.patch(lifecycle_import_trial, "TRIED_AT_ONCE", 4)
        self.patch(sources, "SAMPLED", 2)

    def go_on(self, moving):
        """Let the scheduled action do one step."""
        with patch.object(lifecycle_import_background, "SECONDS_OF_A_RUN", -1):
            self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()

    def read_rows(self, moving):
        names = ("number", "file_name", "external_id", "name", "email", "tags", "stages", "moves", "match")
        names += ("result", "move_count", "state", "problem")
        return [tuple(row[name] for name in names) for row in self.get_rows(moving)]

    def read_at_once(self, source, files, **vals):
        with patch.object(lifecycle_import_background, "SECONDS_AT_ONCE", 1000):
            moving = self.try_out(source, files, **vals)
        self.assertEqual(moving.state, "check")
        return moving

    def test_step_by_step_as_at_once(self):
        """D1, D3: rows, stages and choices are the same, for each kind of file, wherever it is left and resumed"""
        for source, writer in (
            ("respondio", move_in_files.write_respondio),
            ("hubspot", move_in_files.write_hubspot_pages),
            ("file", move_in_files.write_file),
        ):
            with self.subTest(source=source):
                files = writer(move_in_files.make_people(source, 9, seed=3))
                moving = self.prepare(source, files)
                moving.action_read()
                self.assertEqual((moving.state, moving.phase, moving.row_count), ("reading", "read", 3))
                phases, steps = [], 0
                while moving.state == "reading":
                    phases.append(moving.phase)
                    self.go_on(moving)
                    steps += 1
                    self.assertLess(steps, 40)
                self.assertEqual(moving.state, "check")
                self.assertEqual(list(dict.fromkeys(phases)), ["read", "try"])
                self.assertGreater(steps, 6)
                expected = self.read_at_once(source, files, as_of=moving.as_of)
                self.assertEqual(self.read_rows(moving), self.read_rows(expected))
                self.assertEqual(
                    [(line.value, line.contact_count, line.outcome) for line in moving.stage_ids],
                    [(line.value, line.contact_count, line.outcome) for line in expected.stage_ids],
                )

    def test_stopped_and_resumed(self):
        """D1: by the owner, or by another one, who is then the one who does it where the first may not any more"""
        moving = self.prepare("file", self.table(*(f"{n},P{n},,,Hot Lead," for n in range(8))))
        moving.action_read()
        moving.action_stop()
        self.go_on(moving)
        self.assertEqual((moving.state, moving.phase, moving.row_count), ("stopped", "read", 3))
        moving.with_user(self.administrator).action_resume()
        self.assertEqual((moving.state, moving.user_id), ("reading", self.owner))
        moving.action_stop()
        moving.with_user(self.administrator).sudo()._lifecycle_write_protected({"user_id": self.agent.id})
        moving.with_user(self.administrator).action_resume()
        self.assertEqual((moving.state, moving.user_id), ("reading", self.administrator))
        with self.assertRaisesRegex(UserError, "stop it first"):
            moving.unlink()
        self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()
        self.assertEqual(
            (moving.state, moving.phase, moving.row_count, moving.new_count), ("check", False, 8, 8)
        )

    def test_progress_of_the_trial(self):
        """D3: how much of it is tried"""
        moving = self.prepare("file", self.table(*(f"{n},P{n},,,Hot Lead," for n in range(8))))
        moving.action_read()
        shares = set()
        while moving.state == "reading":
            self.go_on(moving)
            shares.add(moving.phase == "try" and moving.progress)
        self.assertLess({0, 50, 100} - {0}, shares)

    def test_file_that_cannot_be_read(self):
        """D3: said in one sentence where it is begun, and nothing is half done"""
        lines = [*(f"{n},P{n},,,Hot Lead," for n in range(8)), '9,"x' + "x" * 200000]
        moving = self.prepare("file", self.table(*lines))
        moving.action_read()
        self.assertEqual(moving.row_count, 3)
        self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()
        self.assertEqual((moving.state, moving.phase, moving.row_count), ("files", False, 0))
        self.assertRegex(moving.problem, "^contacts.csv: Row 10: This is no row of a CSV file")
        moving.attachment_ids = self.prepare("file", self.table("1,A,,,Hot Lead,")).attachment_ids
        moving.action_read()
        self.assertEqual((moving.state, moving.problem), ("reading", False))

    def test_who_may_not_go_on(self):
        """P1: whoever has started it and is no owner any more, or gone, does not read and move in through the background"""
        gone = (
            self.owner.unlink,
            lambda: self.owner.write({"active": False}),
            lambda: self.owner.write({"group_ids": [(3, self.env.ref("contact_lifecycle.group_owner").id)]}),
        )
        for leave in gone:
            for state in ("reading", "running"):
                self.env.registry.clear_cache()  # of the groups of a user who was one again
                with self.subTest(state=state), self.undone():
                    moving = self.prepare("file", self.table(*(f"{n},P{n},,,Hot Lead," for n in range(8))))
                    moving.action_read()
                    if state == "running":
                        self.env["lifecycle.import"]._cron_move_in()
                        moving._lifecycle_write_protected({"state": "running"})
                    leave()
                    self.env["lifecycle.import"]._cron_move_in()
                    moving = moving.with_env(self.env)
                    moving.invalidate_recordset()
                    self.assertEqual(moving.state, "stopped")
                    self.assertIn("may not go on", moving.problem)
                    self.assertFalse(self.Partner.search([("name", "=", "P7")]))
                    moving.with_user(self.administrator).action_resume()
                    self.assertEqual((moving.state, moving.user_id), (state, self.administrator))
                    self.env["lifecycle.import"]._cron_move_in()
                    moving.invalidate_recordset()
                    self.assertEqual(moving.state, "check" if state == "reading" else "done")

    def test_one_that_fails_keeps_no_other_waiting(self):
        """D1, decision 8: it stops and says so, and whoever has started it can go on; the error is in the log"""
        lines = [f"{n},P{n},,,Hot Lead," for n in range(8)]
        imports = [self.prepare("file", self.table(*lines)) for _number in range(2)]
        for step, state, end in (("_join_rows", "reading", "check"), ("_run_batch", "running", "done")):
            first, second = imports
            for moving in imports:
                if state == "reading":
                    moving.action_read()
                else:
                    moving._lifecycle_write_protected({"state": state})
            original = getattr(type(first), step)

            def fail(moving, *args, first=first, original=original):
                if moving == first:
                    moving.batch_id = False
                    raise ZeroDivisionError("of some addon")
                return original(moving, *args)

            with (
                self.subTest(state=state),
                self.committing(),
                patch.object(type(first), step, fail),
                self.assertLogs(lifecycle_import_background.__name__, "ERROR") as logs,
            ):
                self.env["lifecycle.import"]._cron_move_in()
            self.assertIn("of some addon", logs.output[0])
            self.env.invalidate_all()
            self.assertEqual((first.state, second.state), ("stopped", end))
            self.assertIn("Something went wrong", first.problem)
            first.action_resume()
            self.env["lifecycle.import"]._cron_move_in()
            self.env.invalidate_all()
            self.assertEqual((first.state, first.problem), (end, False))

    def test_language_of_what_the_background_says(self):
        """D1: of whoever has started it, or of the company where they are gone"""
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["res.lang"]._activate_lang("fr_FR")
        self.owner.lang = "de_DE"
        moving = self.prepare("file", self.table(*(f"{n},P{n},,,Hot Lead," for n in range(8))))
        moving.action_read()
        moving.company_id.partner_id.lang = "fr_FR"
        Import, said = type(moving), []

        def give_up(moving, problem, **_kwargs):
            said.append((moving.env.lang, problem))

        self.patch(Import, "_give_up", give_up)
        self.owner.active = False
        self.env["lifecycle.import"]._cron_move_in()
        with (
            self.committing(),
            patch.object(Import, "_may_go_on", side_effect=ZeroDivisionError),
            self.assertLogs(lifecycle_import_background.__name__, "ERROR"),
        ):
            self.env["lifecycle.import"]._cron_move_in()
        moving._lifecycle_write_protected({"user_id": False})
        self.env["lifecycle.import"]._cron_move_in()
        self.assertEqual([lang for lang, _problem in said], ["de_DE", "de_DE", "fr_FR"])

    def test_try_again_in_the_background(self):
        """D3: after stages have been chosen"""
        moving = self.read_at_once("file", self.table(*(f"{n},P{n},,,VIP," for n in range(6))))
        moving.stage_ids.write({"outcome": "empty"})
        moving.action_try()
        self.assertEqual((moving.state, moving.phase), ("reading", "try"))
        self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()
        self.assertEqual((moving.state, moving.move_count, moving.no_stage_count), ("check", 0, 6))

    def test_what_goes_on_is_not_changed(self):
        """D1: neither the source of what has been read, nor how it is done while it is"""
        moving = self.read_at_once("file", self.table("1,A,,,Hot Lead,"))
        moving.move_back = True
        with self.assertRaisesRegex(UserError, "This step is over"):
            moving.source = "hubspot"
        for state in ("reading", "running", "stopped", "done"):
            moving._lifecycle_write_protected({"state": state})
            for vals in (
                {"move_back": False},
                {"stage_ids": [Command.update(moving.stage_ids.id, {"outcome": "empty"})]},
                {"column_ids": [Command.update(moving.column_ids[0].id, {"target": False})]},
                {"attachment_ids": [Command.clear()]},
                {"choice_ids": [Command.create({"row_id": self.get_rows(moving).id})]},
            ):
                with (
                    self.subTest(state=state, vals=vals),
                    self.undone(),
                    self.assertRaisesRegex(UserError, "This step is over"),
                ):
                    moving.write(vals)
