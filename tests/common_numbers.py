"""What happened to contacts and conversations, kept in plain Python, and every number counted from that alone.

It knows nothing of the addon's models, columns or SQL: what a number is, is said here once more, by the requirements.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from statistics import mean, median
from zoneinfo import ZoneInfo

NUMBERS = ("entered", "passed", "converted", "returned", "cleared", "deleted", "merged", "lost", "remaining")


@dataclass
class Stay:
    """A contact was in a stage; a stay that goes on has no end."""

    stage: int
    entered: datetime
    left: datetime | None = None
    to: int | None = None
    is_merged: bool = False


@dataclass
class Person:
    stage: int | None = None
    since: datetime | None = None
    company: int | None = None
    is_active: bool = True
    in_scope: bool = True
    stays: list = field(default_factory=list)  # those that are over
    moves: list = field(default_factory=list)  # tuples of date, from, to

    def move(self, stage, moment):
        if stage == self.stage:
            return
        if self.stage:
            self.stays.append(Stay(self.stage, self.since, moment, stage))
        self.moves.append((moment, self.stage, stage))
        self.stage, self.since = stage, moment

    def merge(self, others, story, moment):
        """Others become this one. The most advanced of their stages remains, else this one's; with the one who has been in it for longest (H5)."""
        people = [*others, self]
        advanced = [stage for stage in story.order if any(person.stage == stage for person in people)]
        lost = [stage for stage in story.lost if any(person.stage == stage for person in people)]
        best = advanced[-1] if advanced else self.stage or (lost[0] if lost else None)
        in_best = [person for person in people if person.stage == best]
        lasting = min(in_best, key=lambda person: person.since or moment)
        for person in people:
            if person is not lasting and person.stage:
                person.stays.append(Stay(person.stage, person.since, moment, is_merged=True))
        stage, since = lasting.stage, lasting.since
        for person in others:
            self.stays += person.stays
            self.moves += person.moves
        self.stage, self.since = stage, since


@dataclass
class Chat:
    person: Person | None = None
    own_stage: int | None = None
    is_closed: bool = False
    is_snoozed: bool = False
    agents: set = field(default_factory=set)  # of us who are in it
    is_for_members: bool = False  # else every manager sees it

    @property
    def stage(self):
        return self.person.stage if self.person else self.own_stage


@dataclass
class Story:
    """All that happened, and what there is."""

    order: list  # ids of the lifecycle stages
    lost: list  # ids of the lost ones
    won: set
    patience: dict  # stage id -> number of days after which a contact is stuck
    people: dict = field(default_factory=dict)
    chats: dict = field(default_factory=dict)

    # ------------------------------------------------------------
    # Who counts
    # ------------------------------------------------------------

    def see(self, companies):
        """:return: the contacts that count, for somebody who works for these companies"""
        return [
            person
            for person in self.people.values()
            if person.is_active and person.in_scope and (not person.company or person.company in companies)
        ]

    def list_stays(self, companies):
        """:return: list of (contact, stay), those that go on as well"""
        return [
            (person, stay)
            for person in self.see(companies)
            for stay in [*person.stays, *([Stay(person.stage, person.since)] if person.stage else [])]
        ]

    # ------------------------------------------------------------
    # Now
    # ------------------------------------------------------------

    def list_chats(self, agent):
        """:return: list of the conversations that are not closed and that one of us sees"""
        return [
            chat
            for chat in self.chats.values()
            if not chat.is_closed and (agent in chat.agents or not chat.is_for_members)
        ]

    def count_cards(self, companies, agent):
        """:return: dict stage id -> dict of the numbers of its card"""
        cards = {
            stage: dict.fromkeys(("contacts", "open", "snoozed", "unassigned"), 0) for stage in self.order
        }
        for person in self.see(companies):
            if person.stage in cards:
                cards[person.stage]["contacts"] += 1
        for chat in self.list_chats(agent):
            if chat.stage in cards:
                cards[chat.stage]["snoozed" if chat.is_snoozed else "open"] += 1
                cards[chat.stage]["unassigned"] += not chat.agents
        return cards

    def count_in_stages(self, companies):
        """:return: dict stage id -> number of contacts, of both kinds of stages"""
        counts = dict.fromkeys([*self.order, *self.lost], 0)
        for person in self.see(companies):
            if person.stage:
                counts[person.stage] += 1
        return counts

    def count_stuck(self, companies, now):
        return {
            stage: sum(
                person.stage == stage and person.since < now - timedelta(days=self.patience[stage])
                for person in self.see(companies)
            )
            for stage in self.order
            if self.patience.get(stage)
        }

    # ------------------------------------------------------------
    # Over time
    # ------------------------------------------------------------

    def get_outcome(self, stay):
        if stay.is_merged:
            return "merged"
        if not stay.left:
            return "remaining"
        if not stay.to:
            return "cleared"
        if stay.to in self.lost:
            return "lost"
        if stay.to not in self.order:
            return "deleted"
        if stay.stage not in self.order:
            return "reengaged" if stay.stage in self.lost else None
        return "converted" if self.order.index(stay.to) > self.order.index(stay.stage) else "returned"

    def list_passed(self, companies):
        """:return: list of (date, stage): a contact skipped that stage on its way to a later one"""
        return [
            (moment, stage)
            for person in self.see(companies)
            for moment, before, after in person.moves
            if before in self.order and after in self.order
            for stage in self.order[self.order.index(before) + 1 : self.order.index(after)]
        ]

    def count_funnel(self, companies, start, end):
        """:return: dict stage id -> dict of the numbers of the funnel"""
        figures = {stage: {**dict.fromkeys(NUMBERS, 0), "lost_stages": {}} for stage in self.order}
        times = defaultdict(list)
        for moment, stage in self.list_passed(companies):
            if start <= moment < end:
                for number in ("entered", "passed", "converted"):
                    figures[stage][number] += 1
        for _person, stay in self.list_stays(companies):
            if stay.stage not in figures or not start <= stay.entered < end:
                continue
            outcome = self.get_outcome(stay)
            figures[stay.stage]["entered"] += 1
            figures[stay.stage][outcome] += 1
            if outcome == "lost":
                lost = figures[stay.stage]["lost_stages"]
                lost[stay.to] = lost.get(stay.to, 0) + 1
            elif outcome == "converted":
                times[stay.stage].append((stay.left - stay.entered).total_seconds() / 86400)
        for stage, numbers in figures.items():
            numbers["median_days"] = round(median(times[stage]), 6) if times[stage] else None
            numbers["mean_days"] = round(mean(times[stage]), 6) if times[stage] else None
        return figures

    def count_drop_off(self, companies, start, end):
        """:return: dict (stage id, lost stage id) -> (moves, contacts that are in that lost stage still)"""
        moves, still = defaultdict(int), defaultdict(set)
        for person in self.see(companies):
            for moment, before, after in person.moves:
                if start <= moment < end and before in self.order and after in self.lost:
                    moves[before, after] += 1
                    if person.stage == after:
                        still[before, after].add(id(person))
        return {pair: (count, len(still[pair])) for pair, count in moves.items()}

    def count_report(self, companies, now):
        """:return: dict stage id, None for the deleted ones -> (stays, days in all): the funnel report by stage"""
        counts, days = defaultdict(int), defaultdict(float)
        for _person, stay in self.list_stays(companies):
            stage = stay.stage if stay.stage in [*self.order, *self.lost] else None
            counts[stage] += 1
            days[stage] += ((stay.left or now) - stay.entered).total_seconds() / 86400
        for _moment, stage in self.list_passed(companies):
            counts[stage] += 1
        return {stage: (counts[stage], days[stage]) for stage in counts}

    def count_times(self, companies, now):
        """:return: the same of Time in Stage: (contacts, days in all); of the stages that are there"""
        contacts, days = defaultdict(set), defaultdict(float)
        for person, stay in self.list_stays(companies):
            if stay.stage in [*self.order, *self.lost]:
                contacts[stay.stage].add(id(person))
                days[stay.stage] += ((stay.left or now) - stay.entered).total_seconds() / 86400
        return {stage: (len(contacts[stage]), days[stage]) for stage in contacts}

    def count_digest(self, companies, company, start, end):
        """:return: new customers and lost contacts: who entered such a stage from outside, each once"""
        customers, lost = set(), set()
        for person in self.see(companies):
            if person.company not in (None, company):
                continue
            for moment, before, after in person.moves:
                if start <= moment < end:
                    if after in self.won and before not in self.won:
                        customers.add(id(person))
                    if after in self.lost and before not in self.lost:
                        lost.add(id(person))
        return len(customers), len(lost)


def get_period(first_day, last_day, tz):
    """:return: the naive UTC datetimes between which the days lie, in a time zone"""
    return tuple(
        datetime.combine(day, time.min, ZoneInfo(tz)).astimezone(timezone.utc).replace(tzinfo=None)
        for day in (first_day, last_day + timedelta(days=1))
    )
