import ast
import re
from pathlib import Path
from unittest.mock import patch

from hypothesis import given

from odoo.fields import Domain
from odoo.tests import BaseCase, tagged

from ...tools import domain_text
from ..common_texts import DEEP, generated, texts

FOLDER = Path(__file__).resolve().parents[2]
READERS = (
    domain_text.parse,
    domain_text.read_domain,
    domain_text.read_conditions,
    domain_text.read_domain_paths,
    domain_text.read_context_paths,
    domain_text.read_order_paths,
)


@tagged("post_install", "-at_install", "contact_lifecycle_generated")
class TestDomainText(BaseCase):
    """The one reader of what somebody has written as text (P5)."""

    def assertReadOrRefused(self, text):
        for read in READERS:
            try:
                read(text)
            except ValueError:
                continue
            except Exception as error:
                raise AssertionError(f"{read.__name__}({text[:200]!r}) raises {error!r}") from error

    def test_any_text_is_read_or_refused(self):
        """P5: with one kind of exception"""

        @generated(500)
        @given(texts())
        def run(text):
            self.assertReadOrRefused(text)

        run()

    def test_deep_text_is_read_or_refused(self):
        """P5"""
        for name, text in DEEP.items():
            with self.subTest(name):
                self.assertReadOrRefused(text)

    def test_long_text_is_not_looked_at(self):
        """P5"""
        conditions = repr([("name", "=", "x")] * 60000)
        for text in (conditions, " " * (domain_text.MAX_LENGTH + 1), "[" * (domain_text.MAX_LENGTH + 1)):
            for read in READERS:
                with (
                    patch.object(ast, "parse", side_effect=AssertionError("it is parsed")),
                    self.assertRaisesRegex(ValueError, "more than 65536 characters"),
                ):
                    read(text)
        longest = "[" + "('name', '=', 1), " * ((domain_text.MAX_LENGTH - 2) // 18) + "]"
        self.assertGreater(len(set(map(str, domain_text.read_domain_paths(longest)))), 0)

    def test_paths_of_domains(self):
        """P2: wherever in the expression they are"""
        for text, paths in (
            ("[]", []),
            (" [('name', '=', 'lifecycle_stage_id')]\n", ["name"]),
            ("['|', ('name', '=', 'x'), ['user_id.name', 'ilike', 'y']]", ["name", "user_id.name"]),
            ("['!', '!', ('name', '=', 1)]", ["name"]),
            ("[('a', '>', context_today() - relativedelta(days=7))] + [('b', '!=', uid)]", ["a", "b"]),
            ("[('a', '=', 1)] if uid else [('b', '=', 2)]", ["a", "b"]),
            ("(x or []) and list([('a', '=', 1)])", ["a"]),
            ("[('child_ids', 'any', ['&', ('a.b', '=', 1), ('c', 'not any', [('d', '=', 1)])])]",
             ["child_ids", "child_ids.a.b", "child_ids.c", "child_ids.c.d"]),
            ("[('a', 'in', [('b', '=', 1)])]", ["a"]),
            ("[(1, '=', 1), (name, '=', 1), ('a', 'b')]", []),
        ):  # fmt: skip
            self.assertEqual(sorted(domain_text.read_domain_paths(text)), sorted(paths), text)

    def test_paths_of_contexts_and_orders(self):
        """P2"""
        self.assertEqual(
            domain_text.read_context_paths("{'group_by': ['date:month', 'stage_id'], 'x': uid, 'y': 1}"),
            ["group_by", "x", "y", "date", "stage_id"],
        )
        self.assertEqual(
            domain_text.read_order_paths('["name", "", " date desc", "-rank"]'), ["name", "date", "rank"]
        )
        for text in ("[]", "None", "1", "'group_by'", "[{'a': 1}]"):
            with self.assertRaisesRegex(ValueError, "no dictionary"):
                domain_text.read_context_paths(text)
        for text in ("{}", "[1]", '["name", ["date"]]', '"name"', "None"):
            with self.assertRaisesRegex(ValueError, "no list of texts"):
                domain_text.read_order_paths(text)

    def test_path_of_many_names_is_not_followed(self):
        """P5: each name is looked up"""
        names = domain_text.MAX_NAMES
        path = ".".join(["parent_id"] * names)
        self.assertEqual(domain_text.read_domain_paths(f"[('{path}', '=', 1)]"), [path])
        half = ".".join(["parent_id"] * (names // 2 + 1))
        for text in (f"[('{path}.name', '=', 1)]", f"[('{half}', 'any', [('{half}', '=', 1)])]"):
            with self.assertRaisesRegex(ValueError, "more than 16 names"):
                domain_text.read_domain_paths(text)

    def test_domains_are_what_odoo_makes_of_them(self):
        """T11, T8, A2"""
        self.assertEqual(domain_text.read_domain("[('a', '=', 1)]"), Domain("a", "=", 1))
        [condition] = domain_text.read_conditions("['!', ('a', '=', 1)]")
        self.assertEqual(condition.field_expr, "a")
        for text in ("[('a', '=', uid)]", "['&']", "{}", "", "[('a', 'nonsense', 1)]"):
            with self.assertRaises(ValueError, msg=text):
                domain_text.read_domain(text)

    def test_nothing_else_reads_text(self):
        """P5: a reader of its own would be bounded by nothing"""
        for path in FOLDER.rglob("*.py"):
            if path.relative_to(FOLDER).parts[0] in ("models", "wizard", "report", "hooks.py"):
                found = re.findall(r"literal_eval|safe_eval|\bast\b|json\.loads", path.read_text())
                self.assertEqual(found, [], path.name)
