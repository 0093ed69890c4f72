"""Ten thousand contacts moved in one write, beside the community addon partner_stage and beside bare SQL.

Ours writes the column, the log, the chatter and the open conversations, partner_stage the column and the chatter; both
up to what Odoo does at the end of a request, when all that is pending is flushed and tracked. Bare SQL writes the same
rows as ours. How much of that is Odoo's is seen by Odoo alone: it writes a plain field of as many contacts, and neither
a log nor a chatter.
"""

from contextlib import contextmanager

from bare_sql import BareMove
from databases import environment
from timing import in_turns

DATABASES = ("small",)
BESIDE = ("peer", "without")
LIMITS = {"partner_stage": 0.25, "bare SQL": 1.5}
ROUNDS = 3
CONTACTS = 10_000


class Move:
    """The contacts of a database and two of its stages: they are in one, and called, they move to the other."""

    def __init__(self, env, field):
        self.env = env
        self.field = field
        user = env.ref("base.user_admin")
        Partner = env(user=user.id)["res.partner"]
        self.partners = Partner.with_context(active_test=False).search(
            [("name", "=like", "Contact %")], order="id", limit=CONTACTS
        )
        if len(self.partners) != CONTACTS:
            raise SystemExit(f"There are {len(self.partners)} contacts instead of {CONTACTS}.")
        self.stages = env[Partner._fields[field].comodel_name].search([], limit=2)
        self.partners.write({field: self.stages[0].id})
        self.finish()

    def __call__(self):
        self.partners.write({self.field: self.stages[1].id})
        self.finish()

    def finish(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    @contextmanager
    def undone(self):
        """Forget what is cached before a move, see that it left its traces, and undo it."""
        count = self.env["mail.tracking.value"].search_count([])
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.invalidate_all()
        yield
        if self.env["mail.tracking.value"].search_count([]) != count + CONTACTS:
            raise SystemExit("Not every contact has a line in its chatter.")
        savepoint.rollback()
        self.env.invalidate_all()


class OdooAlone(Move):
    """The contacts of a database without the addon, and a plain field: Odoo's own write, of nothing but the column."""

    def __init__(self, env):
        super().__init__(env(context={"mail_notrack": True}), "industry_id")

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.invalidate_all()
        yield
        savepoint.rollback()
        self.env.invalidate_all()


def measure(purpose, table):
    with environment(purpose) as env, environment("peer") as peer_env, environment("without") as alone_env:
        ours, peers, alone = Move(env, "lifecycle_stage_id"), Move(peer_env, "stage_id"), OdooAlone(alone_env)
        times = in_turns(ROUNDS, ours, peers, ours_within=ours.undone, theirs_within=peers.undone)
        table.add(f"{CONTACTS} contacts moved", times[0], "partner_stage", times[1], LIMITS["partner_stage"])
        bare = BareMove(ours.partners, ours.stages[1])
        times = in_turns(ROUNDS, ours, bare, ours_within=ours.undone, theirs_within=ours.undone)
        table.add(f"{CONTACTS} contacts moved", times[0], "bare SQL", times[1], LIMITS["bare SQL"])
        times = in_turns(ROUNDS, alone, bare, ours_within=alone.undone, theirs_within=ours.undone)
        table.add(f"of that, Odoo's write of {CONTACTS}", times[0], "bare SQL of all", times[1], None)
