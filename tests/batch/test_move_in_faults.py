import base64
import csv
import io
import json
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.batch import lifecycle_import_background, lifecycle_import_hints
from ...tools.move_in import table
from ..common_move_in import MoveInCase

HEADER = "Id,Name,Email,Phone,Stage,Date"


@tagged("post_install", "-at_install")
class TestMoveInFaults(MoveInCase):
    """D1 to D4: what files are full of does no harm."""

    def test_bad_files_change_nothing(self):
        """D3: one sentence with the file, and the row where there is one; nothing is half done"""
        good = f"{HEADER}\n1,A,a@example.com,,Hot Lead,\n".encode()
        before = self.count_everything()
        self.patch(table, "SAMPLE", 1000)
        for source, data, message in (
            ("file", b"", "There is nothing in this file"),
            ("file", good + b"2,Jos\xe9,\xff\xfe,,,\n" * 2, None),
            (
                "file",
                (good + b"2,Jos\xc3\xa9,,,,\n" * 200) + b"3,\xff,,,,\n",
                "Row 203: The text is not in utf-8",
            ),
            ("file", b"Name" + b",c" * 10**6 + b"\n", "Row 1: This line does not end"),
            ("file", b"Name" + b",c" * 1001 + b"\n", "Row 1: There are more than 1000 columns"),
            ("file", good + b'2,"B\n' + b"x" * 200000, "Row 3: This is no row of a CSV file"),
            ("file", good + b"2,B\0,,,,\n", "This is no text|Row 3: This is no text"),
            ("respondio", b'{"items": [{"id": 1}, {"id', "Row 1: The JSON is broken"),
            ("respondio", b'[{"id": 1}, {"id": 2}, {"id', "Row 3: The JSON is broken"),
        ):
            moving = self.prepare(source, {"contacts.csv": data or b"x"})
            if not data:
                moving.attachment_ids.raw = b""
            with self.subTest(message=message), self.undone():
                if message:
                    with self.assertRaisesRegex(UserError, f"^contacts.csv: ({message})"):
                        moving.action_read()
                else:
                    moving.action_read()
                    self.assertEqual(moving.row_count, 2)
        self.assertEqual({**self.count_everything(), "bus_bus": before["bus_bus"]}, before)
        moving = self.prepare("file", {"contacts.csv": good})
        with (
            patch.object(table, "MAX_BYTES", 10),
            self.assertRaisesRegex(UserError, "This is more than 0 MB"),
        ):
            moving.action_read()

    def test_rows_that_cannot_be_read(self):
        """D3: dates of several kinds in one column, the future and nobody are told by their row; the others move in"""
        tomorrow = (self.now() + timedelta(days=2)).strftime("%Y-%m-%d")
        lines = [
            "1,🦊 Fox,,,New Lead,2025-01-01",
            "1,🦊 Fox,,,Hot Lead,01.02.2025",
            "1,🦊 Fox,,,New Lead,1738839600",
            "1,🦊 Fox,,,Hot Lead,2025-03-01T10:00:00Z",
            "2,\u202eليلى,,,=1+1,2025-01-01",
            f"3,C,,,Hot Lead,{tomorrow}",
            "4,D,,,Hot Lead,sometime",
            ",,,,Hot Lead,2025-01-01",
            "5,Quote, Ltd.,,,Hot Lead,2025-01-01",
        ]
        moving = self.move_in("file", self.table(*lines))
        self.assertEqual(
            self.get_rows(moving, state="unreadable").mapped("problem"),
            [
                f"Row 7: “{tomorrow}” has not happened yet: check the date and the time zone.",
                "Row 8: “sometime” is no date: correct it, or leave the column out.",
                "Row 9: There is neither an id nor a name, email or phone: nobody is made of it.",
                "Row 10: “2025-01-01” is beyond the last column: put a text with separators into quotation marks, or "
                "name the column.",
            ],
        )
        fox = self.find("file", 1)
        self.assertEqual(
            [stage for stage, _date, _source in self.get_history(fox)],
            [self.new_lead, self.hot_lead, self.new_lead, self.hot_lead],
            "a history may go round in circles",
        )
        self.assertOneLine(fox)
        self.assertEqual(self.find("file", 2).name, "\u202eليلى")
        self.assertEqual(
            self.find("file", 2).lifecycle_stage_id.name, "=1+1", "a text, which nobody computes"
        )

    def test_encoding_that_python_does_not_know(self):
        """D1: what is guessed need not be there"""
        with patch.object(table.chardet, "detect", return_value={"encoding": "EUC-TW"}):
            moving = self.try_out("file", {"a.csv": f"{HEADER}\n1,José,,,,\n".encode("latin-1")})
        self.assertEqual(self.get_rows(moving).name, "José")

    def test_ids_that_begin_alike(self):
        """D1: long ones of two people are two"""
        lines = [f"{'顧客' * 40}{n},P{n},,,Hot Lead," for n in (1, 2)]
        self.move_in("file", self.table(*lines))
        again = self.move_in("file", self.table(*lines))
        self.assertEqual((again.new_count, again.matched_count), (0, 2))
        self.assertEqual(self.get_rows(again).partner_id.mapped("name"), ["P1", "P2"])

    def test_same_file_with_names_alone(self):
        """D4: whoever has neither an id nor an email is known by the row of the same file, and nobody by another file"""
        files = {"a.csv": b"Name,Phone,Stage\nAna,,Hot Lead\nAna,,Payment\nBob,,Hot Lead\n"}
        moving = self.move_in("file", files)
        self.assertEqual((moving.new_count, moving.move_count), (3, 3))
        again = self.try_out("file", files)
        self.assertEqual((again.new_count, again.matched_count, again.move_count), (0, 3, 0))
        other = self.try_out("file", {"a.csv": files["a.csv"] + b"Cem,,Hot Lead\n"})
        self.assertEqual(other.new_count, 4)

    def test_same_file_after_an_email_was_corrected_here(self):
        """D4: nobody is made twice"""
        files = {
            "a.csv": b"Name,Email,Phone,Stage\nAna,an@example.com,,Hot Lead\nBob,,+49 30 1234567,Hot Lead\n"
        }
        moving = self.move_in("file", files)
        ana, bob = self.get_rows(moving).partner_id
        ana, bob = (ana + bob).with_context(tracking_disable=True)
        ana.email, bob.phone = "ana@example.com", "+49 30 7654321"
        before = self.count_everything()
        again = self.move_in("file", files)
        self.assertEqual((again.new_count, again.matched_count), (0, 2))
        self.assertEqual(self.count_everything(), before)

    def test_row_that_cannot_be_read_is_nobody(self):
        """D3: who has the same email is new, and need not be chosen"""
        moving = self.try_out(
            "file", self.table("1,A,a@example.com,,Hot Lead,never", "2,B,a@example.com,,Hot Lead,")
        )
        self.assertEqual(self.get_rows(moving).mapped("match"), [False, "new"])

    def test_lines_of_one_contact_say_all_its_tags(self):
        """D1: no tag is lost"""
        data = b"Id,Name,Tags,Stage,Date\n1,A,x;y,New Lead,01.01.2025\n1,A,y;z,Hot Lead,01.02.2025\n"
        self.move_in("file", {"a.csv": data})
        self.assertEqual(sorted(self.find("file", 1).category_id.mapped("name")), ["x", "y", "z"])

    def test_column_that_is_no_stage(self):
        """D1, S7: thousands of stages are not made lines; the owner says what the columns are"""
        lines = [f"{n},P{n},,,Value {n}," for n in range(12)]
        with patch.object(lifecycle_import_background, "MAX_VALUES", 10):
            moving = self.try_out("file", self.table(*lines))
            self.assertEqual((moving.state, moving.row_count), ("check", 0))
            self.assertIn("more than 10 different stages", moving.problem)
            with self.assertRaisesRegex(UserError, "more than 10 different stages"), self.undone():
                moving.action_start()
            moving.column_ids.filtered(lambda column: column.header == "Stage").target = False
            moving.action_read()
        self.assertEqual((moving.problem, moving.new_count, len(moving.stage_ids)), (False, 12, 0))

    def test_columns_of_files_that_are_gone(self):
        """D1: what has been said of the others stays"""
        moving = self.try_out("file", {"a.csv": b"Name,Colour\nA,red\n"})
        moving.column_ids.filtered(lambda column: column.header == "Name").target = "company"
        files = self.prepare("file", {"b.csv": b"Name,E-Mail\nA,a@example.com\n"}).attachment_ids
        moving.attachment_ids = files
        moving.action_read()
        self.assertEqual(
            [(column.header, column.target) for column in moving.column_ids],
            [("Name", "company"), ("E-Mail", "email")],
        )

    def test_dates_of_hubspot_without_its_history(self):
        """D2: pages of its interface have the dates of entering as properties"""
        properties = {
            "email": "a@example.com",
            "hs_v2_date_entered_lead": "2025-01-01T10:00:00.123Z",
            "hs_lifecyclestage_lead_date": "2025-01-01T10:00:00.123Z",
            "hs_v2_date_entered_customer": "2025-02-01T10:00:00Z",
            "hs_v2_date_entered_current_stage": "2025-02-01T10:00:00Z",
            "hs_v2_date_entered_opportunity": None,
            "lifecyclestage": "customer",
        }
        page = {"results": [{"id": "1", "properties": properties}]}
        moving = self.try_out("hubspot", {"page.json": json.dumps(page).encode()})
        self.assertEqual(
            self.get_rows(moving).moves,
            [["lead", "2025-01-01T10:00:00", ""], ["customer", "2025-02-01T10:00:00", ""]],
        )

    def test_salespersons(self):
        """D1, D3: by email or by a name that one alone has, and no customer; who is nobody here is told"""
        self.agent.email = "agent@example.com"
        self.manager.name = "Mara  Manager"
        self.portal.email = "portal@example.com"
        (self.internal + self.administrator).name = "Twin"
        owners = ("Agent@example.com", "mara manager", "portal@example.com", "Twin", "Nobody", "77", "")
        lines = [f"{n},P{n},{owner}" for n, owner in enumerate(owners)]
        data = "\n".join(("Record ID,Name,Contact owner", *lines)).encode()
        moving = self.try_out("hubspot", {"a.csv": data})
        self.assertIn(
            "Salespersons who are no users here, by email or name: 77, Nobody, portal@example.com, Twin.",
            moving.hints.splitlines(),
        )
        moving.action_start()
        found = [self.find("hubspot", number).user_id for number in range(len(owners))]
        none = self.env["res.users"]
        self.assertEqual(found, [self.agent, self.manager, none, none, none, none, none])

    def test_what_does_not_come_along_is_told(self):
        """D3: columns, and how phone numbers are compared"""
        files = {"a.csv": b"Name,Colour,Phone\nA,red,030 1\n"}
        with patch.object(lifecycle_import_hints, "find_spec", return_value=None):
            hints = self.try_out("file", files).hints
        self.assertIn("Columns that are left out: Colour.", hints)
        self.assertIn("as they are written", hints)
        with patch.object(lifecycle_import_hints, "find_spec", return_value=object()):
            self.assertNotIn("as they are written", self.try_out("file", files).hints)
        self.assertFalse(self.try_out("file", {"a.csv": b"Name\nA\n"}).hints)

    def test_phones_without_the_library(self):
        """D1: what is written alike is one; the rest is new, and nobody is guessed"""
        there = self.make_contacts_without_stage(1)
        with patch(
            "odoo.addons.phone_validation.tools.phone_validation.phone_format",
            lambda number, *_args, **_kwargs: number,
        ):
            there.phone = "030 1234567"
            lines = ("1,A,,030 1234567,,", "2,B,,+49 30 1234567,,")
            moving = self.try_out("file", self.table(*lines))
        self.assertEqual(self.get_rows(moving).mapped("match"), ["phone", "new"])

    def test_contradictions_are_listed_one_by_one(self):
        """D2, D3: in the report, with the row, both dates and both stages"""
        [contact] = self.make_contacts_without_stage(1)
        contact.email = "a@example.com"
        for stage, day in ((self.new_lead, 10), (self.payment, 20), (self.customer, 30)):
            contact._lifecycle_move_at(stage.id, datetime(2025, 1, day))
        lines = ("1,A,a@example.com,,Hot Lead,15.01.2025", "1,A,a@example.com,,VIP,25.01.2025")
        lines += ("1,A,a@example.com,,New Lead,05.01.2025", "2,B,,,Hot Lead,15.01.2025")
        moving = self.try_out("file", self.table(*lines))
        text = base64.b64decode(moving.report) if not isinstance(moving.report, bytes) else moving.report
        header, *rows = csv.reader(io.StringIO(text.decode("utf-8-sig")))
        told = [
            tuple(row[header.index(name)] for name in ("Row", "Stage over There", "Stage Here"))
            for row in rows
        ]
        self.assertEqual(
            told,
            [("2", "🔥 Hot Lead", "🆕 New Lead"), ("2", "VIP", self.payment.display_name), ("5", "", "")],
        )
        [first, second] = self.get_rows(moving)[0].contradictions_shown.splitlines()
        self.assertRegex(first, r"15.*Hot Lead over there, .*New Lead here since .*10")
        self.assertRegex(second, r"25.*VIP over there, .*Payment here since .*20")
        self.assertFalse(self.get_rows(moving)[1].contradictions_shown)
        moving.action_start()
        self.env.invalidate_all()
        self.assertIn("VIP over there", self.get_rows(moving)[0].contradictions_shown)

    def test_contradictions_with_stages_that_are_gone(self):
        """D3: they are told by their names, whatever they are called, and whenever they were deleted"""
        names = ("new: hot", "new:1", "Later")
        stages = [self.Stage.create({"name": name}) for name in names]
        [contact] = self.make_contacts_without_stage(1)
        contact.email = "a@example.com"
        for day, stage in enumerate((*stages, self.customer), 1):
            contact._lifecycle_move_at(stage.id, datetime(2025, 1, day * 2))
        for stage in stages[:2]:
            stage._move_contacts_and_delete(self.Stage)
        lines = [f"1,A,a@example.com,,{name},0{day}.01.2025" for name, day in (("VIP", 3), ("VIP", 5))]
        lines += ["1,A,a@example.com,,Later,07.01.2025"]
        moving = self.try_out("file", self.table(*lines), user=self.owner)
        stages[2]._move_contacts_and_delete(self.Stage)
        self.env.invalidate_all()
        told = self.get_rows(moving)[0].contradictions_shown.splitlines()
        self.assertEqual(len(told), 3)
        for line, there, here in zip(told, ("VIP", "VIP", "Later"), names, strict=True):
            self.assertRegex(line, rf": {there} over there, {here} here since")
        moving._compute_report()

    def test_two_owners_at_once(self):
        """D2: what one is at, nobody else is; what the background is at, nobody does beside it"""
        moving = self.try_out("file", self.table("1,A,,,Hot Lead,"))
        nobody = self.env["lifecycle.import"]
        with patch.object(type(nobody), "try_lock_for_update", lambda self, **_kwargs: nobody):
            for action in (moving.action_read, moving.action_try, moving.action_start):
                with self.assertRaisesRegex(UserError, "Somebody else is at this"):
                    action()
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "try_lock_for_update", lambda cron, **_kwargs: cron.browse()):
            moving.action_start()
        self.assertEqual((moving.state, moving.waiting_count), ("running", 1))
        self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()
        self.assertEqual((moving.state, self.find("file", 1).name), ("done", "A"))

    def test_contact_that_is_hidden_meanwhile(self):
        """D2, P5: it is left out, and the others are not kept waiting"""
        contact = self.make_contacts_without_stage(1)
        contact.email = "a@example.com"
        moving = self.try_out("file", self.table("1,A,a@example.com,,Hot Lead,", "2,B,,,Hot Lead,"))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["ir.model.data"].create(
            {"module": "__lifecycle_file__", "name": "1", "model": "res.partner", "res_id": contact.id}
        )
        contact.company_id = elsewhere
        self.env.invalidate_all()
        moving.action_start()
        self.assertEqual(moving.state, "done")
        self.assertEqual(self.get_rows(moving.sudo()).mapped("match"), ["left", "new"])
        self.assertFalse(contact.lifecycle_stage_id)

    def test_rows_go_after_three_months(self):
        """D3: of what was left as it is, too; and all of them, however many"""
        done, left, fresh = (self.try_out("file", self.table(f"{n},P{n},,,,")) for n in range(3))
        done.action_start()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE lifecycle_import SET write_date = write_date - interval '91 days' WHERE id IN %s",
            [(done.id, left.id)],
        )
        self.env.invalidate_all()
        self.assertEqual(self.env["lifecycle.import"]._gc_rows(), (2, 0))
        self.assertFalse(self.get_rows(done) + self.get_rows(left))
        self.assertTrue(self.get_rows(fresh))
