import json
from datetime import timedelta

from odoo import fields, http
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LifecycleCase
from ..common_patient import PatientCase

GUARDED = (
    ("search", {"domain": [["lifecycle_stage_id.name", "=", "Hot Lead"]]}),
    (
        "search_read",
        {"domain": [["channel_ids.lifecycle_stage_id.name", "=", "Hot Lead"]], "fields": ["name"]},
    ),
    ("search_count", {"domain": [["lifecycle_is_lost", "=", True]]}),
    ("search", {"domain": [], "order": "date_last_stage_update"}),
    ("name_search", {"name": "", "domain": [["date_last_stage_update", "!=", False]]}),
    ("formatted_read_group", {"domain": [], "groupby": ["lifecycle_stage_id"], "aggregates": ["__count"]}),
    ("web_read_group", {"domain": [], "groupby": ["lifecycle_stage_id"], "aggregates": ["__count"]}),
)


@tagged("post_install", "-at_install")
class TestSearchGuardHttp(LifecycleCase, PatientCase):
    """The same over the wire: the web client's JSON-RPC, the JSON-2 API with a key, and exports by filter (P2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.agent | cls.manager:
            user.password = user.login
            user.group_ids += cls.env.ref("base.group_allow_export")
        cls.contact.lifecycle_stage_id = cls.hot_lead

    @mute_logger("odoo.http")
    def test_json_rpc(self):
        """P2"""
        for user, is_allowed in ((self.agent, False), (self.manager, True)):
            self.authenticate(user.login, user.login)
            for method, kwargs in GUARDED:
                params = {"model": "res.partner", "method": method, "args": [], "kwargs": kwargs}
                answer = self.url_open(
                    f"/web/dataset/call_kw/res.partner/{method}", json={"jsonrpc": "2.0", "params": params}
                ).json()
                name = f"{user.login}, {method}, {kwargs}"
                self.assertEqual("result" in answer, is_allowed, name)
                if not is_allowed:
                    self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError", name)
                    self.assertIn("You may not filter", answer["error"]["data"]["message"], name)

    @mute_logger("odoo.http")
    def test_json_2(self):
        """P2"""
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for user, status in ((self.agent, 403), (self.manager, 200)):
            key = self.env["res.users.apikeys"].with_user(user)._generate("rpc", "Test", tomorrow)
            for method, kwargs in GUARDED:
                answer = self.url_open(
                    f"/json/2/res.partner/{method}", json=kwargs, headers={"Authorization": f"Bearer {key}"}
                )
                self.assertEqual(
                    answer.status_code, status, f"{user.login}, {method}, {kwargs}: {answer.text[:200]}"
                )

    def export(self, **params):
        """:return: the answer to an export of the whole selection, as the web client asks for it"""
        params = {
            "model": "res.partner",
            "ids": False,
            "domain": [],
            "fields": [{"name": "name", "label": "Name", "type": "char"}],
            "groupby": [],
            "import_compat": False,
            "context": {},
            **params,
        }
        return self.url_open(
            "/web/export/xlsx", data={"data": json.dumps(params), "csrf_token": http.Request.csrf_token(self)}
        )

    @mute_logger("odoo.addons.web.controllers.export", "odoo.http")
    def test_export_by_filter(self):
        """P2: by a filter on the stage, and of the stage of whatever was found"""
        stage_column = {"name": "lifecycle_stage_id", "label": "Stage", "type": "many2one"}
        for user, status in ((self.agent, 500), (self.manager, 200)):
            self.authenticate(user.login, user.login)
            for params in (
                {"domain": [["lifecycle_stage_id", "=", self.hot_lead.id]]},
                {"fields": [stage_column]},
                {"fields": [stage_column], "ids": self.contact.ids},
                {"groupby": ["lifecycle_stage_id"]},
                {"groupby": ["company_id", "lifecycle_stage_id"]},
            ):
                with self.subTest(user=user.login, params=params):
                    answer = self.export(**params)
                    self.assertEqual(answer.status_code, status, answer.text[-600:])
                    if status == 500:
                        self.assertIn("You may not filter", answer.text)
            self.assertEqual(self.export().status_code, 200)

    def test_export_dialog_does_not_offer_the_stage(self):
        """P2"""
        for user, is_offered in ((self.agent, False), (self.manager, True)):
            self.authenticate(user.login, user.login)
            params = {"model": "res.partner", "domain": [], "import_compat": False}
            answer = self.url_open("/web/export/get_fields", json={"jsonrpc": "2.0", "params": params}).json()
            names = [field["id"] for field in answer["result"]]
            self.assertIn("name", names)
            self.assertEqual("lifecycle_stage_id" in names, is_offered, user.login)
