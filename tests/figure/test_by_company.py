from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import LifecycleCase
from ..common_queries import QueriesCase

OURS = "contact_lifecycle"


@tagged("post_install", "-at_install")
class TestByCompany(QueriesCase, LifecycleCase):
    """Whoever works for several companies compares them: in the history, the funnel and the time in stage (H2, M6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.companies = cls.env.company | cls.elsewhere
        cls.manager.company_ids = cls.companies
        cls.history = cls.Transition.with_user(cls.manager).with_context(
            allowed_company_ids=cls.companies.ids
        )

    def get_nodes(self, model, user, view_type, path):
        arch = self.env[model].with_user(user).get_view(view_type=view_type)["arch"]
        return etree.fromstring(arch).xpath(path)

    def test_views_have_the_company_for_who_works_for_several(self):
        """H2, M6: a column that is shown, a filter and a grouping, in each of our models that has the company"""
        models = [
            name
            for name in self.registry
            if self.env[name]._original_module == OURS
            and not (self.env[name]._abstract or self.env[name]._transient)
            and "company_id" in self.env[name]._fields
            and self.env[name].with_user(self.manager).has_access("read")
        ]
        self.assertGreater(len(models), 2)
        several, one = self.manager, self.owner
        several.group_ids += self.env.ref("base.group_multi_company")
        one.group_ids -= self.env.ref("base.group_multi_company")
        for model in models:
            column = self.get_nodes(model, several, "list", "//field[@name='company_id']")
            self.assertEqual([node.get("optional") for node in column], ["show"], model)
            self.assertTrue(
                self.get_nodes(model, several, "search", "/search/field[@name='company_id']"), model
            )
            [grouping] = self.get_nodes(model, several, "search", "//filter[@name='group_by_company']")
            self.assertEqual(safe_eval(grouping.get("context")), {"group_by": "company_id"}, model)
            for view_type, path in (
                ("list", "//field[@name='company_id']"),
                ("search", "//field[@name='company_id']"),
                ("search", "//filter[@name='group_by_company']"),
            ):
                self.assertFalse(self.get_nodes(model, one, view_type, path), f"{model} {path}")

    def make_moves(self, count):
        """:return: domain of the moves of contacts of no company, of two, and of a visitor whom nobody knows"""
        for company in (self.env["res.company"], *self.companies):
            self.make_contacts(count).company_id = company
        channel = self.make_livechat(self.make_guest())
        channel.action_lifecycle_set_stage(self.payment.id)
        self.env.flush_all()
        return [("to_stage_id", "in", (self.Stage._get_default() | self.payment).ids)]

    def test_history_is_grouped_searched_and_ordered_by_company(self):
        """H2: also the moves of visitors whom nobody knows, who are of no company"""
        last = self.Transition.search([], order="id desc", limit=1).id or 0
        self.make_moves(2)
        domain = [("id", ">", last)]
        counts = dict(self.history._read_group(domain, ["company_id"], ["__count"]))
        nobody = counts.pop(self.env["res.company"])
        self.assertEqual(counts, dict.fromkeys(self.companies, 2))
        rows = self.history.search(domain)
        unknown = rows.filtered(lambda row: not row.partner_id)
        self.assertTrue(unknown)
        self.assertEqual(nobody, 2 + len(unknown))
        for company in self.companies:
            found = self.history.search([*domain, ("company_id", "=", company.id)])
            self.assertEqual(found, rows.filtered(lambda row, c=company: row.partner_id.company_id == c))
        of_none = self.history.search([*domain, ("company_id", "=", False)])
        self.assertEqual(of_none, rows.filtered(lambda row: not row.partner_id.company_id))
        names = [row.company_id.name for row in self.history.search(domain, order="company_id, id")]
        self.assertEqual(names, sorted(names, key=lambda name: (not name, names.index(name))))
        self.assertEqual(len(dict.fromkeys(names)), 3)
        self.assertEqual(names, [name for kind in dict.fromkeys(names) for name in names if name == kind])

    def test_history_by_company_costs_no_query_each(self):
        """H2: at N and at 2N, in SQL alone"""
        self.make_moves(100)
        last = self.Transition.search([], order="id desc", limit=1).id

        def count(call):
            call()  # which companies the user works for
            before = self.cr.sql_log_count
            call()
            return self.cr.sql_log_count - before

        calls = {
            "group": lambda: self.history._read_group([], ["company_id"], ["__count"]),
            "search": lambda: self.history.search_count([("company_id", "=", self.elsewhere.id)]),
            "order": lambda: self.history._search([], order="company_id", limit=80).get_result_ids(),
        }
        few = {name: count(call) for name, call in calls.items()}
        self.assertEqual(few, dict.fromkeys(calls, 1))
        self.make_moves(100)
        self.assertTrue(self.history.search_count([("id", ">", last)]))
        self.assertEqual({name: count(call) for name, call in calls.items()}, few)
        self.assertNoQueryPerRecord(
            lambda number: self.count_queries(
                lambda: self.history.search_read([], ["company_id"], limit=number)
            )
        )
