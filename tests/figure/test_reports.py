from ast import literal_eval
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common_funnel import MEASURES, START, FunnelCase

ACTIONS = {model: f"contact_lifecycle.{model.replace('.', '_')}_action" for model in MEASURES}


@tagged("post_install", "-at_install")
class TestReports(FunnelCase):
    """Pivot, graph and list on the log (M6), time in stage (H3)."""

    def get_filters(self, model):
        """:return: the filter nodes of the model's search view, as the manager gets it"""
        arch = self.env[model].with_user(self.manager).get_view(view_type="search")["arch"]
        return etree.fromstring(arch).findall(".//filter")

    def test_every_view_of_every_report_opens(self):
        """M6: in the views the menu offers, by all the group-bys, filters and measures of the search"""
        self.make_history((self.new_lead, 0), (self.customer, 1), (self.cold, 2))
        for model, measures in MEASURES.items():
            report = self.env[model].with_user(self.manager)
            action = self.env.ref(ACTIONS[model])
            self.assertEqual(set(action.view_mode.split(",")), {"list", "kanban", "pivot", "graph"})
            report.get_views([(False, view) for view in action.view_mode.split(",")])
            filters = self.get_filters(model)
            group_bys = [
                safe_eval(node.get("context"))["group_by"]
                for node in filters
                if "group_by" in node.get("context", "")
            ]
            self.assertGreater(len(group_bys), 3, model)
            for group_by in group_bys:
                if ":" not in group_by and report._fields[group_by].type == "datetime":
                    group_by += ":month"
                self.assertTrue(report.formatted_read_group([], [group_by], measures), (model, group_by))
            report.formatted_read_grouping_sets([], [[], group_bys[:1], group_bys[:2]], measures)
            domains = [node.get("domain") for node in filters if node.get("domain")]
            self.assertGreater(len(domains), 2, model)
            for domain in domains:
                context = {"lifecycle_period_start": "2025-03-01", "lifecycle_period_end": "2025-04-01"}
                report.search_count(safe_eval(domain, {"context": context}))
            defaults = safe_eval(action.context)
            names = {f"search_default_{node.get('name')}" for node in filters}
            self.assertLessEqual(set(defaults), names, model)

    def test_outcomes_are_in_the_order_of_the_dashboard(self):
        """M7, M6: in groups, in columns beside rows, and the other way round"""
        self.make_history(
            (self.new_lead, 0), (self.payment, 1), (self.hot_lead, 2), (self.cold, 3), (None, 4)
        )
        self.make_history((self.new_lead, 0), (self.cold, 3))
        expected = ["converted", "remaining", "returned", "lost", "cleared"]
        self.make_history((self.new_lead, 0))
        ours = [("date_entered", ">=", START), ("date_entered", "<", START + timedelta(days=9))]
        for order, sequence in (("", expected), ("outcome DESC", expected[::-1])):
            groups = self.Report._read_group(ours, ["outcome"], ["__count"], order=order)
            self.assertEqual([outcome for outcome, _count in groups], sequence)
        [_all, columns] = self.Report.formatted_read_grouping_sets(ours, [[], ["outcome"]], ["__count"])
        self.assertEqual([group["outcome"] for group in columns], expected)
        rows = self.Report._read_group(ours, ["stage_id", "outcome"], ["__count"])
        self.assertEqual(
            [outcome for stage, outcome, _count in rows if stage == self.new_lead],
            ["converted", "remaining", "lost"],
        )

    def test_agents_see_no_report(self):
        """P1, M6: nor its menu"""
        menus = self.env["ir.ui.menu"]
        for model in MEASURES:
            for user, expected in ((self.manager, True), (self.agent, False)):
                menu = self.env.ref(f"contact_lifecycle.{model.replace('.', '_')}_menu")
                visible = menus.with_user(user)._visible_menu_ids()
                self.assertEqual(menu.id in visible, expected, (model, user.login))
            report = self.env[model].with_user(self.agent)
            for call in (
                lambda r=report: r.search([]),
                lambda r=report: r.search_count([]),
                lambda r=report: r.formatted_read_group([], [], ["__count"]),
            ):
                with self.assertRaises(AccessError, msg=model):
                    call()

    def test_saved_filters_are_shared_and_work(self):
        """M6"""
        for model, count in (("lifecycle.transition", 3), ("lifecycle.funnel.report", 1)):
            action = self.env.ref(ACTIONS[model])
            shared = self.env["ir.filters"].with_user(self.manager).get_filters(model, action.id)
            self.assertEqual(len(shared), count)
            for saved in shared:
                context = literal_eval(saved["context"])
                rows, columns = context["pivot_row_groupby"], context["pivot_column_groupby"]
                measures = [
                    name if name == "__count" else f"{name}:avg" for name in context["pivot_measures"]
                ]
                report = self.env[model].with_user(self.manager)
                report.formatted_read_grouping_sets(
                    literal_eval(saved["domain"]), [[], rows, columns, rows + columns], measures
                )
                self.assertEqual(context["group_by"], rows + columns)

    def test_time_in_stage_of_each_contact(self):
        """H3: first entered, last entered, total time; a stage passed through was not entered"""
        contact = self.make_history(
            (self.new_lead, 0), (self.payment, 2), (self.new_lead, 5), (self.cold, 9), (None, 10)
        )
        rows = (
            self.env["lifecycle.stage.time.report"]
            .with_user(self.manager)
            .search([("partner_id", "=", contact.id)], order="date_first_entered")
        )
        self.assertEqual(
            rows.mapped(
                lambda row: (
                    row.stage_id,
                    (row.date_first_entered - START).days,
                    (row.date_last_entered - START).days,
                    row.times_entered,
                    row.days_total,
                    row.is_current,
                )
            ),
            [
                (self.new_lead, 0, 5, 2, 6.0, False),
                (self.payment, 2, 2, 1, 3.0, False),
                (self.cold, 9, 9, 1, 1.0, False),
            ],
        )
        self.assertFalse(any(rows.mapped("presence")))

    def test_time_in_stage_goes_on(self):
        """H3: up to now, and grouped by stage as a total and an average"""
        long_ago, lately = (
            fields.Datetime.now() - timedelta(days=30),
            fields.Datetime.now() - timedelta(days=10),
        )
        contacts = self.make_history((self.hot_lead, 0), start=long_ago)
        contacts |= self.make_history((self.hot_lead, 0), start=lately)
        report = self.env["lifecycle.stage.time.report"].with_user(self.manager)
        [group] = report.formatted_read_group(
            [("partner_id", "in", contacts.ids)], ["stage_id"], ["days:avg", "days_total:sum", "__count"]
        )
        self.assertAlmostEqual(group["days:avg"], 20, places=2)
        self.assertAlmostEqual(group["days_total:sum"], 40, places=2)
        self.assertEqual(
            report.search_count([("partner_id", "in", contacts.ids), ("is_current", "=", True)]), 2
        )
        rows = report.search([("partner_id", "in", contacts.ids)])
        self.assertEqual(rows.mapped("presence"), ["there", "there"], "in words, where the list is")
        shown = etree.fromstring(report.get_view(view_type="list")["arch"]).xpath("//field/@name")
        self.assertIn("presence", shown)
        self.assertNotIn("is_current", shown, "a tick box that nobody can tick")

    def test_time_in_stage_can_be_exported(self):
        """H3, M6"""
        contact = self.make_history((self.hot_lead, 0), (self.payment, 4))
        self.manager.group_ids |= self.env.ref("base.group_allow_export")
        report = self.env["lifecycle.stage.time.report"].with_user(self.manager)
        stays = report.search([("partner_id", "=", contact.id)], order="date_first_entered")
        rows = stays.export_data(
            ["partner_id/name", "stage_id", "date_first_entered", "date_last_entered", "days_total"]
        )["datas"]
        self.assertEqual(rows[0], [contact.name, self.hot_lead.display_name, START, START, 4.0])

    def test_time_in_deleted_stages_stays_readable(self):
        """H3, H4: each by its name"""
        stages = self.make_stages(2)
        contact = self.make_history((stages[0], 0), (stages[1], 1), (self.new_lead, 3))
        for stage in stages:
            self.delete_stage(stage)
        rows = (
            self.env["lifecycle.stage.time.report"]
            .with_user(self.manager)
            .search([("partner_id", "=", contact.id), ("stage_id", "=", False)], order="date_first_entered")
        )
        self.assertEqual(
            rows.mapped(lambda row: (row.stage_name, row.days_total)), [("Stage 0", 1.0), ("Stage 1", 2.0)]
        )

    def test_renamed_stage_is_one_stage(self):
        """H3"""
        contact = self.make_history((self.hot_lead, 0), (self.new_lead, 1))
        self.hot_lead.name = "Warm Lead"
        contact._lifecycle_move_at(self.hot_lead.id, START + timedelta(days=2))
        row = (
            self.env["lifecycle.stage.time.report"]
            .with_user(self.manager)
            .search([("partner_id", "=", contact.id), ("stage_id", "=", self.hot_lead.id)])
        )
        self.assertEqual((row.stage_name, row.times_entered), (self.hot_lead.display_name, 2))

    def test_row_of_time_in_stage_opens_the_contact(self):
        """M6"""
        contact = self.make_history((self.new_lead, 0))
        row = (
            self.env["lifecycle.stage.time.report"]
            .with_user(self.manager)
            .search([("partner_id", "=", contact.id)])
        )
        self.assertEqual(row.action_open_contact()["res_id"], contact.id)
        with self.assertRaises(AccessError):
            row.with_user(self.agent).action_open_contact()

    def test_time_in_stage_follows_the_contacts_that_count(self):
        """H3, P1: archived contacts and those of other companies are left out"""
        report = self.env["lifecycle.stage.time.report"].with_user(self.manager)
        for vals in (
            {"active": False},
            {"company_id": self.env["res.company"].create({"name": "Elsewhere"}).id},
        ):
            contact = self.make_history((self.new_lead, 0))
            domain = [("partner_id", "=", contact.id)]
            self.assertEqual(report.search_count(domain), 1)
            contact.write(vals)
            self.assertEqual(report.search_count(domain), 0, vals)

    def test_history_counts_active_contacts_in_scope_by_default(self):
        """M6, A2: and the moves of visitors nobody knows"""
        [counted] = [
            node for node in self.get_filters("lifecycle.transition") if node.get("name") == "counted"
        ]
        history = self.Transition.with_user(self.manager)
        self.assertIn("search_default_counted", self.env.ref(ACTIONS["lifecycle.transition"]).context)
        for vals, expected in (({}, 1), ({"active": False}, 0), ({"type": "delivery"}, 0)):
            contact = self.make_history((self.new_lead, 0))
            contact.write(vals)
            self.assertEqual(
                history.search_count([("partner_id", "=", contact.id), *safe_eval(counted.get("domain"))]),
                expected,
                vals,
            )
        channel = self.make_livechat(self.make_guest())
        channel.action_lifecycle_set_stage(self.hot_lead.id)
        moves = self.get_log(channel)
        self.assertTrue(moves)
        self.assertEqual(
            history.search_count([("id", "in", moves.ids), *safe_eval(counted.get("domain"))]), len(moves)
        )

    def test_what_is_read_of_a_page_is_made_of_its_rows(self):
        """M8: not of all stays there are, however the page was found"""
        self.contact.lifecycle_stage_id = self.hot_lead
        self.env.flush_all()
        report = self.env["lifecycle.stage.time.report"].with_user(self.manager)
        found = report.search([("partner_id", "=", self.contact.id)])
        expected = found.read(["times_entered", "days"])
        self.assertTrue(expected)
        found.invalidate_recordset()
        with patch.object(type(report), "_select_at_once", side_effect=AssertionError("All rows are made.")):
            self.assertEqual(
                [row["times_entered"] for row in found.read(["times_entered", "days"])],
                [row["times_entered"] for row in expected],
            )

    def test_search_is_not_of_the_records_it_is_called_on(self):
        """M6: it finds what there is, in both reports"""
        (self.contact + self.make_contacts(1)).lifecycle_stage_id = self.hot_lead
        self.env.flush_all()
        for name in ("lifecycle.funnel.report", "lifecycle.stage.time.report"):
            report = self.env[name].with_user(self.manager)
            found = report.search([])
            self.assertGreater(len(found), 1, name)
            for limit in (None, 80):
                self.assertEqual(found[:1].search([], limit=limit), found, name)
