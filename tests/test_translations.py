import io
import re

import polib
from lxml import etree

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import code_translations, trans_export

from ..models.stage.lifecycle_stage_name import MAX_NAME_LENGTH
from ..wizard.lifecycle_lost_stage_suggest import SUGGESTIONS
from ..wizard.lifecycle_stage_sets import STAGES

ADDON = "contact_lifecycle"
LANGUAGES = {"pt_BR": "pt_BR", "fr_FR": "fr", "de_DE": "de", "it_IT": "it", "es_ES": "es"}
# brackets mark the words that are chips in the sentence of a rule
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\{.*?\}\}|[\[\]]")
TAG = re.compile(r"<[^>]+>")
TEXT_ATTRIBUTE = re.compile(r' (?:aria-label|title|placeholder)="[^"]+"')


def read(name):
    """:return: ``polib.POFile`` of the addon"""
    return polib.pofile(file_path(f"{ADDON}/i18n/{name}"))


def markup(text):
    """:return: list of the tags in a text, without the texts in their attributes"""
    return sorted(TEXT_ATTRIBUTE.sub("", tag) for tag in TAG.findall(text))


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """The template and the translations of the addon are as the code is: ``make i18n`` brings them in line."""

    def term_places(self, terms):
        """:return: set of (text, where it is used); of the code only whether that is Python or JavaScript"""
        return {
            (term.msgid, place)
            for term in terms
            for place in [
                *(path for path, _line in term.occurrences if not path.startswith("code:")),
                *re.findall("odoo-(?:python|javascript)", term.comment),
            ]
            if not self.is_of_neighbour(place)
        }

    def is_of_neighbour(self, place):
        """:return: whether this is of a field that another addon, installed beside this one, adds to our models, or
        to those that describe them
        """
        found = re.fullmatch(rf"model:([\w.]+),(\w+):({ADDON}\.\w+)", place)
        if not found:
            return False
        model, name, xmlid = found.groups()
        record = self.env.ref(xmlid, raise_if_not_found=False)
        if record and model == "ir.model.fields" and set(record.modules.split(", ")) - self.own_modules:
            return True
        return not self.own_modules.intersection(self.env[model]._fields[name]._modules)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env["ir.module.module"].search([("name", "=", ADDON)])
        cls.own_modules = {ADDON, *module.upstream_dependencies(exclude_states=("",)).mapped("name")}

    def test_template_is_current(self):
        """S6: every text that people see is in the template, and nothing else."""
        buffer = io.BytesIO()
        trans_export(None, [ADDON], buffer, "po", self.env)
        exported = self.term_places(polib.pofile(buffer.getvalue().decode()))
        template = self.term_places(read(f"{ADDON}.pot"))
        self.assertGreater(len(exported), 500)
        self.assertFalse(exported - template, "texts that the template lacks: run “make i18n”")
        self.assertFalse(template - exported, "texts that are gone from the code: run “make i18n”")

    def test_html_in_data_says_its_tag(self):
        """S6: around plain text each 19.0 puts a tag of its own, and its translations would not be found"""
        manifest = Manifest.for_addon(ADDON)
        found = set()
        for name in manifest["data"] + manifest["demo"]:
            if not name.endswith(".xml"):
                continue
            for node in etree.parse(file_path(f"{ADDON}/{name}")).iterfind(".//record/field"):
                field = self.env[node.getparent().get("model")]._fields.get(node.get("name"))
                if field and field.type == "html" and field.translate and not node.get("eval"):
                    found.add(node.get("name"))
                    with self.subTest(file=name, record=node.getparent().get("id"), field=node.get("name")):
                        self.assertTrue(len(node) or (node.text or "").strip().startswith("<"), node.text)
        self.assertIn("rainbow_man_message", found)

    def test_every_text_is_translated(self):
        """S6: each language has each text of the template, none empty, none fuzzy, none left over."""
        template = self.term_places(read(f"{ADDON}.pot"))
        for name in LANGUAGES.values():
            with self.subTest(language=name):
                terms = read(f"{name}.po")
                self.assertEqual(self.term_places(terms), template)
                self.assertFalse([term.msgid for term in terms.untranslated_entries()])
                self.assertFalse([term.msgid for term in terms if term.fuzzy or term.obsolete])

    def test_placeholders_and_markup_agree(self):
        """S6: what the program fills in, and the tags around it, are the same in each language."""
        for name in LANGUAGES.values():
            for term in read(f"{name}.po"):
                with self.subTest(language=name, text=term.msgid):
                    self.assertEqual(
                        sorted(PLACEHOLDER.findall(term.msgstr)), sorted(PLACEHOLDER.findall(term.msgid))
                    )
                    self.assertEqual(markup(term.msgstr), markup(term.msgid))
                    self.assertEqual(
                        len(TEXT_ATTRIBUTE.findall(term.msgstr)), len(TEXT_ATTRIBUTE.findall(term.msgid))
                    )

    def test_odoo_finds_the_translations(self):
        """S6: the texts of the code are there in the languages that users choose."""
        for code in LANGUAGES:
            with self.subTest(language=code):
                python = code_translations.get_python_translations(ADDON, code)
                web = code_translations.get_web_translations(ADDON, code)["messages"]
                self.assertNotEqual(python["Hot Lead"], "Hot Lead")
                self.assertIn("All Stages", {message["id"] for message in web})

    def test_reports_say_where_a_move_came_from_in_the_users_language(self):
        """H2, H3: in the words of the log"""
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms([ADDON], ["de_DE"])
        labels = {
            model: self.env[model]
            .with_context(lang="de_DE")
            .fields_get(["source"], ["selection"])["source"]["selection"]
            for model in ("lifecycle.transition", "lifecycle.funnel.report")
        }
        self.assertIn(("manual", "Manuell"), labels["lifecycle.transition"])
        self.assertEqual(labels["lifecycle.funnel.report"], labels["lifecycle.transition"])

    def test_ready_made_stages_have_names_of_their_own_in_each_language(self):
        """S5, S14: a stage set knows its stages again by their names, so none is that of another, or too long."""
        for code in LANGUAGES:
            self.env["res.lang"]._activate_lang(code)
            Stage = self.env["lifecycle.stage"].with_context(lang=code)
            names = [
                Stage._template_texts(template)["name"]
                for template in [*STAGES.values(), *SUGGESTIONS.values()]
            ]
            with self.subTest(language=code):
                self.assertEqual(len({name.casefold() for name in names}), len(names), names)
                self.assertLessEqual(max(map(len, names)), MAX_NAME_LENGTH)

    def test_words_for_a_call_that_connected(self):
        """T2: the program compares with them; those that also mean that somebody has tried are none"""
        for name in LANGUAGES.values():
            with self.subTest(language=name):
                entry = read(f"{name}.po").find("connected, reached")
                self.assertTrue(entry and entry.msgstr)
                words = {word.strip().casefold() for word in entry.msgstr.split(",")}
                self.assertFalse(words & {"contatado", "contactado", "joint", "contacté", ""})
