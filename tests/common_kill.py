import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, config

from .scripts.kill import BATCH_SIZE, run_action

SCRIPT = Path(__file__).parent / "scripts" / "kill.py"
TIMEOUT = 60
COUNT = 14  # a batch at once, three in the background
# At which commit of a scheduled action, and which side of it, see scripts/kill.py: the first commits the progress alone,
# the next three a batch each, and the fifth that it is done.
MOMENTS = (
    (1, "after"),
    (2, "amid"),
    (2, "before"),
    (2, "after"),
    (3, "amid"),
    (3, "before"),
    (3, "after"),
    (4, "amid"),
    (4, "before"),
    (4, "after"),
    (5, "before"),
)


class KillCase(BaseCase):
    """Starts a scheduled action in a real process, kills it where ``scripts/kill.py`` stops, and runs it again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.before = self.transact(self.read_ids)
        self.addCleanup(self.clean_up)

    def transact(self, func):
        with self.registry.cursor() as cr:
            return func(api.Environment(cr, SUPERUSER_ID, {}))

    def read_ids(self, env):
        """:return: dict of the ids of all records of each model of the addon"""
        return {
            name: set(model.with_context(active_test=False).search([]).ids)
            for name, model in env.items()
            if model._original_module == "contact_lifecycle" and model._auto and not model._transient
        }

    def clean_up(self):
        """Remove what the test has committed: the addon has the records that it had before."""
        self.transact(self.delete)
        self.transact(self.delete_log)
        self.registry.clear_all_caches()
        self.assertEqual(self.transact(self.read_ids), self.before)

    def delete_log(self, env):
        """Delete the moves and batches of the test, which outlive what was moved, and refuse to be deleted."""
        for name in ("lifecycle.transition", "lifecycle.batch"):
            table = SQL.identifier(env[name]._table)
            env.cr.execute(SQL("DELETE FROM %s WHERE id != ALL(%s)", table, list(self.before[name])))

    def start(self, *command, **kwargs):
        """Start a Python of our own kind, which finds Odoo, the addon and the database as this one does."""
        paths = os.pathsep.join(filter(None, (*sys.path, os.environ.get("PYTHONPATH"))))
        environment = {
            **os.environ,
            "PYTHONPATH": paths,
            "ODOO_ADDONS_PATH": ",".join(config["addons_path"]),
        }
        return subprocess.Popen(
            [sys.executable, *map(str, command)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **kwargs,
        )

    def run_and_kill(self, action, number, moment):
        process = self.start(SCRIPT, get_db_name(), action, number, moment)
        line = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        _out, error = process.communicate(timeout=TIMEOUT)
        self.assertEqual(line, "ready\n", error)
        self.assertEqual(process.returncode, -signal.SIGKILL)

    def kill_at_each(self, action, prepare, look, moments=MOMENTS):
        """Kill a run of the scheduled action at each of the moments, begun anew each time.

        :param prepare: function of an environment, which leaves something to do
        :param look: function of what ``prepare`` returns and of the number of commits that the process made
        :param moments: tuples of the number of a commit and which side of it
        """
        for number, moment in moments:
            with self.subTest(commit=number, moment=moment):
                prepared = self.transact(prepare)
                self.run_and_kill(action, number, moment)
                look(prepared, number if moment == "after" else number - 1)
                self.clean_up()

    def run_undisturbed(self, action, module):
        """Let it go through once, in batches as small as those that are killed.

        :param module: that of ``models`` whose batches they are
        :return: what ``read_rows`` says then
        """
        with patch.object(module, "BATCH_SIZE", BATCH_SIZE):
            self.transact(self.prepare)
            self.run_through(action)
        rows = self.transact(self.read_rows)
        self.clean_up()
        return rows

    def run_through(self, action):
        """The next run, which needs no process of its own."""
        self.registry.clear_all_caches()
        self.transact(lambda env: run_action(env, action))
