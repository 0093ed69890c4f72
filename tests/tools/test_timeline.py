import random
from collections import Counter
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...tools.move_in.timeline import Known, New, make_plan

START = datetime(2025, 1, 1)
NOW = START + timedelta(days=100)
ORDER = {1: 0, 2: 1, 3: 2, 4: 3}
LOST = 9
ROUNDS = 3000


def day(number):
    return START + timedelta(days=number)


def chain(moves):
    """:return: list of ``Known``, the log of a contact that was moved so"""
    rows, stage, since = [], None, None
    for number, (date, to, is_imported) in enumerate(moves, 1):
        rows.append(Known(number, date, to, stage, since if stage else None, is_imported))
        stage, since = to, date
    return rows, (stage, since)


def carry_out(known, current, plan):
    """:return: what ``chain`` returns, once a plan is written"""
    rows = [
        Known(row.id, row.date, row.to, *plan.changed.get(row.id, (row.left, row.entered)), row.is_imported)
        for row in known
    ]
    first = len(rows) + 1
    rows += [
        Known(first + place, row.date, row.to, row.left, row.entered, True)
        for place, row in enumerate(plan.added)
    ]
    rows.sort(key=lambda row: (row.date, row.id))
    return rows, (plan.stage, plan.since) if plan.added or plan.changed else current


@tagged("post_install", "-at_install")
class TestTimeline(BaseCase):
    """D2, D4: moves from here and from elsewhere, in the order of time."""

    def plan(self, here, moves, seen=None, current=None, **kwargs):
        known, at = chain(here)
        return make_plan(known, current or at, moves, seen, ORDER, NOW, **kwargs)

    def get_added(self, plan):
        return [(row.date, row.left, row.to, row.entered) for row in plan.added]

    def test_new_contact_has_the_history(self):
        """D2: each row says which stage was left and since when"""
        plan = self.plan([], [New(day(1), 1), New(day(3), 2), New(day(4), None), New(day(9), 3)])
        self.assertEqual(
            self.get_added(plan),
            [
                (day(1), None, 1, None),
                (day(3), 1, 2, day(1)),
                (day(4), 2, None, day(3)),
                (day(9), None, 3, None),
            ],
        )
        self.assertEqual((plan.stage, plan.since), (3, day(9)))

    def test_older_moves_come_before(self):
        """D2: the first row here is told which stage it leaves; the contact stays where it is"""
        plan = self.plan([(day(50), 2, False)], [New(day(1), 1), New(day(3), 3)])
        self.assertEqual(self.get_added(plan), [(day(1), None, 1, None), (day(3), 1, 3, day(1))])
        self.assertEqual(plan.changed, {1: (3, day(3))})
        self.assertEqual((plan.stage, plan.since, plan.kept), (2, day(50), "older"))
        self.assertFalse(plan.is_contradicting)

    def test_what_is_in_between_contradicts(self):
        """D2: it is put in order, and said"""
        plan = self.plan([(day(10), 1, False), (day(30), 3, False)], [New(day(20), 2)])
        self.assertEqual(self.get_added(plan), [(day(20), 1, 2, day(10))])
        self.assertEqual(plan.changed, {2: (2, day(20))})
        self.assertTrue(plan.is_contradicting)

    def test_stage_was_entered_earlier(self):
        """D2: the row here ends no stay then, and the contact has been there for longer"""
        plan = self.plan([(day(50), 2, False)], [New(day(5), 2)])
        self.assertEqual((plan.stage, plan.since), (2, day(5)))
        plan = self.plan([(day(40), 1, False), (day(50), 2, False)], [New(day(45), 2)])
        self.assertEqual(plan.changed, {2: (None, None)})
        self.assertEqual((plan.stage, plan.since), (2, day(45)))

    def test_stage_that_no_row_tells_of(self):
        """D2: a contact that is in a stage without a log has a stay that ends what came before"""
        plan = self.plan([], [New(day(1), 1)], current=(3, day(20)))
        self.assertEqual(self.get_added(plan), [(day(1), None, 1, None), (day(20), 1, 3, day(1))])
        self.assertEqual((plan.stage, plan.since), (3, day(20)))

    def test_deleted_stage_keeps_its_name(self):
        plan = self.plan([(day(10), "Gone", False)], [New(day(20), 2)])
        self.assertEqual(self.get_added(plan), [(day(20), "Gone", 2, day(10))])

    def test_where_the_source_has_the_contact(self):
        """D4: forward by its date; nobody goes back by an older file, nor unless told"""
        for here, seen, told, expected, kept in (
            ([], New(day(60), 2), False, 2, ""),
            ([(day(10), 1, False)], New(day(60), 3), False, 3, ""),
            ([(day(10), 1, False)], New(day(60), LOST), False, LOST, ""),
            ([(day(10), 3, False)], New(day(60), 1), False, 3, "not_forward"),
            ([(day(10), 3, True)], New(day(60), 1), False, 1, ""),
            ([(day(10), 3, False)], New(day(60), 1), True, 1, ""),
            ([(day(70), 2, False)], New(day(60), 3), False, 2, "older"),
            ([(day(70), 2, False)], New(day(60), 3), True, 3, ""),
            ([(day(70), 2, False)], New(day(60), 2), True, 2, ""),
        ):
            with self.subTest(here=here, seen=seen, told=told):
                plan = self.plan(here, [], seen, told=told)
                self.assertEqual((plan.stage, plan.kept), (expected, kept))
                if not kept and plan.added:
                    self.assertEqual(plan.added[-1].date, NOW if told else seen.date)

    def test_merged_contact_gets_later_moves_only(self):
        """H5: its log is of several people"""
        plan = self.plan(
            [(day(10), 1, False), (day(30), 3, False)], [New(day(20), 2), New(day(40), 4)], is_merged=True
        )
        self.assertEqual(self.get_added(plan), [(day(40), 3, 4, day(30))])
        self.assertFalse(plan.changed)
        self.assertTrue(plan.is_contradicting)

    def test_property(self):
        """D2, D4: whatever happened here and there, the log is one line, has all of it, and twice is once"""
        for seed in range(ROUNDS):
            rng = random.Random(seed)
            here, stage = [], None
            for number in sorted(rng.choices(range(60), k=rng.randrange(6))):
                stage = rng.choice([other for other in (None, 1, 2, 3, 4, LOST) if other != stage])
                here.append((day(number), stage, rng.random() < 0.3))
            moves = [
                New(day(number), rng.choice([None, 1, 2, 3, 4, LOST]))
                for number in sorted(rng.choices(range(60), k=rng.randrange(6)))
            ]
            seen = rng.choice([None, New(day(rng.randrange(50, 90)), rng.choice([1, 2, 3, 4, LOST]))])
            told = rng.random() < 0.2
            known, current = chain(here)
            plan = make_plan(known, current, moves, seen, ORDER, NOW, told=told)
            rows, at = carry_out(known, current, plan)
            with self.subTest(seed=seed):
                self.check_line(rows, at)
                there = Counter((row.date, row.to) for row in rows)
                self.assertFalse(Counter((row.date, row.to) for row in known) - there, "a row is gone")
                self.assertLessEqual(
                    {row.to for row in rows},
                    {None, *(m[1] for m in here), *(m.to for m in moves), seen and seen.to},
                )
                again = make_plan(rows, at, moves, seen, ORDER, NOW, told=told)
                self.assertEqual((again.added, again.changed), ([], {}), "twice is not once")
                self.assertEqual((again.stage, again.since), at)

    def check_line(self, rows, at):
        stage, since = None, None
        for row in rows:
            if row.left is not None:
                self.assertEqual((row.left, row.entered), (stage, since))
            elif row.to != stage:
                self.assertIsNone(stage, "a stay has no end")
            if row.to != stage:
                stage, since = row.to, row.date
        self.assertEqual(at[0], stage)
        if stage is not None:
            self.assertEqual(at[1], since)
