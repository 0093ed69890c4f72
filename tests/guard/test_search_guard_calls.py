import json
from datetime import timedelta

from odoo import fields, http
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LifecycleCase
from ..common_patient import PatientCase

STAGE = "lifecycle_stage_id"
ODOO_GROUPS = (
    "base.group_allow_export,sales_team.group_sale_salesman_all_leads,im_livechat.im_livechat_group_user"
)


def get_calls(stage):
    """:return: dict name -> (model, method, keyword arguments), each a way round the stage of contacts"""
    calls = {}
    # models of Odoo's that look for what they are asked for as the superuser, or may in a later version
    for model, path in (
        ("ir.attachment", "create_uid.partner_id"),
        ("ir.attachment", "write_uid.partner_id.channel_ids"),
        ("mail.message", "author_id"),
        ("mail.activity", "user_id.partner_id"),
        ("calendar.event", "partner_ids"),
    ):
        domain = [[f"{path}.{STAGE}", "=", stage.id]]
        name = f"{model}, {path}"
        calls[f"count {name}"] = model, "search_count", {"domain": domain}
        calls[f"read {name}"] = model, "search_read", {"domain": domain, "fields": ["id"]}
        calls[f"group {name}"] = (
            model,
            "formatted_read_group",
            {"domain": domain, "groupby": [], "aggregates": ["__count"]},
        )
    # by the stage that the conversation shows
    for model, path in (
        ("crm.lead", "origin_channel_id"),
        ("discuss.channel.member", "channel_id"),
        ("im_livechat.channel.member.history", "channel_id"),
    ):
        domain = [[f"{path}.{STAGE}", "=", stage.id]]
        calls[f"conversation of {model}"] = (
            model,
            "search_read",
            {"domain": domain, "fields": ["partner_id"]},
        )
        calls[f"contacts of {model}"] = (
            model,
            "formatted_read_group",
            {"domain": domain, "groupby": ["partner_id"], "aggregates": ["__count"]},
        )
    # in groups, without saying so
    calls["search panel"] = (
        "crm.lead",
        "search_panel_select_multi_range",
        {"field_name": "partner_id", "group_by": STAGE, "enable_counters": True},
    )
    return calls


@tagged("post_install", "-at_install")
class TestSearchGuardCalls(LifecycleCase, PatientCase):
    """What an agent, a user without role or a portal user must not find out by any of these calls (P2, P4, P5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "agent": cls.make_user("calls_agent", ODOO_GROUPS),
            "internal": cls.make_user("calls_internal", "base.group_user,base.group_allow_export"),
            "portal": cls.portal,
            "manager": cls.make_user("calls_manager", f"{ODOO_GROUPS},contact_lifecycle.group_manager"),
        }
        for user in cls.users.values():
            user.password = user.login
        cls.contact.lifecycle_stage_id = cls.hot_lead
        cls.lead = cls.env["crm.lead"].create({"name": "Lead", "partner_id": cls.contact.id})

    def log_in(self, role):
        user = self.users.get(role)
        self.authenticate(user and user.login, user and user.login)

    @mute_logger("odoo.http", "odoo.models")
    def test_json_rpc(self):
        """P2, P4, P5"""
        for role in (*self.users, None):
            self.log_in(role)
            for name, (model, method, kwargs) in get_calls(self.hot_lead).items():
                with self.subTest(role=role, call=name):
                    params = {"model": model, "method": method, "args": [], "kwargs": kwargs}
                    url = f"/web/dataset/call_kw/{model}/{method}"
                    answer = self.url_open(url, json={"jsonrpc": "2.0", "params": params}).json()
                    if role == "manager":
                        self.assertIn("result", answer)
                    else:
                        expected = (
                            "odoo.exceptions.AccessError" if role else "odoo.http.SessionExpiredException"
                        )
                        self.assertEqual(answer["error"]["data"]["name"], expected)

    @mute_logger("odoo.http", "odoo.models")
    def test_json_2(self):
        """P2, P5"""
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for role, status in (("agent", 403), ("internal", 403), ("manager", 200)):
            key = self.env["res.users.apikeys"].with_user(self.users[role])._generate("rpc", "Test", tomorrow)
            for name, (model, method, kwargs) in get_calls(self.hot_lead).items():
                with self.subTest(role=role, call=name):
                    answer = self.url_open(
                        f"/json/2/{model}/{method}", json=kwargs, headers={"Authorization": f"Bearer {key}"}
                    )
                    self.assertEqual(answer.status_code, status)

    @mute_logger("odoo.addons.web.controllers.export", "odoo.http", "odoo.models")
    def test_export(self):
        """P2: the same by other names, of contacts that one may read"""
        for model, name in (
            ("res.partner", "duration_tracking"),
            ("res.partner", "opportunity_ids/lifecycle_summary"),
            ("res.users", "duration_tracking"),
            ("crm.lead", "lifecycle_summary"),
            ("crm.lead", "partner_id/duration_tracking"),
        ):
            for role in ("agent", "internal", "manager"):
                self.log_in(role)
                with self.subTest(role=role, model=model, field=name):
                    data = {
                        "model": model,
                        "ids": False,
                        "domain": [],
                        "fields": [{"name": name, "label": "Secret", "type": "char"}],
                        "groupby": [],
                        "import_compat": False,
                        "context": {},
                    }
                    answer = self.url_open(
                        "/web/export/csv",
                        data={"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)},
                    )
                    self.assertEqual(answer.status_code, 200 if role == "manager" else 500)
                    if role == "agent":
                        self.assertIn("You may not filter", answer.text)

    def test_agents_find_conversations_by_their_stage(self):
        """I2: on conversations, it stays free"""
        channel = self.make_livechat(self.contact, self.users["agent"])
        Channel = self.env["discuss.channel"].with_user(self.users["agent"])
        self.assertIn(channel, Channel.search([(STAGE, "=", self.hot_lead.id)]))
        self.assertIn(channel, Channel.search([(f"{STAGE}.name", "=", self.hot_lead.name)], order=STAGE))
        groups = Channel.formatted_read_group([("id", "=", channel.id)], [STAGE], ["__count"])
        self.assertEqual(
            [(group[STAGE][0], group["__count"]) for group in groups if group["__count"]],
            [(self.hot_lead.id, 1)],
        )
        inboxes = Channel.search_panel_select_range(STAGE, enable_counters=True)["values"]
        self.assertIn((self.hot_lead.id, 1), [(inbox["id"], inbox.get("__count")) for inbox in inboxes])
