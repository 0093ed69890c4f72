"""A thousand messages with twenty active rules that listen to them and move nobody, beside Odoo without the addon.

Half are emails that a salesperson sends to contacts, half are their answers. Each is a transaction of its
own, up to what Odoo does before it commits: that is when rules run.
"""

from contextlib import contextmanager

from databases import environment
from timing import in_turns

DATABASES = ("small",)
BESIDE = ("plain",)
LIMIT = 1.05
ROUNDS = 50
MESSAGES = 20
RULES = 20


class Posting:
    """Posts messages on contacts, in one of two databases."""

    def __init__(self, env):
        self.env = env
        self.user = env.ref("base.user_admin")
        contacts = env["res.partner"].search([("name", "=like", "Contact %")], order="id", limit=MESSAGES)
        if len(contacts) != MESSAGES:
            raise SystemExit(f"There are {len(contacts)} contacts instead of {MESSAGES}.")
        self.contact_ids = contacts.ids

    def __call__(self):
        for number, contact_id in enumerate(self.contact_ids):
            if number % 2:
                self._send(self.env(user=self.user.id)["res.partner"].browse(contact_id))
            else:
                self._receive(self.env["res.partner"].browse(contact_id))
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.cr.postcommit.clear()
            self.env.invalidate_all()

    def _send(self, contact):
        contact.message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=contact.ids
        )

    def _receive(self, contact):
        contact.message_post(
            body="Hello", message_type="email", subtype_xmlid="mail.mt_comment", author_id=contact.id
        )

    @contextmanager
    def undone(self):
        """Undo it, after a look at whether it was done."""
        count = self.env["mail.message"].search_count([])
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.invalidate_all()
        yield
        if self.env["mail.message"].search_count([]) < count + MESSAGES:
            raise SystemExit("Not every message is there.")
        savepoint.rollback()
        self.env.invalidate_all()


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
    env.flush_all()


def measure(purpose, table):
    with environment(purpose) as env, environment("plain") as plain_env:
        make_rules(env)
        ours, theirs = Posting(env), Posting(plain_env)
        times = in_turns(
            ROUNDS,
            ours,
            theirs,
            ours_within=ours.undone,
            theirs_within=theirs.undone,
        )
        table.add(f"{ROUNDS * MESSAGES} messages, {RULES} rules", times[0], "no addon", times[1], LIMIT)
