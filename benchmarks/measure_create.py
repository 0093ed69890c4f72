"""A thousand new contacts, made at once, one by one, and by ``load``, beside the same without the addon.

With the addon each enters the default stage, which is in its log and in its chatter; both up to what Odoo does at the
end of a request.
"""

from contextlib import contextmanager

from databases import environment
from timing import in_turns

DATABASES = ("small",)
BESIDE = ("without",)
LIMIT = 1.15
ROUNDS = 5
CONTACTS = 1000


class Creation:
    """A way of making contacts in one database; called, it makes them."""

    def __init__(self, env, way):
        self.env = env
        self.way = way
        user = env.ref("base.user_admin")
        self.Partner = env(user=user.id)["res.partner"]

    def __call__(self):
        vals_list = [{"name": f"New {i}", "email": f"new{i}@example.com"} for i in range(CONTACTS)]
        getattr(self, self.way)(vals_list)
        self.env.cr.flush()

    def at_once(self, vals_list):
        self.Partner.create(vals_list)

    def one_by_one(self, vals_list):
        for vals in vals_list:
            self.Partner.create([vals])

    def by_load(self, vals_list):
        Partner = self.Partner.with_context(import_file=True)
        Partner.load(list(vals_list[0]), [list(vals.values()) for vals in vals_list])

    @contextmanager
    def undone(self):
        """Forget what is cached before, see that they have been made, and undo it."""
        made = [("name", "=like", "New %")]
        count = self.Partner.search_count(made)
        savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        yield
        if self.Partner.search_count(made) != count + CONTACTS:
            raise SystemExit("Not every contact has been made.")
        savepoint.rollback()


def measure(purpose, table):
    with environment(purpose) as env, environment("without") as plain_env:
        for way in ("at_once", "one_by_one", "by_load"):
            ours, plain = Creation(env, way), Creation(plain_env, way)
            times = in_turns(ROUNDS, ours, plain, ours_within=ours.undone, theirs_within=plain.undone)
            measured = f"{CONTACTS} contacts made {way.replace('_', ' ')}"
            table.add(measured, times[0], "without the addon", times[1], LIMIT)
