import base64
import csv
import io
import re
from datetime import datetime
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools import move_in
from ..common_move_in import MoveInCase

LONG_AGO = datetime(2025, 1, 1)


@tagged("post_install", "-at_install")
class TestMoveInTrial(MoveInCase):
    """D3: what would happen is said before anything is written, and is what happens then."""

    def test_trial_writes_nothing_and_says_what_will_happen(self):
        """D3"""
        here = self.make_contacts_without_stage(4)
        for contact, email, stage in zip(
            here, "abcd", (None, "hot_lead", "payment", "customer"), strict=True
        ):
            contact.write({"email": f"{email}@example.com"})
            if stage:
                contact._lifecycle_move_at(getattr(self, stage).id, LONG_AGO)
        lines = [
            "1,A,a@example.com,,Hot Lead,",  # enters
            "2,B,b@example.com,,Customer,",  # forward
            "3,C,c@example.com,,New Lead,",  # not forward
            "4,D,d@example.com,,Customer,",  # there
            "5,E,e@example.com,,Cold Lead,01.02.2025",  # new and lost
            "6,F,f@example.com,,,",  # no stage
            "7,G,g@example.com,,Hot Lead,99.99.2025",  # cannot be read
            "8,H,a@example.com,,Hot Lead,",  # whom another row is
            "9,I,i@example.com,,Brand New,",  # to be made
        ]
        before = self.count_everything()
        moving = self.try_out("file", self.table(*lines))
        expected = {
            "row_count": 9,
            "new_count": 3,
            "matched_count": 4,
            "left_count": 1,
            "unreadable_count": 1,
            "enter_count": 2,
            "forward_count": 1,
            "back_count": 0,
            "lost_count": 1,
            "there_count": 1,
            "not_forward_count": 1,
            "no_stage_count": 1,
            "stages_made": 1,
            "move_count": 4,
        }
        self.assertEqual({name: moving[name] for name in expected}, expected)
        self.assertEqual(self.count_everything(), before)
        self.assertEqual(
            self.get_rows(moving, state="unreadable").problem,
            "Row 8: “99.99.2025” is no date: correct it, or leave the column out.",
        )
        told = {row.number: (row.match, row.result, row.move_count) for row in self.get_rows(moving)}
        moving.action_start()
        moving.invalidate_recordset()
        self.assertEqual(
            {row.number: (row.match, row.result, row.move_count) for row in self.get_rows(moving)}, told
        )
        self.assertEqual(
            moving.move_count,
            self.count_everything()["lifecycle_transition"] - before["lifecycle_transition"],
        )
        self.assertEqual(here[2].lifecycle_stage_id, self.payment)

    def test_contacts_are_matched_and_not_guessed(self):
        """D1, D3: by the id over there, the email, the phone in international form; else the owner chooses"""
        germany = self.env.ref("base.de")
        self.env.company.country_id = germany

        def format_phone(partners, fname=False, number=False, country=False, **_kwargs):
            """What the library does that Odoo asks, where it is installed."""
            digits = re.sub(r"\D", "", number or partners[fname or "phone"] or "")
            country = country or partners.country_id or partners.env.company.country_id
            if digits.startswith("0") and not digits.startswith("00"):
                digits = f"{country.phone_code}{digits[1:]}"
            return digits and f"+{digits.removeprefix('00')}"

        self.patch(type(self.Partner), "_phone_format", format_phone)
        there, by_email, by_phone, twin, other_twin, archived = self.make_contacts_without_stage(6)
        self.move_in("file", self.table("1,First,,,,"))
        first = self.find("file", 1)
        self.env["ir.model.data"].create(
            {"module": "__lifecycle_hubspot__", "name": "1", "model": "res.partner", "res_id": there.id}
        )
        by_email.email = "Mail <Mail@Example.com>"
        by_phone.write({"phone": "030 12345678", "country_id": germany.id})
        (twin + other_twin).email = "twin@example.com"
        archived.write({"email": "old@example.com", "active": False})
        lines = [
            "1,A,mail@example.com,,,",
            "2,B,MAIL@example.com,,,",
            "3,C,,030/12345678,,",
            "4,D,,0049 30 12345678,,",
            "5,E,twin@example.com,,,",
            "6,F,old@example.com,,,",
            "7,G,new@example.com,,,",
        ]
        moving = self.try_out("file", self.table(*lines))
        found = {row.external_id: (row.match, row.partner_id) for row in self.get_rows(moving)}
        nobody = self.Partner
        self.assertEqual(
            found,
            {
                "1": ("external", first),
                "2": ("email", by_email),
                "3": ("phone", by_phone),
                "4": ("ambiguous", nobody),
                "5": ("ambiguous", nobody),
                "6": ("email", archived),
                "7": ("new", nobody),
            },
        )
        self.assertEqual(moving.choice_ids.mapped("choice"), ["leave", "leave"])
        for choice in moving.choice_ids:
            if choice.row_id.external_id == "5":
                self.assertEqual(choice.candidate_ids, twin + other_twin)
                choice.write({"choice": "match", "partner_id": other_twin.id})
            else:
                choice.choice = "new"
        moving.action_try()
        moving.action_start()
        self.assertEqual(self.find("file", 5), other_twin)
        self.assertNotIn(self.find("file", 4), by_phone)
        self.assertEqual(self.find("file", 2), by_email)
        self.assertEqual(self.env.ref("__lifecycle_hubspot__.1"), there, "ids of two systems are two")

    def test_one_contact_chosen_for_two(self):
        """D1, D3: both histories are theirs; what is no email makes nobody the same"""
        lines = (
            "1,A,n/a,,New Lead,01.01.2025",
            "2,B,n/a,,Hot Lead,01.02.2025",
            "3,C,c@example.com,,Payment,01.03.2025",
        )
        lines += ("4,D,c@example.com,,Customer,01.04.2025",)
        contact = self.make_contacts_without_stage(1)
        contact.email = "c@example.com"
        moving = self.try_out("file", self.table(*lines))
        self.assertEqual(self.get_rows(moving).mapped("match"), ["new", "new", "email", "ambiguous"])
        moving.choice_ids.write({"choice": "match", "partner_id": contact.id})
        moving.action_start()
        self.assertEqual(
            [stage for stage, _date, _source in self.get_history(contact)], [self.payment, self.customer]
        )
        self.assertOneLine(contact)

    def test_family_with_one_phone(self):
        """D1: two of one file are not taken for each other, however the batches fall"""
        self.env.company.country_id = self.env.ref("base.de")
        lines = ("1,A,a@example.com,030 12345678,,", "2,B,b@example.com,030 12345678,,")
        for moving in (self.move_in("file", self.table(*lines)), self.move_in("file", self.table(*lines))):
            self.assertEqual(moving.left_count, 0)
        self.assertNotEqual(self.find("file", 1), self.find("file", 2))

    def test_bad_files_are_refused_in_one_sentence(self):
        """D3: with the file and the row, and nothing is half done"""
        good = b"Id,Name,Stage\n1,A,Hot Lead\n"
        for source, files, message in (
            ("file", {}, "Attach the files first."),
            ("file", {"good.csv": good, "empty.csv": b"\n"}, "^empty.csv: There is nothing in this file"),
            ("file", {"good.csv": good, "cut.json": b"{}"}, "^cut.json: Only respond.io and HubSpot"),
            (
                "hubspot",
                {"cut.json": b'[{"id": "1", "properties": {}}, {"id'},
                "^cut.json: Row 2: The JSON is broken",
            ),
            ("file", {"bin.csv": b"\x89PNG\0\0"}, "^bin.csv: This is no text"),
            ("file", {"wide.csv": b"a," * 1001}, "^wide.csv: Row 1: There are more than 1000 columns"),
        ):
            moving = self.prepare(source, files)
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message), self.undone():
                moving.action_read()
            self.assertEqual((moving.state, moving.row_count), ("files", 0))

    def test_every_reason_has_a_sentence(self):
        """D3"""
        reasons = set()
        for path in Path(move_in.__path__[0]).glob("*.py"):
            reasons.update(re.findall(r'Unreadable\(\s*"(\w+)"', path.read_text()))
        self.assertGreater(len(reasons), 12)
        self.assertEqual(set(self.env["lifecycle.import"]._get_problems()), reasons)

    def test_columns_can_be_said_otherwise(self):
        """D1: also those of a language that nobody has told"""
        data = "Kimlik;Ad;Soyad;Aşama;Aday oldu\n1;Änne;Ö;customer;01.02.2025 10:00\n"
        moving = self.prepare("hubspot", {"a.csv": data.encode()})
        moving.action_read()
        self.assertEqual((moving.state, moving.row_count), ("check", 0))
        self.assertIn("No column is recognised", moving.problem)
        with self.assertRaisesRegex(UserError, "No column is recognised"), self.undone():
            moving.action_start()
        columns = {column.header: column for column in moving.column_ids}
        self.assertEqual(columns["Ad"].sample, "Änne")
        for header, target in (
            ("Kimlik", "external_id"),
            ("Ad", "first_name"),
            ("Soyad", "last_name"),
            ("Aşama", "stage"),
        ):
            columns[header].target = target
        columns["Aday oldu"].write({"target": "entered", "stage_value": "Lead"})
        moving.tz = "Europe/Berlin"
        moving.action_read()
        self.assertFalse(moving.problem)
        self.assertEqual(moving.stage_ids.mapped("value"), ["lead", "customer"])
        [row] = self.get_rows(moving)
        self.assertEqual(row.moves, [["lead", "2025-02-01T09:00:00", ""]])
        self.assertEqual(row.name, "Änne Ö")

    def test_one_file_of_which_no_column_is_known(self):
        """D1: the owner says what its columns are, as where it is the only one; nothing is read before"""
        files = {"a.csv": b"Id,Name,Stage\n1,A,Hot Lead\n", "b.csv": "Ad;Aşama\nBea;Hot Lead\n".encode()}
        for ordered in (files, dict(reversed(files.items()))):
            moving = self.prepare("file", ordered)
            moving.action_read()
            self.assertEqual((moving.state, moving.row_count), ("check", 0))
            self.assertRegex(moving.problem, "^b.csv: No column is recognised")
            moving.column_ids.filtered(lambda column: column.header == "Ad").target = "name"
            moving.action_read()
            self.assertEqual(
                (moving.problem, sorted(self.get_rows(moving).mapped("name"))), (False, ["A", "Bea"])
            )

    def test_report(self):
        """D3: as CSV, and safe in a spreadsheet"""
        moving = self.try_out(
            "file", self.table('1,"=HYPERLINK(""x"")",@a,+49,Hot Lead,', "2,B,,,Hot Lead,x")
        )
        action = moving.action_report()
        self.assertIn(f"/lifecycle.import/{moving.id}/report/", action["url"])
        text = base64.b64decode(moving.report) if not isinstance(moving.report, bytes) else moving.report
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        self.assertEqual(rows[0][:4], ["File", "Row", "Id over There", "Name"])
        self.assertEqual(rows[1][3:6], ['\'=HYPERLINK("x")', "'@a", "'+49"])
        self.assertEqual(rows[1][6:9], ["Waiting", "New", "Enters a stage"])
        self.assertIn("“x” is no date", rows[2][rows[0].index("Problem")])
