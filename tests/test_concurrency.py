import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from ..models.lifecycle_stage import MAX_STAGES

PREFIX = "Concurrency test"
TIMEOUT = 30


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_concurrency")
class TestConcurrency(BaseCase):
    """Two people at once, each with a real transaction that is retried as Odoo retries a request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean_up)
        # the main thread holds this lock while it runs the tests, and the others need it
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        # nobody waits for seconds before he tries again
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

        def attempt(number, func):
            waited = []

            def begin(env):
                env.cr.execute("SELECT count(*) FROM lifecycle_stage")  # takes the snapshot
                if not waited:
                    waited.append(True)
                    barrier.wait(timeout=TIMEOUT)
                return func(env)

            try:
                return self.transact(begin, uid=(SUPERUSER_ID, self.get_admin_id())[number])
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

    def test_twenty_first_stage_added_by_two_people_at_once(self):
        """S7: of both kinds"""
        missing = MAX_STAGES - self.transact(lambda env: env["lifecycle.stage"].search_count([]))
        self.make_stages(missing - 1)
        results = self.run_at_once(
            lambda env: env["lifecycle.stage"].create({"name": f"{PREFIX} a"}).id,
            lambda env: env["lifecycle.lost.stage"].create({"name": f"{PREFIX} b"}).id,
        )
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertRegex(str(errors[0]), "at most 20 stages")
        self.assertEqual(self.transact(lambda env: env["lifecycle.stage"].search_count([])), MAX_STAGES)

    def test_two_people_set_the_default_at_once(self):
        """S10: there is exactly one, and nobody gets an error"""
        stage_ids = self.make_stages(2)
        results = self.run_at_once(
            *(
                lambda env, stage_id=stage_id: env["lifecycle.stage"].browse(stage_id).action_set_default()
                for stage_id in stage_ids
            )
        )
        self.assertEqual(results, [None, None])
        defaults = self.transact(lambda env: env["lifecycle.stage"].search([("is_default", "=", True)]).ids)
        self.assertEqual(len(defaults), 1)
        self.assertIn(defaults[0], stage_ids)

    def test_two_people_delete_the_last_two_stages_at_once(self):
        """S12: one lifecycle stage remains"""
        stage_ids = self.make_stages(2)
        others = self.transact(
            lambda env: (
                env["lifecycle.stage"].search([("is_lost", "=", False), ("id", "not in", stage_ids)]).ids
            )
        )
        # the others are lost for the time being, without any trace of it
        self.transact(
            lambda env: env.cr.execute(
                "UPDATE lifecycle_stage SET deletion_pending = true WHERE id = ANY(%s)", [others]
            )
        )
        self.addCleanup(self.registry.clear_all_caches)
        try:
            results = self.run_at_once(
                *(
                    lambda env, stage_id=stage_id: env["lifecycle.stage"].browse(stage_id).unlink()
                    for stage_id in stage_ids
                )
            )
        finally:
            self.transact(
                lambda env: env.cr.execute(
                    "UPDATE lifecycle_stage SET deletion_pending = NULL WHERE id = ANY(%s)", [others]
                )
            )
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertRegex(str(errors[0]), "last lifecycle stage")

    def test_two_owners_apply_a_stage_set_at_once(self):
        """S14: no stage is there twice"""

        def read(env):
            return {stage.id: stage.sequence for stage in env["lifecycle.stage"].search([])}

        def restore(env):
            (env["lifecycle.stage"].search([]) - env["lifecycle.stage"].browse(before)).unlink()
            for stage_id, sequence in before.items():
                env["lifecycle.stage"].browse(stage_id).sequence = sequence

        def apply(env):
            wizard = env["lifecycle.stage.set.apply"]
            wizard.create({"stage_set": "marketing_funnel", "set_default": False}).action_apply()

        before = self.transact(read)
        self.addCleanup(self.transact, restore)
        results = self.run_at_once(apply, apply)
        self.assertEqual(results, [None, None])
        names = self.transact(lambda env: env["lifecycle.stage"].search([]).mapped("name"))
        self.assertIn("Advocate", names)
        self.assertEqual(len(names), len(set(names)), names)

    def test_stage_is_deleted_while_a_contact_enters_it(self):
        """S11: the contact is there first; behind the dialog's back the stage stays, else the contact moves on"""
        stage_id, target_id = self.make_stages(2)
        contact_id = self.make_contact(target_id)
        for delete, refused in (
            (lambda env: env["lifecycle.stage"].browse(stage_id).unlink(), True),
            (
                lambda env: (
                    env["lifecycle.stage"].browse(stage_id)._move_contacts_and_delete(env["lifecycle.stage"])
                ),
                False,
            ),
        ):
            self.transact(
                lambda env: env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": target_id})
            )
            entered, deleted = self.run_second_while_first_is_open(
                lambda env: env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": stage_id}),
                delete,
            )
            self.assertTrue(entered)
            self.assertEqual(isinstance(deleted, Exception), refused, deleted)
            self.assertEqual(
                self.assertNothingDangles(contact_id, stage_id),
                (True, stage_id) if refused else (False, False),
            )

    def test_contact_enters_a_stage_while_it_is_deleted(self):
        """S11: the deletion is there first, and the agent gets one clear sentence"""
        target_id, *stage_ids = self.make_stages(3)
        contact_id = self.make_contact(target_id)
        delete_by = (
            lambda stage: stage.unlink(),
            lambda stage: stage._move_contacts_and_delete(stage.browse()),
        )
        for stage_id, delete in zip(stage_ids, delete_by, strict=True):
            _deleted, entered = self.run_second_while_first_is_open(
                lambda env, delete=delete, stage_id=stage_id: delete(env["lifecycle.stage"].browse(stage_id)),
                lambda env, stage_id=stage_id: (
                    env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": stage_id})
                ),
            )
            self.assertRegex(str(entered), "There is no stage|This stage has been deleted")
            self.assertEqual(self.assertNothingDangles(contact_id, stage_id), (False, target_id))

    def test_two_people_delete_the_same_stage_at_once(self):
        """S11: each contact moves and is logged once"""
        stage_id, target_id = self.make_stages(2)
        contact_id = self.make_contact(stage_id)

        def delete(env):
            stage = env["lifecycle.stage"].browse(stage_id).exists()
            if stage:
                stage._move_contacts_and_delete(env["lifecycle.stage"].browse(target_id))

        self.assertEqual(self.run_at_once(delete, delete), [None, None])
        self.assertEqual(self.assertNothingDangles(contact_id, stage_id), (False, target_id))
        self.assertEqual(self.count_moves(contact_id), 2)

    def test_two_agents_move_one_contact_at_once(self):
        """H2: the log is a chain, and the contact is where it ends"""
        stage_ids = self.make_stages(3)
        contact_id = self.make_contact(stage_ids[0])
        results = self.run_at_once(
            *(
                lambda env, stage_id=stage_id: (
                    env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": stage_id})
                )
                for stage_id in stage_ids[1:]
            )
        )
        self.assertEqual(results, [True, True])

        def check(env):
            contact = env["res.partner"].browse(contact_id)
            log = contact.lifecycle_transition_ids.sorted("id")
            self.assertEqual(len(log), 3)
            self.assertEqual(len(log.user_id), 2)
            self.assertEqual(
                [row.from_stage_id for row in log],
                [env["lifecycle.stage"], *(row.to_stage_id for row in log[:-1])],
            )
            self.assertEqual(log[-1].to_stage_id, contact.lifecycle_stage_id)
            values = contact.message_ids.tracking_value_ids.filtered(
                lambda value: value.field_id.name == "lifecycle_stage_id"
            )
            self.assertEqual(len(values), 3)

        self.transact(check)

    def count_moves(self, contact_id):
        return self.transact(
            lambda env: env["lifecycle.transition"].search_count([("partner_id", "=", contact_id)])
        )
