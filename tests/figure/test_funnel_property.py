import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import mean, median

from freezegun import freeze_time
from psycopg2.extras import execute_values

from odoo.tests import tagged

from ..common_funnel import NUMBERS, FunnelCase

SEED = 20250301
CONTACTS = 10_000
ROUNDS = 50
MOVES_A_ROUND = 400
FIRST_DAY = date(2024, 1, 1)
GONE = -1  # stands for a stage that was deleted since: the log has only its name
DAYS = 500  # the moves begin on one of them


def get_outcome(order, stage_id, following, is_merged=False):
    """:return: how a stay in a stage ended, by the (stage id, date) that followed it, if any (M3)"""
    if not following:
        return "merged" if is_merged else "remaining"
    next_id = following[0]
    if next_id is None:
        return "cleared"
    if next_id == GONE:
        return "deleted"
    if next_id not in order:
        return "lost"
    return "converted" if order.index(next_id) > order.index(stage_id) else "returned"


@tagged("post_install", "-at_install")
class TestFunnelProperty(FunnelCase):
    """get_funnel equals a count in plain Python over ten thousand contacts that move at random (M3, M4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(SEED)
        cls.LostStage.create([{"name": "No Response"}, {"name": "Unqualified"}])
        cls.make_stages(2)
        cls.stages = cls.Stage.search([])
        cls.histories = cls.make_random_histories()

    def setUp(self):
        super().setUp()
        self.histories = {partner_id: list(history) for partner_id, history in self.histories.items()}
        self.merged = defaultdict(list)  # contact id -> histories of those that became one with it

    @classmethod
    def make_random_histories(cls):
        """Insert contacts and their moves by SQL, the column in step with the log.

        :return: dict contact id -> list of (stage id or None, date), the moves in order
        """
        cls.allow_plain_contacts()
        cls.cr.execute(
            """
            INSERT INTO res_partner (name, active, partner_share, type)
                 SELECT 'Contact ' || number, number %% 50 > 0, TRUE, CASE WHEN number %% 40 > 0 THEN 'contact' ELSE 'delivery' END
                   FROM generate_series(1, %s) number
              RETURNING id, active AND type = 'contact'
            """,
            [CONTACTS],
        )
        counted = dict(cls.cr.fetchall())
        histories = {}
        for partner_id in counted:
            moment = datetime.combine(FIRST_DAY, datetime.min.time())
            moment += timedelta(seconds=cls.random.randrange(DAYS * 86400))
            history = []
            for _move in range(cls.random.randrange(1, 8)):
                history.append((cls.choose_stage(history), moment))
                moment += cls.choose_time()
            histories[partner_id] = history
        cls.insert_moves([(pid, (None, None), move) for pid, (move, *_others) in histories.items()])
        cls.insert_moves(
            [(pid, before, move) for pid, history in histories.items() for before, move in pairwise(history)]
        )
        return {pid: history for pid, history in histories.items() if counted[pid]}

    @classmethod
    def choose_stage(cls, history):
        """:return: id of any stage but the last one, now and then GONE, or None for no stage"""
        last = history[-1][0] if history else None
        choice = [stage_id for stage_id in [*cls.stages.ids, GONE] if stage_id != last]
        return None if last and cls.random.random() < 0.1 else cls.random.choice(choice)

    @classmethod
    def choose_time(cls):
        """Now and then two moves are of the same second."""
        return timedelta(seconds=cls.random.choice([0, cls.random.randrange(40 * 86400)]))

    @classmethod
    def insert_moves(cls, moves):
        """:param moves: list of (contact id, (stage id, date) before, (stage id, date) after), those of a contact in order"""
        ids = {None: None, GONE: None, **{stage.id: stage.id for stage in cls.stages}}
        name = {None: None, GONE: "Gone", **{stage.id: stage.display_name for stage in cls.stages}}
        execute_values(
            cls.cr._obj,
            """
            INSERT INTO lifecycle_transition
                        (partner_id, from_stage_id, to_stage_id, from_stage_name, to_stage_name, date_entered, date, source)
                 VALUES %s
            """,
            [
                (pid, ids[old], ids[new], name[old], name[new], old and since, moment, "manual")
                for pid, (old, since), (new, moment) in moves
            ],
            page_size=5000,
        )
        execute_values(
            cls.cr._obj,
            """
            UPDATE res_partner SET lifecycle_stage_id = last.stage_id, date_last_stage_update = last.date
              FROM (VALUES %s) last (partner_id, stage_id, date)
             WHERE res_partner.id = last.partner_id
            """,
            list({pid: (pid, ids[new], moment) for pid, _before, (new, moment) in moves}.values()),
            template="(%s, %s::int, %s)",
            page_size=5000,
        )
        cls.env.invalidate_all()

    def move_some(self):
        """Let contacts move on, after their last move."""
        moves = []
        for partner_id in self.random.sample(sorted(self.histories), MOVES_A_ROUND):
            history = self.histories[partner_id]
            before = history[-1]
            history.append((self.choose_stage(history), before[1] + self.choose_time()))
            moves.append((partner_id, before, history[-1]))
        self.insert_moves(moves)

    def merge_some(self):
        """Let two contacts become one: the history of the more advanced one goes on (H5)."""
        remaining, other = self.random.sample(sorted(self.histories), 2)
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [remaining, other], "dst_partner_id": remaining}
        ).action_merge()
        self.env.flush_all()
        order = [stage.id for stage in self.stages if not stage.is_lost]

        def get_rank(history):
            stage_id, moment = history[-1]
            is_lost = stage_id not in (None, GONE)
            return (-1 - order.index(stage_id) if stage_id in order else not is_lost), moment

        histories = [self.histories[remaining], self.histories.pop(other)]
        ranks = [get_rank(history) for history in histories]
        is_other_better = ranks[1][0] < ranks[0][0] or (
            histories[0][-1][0] == histories[1][-1][0] and ranks[1] < ranks[0]
        )
        self.histories[remaining] = histories.pop(is_other_better)
        self.merged[remaining] += [*histories, *self.merged.pop(other, [])]

    def iter_histories(self):
        """:return: iterator of contact id, history, whether its contact became one with another"""
        for partner_id, history in self.histories.items():
            yield partner_id, history, False
            for merged in self.merged.get(partner_id, ()):
                yield partner_id, merged, True

    def expect(self, start, end):
        """Count as the requirement says it, one contact after the other.

        :return: dict stage id -> figures, and dict (stage id, lost stage id) -> [moves, contacts still there]
        """
        order = [stage.id for stage in self.stages if not stage.is_lost]
        figures = {stage_id: dict.fromkeys(NUMBERS, 0) for stage_id in order}
        lost_to = defaultdict(int)
        times = defaultdict(list)
        for _partner_id, history, is_merged in self.iter_histories():
            for index, (stage_id, moment) in enumerate(history):
                following = history[index + 1] if index + 1 < len(history) else None
                before = history[index - 1][0] if index else None
                if not start <= moment < end:
                    continue
                if before in order and stage_id in order:
                    for passed in order[order.index(before) + 1 : order.index(stage_id)]:
                        for number in ("entered", "passed", "converted"):
                            figures[passed][number] += 1
                if stage_id not in order:
                    continue
                outcome = get_outcome(order, stage_id, following, is_merged)
                if outcome == "lost":
                    lost_to[stage_id, following[0]] += 1
                elif outcome == "converted":
                    times[stage_id].append((following[1] - moment).total_seconds() / 86400)
                figures[stage_id]["entered"] += 1
                figures[stage_id][outcome] += 1
        for stage_id, numbers in figures.items():
            numbers["lost_stages"] = {
                lost: count for (stage, lost), count in lost_to.items() if stage == stage_id
            }
            numbers["median_days"] = round(median(times[stage_id]), 6) if times[stage_id] else None
            numbers["mean_days"] = round(mean(times[stage_id]), 6) if times[stage_id] else None
            ended = sum(
                numbers[outcome] for outcome in ("converted", "returned", "cleared", "deleted", "lost")
            )
            numbers["conversion"] = round(numbers["converted"] / ended, 6) if ended else None
        return figures, self.expect_drop_off(order, start, end)

    def expect_drop_off(self, order, start, end):
        moves, still = defaultdict(int), defaultdict(set)
        lost_stages = [stage.id for stage in self.stages if stage.is_lost]
        for partner_id, history, _is_merged in self.iter_histories():
            for (before, _moment), (stage_id, moment) in pairwise(history):
                if start <= moment < end and before in order and stage_id in lost_stages:
                    moves[before, stage_id] += 1
                    if self.histories[partner_id][-1][0] == stage_id:
                        still[before, stage_id].add(partner_id)
        return {pair: (count, len(still[pair])) for pair, count in moves.items()}

    def get_actual(self, first_day, last_day):
        """:return: what get_funnel says, in the form of ``expect``"""
        funnel = self.Dashboard.get_funnel(first_day, last_day)
        figures = {}
        for stage in funnel["stages"]:
            figures[stage["id"]] = {
                **{number: stage[number] for number in NUMBERS},
                "lost_stages": {lost["id"]: lost["count"] for lost in stage["lost_stages"]},
                **{
                    name: None if stage[name] is None else round(stage[name], 6)
                    for name in ("median_days", "mean_days", "conversion")
                },
            }
        drop_off = {
            (drop["from_id"], drop["to_id"]): (drop["count"], drop["reengage"]) for drop in funnel["drop_off"]
        }
        return figures, drop_off

    def test_funnel_equals_an_independent_count(self):
        """M3, M4: fifty rounds, each with more moves, another period and, at times, another order of stages"""
        seen = defaultdict(int)
        for number in range(ROUNDS):
            self.move_some()
            self.merge_some()
            if number % 10 == 9:
                stages = self.stages.filtered(lambda stage: not stage.is_lost)
                for sequence, stage in enumerate(self.random.sample(list(stages), len(stages))):
                    stage.sequence = sequence
                type(self).stages = self.Stage.search([])
            first_day = FIRST_DAY + timedelta(days=self.random.randrange(DAYS))
            last_day = first_day + timedelta(days=self.random.choice([0, 6, 29, 89, 364]))
            start, end = (
                datetime.combine(day, datetime.min.time())
                for day in (first_day, last_day + timedelta(days=1))
            )
            with self.subTest(seed=SEED, round=number, first_day=first_day, last_day=last_day):
                expected = self.expect(start, end)
                self.assertEqual(self.get_actual(first_day, last_day), expected)
                for numbers in expected[0].values():
                    for name in NUMBERS:
                        seen[name] += numbers[name]
                seen["drop_off"] += sum(count for count, _still in expected[1].values())
        # a comparison of nothing with nothing would be no test
        few = {"merged": 3}
        self.assertTrue(all(seen[name] > few.get(name, 1000) for name in (*NUMBERS, "drop_off")), dict(seen))

    def test_a_page_is_part_of_the_whole(self):
        """M8: rows that are read as a page, or by their ids, are those of the whole report"""
        for _number in range(5):
            self.move_some()
            self.merge_some()
        for model, order in (
            ("lifecycle.funnel.report", lambda row: (row["date_entered"], row["id"])),
            ("lifecycle.stage.time.report", lambda row: (row["date_last_entered"], row["id"])),
        ):
            Report = self.env[model].with_user(self.manager)
            domain = [("partner_id", "in", self.random.sample(sorted(self.histories), 500))]
            names = [
                name
                for name in Report.get_views([(False, "list")])["models"][model]["fields"]
                if name != "id"
            ]
            with freeze_time("2026-06-01"):
                rows = sorted(Report.search_read(domain, names), key=order, reverse=True)
                self.assertGreater(len(rows), 1000)
                for offset, limit in ((0, 80), (500, 100), (0, len(rows) + 1)):
                    self.env.invalidate_all()
                    with self.subTest(model=model, offset=offset, limit=limit):
                        page = Report.search_read(domain, names, offset=offset, limit=limit)
                        self.assertAlike(page, rows[offset : offset + limit])
                self.env.invalidate_all()
                some = self.random.sample(rows, 100)
                with self.subTest(model=model, by="id"):
                    self.assertAlike(Report.browse([row["id"] for row in some]).read(names), some)
            with self.subTest(model=model, by="number"):
                self.assertEqual(Report.search_count(domain), len(rows))
                self.assertEqual(Report.search_count(domain, limit=10), 10)

    def assertAlike(self, rows, expected):
        """The same rows, but for what is lost where days are added in another order."""
        for row, other in zip(rows, expected, strict=True):
            self.assertEqual(row.keys(), other.keys())
            for name, value in row.items():
                if isinstance(value, float):
                    self.assertAlmostEqual(value, other[name], 6, msg=name)
                else:
                    self.assertEqual(value, other[name], name)
