import io
import re
import zipfile
from datetime import datetime
from unittest.mock import patch

import openpyxl
from openpyxl.worksheet._reader import WorkSheetParser

from odoo.tests import BaseCase, tagged

from ...tools.move_in import table, workbook
from ...tools.move_in.rows import Unreadable
from ..common_workbook import make_book

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = (
    '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3">'
    "<si><t>Name</t></si><si><r><t>Zoë </t></r><r><rPr/><t>🦊</t></r></si>"
    '<si><t xml:space="preserve">山田</t><rPh sb="0" eb="1"><t>やまだ</t></rPh></si></sst>'
)
SHARED = (
    (
        "[Content_Types].xml",
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    ),
    (
        SHEET,
        r"<sheetData>.*</sheetData>",
        "<sheetData>"
        + "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in (1, 2, 3))
        + "</sheetData>",
    ),
)


def change(stream, *changes, **added):
    """:return: a workbook in which parts are written otherwise: tuples of the part, a pattern and what comes in its place"""
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as book, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as other:
        for entry in book.infolist():
            data = book.read(entry).decode()
            for part, pattern, replacement in changes:
                if part == entry.filename:
                    data, count = re.subn(pattern, replacement, data, flags=re.DOTALL)
                    assert count, pattern
            if entry.filename not in added:
                other.writestr(entry.filename, data)
        for name, data in added.items():
            other.writestr(name, data)
    return changed


@tagged("post_install", "-at_install")
class TestMoveInWorkbook(BaseCase):
    """D1: a workbook is read a row at a time, and from any row on, however it has been written."""

    def read_all(self, stream, after=0):
        headers, rows = table.read_table(stream, after)
        return headers, list(rows)

    def make_many(self, count=400):
        return make_book(
            [["Id", "Name", "When"]]
            + [[n, f"P{n} <row r='9'>", datetime(2025, 1, 1 + n % 28)] for n in range(count)]
        )

    def test_from_any_row_on(self):
        """D1: what is left is the same, and what comes before is not taken apart again"""
        stream = self.make_many()
        headers, every = self.read_all(stream)
        self.assertEqual((len(every), every[0]), (400, (2, [0, "P0 <row r='9'>", datetime(2025, 1, 1)])))
        with (
            patch.object(workbook, "CHUNK", 700),
            patch.object(workbook, "MAX_TAG", 100),
        ):
            for after in (1, 2, 3, 57, 399, 400, 401, 402, 10**6):
                parsed, parse_row = [], WorkSheetParser.parse_row

                def count(parser, row, parsed=parsed, parse_row=parse_row):
                    parsed.append(row)
                    return parse_row(parser, row)

                with self.subTest(after=after), patch.object(WorkSheetParser, "parse_row", count):
                    self.assertEqual(
                        self.read_all(stream, after), (headers, [row for row in every if row[0] > after])
                    )
                    self.assertLess(len(parsed), 401 - min(after, 401) + 3)

    def test_rows_as_other_programs_write_them(self):
        """D1: with a prefix, without numbers, with gaps, with a size that is wrong"""
        stream = self.make_many(40)
        expected = self.read_all(stream, 20)
        self.assertEqual(len(expected[1]), 21)
        for changes in (
            [(SHEET, r"<(/?)(?=\w)", r"<\1x:"), (SHEET, "xmlns=", "xmlns:x=")],
            [(SHEET, r'<row r="\d+"', "<row"), (SHEET, r'<c r="\w+"', "<c")],
            [(SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1"')],
            [(SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')],
            [(SHEET, r'<dimension ref="[^"]*" ?/>', "")],
            [(SHEET, r"<row r=\"(\d+)\"", r"<row spans='1:3' r = '\1'")],
        ):
            with self.subTest(changes=changes):
                changed = change(stream, *changes)
                self.assertEqual(self.read_all(changed, 20), expected)
                self.assertEqual(self.read_all(changed)[1][19:], expected[1])
        gaps = change(make_book([["Name"], *[["x"]] * 3]), (SHEET, r'r="(A?)4"', r'r="\g<1>1000"'))
        self.assertEqual([number for number, _cells in self.read_all(gaps)[1]], [2, 3, 1000])
        self.assertEqual([number for number, _cells in self.read_all(gaps, 3)[1]], [1000])
        self.assertEqual(self.read_all(gaps, 1000)[1], [])

    def test_row_that_no_sheet_has(self):
        """D3: a number beyond all rows keeps nobody busy"""
        stream = change(make_book([["Name"], ["x"]]), (SHEET, r'r="(A?)2"', r'r="\g<1>99999999999"'))
        with self.assertRaises(Unreadable) as caught:
            self.read_all(stream)
        self.assertEqual(caught.exception.reason, "xlsx")

    def test_texts_that_cells_share(self):
        """D1: plain, in runs, and without how they are spoken"""
        stream = change(make_book([["a"], ["b"], ["c"]]), *SHARED, **{"xl/sharedStrings.xml": STRINGS})
        self.assertEqual(self.read_all(stream), (["Name"], [(2, ["Zoë 🦊"]), (3, ["山田"])]))
        self.assertEqual(self.read_all(stream, 2)[1], [(3, ["山田"])])
        stream.seek(0)
        sheet = openpyxl.load_workbook(stream, read_only=True).worksheets[0]
        self.assertEqual([cell for (cell,) in sheet.iter_rows(values_only=True)], ["Name", "Zoë 🦊", "山田"])

    def test_sheet_that_begins_with_anything(self):
        """D1: what has no row at all is nobody's, however long it is"""
        with patch.object(workbook, "MAX_HEAD", 50), patch.object(workbook, "CHUNK", 20):
            rest = workbook._Rest(io.BytesIO(b"<worksheet>" + b" " * 500 + b"</worksheet>"), 3)
            self.assertEqual(
                b"".join(iter(lambda: rest.read(7), b"")), b"<worksheet>" + b" " * 500 + b"</worksheet>"
            )
            cut = workbook._Rest(io.BytesIO(b'<sheetData><row r="1"/><row r="2'), 3)
            self.assertEqual(cut.read(), b'<sheetData><row r="2')
