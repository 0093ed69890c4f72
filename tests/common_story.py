import random
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields

from .common_customer import CustomerCase
from .common_dashboard import DashboardCase
from .common_numbers import Chat, Person, Story

PEOPLE, CHATS, STEPS = 14, 8, 45
DAYS = 60  # that a story takes, up to now
TIME_ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")


class StoryCase(DashboardCase, CustomerCase):
    """Lets things happen at random in the addon, and in a ``Story`` that knows nothing of it; ``tell`` begins anew."""

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
