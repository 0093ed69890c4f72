import io
from datetime import date, datetime, timezone

from odoo.tests import BaseCase, tagged

from ...tools.move_in import columns, fitting
from ...tools.move_in.column_words import WORDS
from ...tools.move_in.columns import ALIASES, CHECKED, DOUBTFUL, recognise
from ...tools.move_in.moments import Moments
from ...tools.move_in.rows import Unreadable
from ...tools.move_in.sources import read_rows

# value -> what a column of such values may be, of what is looked at
VALUES = {
    "01.02.2025": {"stage_date"},
    "2025-02-01T10:00:00Z": {"stage_date"},
    date(2025, 2, 1): {"stage_date"},
    datetime(2025, 2, 1): {"stage_date"},
    "2999-01-01": {"stage_date"},  # a typing error, which is told by its row
    "a@example.com": {"email", "owner", "name", "first_name", "last_name", "company", "tags", "stage"},
    "+49 30 1234567": {"phone", "stage"},
    "1738422240": {"phone", "stage"},
    301234567: {"phone", "stage"},
    "Germany": {
        "country",
        "language",
        "owner",
        "name",
        "first_name",
        "last_name",
        "company",
        "tags",
        "stage",
    },
    "pt-BR": {"country", "language", "owner", "name", "first_name", "last_name", "company", "tags", "stage"},
    "12 GB": {"owner", "name", "first_name", "last_name", "company", "tags", "stage"},
    "山田": {"country", "language", "owner", "name", "first_name", "last_name", "company", "tags", "stage"},
    "7": {"stage"},
    "x" * 65: {"owner", "name", "first_name", "last_name", "company", "tags"},
}


@tagged("post_install", "-at_install")
class TestMoveInFitting(BaseCase):
    """D1: a word that means something else in another language is what its values are."""

    def recognise(self, header, *cells):
        return recognise("file", [header], [[cell] for cell in cells])[0][0]

    def test_kinds_of_values(self):
        """D1: a table of values and what they may be"""
        for value, expected in VALUES.items():
            with self.subTest(value=value):
                self.assertEqual(
                    {target for target in fitting.FIT if fitting.fits(target, [value])}, expected
                )
        self.assertTrue(fitting.fits("external_id", ["x"]), "an id may be anything")

    def test_word_of_another_language(self):
        """D1: “Data” is the date in Italian, and data in English"""
        self.assertEqual(self.recognise("Data", "01.02.2025", "", "3.4.2025"), "stage_date")
        self.assertIsNone(self.recognise("Data", "12 GB", "", "2.5 GB"))
        self.assertIsNone(self.recognise("Data", "", None), "nobody can tell")
        self.assertIsNone(self.recognise("Land", "12 ha"))
        self.assertEqual(self.recognise("Land", "Frankreich"), "country")
        self.assertIsNone(self.recognise("Tag", "01.02.2025"), "the day in German")
        self.assertEqual(self.recognise("Tag", "VIP"), "tags")
        self.assertIsNone(self.recognise("Nombre", "12"), "the number in French")
        self.assertEqual(self.recognise("Datum", ""), "stage_date")
        self.assertEqual(
            self.recognise("Datum", "01.02.2025", "gestern"), "stage_date", "it is told by its row"
        )
        self.assertEqual(
            self.recognise("Date", "gestern"), "stage_date", "in English it is what it is called"
        )

    def test_another_column_is_it(self):
        """D1: what is no date does not keep the one that is from being it"""
        found = recognise("file", ["Data", "Date"], [["red", "01.02.2025"]])
        self.assertEqual([target for target, _stage, _is_utc in found], [None, "stage_date"])

    def test_data_in_an_english_file(self):
        """D1: its rows are read"""
        data = b"Name,Email,Data\nA,a@example.com,12 GB\nB,b@example.com,red\n"
        rows = list(read_rows("file", io.BytesIO(data), Moments(timezone.utc, True, datetime(2026, 1, 1))))
        self.assertEqual([(row.name, row.problem) for row in rows], [("A", None), ("B", None)])

    def test_every_other_language_is_looked_at(self):
        """D1: but for what is a word of English alone"""
        english = {word for words in ALIASES.values() for word in words}
        others = {word for names in WORDS.values() for words in names.values() for word in words}
        self.assertEqual(CHECKED, DOUBTFUL | others - english)
        self.assertLessEqual(DOUBTFUL, english | others)
        self.assertLessEqual(set(fitting.FIT), set(columns.TARGETS))

    def test_headers_in_more_languages(self):
        """D1: ordinary words of the other languages in which HubSpot exports"""
        for headers in (
            ("Fornavn", "Efternavn", "E-mailadresse", "Telefonnummer", "Livscyklusfase", "Dato"),
            ("Etunimi", "Sukunimi", "Sähköposti", "Puhelinnumero", "Vaihe", "Päivämäärä"),
            ("Fornavn", "Etternavn", "E-post", "Telefonnummer", "Fase", "Dato"),
            ("Imię", "Nazwisko", "Adres e-mail", "Numer telefonu", "Etap", "Data"),
            ("Förnamn", "Efternamn", "E-postadress", "Telefonnummer", "Fas", "Datum"),
            ("名字", "姓氏", "電子郵件", "電話號碼", "階段", "日期"),
        ):
            values = ("Ana", "Silva", "a@example.com", "+49 30 1234567", "Lead", "2025-01-01")
            with self.subTest(headers=headers):
                self.assertEqual(
                    [target for target, _stage, _is_utc in recognise("hubspot", headers, [values])],
                    ["first_name", "last_name", "email", "phone", "stage", "stage_date"],
                )

    def test_columns_of_one_header(self):
        """D1: of two the first is the stage, also where an owner has said what they are"""
        data = b"Name,Stage,Stage,Tags,Tags\nA,Lead,Customer,x,y\n"
        told = {"Name": ("name", "", False), "Stage": ("stage", "", False), "Tags": ("tags", "", False)}
        for chosen in (None, told):
            moments = Moments(timezone.utc, True, datetime(2026, 1, 1))
            [row] = read_rows("file", io.BytesIO(data), moments, chosen)
            self.assertEqual((row.stages, row.tags), (["Lead"], ["x", "y"]))
        with self.assertRaises(Unreadable):
            list(read_rows("file", io.BytesIO(data), moments, {}))
