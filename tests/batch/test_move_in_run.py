from psycopg2.errors import NotNullViolation, ProgramLimitExceeded

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.batch import lifecycle_import_running
from ..common_move_in import MoveInCase
from ..common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestMoveInRun(QueriesCase, MoveInCase):
    """D2: in batches that commit, stopped and resumed."""

    def test_stopped_and_resumed(self):
        """D2: what waits is what is left"""
        self.patch(lifecycle_import_running, "BATCH_SIZE", 2)
        moving = self.try_out("file", self.table(*(f"{n},P{n},,,Hot Lead," for n in range(7))))
        moving.action_start()
        self.assertEqual((moving.state, moving.waiting_count), ("running", 5))
        moving.action_stop()
        self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()
        self.assertEqual((moving.state, moving.waiting_count), ("stopped", 5))
        with self.assertRaisesRegex(UserError, "This step is over"):
            moving.action_start()
        moving.action_resume()
        with self.assertRaisesRegex(UserError, "stop it first"):
            moving.unlink()
        self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()
        self.assertEqual((moving.state, moving.waiting_count, moving.move_count), ("done", 0, 7))
        self.assertTrue(moving.date_done)
        for number in range(7):
            self.assertEqual(len(self.get_log(self.find("file", number))), 1)

    def test_one_bad_contact_stops_nobody(self):
        """D1: what the database refuses is said with its row, the others move in"""
        create = type(self.env["res.partner"]).create

        def refuse(partners, vals_list):
            if any(vals.get("name") == "P1" for vals in vals_list):
                raise UserError("P1 is not wanted.")
            return create(partners, vals_list)

        self.patch(type(self.env["res.partner"]), "create", refuse)
        with mute_logger("odoo.addons.contact_lifecycle.models.batch.lifecycle_import_running"):
            moving = self.move_in("file", self.table(*(f"{n},P{n},,,Hot Lead," for n in range(3))))
        self.assertEqual((moving.new_count, moving.failed_count), (3, 1))
        [row] = self.get_rows(moving, state="failed")
        self.assertEqual(row.problem, "Row 3: P1 is not wanted.")
        self.assertEqual(self.find("file", 2).lifecycle_stage_id, self.hot_lead)
        self.assertFalse(self.Partner.search([("name", "=", "P1")]))

    def test_error_of_one_contact(self):
        """D1: it is told whether the database refuses it or an addon is at fault; the log has the error"""
        create = type(self.env["res.partner"]).create
        errors = {
            "P1": (ZeroDivisionError("of some addon"), "Row 3: Something went wrong with this contact"),
            "P2": (NotNullViolation("of some column"), "Row 4: The database refuses this contact."),
            "P3": (ProgramLimitExceeded("of some index"), "Row 5: The database refuses this contact."),
        }

        def fail(partners, vals_list):
            for vals in vals_list:
                if vals.get("name") in errors:
                    raise errors[vals["name"]][0]
            return create(partners, vals_list)

        self.patch(type(self.env["res.partner"]), "create", fail)
        with self.assertLogs(lifecycle_import_running.__name__, "ERROR") as logs:
            moving = self.move_in("file", self.table(*(f"{n},P{n},,,Hot Lead," for n in range(5))))
        self.assertEqual(
            [record.exc_info[1] for record in logs.records], [error for error, _ in errors.values()]
        )
        for row, (_error, sentence) in zip(
            self.get_rows(moving, state="failed"), errors.values(), strict=True
        ):
            self.assertIn(sentence, row.problem)

    def test_begins_at_the_first_step(self):
        """D1: in the form as well, and whatever is said of it"""
        form = Form(self.env["lifecycle.import"].with_user(self.owner).with_context(default_state="done"))
        self.assertEqual(form.state, "files")
        form.source = "file"
        moving = form.save()
        self.assertFalse(moving.known_files)
        self.assertEqual(moving.company_id, self.env.company)
        self.assertEqual((moving.state, moving.copy().state), ("files", "files"))

    def test_owners_alone(self):
        """P1: nobody else reads, starts or sees what is in the files"""
        moving = self.try_out("file", self.table("1,A,,,Hot Lead,"))
        for user in (self.portal, self.internal, self.agent, self.manager):
            theirs = moving.with_user(user)
            for call in (
                lambda m=theirs: m.read(["state"]),
                theirs.action_read,
                theirs.action_try,
                theirs.action_start,
                theirs.action_stop,
                theirs.action_rows,
                theirs.action_report,
                lambda m=theirs: m.env["lifecycle.import"].create({"source": "file"}),
                lambda m=theirs: m.env["lifecycle.import.row"].search([]),
                lambda m=theirs: m.attachment_ids.mapped("raw"),
            ):
                with self.assertRaises(AccessError, msg=user.login):
                    call()
        self.owner.group_ids -= self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            moving.action_start()

    def test_files_of_others_are_not_read(self):
        """P5: an id of an attachment that the owner may not read opens nothing"""
        secret = self.env["ir.attachment"].create(
            {"name": "secret.csv", "raw": b"Name,Email\nA,a@example.com\n"}
        )
        secret = secret.with_user(self.administrator).copy()
        moving = self.env["lifecycle.import"].with_user(self.owner).create({"source": "file"})
        with self.assertRaises(AccessError):
            moving.write({"attachment_ids": [Command.link(secret.id)]})
            moving.action_read()

    def test_other_companies(self):
        """P5: a contact that the owner does not see is not theirs to match, nor to make twice"""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.Partner.create({"name": "Hidden", "email": "h@example.com", "company_id": elsewhere.id})
        self.env["ir.model.data"].create(
            {"module": "__lifecycle_file__", "name": "7", "model": "res.partner", "res_id": hidden.id}
        )
        moving = self.move_in("file", self.table("7,Hidden,h@example.com,,Hot Lead,", "8,B,h@example.com,,,"))
        self.assertEqual(self.get_rows(moving).mapped("match"), ["left", "ambiguous"])
        self.assertNotEqual(hidden.lifecycle_stage_id, self.hot_lead)
        other = self.make_user(
            "lifecycle_elsewhere",
            "contact_lifecycle.group_owner",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self.assertFalse(self.env["lifecycle.import"].with_user(other).search([("id", "=", moving.id)]))
        self.assertFalse(self.env["lifecycle.import.row"].with_user(other).search([]))

    def count_trying(self, number):
        lines = [f"{number}-{n},P{n},p{number}-{n}@example.com,,Hot Lead,01.01.2025" for n in range(number)]
        self.moving = self.prepare("file", self.table(*lines))
        return self.count_queries(self.moving.action_read)

    def test_queries_of_the_trial(self):
        """D3: none for each row"""
        self.assertNoQueryPerRecord(self.count_trying, per_record=0.02)

    def test_queries_of_moving_in(self):
        """D2: the history adds none for each contact to what Odoo needs to make it"""

        def count(number):
            self.count_trying(number)
            return self.count_queries(self.moving.action_start)

        self.assertNoQueryPerRecord(count)

    def test_queries_of_those_that_are_there(self):
        """D2, D4"""

        def count(number):
            self.count_trying(number)
            self.moving.action_start()
            again = self.try_out(
                "file",
                self.table(*(f"{number}-{n},P{n},,,Payment,01.02.2025" for n in range(number))),
            )
            queries = self.count_queries(again.action_start)
            self.assertEqual(again.forward_count, number)
            return queries

        self.assertNoQueryPerRecord(count)
