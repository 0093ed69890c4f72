import io
import json
import os
import random
import tempfile
from datetime import timedelta
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.batch import lifecycle_import_background, lifecycle_import_reading
from ...tools.move_in import table
from ..common_move_in import MoveInCase

WEBHOOK = {"event_type": "contact.lifecycle.updated", "lifecycle": "A", "contact": {"id": 1}}
HISTORY = {"id": "1", "properties": {}, "propertiesWithHistory": {"lifecyclestage": [{"value": "lead"}]}}


@tagged("post_install", "-at_install")
class TestMoveInNasty(MoveInCase):
    """D1 to D4: files that are valid, or nearly, and that nobody has thought of."""

    def test_texts_that_no_index_takes(self):
        """D1: long ones of any script are cut; nothing breaks off"""
        rng = random.Random(3)
        long = "".join(chr(rng.randrange(0x20000, 0x2A000)) for _ in range(1000))
        header = "Id,Name,Company,Email,Phone,Country,Language,Tags,Owner,Stage"
        for place, name in enumerate(header.split(",")):
            cells = ["1", "A", *[""] * 8]
            cells[place] = long
            files = {"a.csv": f"{header}\n{','.join(cells)}\n".encode()}
            with self.subTest(name=name), self.undone():
                moving = self.move_in("file", files)
                self.assertEqual((moving.new_count, moving.failed_count), (1, 0))
                again = self.try_out("file", files)
                self.assertEqual((again.new_count, again.move_count), (0, 0))
        with self.undone():
            cells = f"1,{long},{long},{long}@example.com,{long},,,,,"
            self.assertEqual(self.move_in("file", {"a.csv": f"{header}\n{cells}\n".encode()}).failed_count, 0)

    def test_stages_written_in_several_ways(self):
        """D1, D3: what would have one name is one stage, in the trial and then"""
        lines = ("1,A,,,Zebra,01.01.2025", "1,A,,,ZEBRA,01.02.2025", "2,B,,, zebra ,", "3,C,,,Yak,")
        moving = self.try_out("file", self.table(*lines))
        self.assertEqual(moving.stage_ids.mapped("outcome"), ["lifecycle"] * 4)
        self.assertEqual((moving.stages_made, moving.move_count), (2, 3))
        moving.stage_ids[2].outcome = "lost"
        moving.action_try()
        self.assertEqual((moving.stages_made, moving.move_count), (2, 3))
        self.make_stages(20 - self.Stage.search_count([]) - 2)
        moving.action_start()
        self.assertEqual((moving.state, moving.move_count, moving.failed_count), ("done", 3, 0))
        stages = moving.stage_ids.stage_id
        self.assertEqual(
            (stages.mapped("name"), stages.mapped("is_lost")), (["Zebra", "Yak"], [False, False])
        )
        self.assertEqual(self.find("file", 2).lifecycle_stage_id, stages[0])
        self.assertOneLine(self.find("file", 1))

    def test_dates_that_no_database_stores(self):
        """D3: what JSON can write is told as any other"""
        for text in ("\0x", "\ud800", "a\u202eb", "<b>1</b>", "=1+1", {"a": 1}, ["\0"], 1e400, True):
            history = [{"value": "lead", "timestamp": text}]
            for source, value in (
                ("respondio", {**WEBHOOK, "received_at": text}),
                ("hubspot", {**HISTORY, "propertiesWithHistory": {"lifecyclestage": history}}),
            ):
                with self.subTest(source=source, text=text), self.undone():
                    moving = self.try_out(source, {"a.json": json.dumps(value).encode()})
                    self.assertRegex(self.get_rows(moving).problem, "^Row 1: “.*” is no date")

    def test_quotation_mark_that_is_not_closed(self):
        """D1, D3: the rows after it are not lost in silence; its row is told"""
        good = "Id,Name,Stage\n1,A,Hot Lead\n"
        for rest in ('2,"B,Hot Lead\n3,C,Hot Lead\n', '2,"B,Hot Lead\n3,"C",Hot Lead\n', '2,"B'):
            moving = self.prepare("file", {"a.csv": (good + rest).encode()})
            with (
                self.subTest(rest=rest),
                self.undone(),
                self.assertRaisesRegex(UserError, "^a.csv: Row 3: This is no row of a CSV file"),
            ):
                moving.action_read()
        moving = self.try_out(
            "file", {"a.csv": (good + '2,"B ""b"", 5"" pipe\nnew line",\n3,C 5" pipe,\n').encode()}
        )
        self.assertEqual(self.get_rows(moving).mapped("name"), ["A", 'B "b", 5" pipe new line', 'C 5" pipe'])
        self.assertEqual(self.get_rows(moving).mapped("number"), [2, 4, 5])

    def test_ways_in_which_programs_write_text(self):
        """D1: Excel's line on the separator, a shell's JSON, the lines of an old Mac"""
        lines = "Id;Name;Stage\n1;José;Hot Lead\n"
        for files in (
            {"a.csv": f"sep=;\n{lines}".encode()},
            {"a.csv": f"\ufeffsep=;\r\n{lines}".encode()},
            {"a.csv": "sep=#\n{}".format(lines.replace(";", "#")).encode("windows-1252")},
            {"a.csv": lines.replace("\n", "\r").encode("utf-16")},
            {"a.csv": lines.encode("windows-1252")},
        ):
            with self.subTest(files=files), self.undone():
                self.assertEqual(self.get_rows(self.try_out("file", files)).mapped("name"), ["José"])
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            data = '[{"id": 1, "firstName": "José"}]'.encode(encoding)
            with self.subTest(encoding=encoding), self.undone():
                self.assertEqual(self.get_rows(self.try_out("respondio", {"a.json": data})).name, "José")
        for encoding in ("utf-16-le", "utf-32"):
            with self.assertRaisesRegex(UserError, "This is no text"), self.undone():
                self.prepare("file", {"a.csv": lines.encode(encoding)}).action_read()

    def test_gigabyte_of_nothing(self):
        """D1: a sparse file is refused by its size, and a smaller one by its first bytes, before it is in memory"""
        moving = self.prepare("file", {"a.csv": b"Name\nA\n"})
        with tempfile.NamedTemporaryFile() as sparse:
            self.patch(type(moving.attachment_ids), "_full_path", lambda _files, _name: sparse.name)
            for size, sentence in (
                (table.MAX_BYTES * 2, "a.csv: This is more than 512 MB"),
                (table.MAX_BYTES, "a.csv: This is no text"),
            ):
                os.truncate(sparse.name, size)
                with (
                    self.subTest(size=size),
                    self.assertRaisesRegex(UserError, f"^{sentence}"),
                    self.undone(),
                ):
                    moving.action_read()

    def test_workbook_in_the_background(self):
        """D1: as at once, each row once, and opened but once a run"""
        tomorrow = self.now() + timedelta(days=2)
        book = openpyxl.Workbook()
        book.active.append(["Id", "Name", "Stage", "Date"])
        for number in range(1, 10):
            book.active.append(
                [number, f"🦊 P{number}", "Hot Lead", tomorrow if number == 5 else "2025-01-01"]
            )
            book.active.append([])
        book.active.append([10, "=1+1", "=HYPERLINK(1)", None])
        stream = io.BytesIO()
        book.save(stream)
        files = {"a.xlsx": stream.getvalue()}

        def read(moving):
            return [
                (row.number, row.name, row.stages, row.moves, row.state, row.problem)
                for row in self.get_rows(moving)
            ]

        expected = read(self.try_out("file", files))
        self.assertEqual(len(expected), 10)
        self.patch(lifecycle_import_background, "SECONDS_AT_ONCE", -1)
        self.patch(lifecycle_import_background, "SECONDS_OF_A_RUN", -1)
        self.patch(lifecycle_import_reading, "STORED_AT_ONCE", 3)
        parse_row, parsed = openpyxl.worksheet._reader.WorkSheetParser.parse_row, []

        def count(parser, row):
            parsed.append(row.get("r"))
            return parse_row(parser, row)

        moving = self.prepare("file", files)
        moving.action_read()
        self.assertEqual((moving.phase, moving.row_count), ("read", 3))
        with patch.object(openpyxl.worksheet._reader.WorkSheetParser, "parse_row", count):
            runs = 0
            while moving.phase == "read":
                self.env["lifecycle.import"]._cron_move_in()
                moving.invalidate_recordset()
                runs += 1
                self.assertLess(runs, 9)
        self.assertGreater(runs, 2)
        self.assertEqual([row for row in parsed if row != "1"], sorted(set(parsed) - {"1"}, key=int))
        self.env["lifecycle.import"]._cron_move_in()
        moving.invalidate_recordset()
        self.assertEqual(read(moving), expected)
