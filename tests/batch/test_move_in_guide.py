import json
import re
from datetime import timezone
from pathlib import Path

from odoo.tests import tagged

from ...models.batch.lifecycle_import import SOURCES
from ...tools.move_in.moments import Moments
from ...tools.move_in.objects import read_objects_of
from ..common_move_in import MoveInCase
from ..scripts import move_in_files

GUIDE = Path(__file__).parents[2] / "docs" / "user-guide" / "moving-in.md"
# What the guide says of respond.io: the key of the JSON, which nothing reads.
KEYS = {
    "Custom fields": "custom_fields",
    "the status of conversations": "status",
    "pictures": "profilePic",
    "the locale beside the language": "locale",
    "who is blocked": "isBlocked",
    "when contacts were created": "created_at",
}
OWN = "My Own"  # a column


class Told(dict):
    """An object of JSON that notes what is read of it."""

    read = set()

    def get(self, key, default=None):
        self.read.add(key)
        return super().get(key, default)


@tagged("post_install", "-at_install")
class TestMoveInGuide(MoveInCase):
    """D3: the guide's column of what does not come along says what the code leaves out, no more and no less."""

    def setUp(self):
        super().setUp()
        Told.read = set()
        names = {name: source for source, name in SOURCES}
        rows = re.findall(r"^\| ([^|]+) \| \d+ \| [^|]*\| ([^|]+) \|$", GUIDE.read_text(), re.MULTILINE)
        self.said = {names[name]: set(cell.split(", ")) for name, cell in rows}
        self.assertEqual(len(self.said), len(SOURCES))

    def move_people_in(self, source, writer, separator=","):
        """:return: tuple of the contacts of a file with a column of one's own, and who they are"""
        people = move_in_files.make_people(source, 20, each_stage_once=True)
        [data] = writer(people).values()
        first, *others = data.decode().splitlines()
        lines = [f'{first}{separator}"{OWN}"', *(f'{line}{separator}"mine"' for line in others)]
        moving = self.try_out(source, {"a.csv": "\n".join(lines).encode()})
        self.check_columns(moving)
        moving.stage_ids.filtered(lambda line: not line.stage_id).outcome = "empty"
        moving.action_start()
        self.assertEqual((moving.state, moving.failed_count), ("done", 0))
        return self.get_rows(moving).partner_id, people

    def check_columns(self, moving):
        """The columns of which the owner is told are in italics in the guide, but for their own."""
        headers = set(moving.column_ids.filtered(lambda column: not column.target).mapped("header"))
        self.assertIn(OWN, headers)
        for header in headers:
            self.assertIn(header, moving.hints)
        said = re.findall(r"\*([^*]+)\*", ", ".join(self.said[moving.source]))
        self.assertEqual(set(said), headers - {OWN})

    def test_respondio(self):
        """Each key that is in its JSON and that nothing reads"""
        self.assertEqual(self.said["respondio"], KEYS.keys())
        data = move_in_files.write_respondio(move_in_files.make_people("respondio", 20))["contacts.json"]
        contacts = [Told(contact) for page in json.loads(data) for contact in page["items"]]
        moments = Moments(timezone.utc, True, self.now())
        rows = list(read_objects_of("respondio", enumerate(contacts, 1), moments))
        self.assertEqual(len(rows), 20)
        self.assertEqual(contacts[0].keys() - Told.read, set(KEYS.values()))

    def test_hubspot(self):
        contacts, people = self.move_people_in("hubspot", move_in_files.write_hubspot_table)
        self.assertEqual(
            self.said["hubspot"],
            {
                "*Lead Status*",
                "*Create Date*",
                "columns of your own",
                "companies as records of their own",
                "deals",  # are in no file of contacts
            },
        )
        self.assertTrue(any(person.company for person in people))
        self.assertFalse(contacts.parent_id)
        self.assertEqual(set(contacts.mapped("is_company")), {False})

    def test_chatwoot(self):
        contacts, people = self.move_people_in("chatwoot", move_in_files.write_chatwoot)
        self.assertEqual(
            self.said["chatwoot"],
            {
                "*identifier* beside the id",
                "labels that are no stage",
                "custom attributes but the one that is the stage",
                "conversations",  # are in no file of contacts
                "dates",
            },
        )
        self.assertTrue(any(person.tags for person in people))
        self.assertFalse(contacts.category_id)
        self.assertTrue(any(person.moves for person in people))
        dates = {row.date for row in self.Transition.search([("partner_id", "in", contacts.ids)])}
        self.assertEqual(len(dates), 1, "other dates than that of the file")

    def test_file(self):
        self.move_people_in("file", move_in_files.write_file, ";")
        self.assertEqual(self.said["file"], {"Columns that are left out"})

    def test_partner_stage(self):
        """test_move_in_tours has the addon's tables"""
        self.assertEqual(self.said["partner_stage"], {"Dates: the addon keeps none"})
