from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.orm.models import LOG_ACCESS_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.stage.lifecycle_stage import MAX_DAYS
from ..common import LifecycleCase
from ..common_rpc import RpcCase

ADDON = "contact_lifecycle"
VALUES = {
    "integer": (2**31 - 1, -(2**31), -1, 0, MAX_DAYS, MAX_DAYS + 1, 4_000_000, 10**9),
    "float": (1e308, -1e308, -1.0),
    "monetary": (1e308, -1e308, -1.0),
    "date": ("9999-12-31", "0001-01-01"),
    "datetime": ("9999-12-31 23:59:59", "0001-01-01 00:00:00"),
}
# a day ahead of UTC, and half a day behind
ZONES = ("Asia/Tokyo", "Pacific/Honolulu")


@tagged("post_install", "-at_install")
class TestExtremeValues(LifecycleCase):
    """A number or a date that somebody writes is refused with a sentence, or harms no page of the others (P5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user, zone in ((cls.agent, ZONES[0]), (cls.manager, ZONES[1]), (cls.administrator, ZONES[0])):
            user.tz = zone
        cls.administrator.group_ids += cls.env.ref("base.group_allow_export")
        cls.contact.lifecycle_stage_id = cls.hot_lead
        cls.channel = cls.make_livechat(cls.contact)
        cls.lost_contact = cls.make_contacts(1, cls.cold_lead.stage_id)

    @classmethod
    def make_records(cls):
        """:return: dict model -> records whose fields are written, as an owner"""
        env = cls.env(user=cls.owner, su=False)
        vals = {"active": True, "to_stage_id": cls.payment.id, "on_email_sent": True}
        rules = env["lifecycle.rule"].create(
            [
                {**vals, "name": "Lead", "kind": "lead", "entered_stage_ids": [Command.set(cls.payment.ids)]},
                {**vals, "name": "Inactivity", "kind": "inactivity", "from_none": True},
                {**vals, "name": "Outreach", "kind": "outreach"},
            ]
        )
        file = env["ir.attachment"].create({"name": "a.csv", "raw": b"Name,Stage\nA,Hot Lead\n"})
        moving = env["lifecycle.import"].create({"source": "file", "attachment_ids": file.ids})
        moving.action_read()
        stage_set = env["lifecycle.stage.set.apply"].create({})
        stage_set.action_preview()
        return {
            "lifecycle.stage": cls.hot_lead.with_env(env),
            "lifecycle.lost.stage": cls.cold_lead.with_env(env),
            "lifecycle.rule": rules,
            "lifecycle.import": moving,
            "lifecycle.import.column": moving.column_ids[0],
            "lifecycle.import.stage": moving.stage_ids[0],
            "lifecycle.conversation.snooze": env["lifecycle.conversation.snooze"].create({}),
            "lifecycle.stage.set.apply.line": stage_set.line_ids[0],
        }

    def find_fields(self):
        """:return: list of the numbers and dates that people write: stored, not read-only, the addon's alone"""
        return [
            field
            for model in self.registry.values()
            for field in model._fields.values()
            if field.type in VALUES
            and field.store
            and not field.readonly
            and field.name not in LOG_ACCESS_COLUMNS
            and set(field._modules) == {ADDON}
            and not model._abstract
        ]

    @contextmanager
    def undone(self):
        with super().undone():
            yield
        self.registry.clear_all_caches()

    def is_accepted(self, record, name, value):
        """:return: whether it is; a refusal without a sentence is an assertion"""
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                record.write({name: value})
                self.env.flush_all()
        except UserError as error:
            self.assertTrue(str(error))
        except IntegrityError as error:
            sentence = record._sql_error_to_message(error)
            self.assertIn(": enter", sentence)
        else:
            return True
        return False

    def get_moments(self, model):
        """:return: the dates that the user may group by"""
        fields = model.fields_get(attributes=["type", "groupable"])
        return [
            name
            for name, field in fields.items()
            if field["type"] in ("date", "datetime") and field.get("groupable") and model._fields[name].store
        ]

    def assertPagesOpen(self, user):
        """All that shows what has been written, as somebody with another time zone sees it."""
        env = self.env(user=user, su=False, context={"tz": user.tz})
        models = [name for name in self.registry if name.startswith("lifecycle.") and env[name]._auto]
        for name in ("res.partner", "discuss.channel", *models):
            model = env[name]
            if not model.has_access("read"):
                continue
            fields = model.fields_get()
            names = [field for field in fields if "lifecycle" in str(model._fields[field]._modules)]
            model.web_search_read([], {field: {} for field in names}, limit=20)
            for moment in self.get_moments(model):
                model.formatted_read_group([], [f"{moment}:month"], ["__count"])
                model.web_read_group([], [f"{moment}:month"], ["__count"])
            if user.has_group("base.group_allow_export"):
                exportable = [field for field in names if fields[field].get("exportable", True)]
                model.search([], limit=20).export_data(exportable)
        if user.has_group("contact_lifecycle.group_manager"):
            env["lifecycle.dashboard"].get_metrics()
            env["lifecycle.dashboard"].get_funnel("2020-01-01", "2030-01-01")
            env["res.partner"].search([("is_rotting", "=", True)])
            env["res.partner"].search([("is_rotting", "=", False)])

    def assertWorkGoesOn(self):
        """Contacts move, and what runs in the background runs."""
        contact = self.make_contacts(1)
        contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        contact.with_user(self.agent).lifecycle_stage_id = self.payment
        self.env.flush_all()
        self.cr.precommit.run()  # where rules are evaluated
        # committing would end the transaction of the test
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", autospec=True, return_value=60.0):
            self.env["lifecycle.rule"]._cron_run()
            self.env["lifecycle.lead.request"]._cron_make_leads()
        self.Stage.with_user(self.owner).create({"name": "One more"})
        self.LostStage.with_user(self.owner).create({"name": "Another one"})
        self.new_lead.with_user(self.owner).action_convert_to_lost()
        self.env.flush_all()

    def test_every_field_is_tried(self):
        """P5: a new one of another model needs a record of it in ``make_records``"""
        fields = self.find_fields()
        self.assertGreaterEqual(
            {field.name for field in fields},
            {
                "sequence",
                "rotting_threshold_days",
                "reengage_after_days",
                "delay_days",
                "inactivity_days",
                "until",
            },
        )
        self.assertEqual({field.model_name for field in fields}, set(self.make_records()))

    def test_extreme_values_are_refused_or_harmless(self):
        """P5, I4, M5: whoever writes them, for everybody else"""
        accepted = []
        for field in self.find_fields():
            for value in VALUES[field.type]:
                with self.subTest(field=str(field), value=value), self.undone():
                    for record in self.make_records()[field.model_name]:
                        if self.is_accepted(record, field.name, value):
                            accepted.append((field.name, value))
                    for user in (self.agent, self.manager, self.administrator):
                        self.assertPagesOpen(user)
                    self.assertWorkGoesOn()
        for name in ("rotting_threshold_days", "reengage_after_days", "delay_days", "inactivity_days"):
            self.assertIn((name, MAX_DAYS), accepted)
            self.assertNotIn((name, MAX_DAYS + 1), accepted)

    def test_snooze_to_the_end_of_time(self):
        """I4: for people east of UTC, the month after it has no number"""
        with self.assertRaisesRegex(UserError, "one year at most"):
            self.channel.with_user(self.agent).action_lifecycle_snooze("9999-12-31 23:59:59")
        for user in (self.agent, self.manager, self.administrator):
            self.assertPagesOpen(user)

    def test_pages_would_not_open(self):
        """I4: what is refused above does break them"""
        end_of_time = datetime(9999, 12, 31, 23, 59, 59)
        self.channel._lifecycle_write_protected({"lifecycle_snoozed_until": end_of_time})
        self.env.flush_all()
        self.channel._add_members(users=self.administrator)
        with self.assertRaises(ValueError):
            self.assertPagesOpen(self.administrator)


@tagged("post_install", "-at_install")
class TestExtremeValuesHttp(RpcCase):
    """The same over the wire (P5)."""

    @mute_logger("odoo.http")
    def test_json_rpc(self):
        """I4"""
        channel = self.make_livechat(self.contact)
        self.log_in(self.agent)
        answer = self.call("discuss.channel", "action_lifecycle_snooze", channel.ids, "9999-12-31 23:59:59")
        self.assertRefused(answer, error="UserError")
        self.assertIn("one year at most", answer["error"]["data"]["message"])
        self.assertFalse(channel.lifecycle_snoozed_until)
