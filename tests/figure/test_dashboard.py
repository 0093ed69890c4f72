from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.figure.lifecycle_dashboard import LEFT_OUT
from ..common_dashboard import FIGURES, DashboardCase


@tagged("post_install", "-at_install")
class TestMetrics(DashboardCase):
    """What the cards of the dashboard show (M1)."""

    def test_shape(self):
        """M1: what others rely on; lifecycle stages in their order"""
        self.customer.sequence = -1
        metrics = self.Dashboard.with_user(self.manager).get_metrics()
        self.assertEqual(
            [stage["name"] for stage in metrics["stages"]], ["Customer", "New Lead", "Hot Lead", "Payment"]
        )
        for stage in metrics["stages"]:
            self.assertEqual(set(stage), {"id", "name", "emoji", "contacts", "open", "snoozed", "unassigned"})
        self.assertEqual(metrics["stages"][0]["emoji"], self.customer.emoji)
        self.assertEqual(metrics["stages"][0]["id"], self.customer.id)

    def test_only_managers(self):
        """P1, P4, M1: every method, and a role that is not enough"""
        for user in (self.env.ref("base.public_user"), self.portal, self.internal, self.agent):
            Dashboard = self.Dashboard.with_user(user)
            for call in (
                Dashboard.get_metrics,
                Dashboard.get_stuck,
                lambda D=Dashboard: D.action_open(self.new_lead.id, "contacts"),
                lambda D=Dashboard: D.action_open_left_out("contacts_lost"),
            ):
                with self.assertRaisesRegex(AccessError, "Only lifecycle managers"):
                    call()
        for user in (self.manager, self.owner):
            self.assertTrue(self.Dashboard.with_user(user).get_metrics()["stages"])

    def test_contacts(self):
        """M1, A2: not the archived ones, nor those out of scope"""
        self.make_contacts(3, self.hot_lead)
        self.assertEqual(self.get_figures(self.hot_lead), (3, 0, 0, 0))
        archived, address, _counted = self.Partner.search([("lifecycle_stage_id", "=", self.hot_lead.id)])
        archived.active = False
        address.type = "invoice"
        self.assertEqual(self.get_figures(self.hot_lead), (1, 0, 0, 0))
        self.assertEqual(self.get_figures(self.payment), (0, 0, 0, 0))

    def test_conversations(self):
        """M1, I3: open, snoozed and unassigned ones, closed ones not"""
        self.make_conversations(3, stage=self.hot_lead)
        self.make_conversations(2, stage=self.hot_lead)._lifecycle_write_protected(
            {"lifecycle_snoozed_until": "2099-01-01"}
        )
        self.make_close(self.make_conversations(1, stage=self.hot_lead))
        unassigned, snoozed, closed = (self.make_unassigned() for _ in range(3))
        (unassigned + snoozed + closed).lifecycle_stage_id = self.hot_lead
        snoozed._lifecycle_write_protected({"lifecycle_snoozed_until": "2099-01-01"})
        self.make_close(closed)
        self.assertEqual(self.get_figures(self.hot_lead), (0, 4, 3, 2))

    def test_conversation_of_a_contact(self):
        """M1, A7: it counts where the inbox shows it, and moves with the contact"""
        self.contact.lifecycle_stage_id = self.hot_lead
        self.make_livechat(self.contact)
        self.assertEqual(self.get_figures(self.hot_lead), (1, 1, 0, 0))
        self.contact.lifecycle_stage_id = self.payment
        self.assertEqual(self.get_figures(self.hot_lead), (0, 0, 0, 0))
        self.assertEqual(self.get_figures(self.payment), (1, 1, 0, 0))

    def test_lost_stages_are_excluded(self):
        """M1"""
        lost = self.cold_lead.stage_id
        self.make_contacts(2, lost)
        self.assertNotIn(lost.id, self.get_metrics())
        self.hot_lead.action_convert_to_lost()
        self.assertNotIn(self.hot_lead.id, self.get_metrics())

    def test_stage_being_deleted_is_excluded(self):
        """M1, S11"""
        self.hot_lead._lifecycle_write_protected({"deletion_pending": True})
        self.assertNotIn(self.hot_lead.id, self.get_metrics())

    def test_no_stages_while_they_are_not_shown(self):
        """S2, M1, M5"""
        self.hot_lead.rotting_threshold_days = 3
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        Dashboard = self.Dashboard.with_user(self.manager)
        self.assertEqual(Dashboard.get_metrics(), {"stages": [], "left_out": dict.fromkeys(LEFT_OUT, 0)})
        self.assertEqual(Dashboard.get_stuck(), [])
        with self.assertRaisesRegex(UserError, "reload the page"):
            Dashboard.action_open(self.new_lead.id, "contacts")

    def test_record_rules_of_companies(self):
        """M1: each counts what he may read"""
        company = self.env["res.company"].create({"name": "Other Company"})
        self.make_contacts(2, self.hot_lead).company_id = company
        self.make_contacts(1, self.hot_lead).company_id = self.env.company
        self.make_contacts(1, self.hot_lead)
        self.assertEqual(self.get_figures(self.hot_lead), (2, 0, 0, 0))
        self.assertEqual(len(self.search_list(self.hot_lead, "contacts")), 2)
        self.manager.company_ids += company
        dashboard = self.Dashboard.with_user(self.manager)
        for companies, expected in ((company, 3), (company + self.env.company, 4)):
            metrics = dashboard.with_context(allowed_company_ids=companies.ids).get_metrics()
            self.assertEqual(
                [stage["contacts"] for stage in metrics["stages"] if stage["id"] == self.hot_lead.id],
                [expected],
            )

    def test_record_rules_of_conversations(self):
        """M1: a manager who is no live chat user counts those he is in"""
        manager = self.make_user("lifecycle_other_manager", "contact_lifecycle.group_manager")
        self.make_conversations(2, stage=self.hot_lead)
        self.make_conversations(1, agent=manager, stage=self.hot_lead)
        self.assertEqual(self.get_figures(self.hot_lead), (0, 3, 0, 0))
        self.assertEqual(self.get_figures(self.hot_lead, manager), (0, 1, 0, 0))
        self.assertEqual(len(self.search_list(self.hot_lead, "open", manager)), 1)

    def test_number_of_queries(self):
        """M1, M7: one for the stages, one for the contacts, one for the conversations, at N and at 2N"""

        def count():
            return self.count_queries(self.Dashboard.with_user(self.manager).get_metrics)

        self.make_contacts(20, self.hot_lead)
        self.make_conversations(5, stage=self.hot_lead)
        few = count()
        self.make_stages(4)
        self.make_contacts(20, self.hot_lead)
        self.make_conversations(5, stage=self.hot_lead)
        self.assertEqual(count(), few)
        self.assertEqual(len(self.get_metrics()), 8)
        # besides: the user's groups, companies and language, which a request has read anyway
        self.assertLessEqual(few, 8)

    def test_read_only(self):
        """M1, M5: from a cursor that may not write, as a replica's"""
        self.hot_lead.rotting_threshold_days = 3
        self.env.flush_all()
        self.cr.execute("SAVEPOINT test_read_only")
        self.cr.execute("SET TRANSACTION READ ONLY")
        try:
            Dashboard = self.Dashboard.with_user(self.manager)
            self.assertTrue(Dashboard.get_metrics()["stages"])
            self.assertTrue(Dashboard.get_stuck())
            self.assertTrue(Dashboard.action_open(self.hot_lead.id, "stuck")["domain"])
        finally:
            self.cr.execute("ROLLBACK TO SAVEPOINT test_read_only")
        for name in ("get_metrics", "get_stuck", "action_open", "action_open_left_out"):
            self.assertTrue(getattr(type(self.Dashboard), name)._readonly, name)


@tagged("post_install", "-at_install")
class TestMetricsList(DashboardCase):
    """A number and the list behind it are never different (M1, M5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hot_lead.rotting_threshold_days = 3

    def make_everything(self):
        """Something to count, and something not to count, in each figure and in two stages."""
        for stage, number in ((self.hot_lead, 2), (self.payment, 1)):
            contacts = self.make_contacts(number + 2, stage)
            contacts[0].active = False
            contacts[1].type = "delivery"
            self.make_stale(contacts[:-1], 10)
            self.make_conversations(number + 1, stage=stage)
            self.make_conversations(number, stage=stage)._lifecycle_write_protected(
                {"lifecycle_snoozed_until": "2099-01-01"}
            )
            self.make_close(self.make_conversations(1, stage=stage))
            for _ in range(number):
                self.make_unassigned().lifecycle_stage_id = stage
            closed = self.make_unassigned()
            closed.lifecycle_stage_id = stage
            self.make_close(closed)

    def test_each_number_is_the_length_of_its_list(self):
        """M1"""
        self.make_everything()
        self.assertEqual(self.get_figures(self.hot_lead), (2, 5, 2, 2))
        self.assertEqual(self.get_figures(self.payment), (1, 3, 1, 1))
        for stage in (self.new_lead, self.hot_lead, self.payment, self.customer):
            for figure, count in zip(FIGURES, self.get_figures(stage), strict=True):
                with self.subTest(stage=stage.name, figure=figure):
                    records = self.search_list(stage, figure)
                    self.assertEqual(len(records), count)
                    self.assertLessEqual(records.lifecycle_stage_id, stage)

    def test_stuck(self):
        """M5: as the contacts are marked, also those for more than a year"""
        self.make_everything()
        long_ago = self.make_contacts(1, self.hot_lead)
        self.make_stale(long_ago, 900)
        self.make_stale(self.make_contacts(1, self.hot_lead), 2.9)
        lost = self.cold_lead.stage_id
        lost.rotting_threshold_days = 1
        self.make_stale(self.make_contacts(1, lost), 10)
        self.assertEqual(
            self.Dashboard.with_user(self.manager).get_stuck(),
            [{"id": self.hot_lead.id, "name": "Hot Lead", "emoji": "🔥", "count": 2, "days": 3}],
        )
        stuck = self.search_list(self.hot_lead, "stuck")
        self.assertEqual(len(stuck), 2)
        self.assertIn(long_ago, stuck)
        in_scope = self.Partner.search(
            [("lifecycle_in_scope", "=", True), ("lifecycle_stage_id", "=", self.hot_lead.id)]
        )
        self.assertEqual(stuck, in_scope.filtered("is_rotting"))

    def test_stuck_is_counted_in_one_query_for_all_stages(self):
        """M5"""

        def count():
            return self.count_queries(self.Dashboard.with_user(self.manager).get_stuck)

        few = count()
        self.make_stages(4, rotting_threshold_days=5)
        self.assertEqual(count(), few)

    def test_list_opens_first_and_without_filters(self):
        """M1: neither a default search nor a favourite takes anything out of the list"""
        for figure, model, xmlid in (
            ("contacts", "res.partner", "base.view_partner_tree"),
            ("open", "discuss.channel", "contact_lifecycle.discuss_channel_view_list_lifecycle"),
        ):
            action = self.Dashboard.with_user(self.manager).action_open(self.hot_lead.id, figure)
            self.assertEqual(action["res_model"], model)
            self.assertEqual(action["views"][0], (self.env.ref(xmlid).id, "list"))
            self.assertTrue(action["context"]["search_disable_custom_filters"])
            self.assertFalse([key for key in action["context"] if key.startswith("search_default")])
            self.assertIn("Hot Lead", action["display_name"])

    def test_bad_input(self):
        """M1"""
        Dashboard = self.Dashboard.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "There is no figure “lost”: choose one of contacts, open"):
            Dashboard.action_open(self.hot_lead.id, "lost")
        for stage_id in (0, "1", None, [self.hot_lead.id], self.cold_lead.stage_id.id):
            with self.assertRaisesRegex(UserError, "not shown any more: reload"):
                Dashboard.action_open(stage_id, "contacts")
