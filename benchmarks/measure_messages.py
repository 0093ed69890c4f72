"""A thousand messages with twenty active rules that listen to them and move nobody, beside Odoo without the addon.

Half are emails that a salesperson sends to contacts, half are their answers, as Odoo's mail gateway brings them.
Each is committed: that is when rules run. The emails themselves are sent later, by Odoo's scheduled action.
"""

from itertools import chain, islice
from statistics import median

from apart import apart
from databases import copy_of, environment_in
from timing import all_in_turns

from odoo.tools import SQL

DATABASES = ("small",)
BESIDE = ("plain",)
LIMIT = 1.05
PROCESSES = 5  # how a process happens to lie in memory may make three in a hundred
ROUNDS = 100
MESSAGES = 2
RULES = 20

REPLY = """\
From: {email}
To: catchall@example.com
Subject: Re: Hello
Message-Id: <reply-{contact}@example.com>
In-Reply-To: <bench-{contact}@example.com>

Hello!
"""


class Posting:
    """Posts messages on contacts, in one of two databases."""

    def __init__(self, env):
        self.env = env
        self.user = env.ref("base.user_admin")
        contacts = env["res.partner"].search(
            [("name", "=like", "Contact %")], order="id", limit=(ROUNDS + 1) * MESSAGES
        )
        # what create() would have done
        env.execute_query(
            SQL(
                "UPDATE res_partner SET email_normalized = email WHERE id = ANY(%s) RETURNING id",
                contacts.ids,
            )
        )
        # one after the other, as Odoo takes many replies of one contact for a loop
        self.contacts = iter([(contact.id, contact.email) for contact in contacts])
        self.number = 0
        self.before = self._count()

    def __call__(self):
        for contact_id, email in islice(self.contacts, MESSAGES):
            self.number += 1
            self._receive(contact_id, email) if self.number % 2 else self._send(contact_id)
            self.env.cr.commit()
            self.env.invalidate_all()

    def _send(self, contact_id):
        Partner = self.env(user=self.user.id)["res.partner"].with_context(mail_notify_force_send=False)
        Partner.browse(contact_id).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=[contact_id]
        )

    def _receive(self, contact_id, email):
        self.env["mail.thread"].message_process("res.partner", REPLY.format(email=email, contact=contact_id))

    def check(self):
        """See that every message is there, and on its contact."""
        if self._count() != self.before + self.number:
            raise SystemExit(f"{self._count() - self.before} messages are there instead of {self.number}.")

    def _count(self):
        return self.env["mail.message"].search_count(
            [("message_type", "in", ["comment", "email"]), ("model", "=", "res.partner")]
        )


def make_rules(env):
    """Rules that hear of every message, half kept from acting by the stage and half by a condition."""
    to_stage = env["lifecycle.stage"].search([("is_lost", "=", False)])[-1]
    nobodys = env["lifecycle.stage"].create({"name": "Nobody's"})
    env["lifecycle.rule"].search([]).active = False
    env["lifecycle.rule"].create(
        [
            {
                "name": f"Rule {number}",
                "kind": kind,
                f"on_{event}": True,
                "to_stage_id": to_stage.id,
                "active": True,
                **narrow,
            }
            for kind, event in (("outreach", "email_sent"), ("connected", "email_reply"))
            for narrow in (
                {"from_stage_ids": nobodys.ids},
                {"domain": "[('function', '=', 'CEO')]"},
            )
            for number in range(RULES // 4)
        ]
    )
    env.cr.commit()


def measure(purpose, table):
    times = [apart(times_of, purpose, number) for number in range(PROCESSES)]
    ours, theirs = (median(chain.from_iterable(parts)) for parts in zip(*times, strict=True))
    total = PROCESSES * ROUNDS * MESSAGES
    table.add(f"{total} messages, {RULES} rules", ours / MESSAGES, "no addon", theirs / MESSAGES, LIMIT)


def times_of(purpose, number):
    """:return: two lists of times with and without the addon, in seconds"""
    with (
        copy_of(purpose, is_compact=True) as name,
        copy_of("plain", is_compact=True) as plain_name,
        environment_in(plain_name if number % 2 else name),
        environment_in(name) as env,
        environment_in(plain_name) as plain_env,
    ):
        make_rules(env)
        ours, theirs = Posting(env), Posting(plain_env)
        times = all_in_turns(ROUNDS, ours, theirs)
        ours.check()
        theirs.check()
        heard = env["lifecycle.rule.log"].search_count([("result", "!=", "condition")])
        if heard != ours.number:
            raise SystemExit(f"Rules heard of {heard} messages instead of {ours.number}.")
    return times
