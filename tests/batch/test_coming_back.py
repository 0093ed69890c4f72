import re
from contextlib import suppress
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import AdminShutdown, ProgramLimitExceeded, QueryCanceled, SerializationFailure

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ...models.contact.res_partner_default import PENDING_PARAMETER
from ..common_batches import BatchesCase

ERRORS = (
    # error, how many triggers
    (SerializationFailure(), 1),
    (ConcurrencyError(), 1),
    (AdminShutdown(), 1),
    (OperationalError("server closed the connection unexpectedly"), 1),
    (ProgramLimitExceeded(), 0),
    (QueryCanceled(), 0),
    (ValueError(), 0),
)


@tagged("post_install", "-at_install")
class TestComingBack(BatchesCase, CronMixinCase):
    """Decision 8: a scheduled action whose first step meets somebody else at the same data does not wait for a day."""

    def find_actions(self):
        """:return: the scheduled actions of the addon: external id -> what it calls on which model"""
        actions = {}
        for data in self.env["ir.model.data"].search(
            [("module", "=", "contact_lifecycle"), ("model", "=", "ir.cron")]
        ):
            cron = self.env["ir.cron"].browse(data.res_id)
            [method] = re.findall(r"^model\.(\w+)\(\)$", cron.code)
            actions[data.complete_name] = self.env[cron.model_id.model], method
        return actions

    def test_comes_back(self):
        """By a trigger that is committed after what has been begun is rolled back; not so for faults"""
        self.env["ir.config_parameter"].set_param(PENDING_PARAMETER, "0")
        actions = self.find_actions()
        self.assertGreater(len(actions), 7)
        for xml_id, (model, method) in actions.items():
            for error, count in ERRORS:
                done = []
                with (
                    self.subTest(action=xml_id, error=error),
                    patch.object(self.cr, "rollback", lambda done=done: done.append("rolled back")),
                    patch.object(
                        self.commit, "side_effect", lambda _cron, done=done: done.append("committed")
                    ),
                    patch.object(type(model), "_search", side_effect=error),
                    self.capture_triggers(xml_id) as triggers,
                    suppress(type(error)),  # assertRaises would take the trigger back
                ):
                    getattr(model, method)()
                    self.fail("nobody hears of it")
                self.assertEqual(len(triggers.records), count, xml_id)
                self.assertEqual(done, ["rolled back", "committed"] * count)
