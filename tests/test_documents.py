import re
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "static/description"
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
LABEL = re.compile(r"\*\*([^*]+)\*\*")
QUOTE = re.compile(r"“([^”]+)”")
MESSAGE = re.compile(r'^msgid ((?:".*"\s)+)', re.MULTILINE)
ODOO_MODULES = ("base", "base_setup", "crm", "digest", "im_livechat", "mail", "web")
# actions that are no names to rely on: they are opened for one record, by a method of it
OPENED_BY_METHODS = {
    "base_automation_action_lifecycle",
    "base_automation_action_lifecycle_read",
    "lifecycle_import_row_action",
}
NAME = re.compile(r"`(\w+)(?:\([^`]*\))?`")
EXAMPLES = {"out of office"}
CODE = ("controllers", "models", "report", "tests", "tools", "wizard")


def read_messages(path):
    """:return: set of the texts in a template of translations"""
    return {"".join(re.findall(r'"(.*)"', message)) for message in MESSAGE.findall(path.read_text())}


@tagged("post_install", "-at_install")
class TestDocuments(TransactionCase):
    """The documents for people say what is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guides = {page.name: page.read_text() for page in ROOT.glob("docs/user-guide/*.md")}

    def test_links_lead_somewhere(self):
        """Pages and pictures that a document names are there."""
        for page in (ROOT / "README.md", *ROOT.glob("docs/**/*.md")):
            for link in LINK.findall(page.read_text()):
                with self.subTest(page=page.name, link=link):
                    self.assertTrue((page.parent / link).exists())

    def test_app_page_shows_its_pictures(self):
        """The description of the app names pictures beside it."""
        names = re.findall(r'src="([^"]+)"', (PICTURES / "index.html").read_text())
        self.assertGreater(len(names), 3)
        self.assertLessEqual(set(names), {picture.name for picture in PICTURES.iterdir()})

    def test_every_picture_is_shown(self):
        pages = "".join(self.guides.values()) + (PICTURES / "index.html").read_text()
        for picture in PICTURES.glob("*.png"):
            with self.subTest(picture=picture.name):
                self.assertTrue(picture.stem in ("banner", "icon") or picture.name in pages)

    def test_labels_are_on_the_screens(self):
        """What the guides print in bold or quote is written so in the addon or in Odoo."""
        own = read_messages(ROOT / "i18n/contact_lifecycle.pot")
        odoo = set().union(
            *(read_messages(Path(get_module_path(name), "i18n", f"{name}.pot")) for name in ODOO_MODULES)
        )
        self.assertGreater(len(own), 500)
        for page, text in self.guides.items():
            # what ends in a full stop is a heading
            labels = [label for label in LABEL.findall(text) if not label.endswith(".")]
            parts = [part for label in labels for part in re.split(r"\s+>\s+", label)]
            for label in {" ".join(part.split()) for part in parts}:
                with self.subTest(page=page, label=label):
                    self.assertTrue(label in own | odoo or self.is_part_of(label, own))
            for quote in set(QUOTE.findall(text)) - EXAMPLES:
                with self.subTest(page=page, quote=quote):
                    self.assertTrue(self.is_part_of(quote, own))

    def is_part_of(self, text, messages):
        """:return: whether the parts of the text, around “…”, are in messages of the addon"""
        parts = [" ".join(part.split()) for part in text.split("…")]
        return len("".join(parts)) > 8 and all(any(part in message for message in messages) for part in parts)

    def test_developers_find_the_files_that_they_are_told(self):
        """Each file and folder that the pages for developers name is there."""
        for page in ("developers.md", "decisions.md"):
            text = (ROOT / "docs" / page).read_text()
            names = {name for name in re.findall(r"`([\w/.]+?/?)`", text) if "/" in name}
            self.assertTrue(names)
            for name in names:
                with self.subTest(page=page, name=name):
                    self.assertTrue((ROOT / name).exists())

    def test_every_id_in_the_code_is_explained(self):
        """A requirement or a decision that code or a test names is in the documents."""
        requirements = set(
            re.findall(r"^\| ([A-Z]\d+) \|", (ROOT / "docs/requirements.md").read_text(), re.M)
        )
        decisions = set(re.findall(r"^(\d+)\. ", (ROOT / "docs/decisions.md").read_text(), re.M))
        letters = "".join({name[0] for name in requirements})
        named = set()
        for path in [path for folder in CODE for path in (ROOT / folder).rglob("*.py")] + [ROOT / "hooks.py"]:
            text = " ".join(re.findall(r'"""(.*?)"""', path.read_text(), re.S))
            named.update(re.findall(rf"\b[{letters}]\d{{1,2}}\b", text))
            with self.subTest(path=path.name):
                self.assertLessEqual(set(re.findall(r"\bdecision (\d+)", text)), decisions)
        self.assertGreater(len(named), 60)
        self.assertLessEqual(named, requirements)

    def read_names(self):
        """:return: dict of the sections on names for integrators, from model or title to pairs of names and what they are"""
        text = (ROOT / "docs/integrators.md").read_text().split("\n## Names\n")[1]
        sections = {}
        for section in text.split("\n### ")[1:]:
            title, *lines = section.splitlines()
            rows = [line.split(" | ", 1) for line in lines if line.startswith("| `")]
            sections[title.strip("`")] = [(NAME.findall(names), rest) for names, rest in rows]
        return sections

    def test_integrators_find_every_name(self):
        """What other addons can refer to is named: roles, scheduled actions, stages, and actions that open something."""
        models = (
            "ir.cron",
            "res.groups",
            "lifecycle.lost.stage",
            "ir.actions.act_window",
            "ir.actions.client",
        )
        data = self.env["ir.model.data"].search([("module", "=", "contact_lifecycle")])
        wanted = data.filtered(lambda row: row.model in models)
        wanted += data.filtered(lambda row: row.model == "ir.actions.server" and "ir_cron" not in row.name)
        wanted += data.filtered(lambda row: row.model == "lifecycle.stage" and "lost" not in row.name)
        wanted += data.filtered(
            lambda row: row.model == "ir.ui.menu" and row.env[row.model].browse(row.res_id).child_id
        )
        names = [name for row, _rest in self.read_names()["XML IDs"] for name in row]
        self.assertGreater(len(names), 40)
        self.assertEqual(set(wanted.mapped("name")) - set(names), OPENED_BY_METHODS)
        self.assertLessEqual(set(names), set(data.mapped("name")))

    def test_names_for_integrators_are_there(self):
        """Each field and method that integrators are told of, and each value of a selection that is explained."""
        sections = {title: rows for title, rows in self.read_names().items() if title in self.env}
        self.assertGreater(len(sections), 12)
        for model, rows in sections.items():
            for names, rest in rows:
                self.assertTrue(names)
                for name in names:
                    with self.subTest(model=model, name=name):
                        self.assertTrue(hasattr(self.env[model], name))
                field = self.env[model]._fields.get(names[0])
                if len(names) == 1 and field and field.type == "selection":
                    values = {value for value, _label in field._description_selection(self.env)}
                    with self.subTest(model=model, name=names[0]):
                        self.assertLessEqual(values, set(NAME.findall(rest)))
