from contextlib import contextmanager
from unittest.mock import patch

from .common import LifecycleCase


class BatchesCase(LifecycleCase):
    """A scheduled action that works in batches, in one transaction: its commits are savepoints (decision 8)."""

    def setUp(self):
        super().setUp()
        # committing would end the transaction of the test
        self.commit = self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress", autospec=True, return_value=1.0)
        )

    def run_cron(self):
        raise NotImplementedError

    @contextmanager
    def committing(self):
        """Keep what is committed within when the transaction is rolled back within."""
        savepoints = [self.cr.savepoint(flush=True)]

        def commit(*_args, **_kwargs):
            self.env.flush_all()
            savepoints.append(self.cr.savepoint(flush=True))
            return 1.0

        def rollback():
            savepoints[-1].rollback()
            self.env.invalidate_all(flush=False)

        with (
            patch.object(self.commit, "side_effect", commit),
            patch.object(self.cr, "commit", commit),
            patch.object(self.cr, "rollback", rollback),
        ):
            yield

    def fail_in_second_batch(self, method):
        """Run the scheduled action, whose second batch fails, and go back to what it has committed.

        :param str method: name of a method of contacts that each batch calls once
        """
        Partner = type(self.Partner)
        original, calls = getattr(Partner, method), []

        def fail_the_second_time(partners, *args, **kwargs):
            calls.append(partners.ids)
            if len(calls) == 2:
                raise RuntimeError("the server was killed")
            return original(partners, *args, **kwargs)

        savepoints = [self.cr.savepoint(flush=True)]

        def commit(cron, *args, **kwargs):
            cron.env.flush_all()
            savepoints.append(self.cr.savepoint(flush=True))
            return 1.0

        self.commit.side_effect = commit
        with (
            patch.object(Partner, method, fail_the_second_time),
            self.assertRaisesRegex(RuntimeError, "killed"),
        ):
            self.run_cron()
        savepoints[-1].rollback()
        self.env.invalidate_all()
        self.registry.clear_all_caches()
