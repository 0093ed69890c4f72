import os
import signal
import subprocess
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import config

from .scripts.kill import run_action

SCRIPT = Path(__file__).parent / "scripts" / "kill.py"
TIMEOUT = 60


class KillCase(BaseCase):
    """Starts a scheduled action in a real process, kills it where ``scripts/kill.py`` stops, and runs it again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.clean_up)

    def transact(self, func):
        with self.registry.cursor() as cr:
            return func(api.Environment(cr, SUPERUSER_ID, {}))

    def clean_up(self):
        """Remove what the test has committed."""
        self.transact(self.delete)
        self.registry.clear_all_caches()

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

    def kill_at_each(self, action, moments, prepare, look):
        """Kill a run of the scheduled action at each of the moments, begun anew each time.

        :param list moments: tuples of the number of a commit and which side of it, see ``scripts/kill.py``
        :param prepare: function of an environment, which leaves something to do
        :param look: function of what ``prepare`` returns and of the number of commits that the process made
        """
        for number, moment in moments:
            with self.subTest(commit=number, moment=moment):
                prepared = self.transact(prepare)
                self.run_and_kill(action, number, moment)
                look(prepared, number if moment == "after" else number - 1)
                self.clean_up()

    def run_through(self, action):
        """The next run, which needs no process of its own."""
        self.registry.clear_all_caches()
        self.transact(lambda env: run_action(env, action))
