"""Ten thousand contacts moved in one write, beside the community addon partner_stage and beside bare SQL.

Ours writes the column, the log and the chatter, partner_stage the column and the chatter; both up to what
Odoo does at the end of a request, when all that is pending is flushed and tracked.
"""

from contextlib import contextmanager

from databases import environment
from timing import in_turns

from odoo.tools import SQL

DATABASES = ("small",)
BESIDE = ("peer",)
LIMIT = 0.25
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

    def in_sql(self):
        """The same rows by the shortest way there is."""
        self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    UPDATE res_partner
                       SET lifecycle_stage_id = %(to)s, date_last_stage_update = now()
                     WHERE id = ANY(%(ids)s)
                 RETURNING id
                ), logged AS (
                    INSERT INTO lifecycle_transition (
                        partner_id, from_stage_id, to_stage_id, from_stage_name, to_stage_name, date, source, user_id
                    )
                    SELECT id, %(from)s, %(to)s, 'From', 'To', now(), 'bulk', 2 FROM moved
                ), messages AS (
                    INSERT INTO mail_message (model, res_id, message_type, subtype_id, author_id, date, is_internal)
                    SELECT 'res.partner', id, 'notification', %(subtype)s, 3, now(), TRUE FROM moved
                    RETURNING id
                )
                INSERT INTO mail_tracking_value (
                    mail_message_id, field_id, old_value_integer, new_value_integer, old_value_char, new_value_char
                )
                SELECT id, %(field)s, %(from)s, %(to)s, 'From', 'To' FROM messages
             RETURNING id
                """,
                ids=self.partners.ids,
                **{"from": self.stages[0].id, "to": self.stages[1].id},
                subtype=self.env.ref("mail.mt_note").id,
                field=self.env["ir.model.fields"]._get("res.partner", self.field).id,
            )
        )


def measure(purpose, table):
    with environment(purpose) as env, environment("peer") as peer_env:
        ours, peers = Move(env, "lifecycle_stage_id"), Move(peer_env, "stage_id")
        times = in_turns(ROUNDS, ours, peers, ours_within=ours.undone, theirs_within=peers.undone)
        table.add(f"{CONTACTS} contacts moved", times[0], "partner_stage", times[1], LIMIT)
        times = in_turns(ROUNDS, ours, ours.in_sql, ours_within=ours.undone, theirs_within=ours.undone)
        table.add(f"{CONTACTS} contacts moved", times[0], "bare SQL", times[1], None)
