from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..common_funnel import PERIOD, START, FunnelCase

BEFORE = {"date_from": "2025-02-01", "date_to": "2025-02-28"}
IN_FEBRUARY = START - timedelta(days=28)


@tagged("post_install", "-at_install")
class TestFunnelCompare(FunnelCase):
    """What share was converted, and how a period compares with the one before (M3, M7)."""

    def merge(self, contact, other):
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (contact | other).ids, "dst_partner_id": contact.id}
        ).action_merge()
        self.env.invalidate_all()

    # Conversion

    def test_conversion_is_of_the_stays_that_have_ended(self):
        """M3, M7: many that have just entered are no failure"""
        self.make_history((self.hot_lead, 0), (self.payment, 1))
        self.make_history((self.hot_lead, 0), (self.cold, 1))
        self.make_history((self.hot_lead, 0), (None, 1))
        self.make_history((self.hot_lead, 0), (self.new_lead, 1))
        self.assertEqual(self.get_figures(self.hot_lead)["conversion"], 0.25)
        for _number in range(20):
            self.make_history((self.hot_lead, 0))
        self.assertNumbers(
            self.hot_lead, entered=24, converted=1, lost=1, cleared=1, returned=1, remaining=20
        )
        self.assertEqual(self.get_figures(self.hot_lead)["conversion"], 0.25)

    def test_a_merge_ends_no_stay_for_the_conversion(self):
        """M7, H5"""
        self.make_history((self.hot_lead, 0), (self.payment, 1))
        self.make_history((self.hot_lead, 0), (self.cold, 1))
        self.merge(self.make_history((self.customer, 0)), self.make_history((self.hot_lead, 0)))
        self.assertNumbers(self.hot_lead, entered=3, converted=1, lost=1, merged=1)
        self.assertEqual(self.get_figures(self.hot_lead)["conversion"], 0.5)

    def test_no_conversion_where_no_stay_has_ended(self):
        """M3: neither none nor all of nothing"""
        self.make_history((self.hot_lead, 0))
        self.merge(self.make_history((self.customer, 0)), self.make_history((self.hot_lead, 0)))
        self.assertNumbers(self.hot_lead, entered=2, remaining=1, merged=1)
        self.assertIsNone(self.get_figures(self.hot_lead)["conversion"])

    def test_funnel_report_and_opened_records_have_one_conversion(self):
        """M7: whatever came of the stays"""
        for following in (None, self.new_lead, self.payment, self.payment, self.cold):
            self.make_history((self.hot_lead, 0), (following, 1))
        self.make_history((self.new_lead, 0), (self.customer, 1))
        self.make_history((self.hot_lead, 0))
        self.merge(self.make_history((self.customer, 0)), self.make_history((self.hot_lead, 0)))
        domain = self.Dashboard._stays_domain(*self.Dashboard._funnel_period(*PERIOD))
        groups = self.Report.formatted_read_group(domain, ["stage_id"], ["conversion_rate:avg"])
        averages = {group["stage_id"][0]: group["conversion_rate:avg"] for group in groups}
        shares = set()
        for stage in self.Dashboard.get_funnel(*PERIOD)["stages"]:
            action = self.Dashboard.action_open_stays(stage["id"], "entered", *PERIOD)
            outcomes = self.Report.search(action["domain"]).mapped("outcome")
            ended = [outcome for outcome in outcomes if outcome not in ("remaining", "merged")]
            share = ended.count("converted") / len(ended) if ended else None
            self.assertEqual(stage["conversion"], share, stage["name"])
            self.assertEqual(averages.get(stage["id"]) or None, share or None, stage["name"])
            shares.add(share)
        self.assertEqual(shares, {None, 1.0, 3 / 6})

    # The period before

    def test_each_stage_says_what_it_was_before(self):
        """M3: in the month before a month"""
        for days in (1, 3):
            self.make_history((self.hot_lead, 0), (self.payment, days), start=IN_FEBRUARY)
        self.make_history((self.hot_lead, 0), (self.cold, 1), start=IN_FEBRUARY)
        self.make_history((self.hot_lead, 0), (self.payment, 5))
        funnel = self.Dashboard.get_funnel(*PERIOD, compare=True)
        self.assertEqual(funnel["before"], BEFORE)
        rows = {row["id"]: row for row in funnel["stages"]}
        self.assertEqual(rows[self.hot_lead.id]["entered"], 1)
        self.assertEqual(
            rows[self.hot_lead.id]["before"],
            {"entered": 3, "converted": 2, "conversion": 2 / 3, "median_days": 2.0, "lost": 1},
        )
        self.assertEqual(
            rows[self.new_lead.id]["before"],
            {"entered": 0, "converted": 0, "conversion": None, "median_days": None, "lost": 0},
        )

    def test_what_it_was_before_is_what_the_funnel_of_that_period_says(self):
        """M7"""
        self.make_history((self.new_lead, 0), (self.customer, 2), (self.cold, 40), start=IN_FEBRUARY)
        self.make_history((self.payment, 0), (self.new_lead, 2), start=IN_FEBRUARY)
        then = self.Dashboard.get_funnel(*BEFORE.values())["stages"]
        now = self.Dashboard.get_funnel(*PERIOD, compare=True)["stages"]
        self.assertTrue(any(stage["entered"] for stage in then))
        for stage, row in zip(then, now, strict=True):
            self.assertEqual(row["before"], {name: stage[name] for name in row["before"]}, stage["name"])

    def test_unless_asked_for_nothing_is_compared(self):
        """M3: nor counted"""
        figures = self.Dashboard.get_funnel(*PERIOD)
        self.assertNotIn("before", figures)
        self.assertFalse([stage for stage in figures["stages"] if "before" in stage])

    def test_before_the_calendar_there_is_nothing_to_compare_with(self):
        """M3"""
        funnel = self.Dashboard.get_funnel("0002-01-01", "9998-12-31", compare=True)
        self.assertIsNone(funnel["before"])
        self.assertEqual({stage["before"] for stage in funnel["stages"]}, {None})

    def test_queries_do_not_grow_with_contacts(self):
        """M3, M8: two more for the period before"""

        def count(number, compare):
            contacts = self.make_contacts_without_stage(number)
            for days, stage in ((-28, self.new_lead), (-27, self.cold), (0, self.new_lead), (1, self.cold)):
                contacts._lifecycle_move_at(stage.id, START + timedelta(days=days))
            self.env.flush_all()
            self.env.invalidate_all()
            with patch("random.random", lambda: 1):
                before = self.cr.sql_log_count
                self.Dashboard.get_funnel(*PERIOD, compare=compare)
                return self.cr.sql_log_count - before

        count(1, compare=True)
        alone, few, many = count(20, compare=False), count(20, compare=True), count(60, compare=True)
        self.assertEqual(few, many)
        self.assertEqual(few, alone + 2)
