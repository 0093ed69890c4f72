from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_funnel import NUMBERS, PERIOD, START, FunnelCase


@tagged("post_install", "-at_install")
class TestFunnel(FunnelCase):
    """The funnel over a period (M3) and who dropped out of it (M4)."""

    def test_contact_that_went_on_is_converted(self):
        """M3"""
        self.make_history((self.new_lead, 0), (self.hot_lead, 4))
        self.assertNumbers(self.new_lead, entered=1, converted=1)
        self.assertNumbers(self.hot_lead, entered=1, remaining=1)

    def test_skipped_stages_are_passed_through(self):
        """M3"""
        contact = self.make_history((self.new_lead, 0), (self.customer, 4))
        for stage in (self.hot_lead, self.payment):
            self.assertNumbers(stage, entered=1, converted=1, passed=1)
            self.assertIsNone(self.get_figures(stage)["mean_days"])
        stay = self.Report.search([("partner_id", "=", contact.id), ("stage_id", "=", self.hot_lead.id)])
        self.assertEqual(
            (stay.date_entered, stay.date_left, stay.next_stage_id, stay.is_passed),
            (START + timedelta(days=4), START + timedelta(days=4), self.customer, True),
        )

    def test_nothing_is_skipped_from_no_stage_nor_from_a_lost_one_nor_backwards(self):
        """M3"""
        self.make_history((self.payment, 0))
        self.make_history((self.cold, 0), (self.payment, 1), (self.new_lead, 2))
        self.assertNumbers(self.hot_lead)
        self.assertNumbers(self.new_lead, entered=1, remaining=1)
        self.assertNumbers(self.payment, entered=2, remaining=1, returned=1)

    def test_contact_that_went_back_is_returned(self):
        """M3: and counted anew when it comes again"""
        self.make_history((self.new_lead, 0), (self.hot_lead, 1), (self.new_lead, 2), (self.hot_lead, 3))
        self.assertNumbers(self.new_lead, entered=2, converted=2)
        self.assertNumbers(self.hot_lead, entered=2, returned=1, remaining=1)

    def test_contact_whose_stage_was_cleared(self):
        """M3"""
        self.make_history((self.new_lead, 0), (None, 1))
        self.assertNumbers(self.new_lead, entered=1, cleared=1)

    def test_contact_that_went_to_a_stage_deleted_since(self):
        """M3, H4: to a lifecycle or a lost one"""
        stages = self.make_stages(2)
        self.LostStage.create({"stage_id": stages[1].id})
        contacts = [self.make_history((self.new_lead, 0), (stage, 1)) for stage in stages]
        for stage in stages:
            self.delete_stage(stage)
        self.assertNumbers(self.new_lead, entered=2, deleted=2)
        stays = self.Report.search([("partner_id", "=", contacts[0].id)], order="date_entered")
        self.assertEqual(stays.mapped("stage_name"), ["🆕 New Lead", "Stage 0"])
        self.assertEqual(stays[1].stage_id, self.Stage)
        self.assertEqual(stays[1].outcome, "cleared")

    def test_contact_that_was_lost(self):
        """M3: says to which lost stages, in their order"""
        other = self.LostStage.create({"name": "No Response", "emoji": "🔕"}).stage_id
        for stage in (other, self.cold, other):
            self.make_history((self.hot_lead, 0), (stage, 1))
        self.assertNumbers(self.hot_lead, entered=3, lost=3)
        self.assertEqual(
            self.get_figures(self.hot_lead)["lost_stages"],
            [
                {"id": self.cold.id, "name": "Cold Lead", "emoji": self.cold.emoji, "count": 1},
                {"id": other.id, "name": "No Response", "emoji": "🔕", "count": 2},
            ],
        )

    def test_contact_that_came_back_from_a_lost_stage(self):
        """M3"""
        contact = self.make_history((self.cold, 0), (self.hot_lead, 3), (self.cold, 5))
        stays = self.Report.search([("partner_id", "=", contact.id)], order="date_entered")
        self.assertEqual(stays.mapped("outcome"), ["reengaged", "lost", "remaining"])
        self.assertEqual(stays.mapped("date_left"), [*stays[1:].mapped("date_entered"), False])

    def test_later_and_earlier_go_by_the_order_of_today(self):
        """M3"""
        self.make_history((self.new_lead, 0), (self.hot_lead, 1))
        self.new_lead.sequence = 100
        self.assertNumbers(self.new_lead, entered=1, returned=1)
        self.assertEqual(
            [stage["name"] for stage in self.Dashboard.get_funnel(*PERIOD)["stages"]],
            ["Hot Lead", "Payment", "Customer", "New Lead"],
        )

    def test_stage_turned_into_a_lost_one_is_lost_from_the_beginning(self):
        """M3, S13"""
        self.make_history((self.new_lead, 0), (self.payment, 1))
        self.payment.action_convert_to_lost()
        self.assertNumbers(self.new_lead, entered=1, lost=1)
        self.assertNotIn(
            self.payment.id, [stage["id"] for stage in self.Dashboard.get_funnel(*PERIOD)["stages"]]
        )

    def test_stage_being_deleted_is_left_out(self):
        """M3, S11"""
        self.make_history((self.hot_lead, 0), (self.cold, 1))
        (self.hot_lead | self.cold)._lifecycle_write_protected({"deletion_pending": True})
        funnel = self.Dashboard.get_funnel(*PERIOD)
        self.assertNotIn(self.hot_lead.id, [stage["id"] for stage in funnel["stages"]])
        self.assertFalse(funnel["drop_off"])

    def test_times_and_conversion(self):
        """M3: of those that went on and did not skip the stage; the share is of all that left it"""
        for days in (2, 3, 10):
            self.make_history((self.hot_lead, 0), (self.payment, days))
        self.make_history((self.new_lead, 0), (self.customer, 1))
        self.make_history((self.hot_lead, 0), (self.cold, 100))
        figures = self.get_figures(self.hot_lead)
        self.assertEqual((figures["median_days"], figures["mean_days"]), (3.0, 5.0))
        self.assertEqual(figures["conversion"], 0.8)
        self.assertEqual(figures["entered"], 5)

    def test_empty_stage_has_no_conversion(self):
        """M3"""
        figures = self.get_figures(self.payment)
        self.assertEqual((figures["entered"], figures["conversion"], figures["median_days"]), (0, None, None))

    def test_moves_of_the_same_second_are_in_the_order_of_the_log(self):
        """M3"""
        self.make_history((self.new_lead, 0), (self.hot_lead, 0), (self.payment, 0), (self.cold, 0))
        self.assertNumbers(self.new_lead, entered=1, converted=1)
        self.assertNumbers(self.hot_lead, entered=1, converted=1)
        self.assertNumbers(self.payment, entered=1, lost=1)
        self.assertEqual(self.get_figures(self.new_lead)["mean_days"], 0.0)

    def test_ids_are_unique_and_stable(self):
        """M6: twenty stages, all of them passed through"""
        self.make_stages(20 - self.Stage.search_count([]))
        stages = self.Stage.search([("is_lost", "=", False)])
        contact = self.make_history((stages[0], 0), (stages[-1], 1), (stages[0], 2), (stages[-1], 3))
        stays = self.Report.search([("partner_id", "=", contact.id)])
        self.assertEqual(len(set(stays.ids)), 4 + 2 * (len(stages) - 2))
        self.make_history((stages[0], 0), (stages[2], 1))
        self.assertEqual(self.Report.search([("partner_id", "=", contact.id)]).ids, stays.ids)

    # Who counts

    def test_merged_contacts_keep_their_stays(self):
        """M3, A9, H5: each has its own, and of those that went on one does"""
        contact = self.make_history((self.new_lead, 0), (self.customer, 2))
        other = self.make_history((self.new_lead, 1), (self.cold, 3))
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (contact | other).ids, "dst_partner_id": contact.id}
        ).action_merge()
        self.env.invalidate_all()
        self.assertEqual(contact.lifecycle_stage_id, self.customer)
        stays = self.Report.search(
            [("partner_id", "=", contact.id), ("is_passed", "=", False)], order="date_entered, id"
        )
        self.assertEqual(
            stays.mapped(lambda stay: (stay.stage_id, stay.outcome)),
            [
                (self.new_lead, "converted"),
                (self.new_lead, "lost"),
                (self.customer, "remaining"),
                (self.cold, "merged"),
            ],
        )

    def test_archived_contacts_do_not_count(self):
        """M3, M4"""
        contact = self.make_history((self.new_lead, 0), (self.cold, 1))
        self.assertNumbers(self.new_lead, entered=1, lost=1)
        self.assertTrue(self.Dashboard.get_funnel(*PERIOD)["drop_off"])
        contact.active = False
        self.assertNumbers(self.new_lead)
        self.assertFalse(self.Dashboard.get_funnel(*PERIOD)["drop_off"])

    def test_contacts_without_a_lifecycle_do_not_count(self):
        """M3, A2"""
        contact = self.make_history((self.new_lead, 0), (self.cold, 1))
        contact.type = "delivery"
        self.assertNumbers(self.new_lead)
        self.assertFalse(self.Dashboard.get_funnel(*PERIOD)["drop_off"])

    def test_contacts_of_other_companies_do_not_count(self):
        """M3, M4, P1: neither in the figures nor in the log and the report"""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        contact = self.make_history((self.new_lead, 0), (self.cold, 1))
        for companies, expected in ((self.env.company, False), (self.env.company | company, True)):
            contact.company_id = company
            self.manager.company_ids = companies
            manager = self.Dashboard.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(self.get_figures(self.new_lead, dashboard=manager)["entered"], int(expected))
            self.assertEqual(bool(manager.get_funnel(*PERIOD)["drop_off"]), expected)
            for model in ("lifecycle.transition", "lifecycle.funnel.report"):
                found = manager.env[model].search([("partner_id", "=", contact.id)])
                self.assertEqual(bool(found), expected, model)

    def test_moves_of_unknown_visitors_are_in_the_log(self):
        """P1, A7: they have no contact whose company could matter"""
        channel = self.make_livechat(self.make_guest())
        channel.action_lifecycle_set_stage(self.hot_lead.id)
        self.assertTrue(self.Transition.with_user(self.manager).search([("channel_id", "=", channel.id)]))

    def test_record_rules_of_contacts_hold(self):
        """M3, M4, P1"""
        contact = self.make_history((self.new_lead, 0), (self.cold, 1))
        self.make_history((self.new_lead, 0), (self.cold, 1))
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": str([("id", "!=", contact.id)]),
            }
        )
        self.assertNumbers(self.new_lead, entered=1, lost=1)
        [drop] = self.Dashboard.get_funnel(*PERIOD)["drop_off"]
        self.assertEqual((drop["count"], drop["reengage"]), (1, 1))
        self.assertEqual(
            self.count_behind(self.Dashboard.action_open_stays(self.new_lead.id, "lost", *PERIOD)), 1
        )

    def test_nothing_while_stages_are_not_shown(self):
        """S2, M3"""
        self.make_history((self.new_lead, 0), (self.cold, 1))
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.assertEqual(
            self.Dashboard.get_funnel(*PERIOD),
            {"date_from": PERIOD[0], "date_to": PERIOD[1], "stages": [], "drop_off": []},
        )

    def test_agents_are_refused(self):
        """P1"""
        for user in (self.agent, self.internal, self.portal, self.env.ref("base.public_user")):
            dashboard = self.Dashboard.with_user(user)
            for call in (
                lambda d=dashboard: d.get_funnel(*PERIOD),
                lambda d=dashboard: d.action_open_stays(self.new_lead.id, "entered", *PERIOD),
                lambda d=dashboard: d.action_reengage(self.new_lead.id, self.cold.id, *PERIOD),
                lambda d=dashboard: d.action_open_lost_moves(False, False, *PERIOD),
            ):
                with self.assertRaisesRegex(AccessError, "Only lifecycle managers see these figures"):
                    call()

    # The period

    def test_days_are_those_of_the_users_time_zone(self):
        """M3: both days are part of the period"""
        self.manager.tz = "America/Sao_Paulo"  # three hours behind UTC
        for moment, counts in (
            (datetime(2025, 3, 1, 2, 59, 59), False),
            (datetime(2025, 3, 1, 3), True),
            (datetime(2025, 4, 1, 2, 59, 59), True),
            (datetime(2025, 4, 1, 3), False),
        ):
            before = (
                self.get_figures(self.new_lead)["entered"],
                len(self.Dashboard.get_funnel(*PERIOD)["drop_off"]),
            )
            contact = self.make_history((self.new_lead, 0), start=moment)
            lost = self.make_history((self.hot_lead, -60), (self.cold, 0), start=moment)
            self.assertEqual(self.get_figures(self.new_lead)["entered"] - before[0], int(counts), moment)
            self.assertEqual(
                len(self.Dashboard.get_funnel(*PERIOD)["drop_off"]) - before[1], int(counts), moment
            )
            (contact | lost).active = False

    def test_one_day_is_a_period(self):
        """M3: given as a date or as text"""
        self.make_history((self.new_lead, 0))
        for day in (START.date(), "2025-03-10"):
            self.assertNumbers(self.new_lead, period=(day, day), entered=1, remaining=1)
        funnel = self.Dashboard.get_funnel(date(2025, 3, 10), "2025-03-10")
        self.assertEqual((funnel["date_from"], funnel["date_to"]), ("2025-03-10", "2025-03-10"))

    def test_outcome_is_that_of_today_though_the_stay_began_in_the_period(self):
        """M3: what came of it may lie outside"""
        self.make_history((self.new_lead, 0), (self.hot_lead, 200))
        self.assertNumbers(self.new_lead, entered=1, converted=1)
        self.assertNumbers(self.hot_lead)

    def test_bad_periods_are_refused(self):
        """M3"""
        for period, message in (
            (("yesterday", "2025-03-01"), "“yesterday” is not a date: write it as 2026-12-31"),
            (("2025-02-30", "2025-03-01"), "“2025-02-30” is not a date"),
            ((False, "2025-03-01"), "“False” is not a date"),
            (("2025-03-01", None), "“None” is not a date"),
            (("2025-03-01", 20250302), "“20250302” is not a date"),
            ((["2025-03-01"], "2025-03-02"), "is not a date"),
            (("2025-03-02", "2025-03-01"), "ends on 2025-03-01, before it begins on 2025-03-02: exchange"),
            (("2025-03-02", "9999-12-31"), "beyond the calendar"),
        ):
            for call in (
                lambda p=period: self.Dashboard.get_funnel(*p),
                lambda p=period: self.Dashboard.action_open_stays(self.new_lead.id, "entered", *p),
                lambda p=period: self.Dashboard.action_reengage(self.new_lead.id, self.cold.id, *p),
            ):
                with self.assertRaisesRegex(UserError, message):
                    call()

    def test_bad_numbers_and_stages_are_refused(self):
        """M3, M4"""
        for stage_id, outcome, message in (
            (self.new_lead.id, "reengaged", "“reengaged” is no number of the funnel: choose one of entered"),
            (self.new_lead.id, [], "is no number of the funnel"),
            (0, "entered", "This stage has been deleted: reload the page"),
            ("New Lead", "entered", "This stage has been deleted"),
            (True, "entered", "This stage has been deleted"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self.Dashboard.action_open_stays(stage_id, outcome, *PERIOD)
        with self.assertRaisesRegex(UserError, "This stage has been deleted"):
            self.Dashboard.action_reengage(self.new_lead.id, 2**31 - 1, *PERIOD)

    # Drop-off

    def test_drop_off_counts_moves_of_the_period(self):
        """M4: and the contacts that are in that lost stage still"""
        self.make_history((self.new_lead, -100), (self.cold, 1))
        back = self.make_history((self.new_lead, -100), (self.cold, 1), (self.new_lead, 2))
        self.make_history((self.new_lead, -100), (self.cold, 1), (self.new_lead, 2), (self.cold, 3))
        self.make_history((self.new_lead, 0), (self.cold, 100))
        self.make_history((self.payment, 0), (self.cold, 1))
        expected = [
            {
                "from_id": stage.id,
                "from_name": stage.name,
                "from_emoji": stage.emoji,
                "to_id": self.cold.id,
                "to_name": "Cold Lead",
                "to_emoji": self.cold.emoji,
                "count": count,
                "reengage": reengage,
            }
            for stage, count, reengage in ((self.new_lead, 4, 2), (self.payment, 1, 1))
        ]
        self.assertEqual(self.Dashboard.get_funnel(*PERIOD)["drop_off"], expected)
        action = self.Dashboard.action_reengage(self.new_lead.id, self.cold.id, *PERIOD)
        contacts = self.Partner.with_user(self.manager).search(action["domain"])
        self.assertEqual(len(contacts), 2)
        self.assertNotIn(back, contacts)
        self.assertEqual(
            action["name"], f"Re-engage: {self.new_lead.display_name} to {self.cold.display_name}"
        )

    def test_list_behind_each_number_is_what_was_counted(self):
        """M3, M4, M1: counted by the list's own domain"""
        self.make_history((self.new_lead, 0), (self.customer, 1), (self.hot_lead, 2), (self.cold, 3))
        self.make_history((self.new_lead, 0), (None, 1), (self.payment, 2))
        self.make_history((self.payment, -100), (self.cold, 0))
        self.make_history((self.hot_lead, 0)).active = False
        self.make_history((self.hot_lead, 0)).type = "delivery"
        funnel = self.Dashboard.get_funnel(*PERIOD)
        for stage in funnel["stages"]:
            for number in NUMBERS:
                action = self.Dashboard.action_open_stays(stage["id"], number, *PERIOD)
                self.assertEqual(self.count_behind(action), stage[number], (stage["name"], number))
        self.assertEqual(len(funnel["drop_off"]), 2)
        for drop in funnel["drop_off"]:
            action = self.Dashboard.action_reengage(drop["from_id"], drop["to_id"], *PERIOD)
            self.assertEqual(self.count_behind(action), drop["reengage"])
            action = self.Dashboard.action_open_lost_moves(drop["from_id"], drop["to_id"], *PERIOD)
            self.assertEqual(self.count_behind(action), drop["count"])
        total = self.count_behind(self.Dashboard.action_open_lost_moves(False, False, *PERIOD))
        self.assertEqual(total, sum(drop["count"] for drop in funnel["drop_off"]))

    def test_list_says_what_it_shows(self):
        """M3"""
        action = self.Dashboard.action_open_stays(self.new_lead.id, "passed", *PERIOD)
        self.assertEqual(action["name"], f"{self.new_lead.display_name}: Passed Through")
        self.assertEqual(action["views"][0], (False, "list"))
        # the web client would show it instead of the name, and the address of the menu's action
        self.assertFalse({"display_name", "path", "id"} & set(action))

    def test_queries_do_not_grow_with_contacts(self):
        """M3, M4"""

        def count(number):
            contacts = self.make_contacts_without_stage(number)
            for day, stage in enumerate((self.new_lead, self.payment, self.cold)):
                contacts._lifecycle_move_at(stage.id, START + timedelta(days=day))
            self.env.flush_all()
            self.env.invalidate_all()
            with patch("random.random", lambda: 1):
                before = self.cr.sql_log_count
                self.Dashboard.get_funnel(*PERIOD)
                return self.cr.sql_log_count - before

        count(1)
        few, many = count(50), count(100)
        self.assertEqual(few, many)
        self.assertLessEqual(few, 12)

    def test_row_opens_the_contact(self):
        """M6"""
        contact = self.make_history((self.new_lead, 0))
        stay = self.Report.search([("partner_id", "=", contact.id)])
        action = stay.action_open_contact()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", contact.id))
        with self.assertRaises(AccessError):
            stay.with_user(self.agent).action_open_contact()
