import re
from pathlib import Path

from odoo.tests import tagged

from ...models.batch.lifecycle_import import SOURCES
from ..common_move_in import MoveInCase
from ..common_patient import PatientCase
from ..scripts import move_in_files

COUNT = 200
COMES_ALONG = {  # beside the name, the email and the phone
    "respondio": ("lang", "country", "tags", "owner"),
    "hubspot": ("company", "country", "owner"),
    "chatwoot": ("company",),
    "file": ("lang", "country", "tags", "owner"),
}
LANGUAGES = {"de": "de_DE", "pt": "pt_BR", "fr": "fr_FR", "en": "en_US"}
GUIDE = Path(__file__).parents[2] / "docs" / "user-guide" / "moving-in.md"


@tagged("post_install", "-at_install")
class TestMoveInTours(PatientCase, MoveInCase):
    """An owner moves 200 contacts in from each source in the web client (D1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.email = "lifecycle_owner@example.com"  # which nobody else has

    def walk(self, source, writer=None, **kwargs):
        """:return: the contacts by their ids over there, and who they are"""
        for code in LANGUAGES.values() if "lang" in COMES_ALONG.get(source, ()) else ():
            self.env["res.lang"]._activate_lang(code)
        people = move_in_files.make_people(source, COUNT, owner=self.owner.email, **kwargs) if writer else []
        for name, data in (writer(people) if writer else {}).items():
            self.env["ir.attachment"].with_user(self.owner).create(
                {"name": name, "raw": data, "description": "for the tour"}
            )
        self.start_tour("/odoo", f"contact_lifecycle.move_in_{source}", login=self.owner.login)
        self.env.invalidate_all()
        moving = self.env["lifecycle.import"].search([], limit=1)
        self.assertEqual((moving.source, moving.state), (source, "done"))
        self.assertEqual((moving.failed_count, moving.unreadable_count, moving.left_count), (0, 0, 0))
        played = self.env["ir.attachment"].search([("name", "=", "steps played")])
        self.assertEqual(
            int(played.description), self.read_guide()[source], "the guide says another number of steps"
        )
        self.stages = {line.value: line.stage_id for line in moving.stage_ids}
        return people

    def read_guide(self):
        """:return: dict source -> the number of steps that the guide's table says"""
        names = {name: source for source, name in SOURCES}
        rows = re.findall(r"^\| ([^|]+) \| (\d+) \|", GUIDE.read_text(), re.MULTILINE)
        return {names[name]: int(count) for name, count in rows}

    def check_histories(self, source, people):
        self.assertEqual(len(people), COUNT)
        for person in people:
            history = [
                (stage, when) for stage, when, _source in self.get_history(self.find(source, person.id))
            ]
            self.assertEqual(history, [(self.stages[stage], when) for stage, when in person.moves])
        self.check_contacts(source, people)

    def check_contacts(self, source, people):
        """All that the source says of each, and nothing that it does not say."""
        for person in people:
            contact = self.find(source, person.id)
            said = {
                "lang": LANGUAGES[person.language],
                "country": person.country,
                "company": person.company or False,
                "tags": set(person.tags),
                "owner": self.owner if person.owner else self.env["res.users"],
            }
            nothing = {
                "lang": "en_US",
                "country": False,
                "company": False,
                "tags": set(),
                "owner": said["owner"][:0],
            }
            found = {
                "lang": contact.lang,
                "country": contact.country_id.code,
                "company": contact.company_name,
                "tags": set(contact.category_id.mapped("name")),
                "owner": contact.user_id,
            }
            self.assertEqual(
                (contact.name, contact.email, contact.phone),
                (f"{person.first} {person.last}", person.email, person.phone),
            )
            self.assertEqual(found, nothing | {name: said[name] for name in COMES_ALONG[source]})

    def test_respondio(self):
        """D1, D2"""
        self.check_histories("respondio", self.walk("respondio", move_in_files.write_respondio))
        self.assertEqual(len(self.Stage.search([])), 5, "all of its stages are ours")

    def test_hubspot(self):
        """D1, D2"""
        people = self.walk("hubspot", move_in_files.write_hubspot_table, each_stage_once=True)
        self.check_histories("hubspot", people)

    def test_file(self):
        """D1, D2"""
        self.check_histories("file", self.walk("file", move_in_files.write_file))

    def test_chatwoot(self):
        """D1: labels are stages"""
        people = self.walk("chatwoot", move_in_files.write_chatwoot)
        lost = self.Stage.search([("name", "=", "VIP")])
        self.assertTrue(lost.is_lost)
        self.check_contacts("chatwoot", people)
        order = list(self.stages)
        for person in people:
            labels = [
                label for label in order if label in [*person.tags, person.stage] and self.stages[label]
            ]
            contact = self.find("chatwoot", person.id)
            self.assertEqual(contact.lifecycle_stage_id, self.stages[labels[0]] if labels else self.Stage)

    def test_partner_stage(self):
        """D1"""
        contacts = self.make_contacts_without_stage(2)
        self.env.flush_all()
        self.cr.execute(
            """
            CREATE TABLE res_partner_stage (id serial PRIMARY KEY, name varchar);
            ALTER TABLE res_partner ADD COLUMN stage_id integer;
            INSERT INTO res_partner_stage (name) VALUES ('Hot Lead');
            """
        )
        self.cr.execute("UPDATE res_partner SET stage_id = 1 WHERE id = ANY(%s)", [contacts.ids])
        self.walk("partner_stage")
        self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
        moving = self.env["lifecycle.import"].search([], limit=1)
        self.assertEqual(set(contacts.mapped("date_last_stage_update")), {moving.as_of}, "there are no dates")


@tagged("post_install", "-at_install")
class TestMoveInPhone(PatientCase, MoveInCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_chatwoot(self):
        """D1, D3: what is a line in a list is a card on a phone, and changed there as well"""
        people = move_in_files.make_people("chatwoot", COUNT)
        email = people[0].email
        twins = self.Partner.create(
            [{"name": f"{name} Twin", "email": email} for name in ("First", "Second")]
        )
        for name, data in move_in_files.write_chatwoot(people).items():
            self.env["ir.attachment"].with_user(self.owner).create(
                {"name": name, "raw": data, "description": "for the tour"}
            )
        self.start_tour("/odoo/move-in", "contact_lifecycle.move_in_phone", login=self.owner.login)
        self.env.invalidate_all()
        moving = self.env["lifecycle.import"].search([], limit=1)
        self.assertEqual((moving.state, moving.failed_count), ("done", 0))
        self.assertTrue(self.Stage.search([("name", "=", "VIP")]).is_lost)
        self.assertEqual(moving.choice_ids.partner_id, twins[1])
        self.assertEqual(self.find("chatwoot", people[0].id), twins[1])

    def test_new_one(self):
        """what has no source yet is no step of anything"""
        self.assertFalse(self.env["lifecycle.import"].new({}).display_name)
