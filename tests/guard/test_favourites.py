import ast
from contextlib import nullcontext
from unittest.mock import patch

from hypothesis import given

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...hooks import uninstall_hook
from ...models.guard import ir_filters
from ...tools import domain_text
from ..common import LifecycleCase
from ..common_rpc import RpcCase
from ..common_texts import DEEP, generated, texts

# what was tried on a running server, field by field
UNREADABLE = (
    {"domain": "[]" + "+[]" * 3000},
    {"domain": "-" * 5000 + "1"},
    {"context": "{}" + "+{}" * 5000},
    {"sort": "[" * 3000 + "]" * 3000},
    {"domain": repr([("name", "=", "x")] * 60000)},
    {"domain": "no domain at all"},
    {"context": "None"},
    {"sort": "[1]"},
)
MODELS = ("res.partner", "crm.lead", "ir.filters")


class FavouritesCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Filters = cls.env["ir.filters"]
        cls.readers = {
            "portal": cls.portal,
            "internal": cls.make_user("lifecycle_reader", "base.group_user"),
            "agent": cls.agent,
            "salesperson": cls.make_user("lifecycle_sales", "sales_team.group_sale_salesman"),
            "manager": cls.manager,
            "administrator": cls.administrator,
        }
        for model in MODELS:
            cls.share(model=model, name="Honest", domain="[('name', '!=', 'x')]")
        cls.env.flush_all()

    @classmethod
    def share(cls, model="res.partner", name="Boom", user=None, **vals):
        """:return: a new favourite of everybody, by an internal user without a role"""
        Filters = cls.Filters.with_user(user or cls.internal)
        return Filters.create({"name": name, "model_id": model, "user_ids": [], **vals})

    def get_names(self, user, model="res.partner"):
        return [favourite["name"] for favourite in self.Filters.with_user(user).get_filters(model)]

    def get_messages(self, user, model="res.partner"):
        """:return: what pops up at the user's"""
        with patch.object(type(self.env["res.users"]), "_bus_send", autospec=True) as send:
            self.Filters.with_user(user).get_filters(model)
        return [call.args[2]["message"] for call in send.call_args_list]


@tagged("post_install", "-at_install", "contact_lifecycle_generated")
class TestFavourites(FavouritesCase):
    """Whatever somebody shares as a favourite, the pages of the others open (P5)."""

    def assertPagesOpen(self, model="res.partner"):
        """They have what was there before, and not the new favourite."""
        for role, user in self.readers.items():
            names = self.get_names(user, model)
            if role == "portal":  # who has no shared favourites
                self.assertEqual(names, [])
                continue
            self.assertIn("Honest", names, role)
            self.assertNotIn("Boom", names, role)
            records = self.env[model].with_user(user)
            if records.has_access("read"):
                views = records.get_views([(False, "search")], {"load_filters": True})
                self.assertEqual([f["name"] for f in views["views"]["search"]["filters"]], names, role)

    def test_unreadable_favourite_is_left_out_for_everybody(self):
        """P5"""
        for model in MODELS:
            for vals in UNREADABLE:
                with self.subTest(model=model, vals=str(vals)[:60]):
                    favourite = self.share(model, **vals)
                    self.assertPagesOpen(model)
                    favourite.unlink()

    def test_deep_texts_in_every_field(self):
        """P5: those that can be read stay"""
        for name, text in DEEP.items():
            for field in ("domain", "context"):
                with self.subTest(name, field=field):
                    favourite = self.share(**{field: text})
                    for role in ("internal", "administrator"):
                        self.assertIn("Honest", self.get_names(self.readers[role]))
                    favourite.unlink()

    def test_any_text_leaves_the_others_their_favourites(self):
        """P5: and no more characters are parsed than are read at one opening"""
        favourite = self.share()
        users = list(self.readers.values())

        @generated(150)
        @given(texts(), texts())
        def run(domain, context):
            domain, context = (
                text.replace("\x00", "").encode(errors="ignore").decode() for text in (domain, context)
            )
            favourite.sudo().write({"domain": domain, "context": context})
            for user in users[1:]:
                with patch.object(ast, "parse", wraps=ast.parse) as parse:
                    self.assertIn("Honest", self.get_names(user))
                self.assertLessEqual(
                    sum(len(call.args[0]) for call in parse.call_args_list), ir_filters.MAX_LENGTH
                )

        run()

    def test_long_favourites_are_not_parsed(self):
        """P5: 60,000 conditions cost nobody anything"""
        self.share(domain=repr([("name", "=", "x")] * 60000))
        with patch.object(ast, "parse", wraps=ast.parse) as parse:
            self.assertPagesOpen()
        self.assertTrue(parse.call_args_list)
        self.assertLess(max(len(call.args[0]) for call in parse.call_args_list), 1000)

    def test_many_long_favourites_crowd_out_no_other(self):
        """P5: what is parsed at one opening is bounded, the shortest first"""
        names = [f"Long {number}" for number in range(20)]
        conditions = repr([("name", "=", "x")] * 2000)
        self.assertLess(len(conditions), domain_text.MAX_LENGTH)
        for name in names:
            self.share(name=name, domain=conditions)
        with patch.object(ast, "parse", wraps=ast.parse) as parse:
            found = self.get_names(self.readers["internal"])
        self.assertIn("Honest", found)
        self.assertTrue(0 < len(set(found) & set(names)) < 10, found)
        self.assertLessEqual(sum(len(call.args[0]) for call in parse.call_args_list), ir_filters.MAX_LENGTH)

    def test_author_alone_is_told(self):
        """P5"""
        self.share(domain="-" * 5000 + "1")
        for user in self.readers.values():
            self.assertEqual(self.get_messages(user), [], user.login)
        [message] = self.get_messages(self.internal)
        self.assertIn("“Boom” was left out, as it is too long or cannot be read", message)

    def test_page_that_would_open_with_it_says_so(self):
        """P2, P5: as with a favourite that the user may not use"""
        self.share(domain="-" * 5000 + "1", is_default=True, name="n" * 100000)
        for role in ("internal", "agent", "administrator"):
            [message] = self.get_messages(self.readers[role])
            self.assertIn("“nnn", message)
            self.assertLess(len(message), 300)

    def test_message_comes_afterwards_where_pages_are_read_from_a_replica(self):
        """P5, M9: nothing can be written there"""
        self.share(domain="-" * 5000 + "1")
        with (
            patch.object(type(self.cr), "readonly", True, create=True),
            patch.object(self.registry, "cursor", lambda: nullcontext(self.cr)),
        ):
            self.assertEqual(self.get_messages(self.internal), [])
            with patch.object(type(self.env["res.users"]), "_bus_send", autospec=True) as send:
                self.cr.postcommit.run()
        self.assertEqual([call.args[0] for call in send.call_args_list], [self.internal])

    def test_unreadable_favourite_can_be_deleted(self):
        """P5: the list of favourites opens, also where one of its own favourites cannot be read"""
        for vals in UNREADABLE:
            with self.subTest(vals=str(vals)[:60]):
                favourite = self.share("ir.filters", **vals)
                for user in (self.internal, self.administrator):
                    Filters = self.Filters.with_user(user)
                    views = [(False, "list"), (False, "form"), (False, "search")]
                    Filters.get_views(views, {"load_filters": True})
                    rows = Filters.web_search_read(
                        [("id", "=", favourite.id)], {"name": {}, "domain": {}, "context": {}, "sort": {}}
                    )
                    self.assertEqual(rows["length"], 1)
                favourite.with_user(self.administrator).unlink()
                self.assertFalse(favourite.exists())

    def test_every_favourite_that_ships_can_be_read(self):
        """P3, P5: of Odoo's addons and of ours"""
        shipped = self.Filters.with_context(active_test=False).search([])
        self.assertGreater(len(shipped), 5)
        for favourite in shipped:
            with self.subTest(favourite.name):
                domain_text.read_favourite_paths(favourite.domain, favourite.context, favourite.sort)

    def test_uninstalling_deletes_by_fields_and_not_by_words(self):
        """P3: what would fail without the addon, whatever leads there, and nothing else"""
        lead = {"model": "crm.lead"}
        subdomain = "[('partner_id', 'any', [('date_last_stage_update', '!=', False)])]"
        doomed = (
            self.share(**lead, domain="[('partner_id.is_rotting', '=', True)]")
            | self.share(**lead, domain=subdomain)
            | self.share(**lead, context="{'group_by': ['lifecycle_stage_id']}")
            | self.share(sort='["-lifecycle_stage_id"]')
            | self.share(model="lifecycle.rule")
        )
        kept = (
            self.share(**lead, domain="[('is_rotting', '=', True)]", sort='["date_last_stage_update"]')
            | self.share(domain="[('name', '=', 'lifecycle_stage_id')]")
            | self.share(domain="[('x_product_lifecycle_state', '=', 1)]")
            | self.share(model="base.automation", domain="[('webhook_uuid', '!=', False)]")
            | self.share(context="{'default_comment': '.. lifecycle_ ..'}")
            | self.share(domain="[('lifecycle_stage_id', '=', 1)]" + "+[]" * 3000)
        )
        uninstall_hook(self.env)
        self.assertFalse(doomed.exists())
        self.assertEqual(kept.exists(), kept)


@tagged("post_install", "-at_install")
class TestFavouritesHttp(FavouritesCase, RpcCase):
    """The same over the wire (P5)."""

    @mute_logger("odoo.http")
    def test_json_rpc(self):
        """P5: an internal user without a role shares it, and everybody opens the page"""
        users = self.readers["salesperson"] | self.administrator | self.internal
        for model in MODELS:
            for vals in UNREADABLE[:5]:
                with self.subTest(model=model, vals=str(vals)[:60]):
                    self.log_in(self.internal)
                    vals = {"name": "boom", "model_id": model, "user_ids": [], **vals}
                    answer = self.call("ir.filters", "create", vals)
                    for user in users:
                        self.log_in(user)
                        names = [f["name"] for f in self.call("ir.filters", "get_filters", model)["result"]]
                        self.assertIn("Honest", names, user.login)
                        self.assertNotIn("boom", names, user.login)
                        if self.env[model].with_user(user).has_access("read"):
                            views, options = [[False, "search"]], {"load_filters": True}
                            page = self.call(model, "get_views", views=views, options=options)
                            self.assertIn("result", page, user.login)
                    self.assertTrue(self.call("ir.filters", "unlink", [answer["result"]])["result"])
