from unicodedata import normalize

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LifecycleCase

# An emoji with a variation selector, and a letter that can be written in two ways.
EMOJI, NAME = "✈\ufe0f", "Após Visita"


@tagged("post_install", "-at_install")
class TestStageName(LifecycleCase):
    """The names of stages are found as people and files write them (A12), on every path alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.stage = cls.Stage.create({"name": NAME, "emoji": EMOJI})
        cls.hot_lead.with_context(lang="de_DE").name = "Heißer Lead"
        cls.user = cls.make_user(
            "lifecycle_writer",
            "base.group_partner_manager,contact_lifecycle.group_agent,sales_team.group_sale_salesman_all_leads",
        )
        cls.channel = cls.make_livechat(cls.make_guest(), agent=cls.user)
        cls.lead = cls.env["crm.lead"].create({"name": "Deal", "partner_id": cls.contact.id})
        for model, record in (("res.partner", cls.contact), ("crm.lead", cls.lead)):
            cls.env["ir.model.data"]._update_xmlids([{"xml_id": f"__import__.{model}", "record": record}])
        cls.ways = {
            "write": cls.write_contact,
            "create": cls.create_contact,
            "import of a new contact": cls.import_new,
            "import of a contact": lambda text, lang: cls.import_again(
                "res.partner", cls.contact, text, lang
            ),
            "import of a lead": lambda text, lang: cls.import_again("crm.lead", cls.contact, text, lang),
            "conversation": cls.write_conversation,
            "/stage": cls.command,
            "search": cls.search,
        }

    @classmethod
    def write_contact(cls, text, lang):
        cls.contact.with_user(cls.user).with_context(lang=lang).write({"lifecycle_stage_id": text})
        return cls.contact.lifecycle_stage_id

    @classmethod
    def create_contact(cls, text, lang):
        Partner = cls.Partner.with_user(cls.user).with_context(lang=lang)
        return Partner.create({"name": "New", "lifecycle_stage_id": text}).sudo().lifecycle_stage_id

    @classmethod
    def load(cls, model, fields, row, lang):
        Model = cls.env[model].with_user(cls.user).with_context(lang=lang, import_file=True)
        result = Model.load(fields, [row])
        if not result["ids"]:
            raise UserError(result["messages"][0]["message"])
        return cls.env[model].browse(result["ids"])

    @classmethod
    def import_new(cls, text, lang):
        return cls.load("res.partner", ["name", "lifecycle_stage_id"], ["New", text], lang).lifecycle_stage_id

    @classmethod
    def import_again(cls, model, contact, text, lang):
        cls.load(model, ["id", "lifecycle_stage_id"], [f"__import__.{model}", text], lang)
        return contact.lifecycle_stage_id

    @classmethod
    def write_conversation(cls, text, lang):
        cls.channel.with_user(cls.user).with_context(lang=lang).action_lifecycle_set_stage(text)
        return cls.channel.lifecycle_stage_id

    @classmethod
    def command(cls, text, lang):
        cls.channel.lifecycle_stage_id = False
        cls.channel.with_user(cls.user).with_context(lang=lang).execute_command_stage(body=f"/stage {text}")
        return cls.channel.lifecycle_stage_id

    @classmethod
    def search(cls, text, lang):
        found = cls.Stage.with_context(lang=lang).search([("display_name", "=", text)])
        others = cls.Stage.with_context(lang=lang).search([("display_name", "!=", text)])
        return found if others == cls.Stage.search([]) - found else others

    def assertFound(self, text, stage, lang="en_US"):
        for way, set_stage in self.ways.items():
            with self.subTest(way=way, text=text):
                self.contact.lifecycle_stage_id = self.channel.lifecycle_stage_id = self.payment
                self.assertEqual(set_stage(text, lang), stage)

    def test_every_spelling_on_every_path(self):
        """A12: case, spaces, accents and emoji"""
        decomposed = normalize("NFD", NAME)
        self.assertNotEqual(decomposed, NAME)
        for text in (
            NAME,
            NAME.upper(),
            f"  {NAME.lower()}\t",
            "Após \N{NO-BREAK SPACE} Visita",
            decomposed,
            decomposed.upper(),
            f"{EMOJI} {NAME}",
            f"{EMOJI}{NAME}",
            f"✈ {NAME}",
            f" ✈{decomposed} ",
            f"{EMOJI}   Após\u200b  visita",
        ):
            self.assertFound(text, self.stage)

    def test_emoji_of_several_characters(self):
        """A12: of which some are not seen"""
        for emoji in ("❤️‍🔥", "👍🏽", "1️⃣", "🇧🇷", "🏳️"):
            self.stage.emoji = emoji
            bare = emoji.replace("\ufe0f", "")
            for text in (f"{emoji} {NAME}", f"{emoji}{NAME}", f"{bare} {NAME}", f"{bare}{NAME}"):
                self.assertEqual(self.env["lifecycle.stage"]._from_value(text), self.stage, text)
        for text in (f"🔥 {NAME}", EMOJI, "ApósVisita", "Apos Visita"):
            with self.assertRaisesRegex(UserError, "There is no stage"):
                self.env["lifecycle.stage"]._from_value(text)

    def test_english_name_where_no_stage_has_it_in_the_users_language(self):
        """A12: the exports of other products are mostly English"""
        for text in ("Heißer Lead", "HEISSER LEAD", "🔥Heißer  Lead", "Hot Lead", "🔥 hot  lead"):
            self.assertFound(text, self.hot_lead, lang="de_DE")
        with self.assertRaisesRegex(UserError, "There is no stage “Heißer Lead”"):
            self.env["lifecycle.stage"].with_context(lang="en_US")._from_value("Heißer Lead")

    def test_users_own_language_comes_first(self):
        """A12: also where the English name is that of another stage, and for clients that say no language"""
        self.payment.with_context(lang="de_DE").name = "Hot Lead"
        self.assertFound("hot lead", self.payment, lang="de_DE")
        self.assertFound("hot lead", self.hot_lead, lang="en_US")
        self.user.lang = "de_DE"
        contact = self.contact.with_user(self.user).with_context(lang=None)
        contact.write({"lifecycle_stage_id": "heißer lead"})
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)

    def test_command_completes_a_beginning_or_a_part(self):
        """A10, A12: of any spelling, in the user's language or in English"""
        for text, lang in (
            ("após", "en_US"),
            ("VISITA", "en_US"),
            ("✈ap", "en_US"),
            (normalize("NFD", "apó"), "en_US"),
        ):
            self.assertEqual(self.command(text, lang), self.stage, text)
        for text in ("heis", "hot"):
            self.assertEqual(self.command(text, "de_DE"), self.hot_lead, text)

    def test_what_is_typed_into_a_choice(self):
        """A12: a part of the name, or a pattern as everywhere in Odoo"""
        for text in ("após", normalize("NFD", "após"), "✈visita"[1:], "✈Após", "Ap%ita"):
            found = [stage_id for stage_id, _name in self.Stage.with_user(self.user).name_search(text)]
            self.assertEqual(found, self.stage.ids, text)
        self.assertEqual(len(self.Stage.name_search("")), self.Stage.search_count([]))

    def test_long_text_is_not_given_back_whole(self):
        """A6"""
        for way in (self.write_contact, self.create_contact, self.write_conversation):
            with self.assertRaisesRegex(UserError, "There is no stage “x{64}…”: choose one of"):
                way("x" * 100000, "en_US")

    def test_name_that_is_changed_is_known_at_once(self):
        """A12: what is kept in memory is forgotten"""
        find = self.env["lifecycle.stage"]._from_value
        self.assertEqual(find(NAME), self.stage)
        self.stage.name = "Other"
        self.assertEqual(find("other"), self.stage)
        self.stage.emoji = "🌵"
        self.assertEqual(find("🌵other"), self.stage)
        self.stage.update_field_translations("name", {"de_DE": "Anderer"})
        self.assertEqual(find.__self__.with_context(lang="de_DE")._from_value("anderer"), self.stage)
        lost = self.LostStage.create({"name": "Gone"})
        self.assertEqual(find("gone"), lost.stage_id)
        lost.name = "Went"
        self.assertEqual(find("went"), lost.stage_id)
        short_lived = self.Stage.create({"name": "Short"})
        self.assertEqual(find("short"), short_lived)
        short_lived.unlink()
        self.delete_stage(self.stage)
        self.make_contacts(1, lost.stage_id)
        lost.stage_id._lifecycle_write_protected({"deletion_pending": True})
        for text in ("short", "other", "went"):
            with self.assertRaisesRegex(UserError, "There is no stage"):
                find(text)

    def test_import_asks_for_no_name_twice(self):
        """A6: the number of queries does not grow with the rows"""

        def count(number):
            rows = [[f"Contact {i}", ("Hot Lead", "🤩Customer", "payment")[i % 3]] for i in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for _name, text in rows:
                self.assertEqual(len(self.Stage.with_user(self.user).name_search(text, operator="=")), 1)
            names = self.cr.sql_log_count - before
            before = self.cr.sql_log_count
            self.assertFalse(self.Partner.load(["name", "lifecycle_stage_id"], rows)["messages"])
            return names, self.cr.sql_log_count - before

        count(10)
        (few_names, few), (many_names, many) = count(60), count(120)
        self.assertLessEqual(many_names, few_names)
        self.assertLess(many - few, 6)
