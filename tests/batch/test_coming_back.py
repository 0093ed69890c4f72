from contextlib import suppress
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..common_move_in import MoveInCase

# scheduled action -> model, method that it calls, and one that its first step calls
ACTIONS = {
    "ir_cron_move_in": ("lifecycle.import", "_cron_move_in", "search"),
    "ir_cron_undo_batches": ("lifecycle.batch", "_cron_undo", "search"),
    "ir_cron_delete_stages": ("lifecycle.stage", "_cron_delete_stages", "search"),
    "ir_cron_apply_default": (
        "res.partner",
        "_cron_lifecycle_apply_default",
        "_lifecycle_apply_default_in_batches",
    ),
}


@tagged("post_install", "-at_install")
class TestComingBack(MoveInCase, CronMixinCase):
    """Decision 8: a scheduled action whose first step meets somebody else at the same data does not wait for a day."""

    def test_comes_back(self):
        """By a trigger that is committed after what has been begun is rolled back; not so for faults"""
        for name, (model, method, step) in ACTIONS.items():
            xml_id = f"contact_lifecycle.{name}"
            self.assertIn(method, self.env.ref(xml_id).code)
            for error, count in ((SerializationFailure(), 1), (ConcurrencyError(), 1), (ValueError(), 0)):
                done = []
                with (
                    self.subTest(action=name, error=error),
                    self.committing(),
                    patch.object(self.cr, "rollback", lambda done=done: done.append("rolled back")),
                    patch.object(self.cr, "commit", lambda done=done: done.append("committed")),
                    patch.object(type(self.env[model]), step, side_effect=error),
                    self.capture_triggers(xml_id) as triggers,
                    suppress(type(error)),  # assertRaises would take the trigger back
                ):
                    getattr(self.env[model], method)()
                    self.fail("nobody hears of it")
                self.assertEqual(len(triggers.records), count, name)
                self.assertEqual(done, ["rolled back", "committed"] * count)
