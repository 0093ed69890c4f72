from unittest.mock import patch

from odoo.tests import tagged

from .common import LifecycleCase
from .common_patient import PatientCase

COOKIE = "lifecycle_told"


@tagged("post_install", "-at_install")
class TestReplica(LifecycleCase, PatientCase):
    """No replica answers a page that knows more than the replica does (M9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Bus = cls.env["bus.bus"].sudo()
        cls.cleaned, cls.had = Bus.create([{"channel": "test", "message": "{}"} for _ in range(2)]).ids
        Bus.search([("id", "<", cls.had)]).unlink()
        cls.lacking = cls.had + 1000000

    def setUp(self):
        super().setUp()
        self.authenticate("lifecycle_manager", "lifecycle_manager")

    def is_read_from_replica(self, told, args=None, method="web_read", route="call_kw"):
        """:return: whether the replica answers a call of a browser that was told of these notifications, if any"""
        modes = []

        def answer(records, *args, **kwargs):
            modes.append(records.env.cr.readonly)

        with patch.object(self.registry["res.partner"], method, answer):
            params = {
                "model": "res.partner",
                "method": method,
                "args": args or [self.contact.ids],
                "kwargs": {},
            }
            self.url_open(
                f"/web/dataset/{route}/res.partner/{method}",
                json={"params": params},
                cookies={COOKIE: str(told)} if told else {},
            ).raise_for_status()
        [mode] = modes
        return mode

    def test_replica_that_lacks_a_notification_is_behind(self):
        """M9: the primary answers then, and only then"""
        for told, is_read_from_replica in (
            (None, True),
            (self.had, True),
            (self.lacking, False),
            (f"{self.had}-{self.lacking}", False),
            (f"{self.lacking}-{self.had}", False),
            # Odoo keeps notifications for a day
            (self.cleaned, True),
            (f"{self.cleaned}-{self.lacking}", False),
        ):
            for route, method in (("call_kw", "web_read"), ("call_button", "action_lifecycle_history")):
                with self.subTest(told=told, route=route):
                    self.assertEqual(
                        self.is_read_from_replica(told, method=method, route=route), is_read_from_replica
                    )

    def test_what_may_write_is_never_answered_by_a_replica(self):
        """M9"""
        for told in (None, self.had, self.lacking):
            with self.subTest(told=told):
                self.assertFalse(self.is_read_from_replica(told, method="web_save"))

    def test_cookie_is_anything(self):
        """M9: whoever calls may send any, and gets an answer"""
        for told in (
            "0",
            "-",
            f"-{self.lacking}",
            f"{self.lacking}-",
            "x",
            "1" * 4000,
            "1.5",
            "-".join("1" * 11),
        ):
            with self.subTest(told=told[:20]):
                self.assertTrue(self.is_read_from_replica(told))
        self.assertFalse(self.is_read_from_replica("9" * 18))

    def test_button_of_a_record_that_was_just_made(self):
        """M9: a form is saved before its button is pressed, and the replica may not have the record yet"""
        missing = self.contact.id + 1000000
        for ids, is_read_from_replica in (
            (self.contact.ids, True),
            ([missing], False),
            (["x"], False),
            ([2**63], False),
            # of a list, whose records have been read before; the others are the method's to refuse
            ([self.contact.id, missing], True),
            ([], True),
        ):
            with self.subTest(ids=ids):
                method = {"method": "action_lifecycle_history", "route": "call_button"}
                self.assertEqual(self.is_read_from_replica(None, [ids], **method), is_read_from_replica)

    def test_what_other_processes_changed_is_known_on_the_primary(self):
        """M9: settings and groups are remembered, and the replica does not know of a change either"""
        ours = self.registry.registry_sequence
        for told, sequence, modes in (
            (self.had, ours, [True]),
            (self.lacking, ours, [True, False]),
            # modules were updated: then the process is to begin anew, which takes long
            (self.lacking, -1, [True]),
        ):
            with (
                self.subTest(told=told, sequence=sequence),
                patch.object(self.registry, "get_sequences", return_value=(sequence, {})),
                patch.object(self.registry, "check_signaling", return_value=self.registry) as check,
            ):
                self.is_read_from_replica(told)
                self.assertEqual([call.args[0].readonly for call in check.call_args_list], modes)
