import io
import json
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta, timezone

from odoo.tests import BaseCase, tagged

from ...tools.move_in import table
from ...tools.move_in.column_words import WORDS
from ...tools.move_in.columns import ALIASES, normalize, recognise
from ...tools.move_in.moments import Moments
from ...tools.move_in.rows import Unreadable, escape_formula
from ...tools.move_in.sources import read_rows
from ..common_workbook import make_book
from ..scripts import move_in_files

NOW = datetime(2026, 11, 28)
HEADER = b"Id,Name,Email,Stage,Date\n"
WEBHOOK = b'{"event_type": "contact.lifecycle.updated", "lifecycle": "A", "contact": {"id": 1}}'


def read(source, data, day_first=True):
    moments = Moments(timezone.utc, day_first, NOW)
    return list(read_rows(source, io.BytesIO(data), moments))


def damage_book(name, damage):
    """:return: a workbook of which one part has been damaged"""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make_book([["Name"]] + [["A" * 50]] * 50).getvalue())) as book,
        zipfile.ZipFile(stream, "w") as damaged,
    ):
        for entry in book.infolist():
            data = book.read(entry)
            damaged.writestr(entry.filename, damage(data) if entry.filename == name else data)
    return stream.getvalue()


def spoil_packed(data):
    """:return: a workbook of whose sheet the packed bytes are spoilt"""
    place = data.index(b"xl/worksheets/sheet1.xml") + 40
    return data[:place] + b"\xff" * 60 + data[place + 60 :]


def mark_book(offset, value, central_offset):
    """:return: a workbook all parts of which say something else of themselves in their headers: encrypted, or packed
    in a way that nobody knows
    """
    data = bytearray(make_book([["Name"], ["A"]]).getvalue())
    for signature, place in ((b"PK\x03\x04", offset), (b"PK\x01\x02", central_offset)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            data[start + place] = value
    return bytes(data)


@tagged("post_install", "-at_install")
class TestMoveInReaders(BaseCase):
    """D1: files of other systems are read a row at a time, and what is wrong with one is said by its number."""

    def test_each_source_as_its_file_is_written(self):
        """D1, D2: whoever is in the file is read, with all that the source knows"""
        for source, writers in move_in_files.WRITERS.items():
            for writer in writers:
                people = move_in_files.make_people(
                    source, 120, each_stage_once=writer is move_in_files.write_hubspot_table
                )
                rows = [row for data in writer(people).values() for row in read(source, data)]
                by_id = {}
                for row in rows:
                    self.assertIsNone(row.problem, writer)
                    by_id.setdefault(row.external_id, []).append(row)
                self.assertEqual(set(by_id), {person.id for person in people})
                for person in people:
                    with self.subTest(writer=writer.__name__, person=person.number):
                        self.check_person(source, person, by_id[person.id])

    def check_person(self, source, person, rows):
        self.assertEqual({row.name for row in rows}, {f"{person.first} {person.last}"})
        self.assertEqual({row.email for row in rows}, {person.email})
        self.assertEqual({row.phone for row in rows}, {person.phone})
        stages = [stage for row in rows for stage in row.stages]
        if source == "chatwoot":
            self.assertEqual(set(stages), {*person.tags, *filter(None, [person.stage])})
            return
        moves = [(move.stage, move.when) for row in rows for move in row.moves]
        self.assertEqual(moves, person.moves)
        self.assertLessEqual(set(stages), {person.stage})

    def test_bad_files(self):
        """D1: a table of what can be wrong with a file, and with a row"""
        million = ",".join(f"c{number}" for number in range(10**6)).encode()
        for source, data, reason in (
            ("file", b"", "empty"),
            ("file", b"\n\n,,\n", "empty"),
            ("file", b"Name\0,Email\n", "binary"),
            ("file", b"\x89PNG\r\n\x1a\n\0\0", "binary"),
            ("file", million, "line"),
            ("file", b",".join([b"c"] * 2000) + b"\n", "columns"),
            ("file", HEADER + b'1,"' + b"x" * 200000 + b'"\n', "table"),
            ("file", HEADER + ",Jos\u00e9".encode() * 90000 + b"\xff\n", "encoding"),
            ("file", b"PK\x03\x04 no workbook", "xlsx"),
            *(
                ("file", damage_book(f"xl/{name}.xml", damage), "xlsx")
                for name in ("workbook", "styles", "worksheets/sheet1")
                for damage in (lambda data: data[: len(data) // 2], lambda data: b"<" * 100)
            ),
            ("file", mark_book(6, 1, 8), "xlsx"),
            ("file", mark_book(8, 77, 10), "xlsx"),
            ("file", spoil_packed(make_book([["Name"], *[["A"]] * 500]).getvalue()), "xlsx"),
            ("file", make_book([["Name"] * 1500]).getvalue(), "columns"),
            ("file", b"nothing,that,is,known\n1,2,3,4\n", "no_columns"),
            ("chatwoot", b'{"items": []}', "json_source"),
            ("hubspot", b'{"results": [{"id": "1"', "json"),
            ("hubspot", b'[{"results": []}', "json"),
            ("hubspot", b"[1, 2]", "json"),
            ("respondio", b"[" * 100000, "json"),
            ("respondio", b"{}{]", "json"),
            ("respondio", b'{"items": []}', "empty"),
        ):
            with self.subTest(data=data[:40], reason=reason), self.assertRaises(Unreadable) as caught:
                read(source, data)
            self.assertEqual(caught.exception.reason, reason)

    def test_bad_rows(self):
        """D1: the others are read all the same"""
        for source, data, reason in (
            ("file", HEADER + b"1,A,,S,31.02.2025", "date"),
            ("file", HEADER + b"1,A,,S,yesterday", "date"),
            ("file", HEADER + b"1,A,,S,1.1.25", "date"),
            ("file", HEADER + b"1,A,,S,01.01.0001", "date"),
            ("file", HEADER + b"1,A,,S,99999999999999999", "date"),
            ("file", HEADER + b"1,A,,S,01.01.2027", "future"),
            ("file", HEADER + b",,,S,01.01.2025", "nobody"),
            ("file", HEADER + b"1,A,,S,01.01.2025,lost", "beyond"),
            ("file", HEADER + b"1,A, Ltd.,,S,01.01.2025", "beyond"),
            ("respondio", WEBHOOK, "arrival"),
            ("respondio", WEBHOOK.replace(b"lifecycle.updated", b"created"), "event"),
            ("respondio", b'{"lifecycle": "A"}', "nobody"),
            ("hubspot", b'{"id": "1", "properties": []}', "json_contact"),
            (
                "hubspot",
                b'{"id": "1", "properties": {}, "propertiesWithHistory": {"lifecyclestage": [1]}}',
                "json_contact",
            ),
            (
                "hubspot",
                b'{"id": "1", "properties": {}, "propertiesWithHistory": {"lifecyclestage": [{"value": "a"}]}}',
                "date",
            ),
        ):
            with self.subTest(data=data, reason=reason):
                [row] = read(source, data)
                self.assertEqual(row.problem and row.problem.reason, reason)
                self.assertGreaterEqual(row.number, 1)
        rows = read("file", HEADER + b"1,A,,S,01.01.2025,, ,\n2,B,,S,01.01.2025,,lost,too\n3,C\n")
        self.assertEqual([row.problem and row.problem.facts for row in rows], [None, {"value": "lost"}, None])
        rows = read("file", HEADER + b"1,A,,S,never\n2,B,,S,01.01.2025\n")
        self.assertEqual([bool(row.problem) for row in rows], [True, False])
        self.assertEqual([row.number for row in rows], [2, 3])

    def test_dates_of_several_kinds_in_one_column(self):
        """D1: each is read for itself"""
        moment = datetime(2025, 2, 1, 15, 4)
        for text, day_first, expected in (
            ("2025-02-01 15:04", True, moment),
            ("2025-02-01T15:04:00Z", True, moment),
            ("2025-02-01T16:04:00.123+01:00", True, moment),
            ("2025-02-01T16:04:00+0100", True, moment),
            ("1/2/2025 15:04", True, moment),
            ("2/1/2025 3:04 PM", False, moment),
            ("1.2.2025 15:04:00", True, moment),
            ("1.2.2025 15:04:00", False, moment),
            ("1738422240", True, moment),
            ("1738422240000", True, moment),
            ("2025-02-01", True, datetime(2025, 2, 1)),
            ("2/1/2025, 12:00 AM", False, datetime(2025, 2, 1)),
        ):
            with self.subTest(text=text):
                [row] = read("file", HEADER + f'1,A,,S,"{text}"'.encode(), day_first)
                self.assertIsNone(row.problem)
                self.assertEqual(row.moves[0].when, expected)
        data = make_book(
            [["Id", "Stage", "Date"], [1, "S", moment], [2, "S", date(2025, 2, 1)], [3, "=1+1", None]]
        ).getvalue()
        rows = read("file", data)
        self.assertEqual([row.external_id for row in rows], ["1", "2", "3"])
        self.assertEqual([row.moves[0].when for row in rows[:2]], [moment, datetime(2025, 2, 1)])
        self.assertEqual(rows[2].stages, [], "nobody computes a formula")

    def test_encodings_and_separators(self):
        """D1: as spreadsheets of several systems write them; names of all scripts, and what looks like a formula"""
        names = ["José", "山田 太郎", "\u202eليلى", "🦊 Fox", "=HYPERLINK(1)", "<b>Bold</b>"]
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            for separator in ",;\t|":
                lines = [separator.join(("Name", "Email")), *(f"{name}{separator}a@b.c" for name in names)]
                rows = read("file", "\r\n".join(lines).encode(encoding))
                self.assertEqual([row.name for row in rows], names, (encoding, separator))
        [row] = read("file", "Name,Email\nJosé Pérez,a@b.c\n".encode("windows-1252"))
        self.assertEqual(row.name, "José Pérez")

    def test_headers_of_hubspot(self):
        """D1: labels and internal values, old and new dates of entering"""
        headers = ["Record ID", "First Name", "Lifecycle Stage", "Became a Marketing Qualified Lead Date"]
        headers += [
            "Became an Other Lifecycle Date",
            "hs_lifecyclestage_lead_date",
            "hs_v2_date_entered_1234",
        ]
        headers += [
            "hs_v2_date_entered_current_stage",
            "Became a Lead Date (GMT)",
            "Became a Home Visit Date",
        ]
        self.assertEqual(
            recognise("hubspot", headers),
            [
                ("external_id", "", False),
                ("first_name", "", False),
                ("stage", "", False),
                ("entered", "marketing qualified lead", False),
                ("entered", "other", False),
                ("entered", "lead", False),
                ("entered", "1234", False),
                (None, "", False),
                ("entered", "lead", True),
                ("entered", "home visit", False),
            ],
        )
        self.assertEqual(recognise("chatwoot", ["labels"]), [("stage_labels", "", False)])
        self.assertEqual(
            recognise("file", ["labels", "Id", "ID"]),
            [("tags", "", False), ("external_id", "", False), (None, "", False)],
        )

    def test_headers_in_other_languages(self):
        """D1: ordinary words of eight languages; one word for the name and for a part of it is what is missing"""
        for headers in (
            (
                "Datensatz-ID",
                "Vorname",
                "Nachname",
                "E-Mail-Adresse",
                "Telefonnummer",
                "Lifecycle-Phase",
                "Datum",
            ),
            ("ID de registro", "Nombre", "Apellidos", "Correo electrónico", "Teléfono", "Etapa", "Fecha"),
            ("Identifiant", "Prénom", "Nom", "Adresse e-mail", "Téléphone", "Étape", "Date"),
            ("ID record", "Nome", "Cognome", "Indirizzo e-mail", "Telefono", "Fase", "Data"),
            ("ID do registro", "Nome", "Sobrenome", "E-mail", "Telefone", "Estágio", "Data"),
            ("Record-ID", "Voornaam", "Achternaam", "E-mailadres", "Telefoon", "Stadium", "Datum"),
            ("レコードID", "名", "姓", "メールアドレス", "電話番号", "ライフサイクルステージ", "日付"),
        ):
            with self.subTest(headers=headers):
                self.assertEqual(
                    [target for target, _stage, _is_utc in recognise("hubspot", headers)],
                    ["external_id", "first_name", "last_name", "email", "phone", "stage", "stage_date"],
                )
        self.assertEqual([found[0] for found in recognise("file", ["Nome", "E-mail"])], ["name", "email"])
        targets = {}
        for names in (ALIASES, *WORDS.values()):
            for target, words in names.items():
                for word in words:
                    self.assertEqual(word, normalize(word))
                    self.assertEqual(targets.setdefault(word, target), target, word)

    def test_names_of_parts(self):
        """D1: the first name comes first, and a name that is told as a whole is it, whatever the order of the columns"""
        for header, values, name in (
            ("Nom,Prénom", "Silva,Ana", "Ana Silva"),
            ("Prénom,Nom", "Ana,Silva", "Ana Silva"),
            ("Nachname,Vorname", "Silva,Ana", "Ana Silva"),
            ("Apellidos,Nombre", "Silva,Ana", "Ana Silva"),
            ("Full Name,Last Name", "Ana Silva,Silva", "Ana Silva"),
            ("Last Name,Full Name", "Silva,Ana Silva", "Ana Silva"),
            ("Vorname,Nachname,Vollständiger Name", "Ana,Silva,Dr. Ana Silva", "Dr. Ana Silva"),
            ("First Name,Last Name,Name", "Ana,Silva,", "Ana Silva"),
            ("First Name,Last Name", ",Silva", "Silva"),
            ("First Name,Full Name", "Ana,Ana Silva", "Ana Silva"),
        ):
            with self.subTest(header=header):
                self.assertEqual([row.name for row in read("file", f"{header}\n{values}\n".encode())], [name])

    def test_time_zone_of_times_without_one(self):
        """D2"""
        zone = timezone(timedelta(hours=2))
        data = b'Record ID,Became a Lead Date,"Became a Customer Date (GMT)"\n1,2025-01-01 01:00,2025-01-01 01:00\n'
        [row] = read_rows("hubspot", io.BytesIO(data), Moments(zone, True, NOW))
        self.assertEqual(
            [(move.stage, move.when) for move in row.moves],
            [("lead", datetime(2024, 12, 31, 23)), ("customer", datetime(2025, 1, 1, 1))],
        )

    def test_history_of_one_second(self):
        """D2: HubSpot has the newest first"""
        history = [{"value": stage, "timestamp": "2025-01-01T00:00:00.1Z"} for stage in ("customer", "lead")]
        page = {"id": "1", "properties": {}, "propertiesWithHistory": {"lifecyclestage": history}}
        [row] = read("hubspot", json.dumps(page).encode())
        self.assertEqual([move.stage for move in row.moves], ["lead", "customer"])

    def test_memory_does_not_grow_with_the_file(self):
        """D1: neither the file nor its rows are in memory at once"""
        line = b"%d,Somebody with a name,somebody@example.com,Lead,01.01.2025\n"
        page = json.dumps({"items": [{"id": 1, "firstName": "A" * 500, "lifecycle": "Lead"}] * 50}).encode()
        for source, small, large in (
            ("file", HEADER + line * 1000, HEADER + line * 12000),
            ("respondio", page * 10, page * 80),
        ):
            with self.subTest(source=source):
                self.assertLess(self.measure(source, large), 2 * self.measure(source, small) + 500_000)

    def measure(self, source, data):
        stream = io.BytesIO(data)
        tracemalloc.start()
        try:
            count = sum(1 for _row in read_rows(source, stream, Moments(timezone.utc, True, NOW)))
            self.assertGreater(count, 400)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def test_large_file_is_refused(self):
        """D1"""
        self.assertLessEqual(table.MAX_BYTES, 2**30)
        stream = io.BytesIO(b"Name\nA\n")
        stream.seek = lambda offset, whence=0: (
            table.MAX_BYTES + 1 if whence == 2 else io.BytesIO.seek(stream, offset, whence)
        )
        with self.assertRaises(Unreadable) as caught:
            table.read_table(stream)
        self.assertEqual(caught.exception.reason, "too_large")

    def test_report_is_no_formula(self):
        """D3"""
        for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"):
            self.assertEqual(escape_formula(text), f"'{text}")
        self.assertEqual(escape_formula("a=1"), "a=1")
        self.assertEqual(escape_formula(None), "")
