"""A thousand new contacts, made at once, one by one, and by ``load``, beside the same without the addon.

With the addon each enters the default stage, which is in its log and in its chatter; both up to what Odoo does at the
end of a request.
"""

from contextlib import contextmanager
from statistics import median

from apart import apart
from databases import copy_of, environment_in
from timing import in_turns

DATABASES = ("small",)
BESIDE = ("without",)
LIMIT = 1.15
PROCESSES = 4  # how a process happens to lie in memory may make five in a hundred
CONTACTS = 1000
ROUNDS = {"at_once": 6, "one_by_one": 3, "by_load": 6}  # one by one takes five times as long


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
    times = [apart(times_of, purpose) for _number in range(PROCESSES)]
    for way in ROUNDS:
        ours, theirs = (median(process[way][number] for process in times) for number in (0, 1))
        table.add(
            f"{CONTACTS} contacts made {way.replace('_', ' ')}", ours, "without the addon", theirs, LIMIT
        )


def times_of(purpose):
    """:return: dict way -> the medians of its times with and without the addon, in seconds"""
    with (
        copy_of(purpose, is_compact=True) as name,
        copy_of("without", is_compact=True) as plain_name,
        environment_in(name) as env,
        environment_in(plain_name) as plain_env,
    ):
        pairs = {way: (Creation(env, way), Creation(plain_env, way)) for way in ROUNDS}
        return {
            way: in_turns(ROUNDS[way], ours, plain, ours_within=ours.undone, theirs_within=plain.undone)
            for way, (ours, plain) in pairs.items()
        }
