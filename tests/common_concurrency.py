import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

PREFIX = "Concurrency test"
TIMEOUT = 30


class ConcurrencyCase(BaseCase):
    """Several people at once, each with a real transaction that is retried as Odoo retries a request.

    What a test commits has ``PREFIX`` in its name, and is removed after it.
    """

    retries_in_step = True  # instead of after a random while

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean_up)
        # the main thread holds this lock while it runs the tests, and the others need it
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        if self.retries_in_step:  # nobody waits for seconds before he tries again
            self.startPatcher(patch("odoo.service.model.random.uniform", lambda low, high: 0.05))
        mute = mute_logger("odoo.sql_db", "odoo.service.model")
        mute.__enter__()
        self.addCleanup(mute.__exit__, None, None, None)
        self.default_id = self.transact(lambda env: env["lifecycle.stage"]._get_default_id())

    def clean_up(self):
        """Remove what the test has committed."""

        def delete(env):
            Partner = env["res.partner"].with_context(active_test=False)
            Partner.search([("name", "like", PREFIX)]).unlink()
            env["lifecycle.stage"].browse(self.default_id).action_set_default()
            stages = env["lifecycle.stage"].search([("name", "like", PREFIX)])
            stages.lost_stage_ids.unlink()
            stages.exists().unlink()

        self.transact(delete)
        self.registry.clear_all_caches()

    def transact(self, func, uid=SUPERUSER_ID):
        """Call ``func(env)`` in a transaction of its own."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, uid, {})
            return retrying(partial(func, env), env)

    def make_stages(self, count):
        return self.transact(
            lambda env: env["lifecycle.stage"].create([{"name": f"{PREFIX} {i}"} for i in range(count)]).ids
        )

    def make_contact(self, stage_id):
        return self.transact(
            lambda env: env["res.partner"].create({"name": PREFIX, "lifecycle_stage_id": stage_id}).id
        )

    def run_at_once(self, *functions):
        """Run each function in a transaction of its own; none begins before all have their snapshot.

        :return: list of the results, or of the errors that the users would see
        """
        barrier = threading.Barrier(len(functions))
        uids = (SUPERUSER_ID, self.get_admin_id())

        def attempt(number, func):
            waited = []

            def begin(env):
                env.cr.execute("SELECT count(*) FROM lifecycle_stage")  # takes the snapshot
                if not waited:
                    waited.append(True)
                    barrier.wait(timeout=TIMEOUT)
                return func(env)

            try:
                return self.transact(begin, uid=uids[number % 2])
            except UserError as error:
                return error

        with ThreadPoolExecutor(max_workers=len(functions)) as executor:
            futures = [executor.submit(attempt, *numbered) for numbered in enumerate(functions)]
            return [future.result(timeout=2 * TIMEOUT) for future in futures]

    def run_second_while_first_is_open(self, first, second):
        """Run ``second`` when ``first`` has done its work but not committed; ``first`` commits when
        ``second`` waits for it, or is through.

        :return: list of their results, or of the errors that the users would see
        """
        done, second_is_through = threading.Event(), threading.Event()

        def run_first(env):
            result = first(env)
            env.flush_all()
            done.set()
            self.wait_until_somebody_waits(second_is_through)
            return result

        def run_second():
            try:
                done.wait(timeout=TIMEOUT)
                return self.transact(second, uid=self.get_admin_id())
            except UserError as error:
                return error
            finally:
                second_is_through.set()

        with ThreadPoolExecutor(max_workers=2) as executor:
            futures = [executor.submit(self.transact, run_first), executor.submit(run_second)]
            return [future.result(timeout=2 * TIMEOUT) for future in futures]

    def wait_until_somebody_waits(self, or_event):
        deadline = time.monotonic() + TIMEOUT
        with self.registry.cursor() as cr:
            while time.monotonic() < deadline and not or_event.is_set():
                cr.execute(
                    """
                    SELECT 1 FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1
                    """
                )
                if cr.fetchone():
                    return
                cr.rollback()
                time.sleep(0.02)

    def get_admin_id(self):
        return self.transact(lambda env: env.ref("base.user_admin").id)

    def assertNothingDangles(self, contact_id, stage_id):
        def check(env):
            contact = env["res.partner"].browse(contact_id)
            if contact.lifecycle_stage_id:
                self.assertTrue(contact.lifecycle_stage_id.exists())
            stage = env["lifecycle.stage"].browse(stage_id).exists()
            self.assertFalse(stage.deletion_pending, "the stage is half deleted")
            return bool(stage), contact.lifecycle_stage_id.id

        return self.transact(check)

    def count_moves(self, contact_id):
        return self.transact(
            lambda env: env["lifecycle.transition"].search_count([("partner_id", "=", contact_id)])
        )
