import logging
import os
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ...models.figure import lifecycle_dashboard_columns
from ..common_dashboard import FIGURES
from ..common_funnel import get_domain_behind
from ..common_numbers import NUMBERS, get_period
from ..common_story import DAYS, StoryCase

_logger = logging.getLogger(__name__)

ROUNDS = int(os.environ.get("CONTACT_LIFECYCLE_ROUNDS", 3))
FIRST_SEED = int(os.environ.get("CONTACT_LIFECYCLE_SEED", 1))


@tagged("post_install", "-at_install")
class TestNumbersAgree(StoryCase):
    """Whatever happens, every number is what an independent count in plain Python says, for every manager, and opens as
    many records (M1, M3 to M7).

    Each round is a story of its own, which its seed tells again: ``CONTACT_LIFECYCLE_SEED=7 CONTACT_LIFECYCLE_ROUNDS=1``.
    """

    # ------------------------------------------------------------
    # What the addon says
    # ------------------------------------------------------------

    def as_manager(self, model, manager):
        return (
            self.env[model]
            .with_user(manager)
            .with_context(allowed_company_ids=manager.company_ids.ids, tz=manager.tz)
        )

    def check_opens(self, number, manager, open_action, *args):
        """The number opens as many records; of those that are zero, some."""
        if number or self.rng.random() < 0.2:
            action = open_action(*args)
            records = self.as_manager(action["res_model"], manager)
            self.assertEqual(records.search_count(get_domain_behind(records.env, action)), number, args)

    def check_now(self, manager):
        """The cards, who is stuck, the counts of the lists of stages and of the inbox."""
        story, companies = self.story, manager.company_ids.ids
        dashboard = self.as_manager("lifecycle.dashboard", manager)
        cards = {card["id"]: card for card in dashboard.get_metrics()["stages"]}
        expected = story.count_cards(companies, manager)
        self.assertEqual([*cards], story.order)
        self.assertEqual({stage: {name: cards[stage][name] for name in FIGURES} for stage in cards}, expected)
        for stage, numbers in expected.items():
            for name, number in numbers.items():
                self.check_opens(number, manager, dashboard.action_open, stage, name)

        stuck = {row["id"]: row["count"] for row in dashboard.get_stuck()}
        self.assertEqual(stuck, story.count_stuck(companies, self.now))
        for stage, number in stuck.items():
            self.check_opens(number, manager, dashboard.action_open, stage, "stuck")

        stages = self.as_manager("lifecycle.stage", manager).search([])
        counts = {stage.id: stage.contact_count for stage in stages}
        self.assertEqual(counts, story.count_in_stages(companies))
        lost_stages = self.as_manager("lifecycle.lost.stage", manager).search([])
        self.assertEqual(
            {lost.stage_id.id: lost.contact_count for lost in lost_stages},
            {stage: counts[stage] for stage in story.lost},
        )

        open_chats = [chat for chat in story.list_chats(manager) if not chat.is_snoozed]
        inboxes = dict(self.get_inboxes("lifecycle_stage_id", manager)[1:])
        self.assertEqual(
            inboxes,
            {
                "none": sum(1 for chat in open_chats if not chat.stage),
                **{stage: numbers["open"] for stage, numbers in expected.items()},
                "lost": sum(1 for chat in open_chats if chat.stage in story.lost),
                **{stage: sum(1 for chat in open_chats if chat.stage == stage) for stage in story.lost},
            },
        )
        inboxes = dict(self.get_inboxes("lifecycle_assignment", manager))
        self.assertEqual(
            inboxes,
            {
                False: len(open_chats),
                "mine": sum(manager in chat.agents for chat in open_chats),
                "unassigned": sum(not chat.agents for chat in open_chats),
            },
        )

    def check_funnel(self, manager, first_day, last_day):
        story, companies = self.story, manager.company_ids.ids
        dashboard = self.as_manager("lifecycle.dashboard", manager)
        period = get_period(first_day, last_day, manager.tz)
        funnel = dashboard.get_funnel(first_day, last_day)
        expected = story.count_funnel(companies, *period)
        self.assertEqual([row["id"] for row in funnel["stages"]], story.order)
        for row in funnel["stages"]:
            found = {name: row[name] for name in NUMBERS}
            found["lost_stages"] = {lost["id"]: lost["count"] for lost in row["lost_stages"]}
            for name in ("median_days", "mean_days"):
                found[name] = None if row[name] is None else round(row[name], 6)
            self.assertEqual(found, expected[row["id"]])
            ended = row["entered"] - row["remaining"] - row["merged"]
            self.assertEqual(row["conversion"], row["converted"] / ended if ended else None)
            for name in NUMBERS:
                stays = (row["id"], name, first_day, last_day)
                self.check_opens(row[name], manager, dashboard.action_open_stays, *stays)
                self.seen[name] = self.seen.get(name, 0) + row[name]
        drop_off = {
            (row["from_id"], row["to_id"]): (row["count"], row["reengage"]) for row in funnel["drop_off"]
        }
        self.assertEqual(drop_off, story.count_drop_off(companies, *period))
        for (from_id, to_id), (count, number) in drop_off.items():
            lost = (from_id, to_id, first_day, last_day)
            self.check_opens(number, manager, dashboard.action_reengage, *lost)
            self.seen["drop-off"] = self.seen.get("drop-off", 0) + count
            self.seen["re-engage"] = self.seen.get("re-engage", 0) + number

    def check_columns(self, manager):
        """The shares at the heads of the pipeline's columns, beside the funnel of as many days."""
        dashboard = self.as_manager("lifecycle.dashboard", manager)
        today = fields.Date.context_today(dashboard)
        days = self.rng.choice([DAYS - 20, DAYS - 5, DAYS + 2])
        period = get_period(today - timedelta(days=days - 1), today, manager.tz)
        expected = {}
        for stage, numbers in self.story.count_funnel(manager.company_ids.ids, *period).items():
            ended = numbers["entered"] - numbers["remaining"] - numbers["merged"]
            if ended and (numbers["converted"] or stage != self.story.order[-1]):
                expected[stage] = round(numbers["converted"] / ended, 6)
        with patch.object(lifecycle_dashboard_columns, "DAYS", days):
            heads = dashboard.get_column_heads([])
        self.assertEqual({head["id"]: round(head["conversion"], 6) for head in heads}, expected)
        self.seen["shares"] = self.seen.get("shares", 0) + len(expected)

    def read_report(self, model, manager):
        """:return: dict stage id or None -> (number, days in all), as the report's own page has them"""
        action = self.env["ir.actions.actions"]._for_xml_id(
            f"contact_lifecycle.{model.replace('.', '_')}_action"
        )
        groups = self.as_manager(model, manager)._read_group(
            Domain(safe_eval(action["domain"])), ["stage_id"], ["__count", "days_total:sum"]
        )
        return {stage.id or None: (count, days or 0) for stage, count, days in groups}

    def assertTimes(self, found, expected):
        """The same numbers of the same stages, and days that differ only by what adding up loses."""
        self.assertEqual(
            {stage: count for stage, (count, _days) in found.items()},
            {stage: count for stage, (count, _days) in expected.items()},
        )
        for stage, (_count, days) in expected.items():
            self.assertAlmostEqual(found[stage][1], days, delta=0.001, msg=stage)

    def check_reports(self, manager, first_day, last_day):
        story, companies = self.story, manager.company_ids.ids
        expected = story.count_report(companies, self.now)
        self.assertTimes(self.read_report("lifecycle.funnel.report", manager), expected)
        times = self.read_report("lifecycle.stage.time.report", manager)
        times.pop(None, None)  # those of several deleted stages are told apart by their names
        self.assertTimes(times, story.count_times(companies, self.now))

        start, end = get_period(first_day, last_day, manager.tz)
        digest = self.digest.with_user(manager).with_context(
            allowed_company_ids=companies, start_datetime=start, end_datetime=end
        )
        for company in manager.company_ids:
            values = digest.with_company(company)
            values.invalidate_recordset()
            self.assertEqual(
                (values.kpi_lifecycle_customers_value, values.kpi_lifecycle_lost_value),
                story.count_digest(companies, company.id, start, end),
            )
            self.seen["customers"] = self.seen.get("customers", 0) + values.kpi_lifecycle_customers_value

    # ------------------------------------------------------------
    # The rounds
    # ------------------------------------------------------------

    def test_every_number(self):
        """M7: three rounds, more by ``CONTACT_LIFECYCLE_ROUNDS``"""
        self.seen = {}
        for seed in range(FIRST_SEED, FIRST_SEED + ROUNDS):
            with self.undone():
                self.tell(seed)
                for manager in self.managers:
                    first_day = (self.now - timedelta(days=self.rng.randrange(DAYS + 1))).date()
                    last_day = first_day + timedelta(days=self.rng.choice([0, 6, 29, DAYS, DAYS]))
                    for check, days in (
                        (self.check_now, ()),
                        (self.check_columns, ()),
                        (self.check_funnel, (first_day, last_day)),
                        (self.check_reports, (first_day, last_day)),
                    ):
                        with self.subTest(check.__name__, seed=seed, manager=manager.login, days=days):
                            check(manager, *days)
            self.env.registry.clear_all_caches()
            _logger.info("The story of seed %s is told", seed)
        _logger.info("Numbers, seeds %s to %s: %s", FIRST_SEED, FIRST_SEED + ROUNDS - 1, self.seen)
        # a comparison of nothing with nothing would be no test
        names = [*NUMBERS, "drop-off", "re-engage", "customers", "shares"] if ROUNDS > 20 else ["entered"]
        for name in names:
            self.assertGreater(self.seen.get(name, 0), ROUNDS // 20, f"{name}: {self.seen}")
