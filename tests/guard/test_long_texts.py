import traceback
from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LifecycleCase
from ..common_bad_input import KEYWORDS, MODULE, find_methods, find_parameters, is_ours

LONG = "x" * 100_000
LONGEST = 2500  # twenty stages with names of 64 characters are in some messages
# what a record with a long name is refused, and says so by its name
REFUSED = (LONG, "[", False, -1, True)


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestLongTexts(LifecycleCase):
    """Messages repeat what somebody gave, but no more of it than can be read (P5): whatever is called from outside, on
    records with long names, and with long texts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.administrator.group_ids += env.ref("sales_team.group_sale_manager")
        cls.users = (cls.administrator, cls.agent)
        rules = env["lifecycle.rule"].create(
            [
                {"name": LONG, "to_stage_id": cls.hot_lead.id, **vals}
                for vals in (
                    {"kind": "outreach", "on_email_sent": True, "active": True},
                    {"kind": "criteria", "active": True, "from_stage_ids": cls.new_lead.ids},
                    {"kind": "inactivity"},
                    {"kind": "lead", "entered_stage_ids": cls.hot_lead.ids},
                    {"kind": "follow_up", "entered_stage_ids": cls.cold_lead.stage_id.ids},
                )
            ]
        )
        standard = rules.create({"name": LONG, "on_email_sent": True, "to_stage_id": cls.hot_lead.id})
        standard._lifecycle_write_protected({"is_standard": True})
        rules += standard
        circle = {
            "name": LONG,
            "kind": "criteria",
            "from_stage_ids": cls.hot_lead.ids,
            "to_stage_id": cls.new_lead.id,
        }
        rules += rules.create({**circle, "allow_backward": True})
        channel = cls.make_livechat(cls.contact)
        channel.write({"name": LONG, "livechat_end_dt": "2026-01-01 00:00:00"})
        lead = env["crm.lead"].create({"name": LONG, "user_id": cls.administrator.id})
        cls.records = {
            "lifecycle.rule": rules,
            "discuss.channel": channel,
            "crm.lead": lead,
            "res.partner": cls.contact,
            "res.users": cls.administrator,
            "lifecycle.stage": cls.hot_lead,
            "lifecycle.lost.stage": cls.cold_lead,
        }
        env["ir.filters"].create(
            {
                "name": LONG,
                "model_id": "res.partner",
                "domain": repr([("lifecycle_stage_id", "=", cls.hot_lead.id)]),
                "is_default": True,
                "user_ids": cls.agent.ids,
            }
        )
        env.flush_all()

    def find_names(self, model):
        """:return: names of the fields of the addon on a model"""
        return [
            name
            for name, field in self.env[model]._fields.items()
            if MODULE in field._modules and not field.inherited
        ]

    def find_arguments(self, model, name):
        """:return: list of the arguments of calls that say something long, or something refused of a long record"""
        parameters = [p for p in find_parameters(type(self.env[model]), name) if p.kind is not p.KEYWORD_ONLY]
        if not parameters:
            return [[]]
        if parameters[0].name in ("vals", "vals_list"):
            rest = [{}] * (len(parameters) - 1)
            return [[{field: value}, *rest] for field in self.find_names(model) for value in REFUSED]
        if name == "load":
            return [[["name", "lifecycle_stage_id"], [["x", LONG]]]]
        known = {"date_from": "2026-01-01", "date_to": "2026-01-01", "model": "res.partner"}
        fillers = [
            known.get(p.name, self.new_lead.id if p.name.endswith("_id") else False) for p in parameters
        ]
        return [
            fillers,
            *([*fillers[:place], LONG, *fillers[place + 1 :]] for place in range(len(fillers))),
        ]

    @contextmanager
    def noting_messages(self, messages):
        """Add what users are told besides refusals, as (where, text)."""

        def note_transient(user, channel, content):
            messages.append(("transient message", str(content)))

        def note_sent(user, kind, payload, **kwargs):
            messages.append((kind, str(payload)))

        users = type(self.env["res.users"])
        with (
            patch.object(users, "_bus_send_transient_message", note_transient),
            patch.object(users, "_bus_send", note_sent),
        ):
            yield

    def call(self, user, model, name, args, kwargs, messages):
        # test_bad_calls.py is about other exceptions
        with self.undone(), suppress(Exception):
            try:
                call_kw(self.env(user=user, su=False)[model], name, args, kwargs)
                self.env.flush_all()
            except UserError as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                if f"/{MODULE}/" in frame.filename:
                    messages.append((f"{frame.filename.rpartition('/')[2]}:{frame.lineno}", str(error)))

    @mute_logger("odoo", "py.warnings")
    def test_messages_can_be_read(self):
        """P5"""
        messages = []
        for model, name, _is_new in find_methods(self.env):
            cls = type(self.env[model])
            if not any(name in vars(base) for base in cls.mro() if is_ours(base)):
                continue
            is_on_records = not getattr(getattr(cls, name), "_api_model", False)
            records = self.records.get(model, self.env[model]) if is_on_records else self.env[model]
            for user in self.users:
                for args in self.find_arguments(model, name):
                    for record in records if is_on_records else [None]:
                        ids = [record.ids] if is_on_records else []
                        for kwargs in [{}, *({key: f"/stage {LONG}"} for key in KEYWORDS.get(name, ()))]:
                            with self.noting_messages(messages):
                                self.call(user, model, name, ids + list(args), kwargs, messages)
        cut = {place for place, text in messages if LONG[:20] in text}
        self.assertGreater(len(cut), 15, sorted(cut))
        too_long = {place for place, text in messages if len(text) > LONGEST}
        self.assertFalse(too_long)
