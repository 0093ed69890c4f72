import random
from collections import defaultdict
from datetime import datetime, timedelta
from statistics import median

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_funnel import FunnelCase

NOW = "2025-12-20 12:00:00"
SEEDS = range(3)


@tagged("post_install", "-at_install")
class TestCohorts(FunnelCase):
    """How far those have come who entered their first stage in a month (M3)."""

    def setUp(self):
        super().setUp()
        # long before whatever has been in the database before
        self.enterContext(freeze_time(NOW))

    def get_cohorts(self, dashboard=None):
        """:return: dict month -> its number of contacts, and by stage how many and the median days"""
        result = (dashboard if dashboard is not None else self.Dashboard).get_cohorts()
        names = [stage["name"] for stage in result["stages"]]
        return {
            cohort["month"]: (
                cohort["count"],
                {
                    name: (reached["count"], reached["median_days"])
                    for name, reached in zip(names, cohort["reached"], strict=True)
                    if reached["count"]
                },
            )
            for cohort in result["cohorts"]
        }

    def test_passed_through_is_reached(self):
        """M3: a later stage reaches those before it; a return takes nothing away, and lost stages reach none"""
        self.make_history((self.new_lead, 0), (self.payment, 4), (self.hot_lead, 6))
        self.make_history((self.new_lead, 0), (self.hot_lead, 2), (self.cold, 3))
        self.make_history((self.cold, 0), (None, 1))
        self.assertEqual(
            self.get_cohorts(),
            {"2025-03-01": (3, {"New Lead": (2, 0.0), "Hot Lead": (2, 3.0), "Payment": (1, 4.0)})},
        )

    def test_first_entry_ever(self):
        """M3: who was there before the twelve months is in none of them"""
        self.make_history((self.new_lead, -200), (None, -190), (self.hot_lead, 5))
        self.make_history((self.new_lead, -200), (self.hot_lead, 5))
        self.make_history((self.new_lead, 100), (None, 101), (self.new_lead, 140))
        self.assertEqual(self.get_cohorts(), {"2025-06-01": (1, {"New Lead": (1, 0.0)})})

    def test_months_are_those_of_the_reader(self):
        """M3"""
        self.make_history((self.new_lead, 0), start=datetime(2025, 4, 1, 1))
        # the first is three hours behind UTC
        for zone, month in (("America/Sao_Paulo", "2025-03-01"), ("UTC", "2025-04-01")):
            dashboard = self.Dashboard.with_context(tz=zone)
            self.assertEqual(list(self.get_cohorts(dashboard)), [month])
            self.assertEqual(self.count_behind(dashboard.action_open_cohort(month)), 1)

    def make_random_histories(self, seed):
        """:return: dict contact -> list of (stage or none, date)"""
        chance = random.Random(seed)
        stages = [self.new_lead, self.hot_lead, self.payment, self.customer, self.cold, None]
        histories = {}
        for _number in range(25):
            day, last, moves = chance.uniform(-120, 200), None, []
            for _move in range(chance.randint(1, 6)):
                stage = chance.choice([stage for stage in stages if stage != last])
                moves.append((stage, round(day * 24) / 24))
                last, day = stage, day + chance.uniform(0.1, 30)
            contact = self.make_history(*moves)
            contact.write(chance.choice([{}, {}, {}, {"active": False}, {"type": "delivery"}]))
            if contact.active and contact.type == "contact":
                histories[contact] = moves
        return histories

    def count_by_hand(self, histories):
        """What get_cohorts says, counted from what was made"""
        order = [self.new_lead, self.hot_lead, self.payment, self.customer]
        cohorts = defaultdict(lambda: (set(), defaultdict(list)))
        for contact, moves in histories.items():
            entries = [(stage, day) for stage, day in moves if stage]
            if not entries:
                continue
            first = entries[0][1]
            month = (datetime(2025, 3, 10, 12) + timedelta(days=first)).strftime("%Y-%m-01")
            if month < "2025-01-01":
                continue
            contacts, reached = cohorts[month]
            contacts.add(contact)
            for place, stage in enumerate(order):
                days = [day - first for entered, day in entries if entered in order[place:]]
                if days:
                    reached[stage.name].append(min(days))
        return {
            month: (len(contacts), {name: (len(days), median(days)) for name, days in reached.items()})
            for month, (contacts, reached) in cohorts.items()
        }

    def test_random_histories_against_a_count_by_hand(self):
        """M3, M7: and each number is the length of the list that it opens"""
        for seed in SEEDS:
            with self.subTest(seed=seed), self.undone():
                expected = self.count_by_hand(self.make_random_histories(seed))
                result = self.get_cohorts()
                self.assertEqual(set(result), set(expected))
                for month, (count, reached) in expected.items():
                    self.assertEqual(result[month][0], count, month)
                    self.assertEqual(set(result[month][1]), set(reached), month)
                    for name, (number, days) in reached.items():
                        self.assertEqual(result[month][1][name][0], number, (month, name))
                        self.assertAlmostEqual(result[month][1][name][1], days, 3, (month, name))
                cohorts = self.Dashboard.get_cohorts()
                for cohort in cohorts["cohorts"]:
                    action = self.Dashboard.action_open_cohort(cohort["month"])
                    self.assertEqual(self.count_behind(action), cohort["count"])
                    for stage, reached in zip(cohorts["stages"], cohort["reached"], strict=True):
                        action = self.Dashboard.action_open_cohort(cohort["month"], stage["id"])
                        self.assertEqual(self.count_behind(action), reached["count"], (cohort, stage))

    def test_record_rules_of_companies(self):
        """M3, P5"""
        company = self.env["res.company"].create({"name": "Other Company"})
        self.make_history((self.new_lead, 0)).company_id = company
        self.make_history((self.new_lead, 0))
        self.assertEqual(self.get_cohorts()["2025-03-01"][0], 1)
        self.assertEqual(self.count_behind(self.Dashboard.action_open_cohort("2025-03-01")), 1)

    def test_queries_do_not_grow(self):
        """M3, M8"""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Dashboard.get_cohorts()
            return self.cr.sql_log_count - before

        self.make_history((self.new_lead, 0))
        count()
        few = count()
        for day in range(0, 100, 10):
            self.make_history((self.new_lead, day), (self.customer, day + 1))
        self.make_stages(2)
        count()  # once for what Odoo keeps of stages
        self.assertEqual(count(), few)

    def test_only_managers(self):
        """P1"""
        for user in (self.agent, self.internal, self.portal):
            dashboard = self.Dashboard.with_user(user)
            for call in (
                lambda d=dashboard: d.get_cohorts(),
                lambda d=dashboard: d.action_open_cohort("2025-03-01"),
            ):
                with self.assertRaisesRegex(AccessError, "Only lifecycle managers see these figures"):
                    call()

    def test_bad_input(self):
        """M3"""
        for month in ("2025-03-02", "2024-12-01", "2026-01-01"):
            with self.assertRaisesRegex(UserError, "is not the first day of one of the last twelve months"):
                self.Dashboard.action_open_cohort(month)
        with self.assertRaisesRegex(UserError, "is not a date"):
            self.Dashboard.action_open_cohort("March")
        with self.assertRaisesRegex(UserError, "This stage has been deleted"):
            self.Dashboard.action_open_cohort("2025-03-01", 2**31)

    def test_nothing_while_stages_are_not_shown(self):
        """S2"""
        self.make_history((self.new_lead, 0))
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.assertEqual(self.Dashboard.get_cohorts(), {"stages": [], "cohorts": []})
