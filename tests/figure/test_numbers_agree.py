import logging
import os
import random
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common_customer import CustomerCase
from ..common_dashboard import FIGURES, DashboardCase
from ..common_funnel import get_domain_behind
from ..common_numbers import NUMBERS, Chat, Person, Story, get_period

_logger = logging.getLogger(__name__)

ROUNDS = int(os.environ.get("CONTACT_LIFECYCLE_ROUNDS", 3))
FIRST_SEED = int(os.environ.get("CONTACT_LIFECYCLE_SEED", 1))
PEOPLE, CHATS, STEPS = 14, 8, 45
DAYS = 60  # that a story takes, up to now
TIME_ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")


@tagged("post_install", "-at_install")
class TestNumbersAgree(DashboardCase, CustomerCase):
    """Whatever happens, every number is what an independent count in plain Python says, for every manager, and opens as
    many records (M1, M3 to M7).

    Each round is a story of its own, which its seed tells again: ``CONTACT_LIFECYCLE_SEED=7 CONTACT_LIFECYCLE_ROUNDS=1``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lifecycle.rule"].search([]).active = False
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.Partner, cls.Stage = cls.env["res.partner"], cls.env["lifecycle.stage"]
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        companies = [cls.env.company, cls.elsewhere, cls.env.company | cls.elsewhere]
        cls.managers = [
            cls.make_user(
                f"lifecycle_numbers_{number}",
                "contact_lifecycle.group_manager,im_livechat.im_livechat_group_user",
                company_ids=[Command.set(allowed.ids)],
                company_id=allowed[0].id,
                tz=tz,
            )
            for number, (allowed, tz) in enumerate(zip(companies, TIME_ZONES, strict=True))
        ]
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Numbers",
                "company_id": False,
                "kpi_lifecycle_customers": True,
                "kpi_lifecycle_lost": True,
            }
        )
        cls.LostStage.create([{"name": "No Response"}, {"name": "Unqualified"}])
        cls.empty_stages()
        cls.cr.execute("DELETE FROM lifecycle_transition")
        cls.now = cls.env.cr.now().replace(microsecond=0)

    def setUp(self):
        super().setUp()
        self.moment = self.now
        self.startPatcher(patch.object(fields.Datetime, "now", lambda *_args: self.moment))

    # ------------------------------------------------------------
    # A story
    # ------------------------------------------------------------

    def begin(self, rng):
        self.rng, self.moment = rng, self.now - timedelta(days=DAYS)
        stages = self.Stage.search([])
        story = self.story = Story(
            order=stages.filtered(lambda stage: not stage.is_lost).ids,
            lost=stages.filtered("is_lost").ids,
            won=set(stages.filtered("is_won").ids),
            patience={},
        )
        for stage in stages:
            stage.rotting_threshold_days = story.patience[stage.id] = rng.choice([0, 3, 10, 30])
        story.people = {contact.id: Person() for contact in self.make_contacts_without_stage(PEOPLE)}
        for contact in self.Partner.browse(story.people):
            self.change_company(contact)
        for number in range(CHATS):
            self.start_chat(number)

    def start_chat(self, number):
        """Of a visitor whom nobody knows, or of a contact; every fourth is no live chat, which only members read."""
        contact = self.Partner.browse(self.rng.choice([*self.story.people])) if number % 2 else None
        manager = self.managers[0]
        self.people = {
            **self.people,
            "customer": contact or self.make_guest(),
            "manager": manager.partner_id,
        }
        kind, members = "livechat", "agent:agent customer:visitor"
        chat = Chat(self.story.people[contact.id] if contact else None, agents={self.agent})
        if number % 4 > 1:
            kind, members = "gateway", "agent manager customer"
            chat.agents, chat.is_for_members = {self.agent, manager}, True
        channel = self.make_conversation(kind, members).with_env(self.env)
        self.story.chats[channel.id] = chat
        if not contact:
            chat.own_stage = channel.lifecycle_stage_id.id or None
            self.assertIn(chat.own_stage, (None, self.Stage._get_default().id))
        elif not chat.person.stage and channel.lifecycle_stage_id:
            chat.person.move(
                channel.lifecycle_stage_id.id, self.moment
            )  # the default one, on the first message

    def choose_stage(self):
        return self.rng.choice([None, *self.story.order * 2, *self.story.lost])

    def choose_people(self, most):
        ids = self.rng.sample([*self.story.people], self.rng.randint(1, most))
        return self.Partner.browse(ids), [self.story.people[partner_id] for partner_id in ids]

    def move(self):
        """One or several, now and then twice within a second, there and back."""
        contacts, people = self.choose_people(4)
        for _again in range(self.rng.choice([1, 1, 1, 2, 3])):
            stage = self.choose_stage()
            contacts.write({"lifecycle_stage_id": stage or False})
            for person in people:
                person.move(stage, self.moment)

    def step_on(self):
        """To the next stage or some further, as most do."""
        contacts, [person] = self.choose_people(1)
        order = self.story.order
        place = order.index(person.stage) if person.stage in order else -1
        stage = order[min(place + self.rng.choice([1, 1, 2, 3]), len(order) - 1)]
        contacts.with_user(self.rng.choice(self.managers)).sudo().lifecycle_stage_id = stage
        person.move(stage, self.moment)

    def merge(self):
        ids = self.rng.sample([pid for pid, person in self.story.people.items() if person.is_active], 2)
        [remaining, other], [person, other_person] = (
            self.Partner.browse(ids),
            [self.story.people[partner_id] for partner_id in ids],
        )
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (remaining | other).ids, "dst_partner_id": remaining.id}
        ).action_merge()
        self.env.flush_all()
        person.merge([other_person], self.story, self.moment)
        # what a contact is besides is Odoo's to merge
        person.company, person.in_scope = remaining.company_id.id or None, remaining.type == "contact"
        del self.story.people[other.id]
        for chat in self.story.chats.values():
            if chat.person is other_person:
                chat.person = person

    def archive(self):
        contacts, people = self.choose_people(2)
        active = self.rng.random() < 0.6
        contacts.write({"active": active})
        for person in people:
            person.is_active = active

    def change_scope(self):
        contacts, people = self.choose_people(2)
        in_scope = self.rng.random() < 0.6
        contacts.write({"type": "contact" if in_scope else "invoice"})
        for person in people:
            person.in_scope = in_scope

    def change_company(self, contact=None):
        contact = contact or self.choose_people(1)[0]
        company = self.rng.choice([False, self.env.company.id, self.elsewhere.id])
        contact.company_id = company
        self.story.people[contact.id].company = company or None

    def delete_a_stage(self):
        story = self.story
        stage = self.rng.choice([*story.order[1:-1], *story.lost])
        if len(story.order) < 4 or len(story.lost) < 2:
            return
        target = self.rng.choice([None, *[other for other in [*story.order, *story.lost] if other != stage]])
        self.delete_stage(self.Stage.browse(stage), self.Stage.browse(target) if target else None)
        for stages in (story.order, story.lost):
            if stage in stages:
                stages.remove(stage)
        story.won.discard(stage)  # of a stage that is gone nobody knows what it was
        for person in story.people.values():
            if person.stage == stage:
                person.move(target, self.moment)
        for chat in story.chats.values():
            if chat.own_stage == stage:
                chat.own_stage = target

    def add_a_stage(self):
        name = f"Stage {self.rng.random()}"
        stage = self.Stage.create({"name": name, "rotting_threshold_days": 5})
        self.story.order.insert(self.rng.randrange(len(self.story.order) + 1), stage.id)
        self.story.patience[stage.id] = 5
        self.put_in_order()

    def reorder(self):
        self.rng.shuffle(self.story.order)
        self.put_in_order()

    def put_in_order(self):
        for sequence, stage in enumerate(self.Stage.browse(self.story.order)):
            stage.sequence = sequence

    def choose_chat(self):
        channel_id = self.rng.choice([*self.story.chats])
        return self.env["discuss.channel"].browse(channel_id), self.story.chats[channel_id]

    def move_chat(self):
        channel, chat = self.choose_chat()
        stage = self.choose_stage()
        if chat.is_closed:
            return
        channel.with_user(self.agent).sudo().action_lifecycle_set_stage(stage or False)
        if chat.person:
            chat.person.move(stage, self.moment)
        else:
            chat.own_stage = stage

    def close_or_snooze(self):
        channel, chat = self.choose_chat()
        if self.rng.random() < 0.7 or channel.channel_type != "livechat":
            chat.is_snoozed = not chat.is_snoozed
            channel._lifecycle_write_protected({"lifecycle_snoozed_until": chat.is_snoozed and "2099-01-01"})
        else:
            chat.is_closed = True
            channel.livechat_end_dt = self.moment

    def leave_or_join(self):
        channel, chat = self.choose_chat()
        if self.agent in chat.agents:
            channel.channel_member_ids.filtered(lambda m: m.partner_id == self.agent.partner_id).unlink()
        else:
            channel.write({"channel_member_ids": [Command.create({"partner_id": self.agent.partner_id.id})]})
        chat.agents = chat.agents ^ {self.agent}

    WHAT_HAPPENS = (
        *[step_on, move] * 5,
        *[move_chat, close_or_snooze, leave_or_join] * 2,
        *[archive, change_scope, change_company, merge] * 1,
        *[delete_a_stage, add_a_stage, reorder] * 1,
    )

    def tell(self, seed):
        """Let things happen, one after the other, some within one second."""
        self.begin(random.Random(seed))
        for _step in range(STEPS):
            pause = self.rng.choice([0, 1, self.rng.randrange(2 * DAYS * 86400 // STEPS)])
            self.moment = min(self.moment + timedelta(seconds=pause), self.now)
            self.rng.choice(self.WHAT_HAPPENS)(self)
        self.moment = self.now
        self.env.flush_all()
        self.env.invalidate_all()

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
                        (self.check_funnel, (first_day, last_day)),
                        (self.check_reports, (first_day, last_day)),
                    ):
                        with self.subTest(check.__name__, seed=seed, manager=manager.login, days=days):
                            check(manager, *days)
            self.env.registry.clear_all_caches()
            _logger.info("The story of seed %s is told", seed)
        _logger.info("Numbers, seeds %s to %s: %s", FIRST_SEED, FIRST_SEED + ROUNDS - 1, self.seen)
        # a comparison of nothing with nothing would be no test
        names = [*NUMBERS, "drop-off", "re-engage", "customers"] if ROUNDS > 20 else ["entered"]
        for name in names:
            self.assertGreater(self.seen.get(name, 0), ROUNDS // 20, f"{name}: {self.seen}")
