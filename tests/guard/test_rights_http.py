import json
from datetime import timedelta
from xmlrpc.client import Fault

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_bad_input import MISSING_ID
from ..common_patient import PatientCase
from ..common_secret import SECRET, SecretCase

TRACKING = "[('message_ids.tracking_value_ids.new_value_char', 'like', 'Hot')]"
REFUSALS = (
    "odoo.http",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.models",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
)


@tagged("post_install", "-at_install")
class TestRightsHttp(SecretCase, PatientCase):
    """Calls that told or did too much, as they were made over the wire, by each role (P1, P4, P5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.users.values():
            if user != cls.env.ref("base.public_user"):
                user.password = user.login

    def call(self, user, model, method, *args, **kwargs):
        """:return: the answer to a call of the web client: dict with ``result``, or with ``error``"""
        self.authenticate(user and user.login, user and user.login)
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}", json={"jsonrpc": "2.0", "params": params}
        ).json()

    def assertRefused(self, answer, name):
        """:return: the message of the refusal"""
        self.assertIn("error", answer, name)
        data = answer["error"]["data"]
        self.assertEqual(data["name"], "odoo.exceptions.AccessError", f"{name}: {data['message']}")
        return data["message"]

    def get_stage_calls(self, user, stage):
        """:return: list of (model, method, args): calls that name a stage, by who may not even know of stages"""
        vals = {"name": "x", "lifecycle_stage_id": stage}
        spec = {"lifecycle_stage_id": {"fields": {"display_name": {}}}}
        return [
            ("res.partner", "create", [vals]),
            ("res.partner", "write", [user.partner_id.ids, {"lifecycle_stage_id": stage}]),
            ("res.partner", "web_save", [user.partner_id.ids, {"lifecycle_stage_id": stage}, spec]),
            ("res.partner", "onchange", [[], vals, ["lifecycle_stage_id"], spec]),
            ("res.users", "create", [{**vals, "login": "x"}]),
            ("res.users", "write", [user.ids, {"lifecycle_stage_id": stage}]),
            ("crm.lead", "create", [vals]),
            ("crm.lead", "write", [self.secret_lead.ids, {"lifecycle_stage_id": stage}]),
            ("crm.lead", "onchange", [[], vals, [], spec]),
            ("discuss.channel", "create", [{**vals, "channel_type": "channel"}]),
            ("discuss.channel", "write", [self.secret_channel.ids, {"lifecycle_stage_id": stage}]),
            ("discuss.channel", "action_lifecycle_set_stage", [self.secret_channel.ids, stage]),
            ("ir.filters", "onchange", [[], {"lifecycle_stage_id": stage}, [], spec]),
            ("lifecycle.contact.lost", "create", [{"lost_stage_id": stage}]),
            ("lifecycle.contact.stage", "create", [{"stage_id": stage}]),
        ]

    @mute_logger(*REFUSALS)
    def test_outsiders_do_not_learn_stage_names(self):
        """P4, P5: whether the name or the id is right does not matter, and the refusal names no stage"""
        for user in (self.portal, self.internal):
            refusals = {}
            for stage in ("Hot Lead", "No Such Stage", self.hot_lead.id, MISSING_ID):
                for model, method, args in self.get_stage_calls(user, stage):
                    name = f"{user.login}: {model}.{method} {stage}"
                    message = self.assertRefused(self.call(user, model, method, *args), name)
                    self.assertNotIn("Payment", message, name)
                    self.assertEqual(refusals.setdefault((model, method), message), message, name)

    @mute_logger(*REFUSALS)
    def test_visitor_is_asked_to_log_in(self):
        """P4"""
        for model, method, args in self.get_stage_calls(self.portal, "Hot Lead"):
            answer = self.call(None, model, method, *args)
            self.assertEqual(answer["error"]["message"], "Odoo Session Expired", f"{model}.{method}")

    @mute_logger(*REFUSALS)
    def test_portal_user_imports_a_stage(self):
        """P4, P5: right or wrong"""
        for user in (self.portal, self.internal):
            answers = [
                self.call(user, "res.partner", "load", ["name", "lifecycle_stage_id"], [["x", stage]])
                for stage in ("Hot Lead", "Lead Hot")
            ]
            messages = [
                json.dumps(answer.get("result") or self.assertRefused(answer, user.login))
                for answer in answers
            ]
            self.assertEqual(messages[0].replace("Hot Lead", "Lead Hot"), messages[1])
            self.assertNotIn("Payment", messages[0])

    @mute_logger(*REFUSALS)
    def test_other_clients_do_not_learn_stage_names(self):
        """P4, P5: XML-RPC and JSON-2"""
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for user in (self.portal, self.internal):
            faults = set()
            for stage in ("Hot Lead", "No Such Stage", self.hot_lead.id, MISSING_ID):
                args = [user.partner_id.ids, {"lifecycle_stage_id": stage}]
                with self.assertRaises(Fault) as caught:
                    self.xmlrpc_object.execute_kw(
                        self.env.cr.dbname, user.id, user.login, "res.partner", "write", args
                    )
                faults.add((caught.exception.faultCode, caught.exception.faultString))
                self.assertEqual(caught.exception.faultCode, 4, "AccessError")
            self.assertEqual(len(faults), 1)
            if user._is_internal():
                key = self.env["res.users.apikeys"].with_user(user)._generate("rpc", "Test", tomorrow)
                for stage in ("Hot Lead", "No Such Stage"):
                    answer = self.url_open(
                        "/json/2/res.partner/create",
                        json={"vals_list": [{"name": "x", "lifecycle_stage_id": stage}]},
                        headers={"Authorization": f"Bearer {key}"},
                    )
                    self.assertEqual(answer.status_code, 403, answer.text[:200])

    @mute_logger(*REFUSALS)
    def test_lead_that_is_not_saved_tells_nothing_of_a_hidden_contact(self):
        """P5: neither stage nor history; of a contact that the salesperson may read it does"""
        both = self.make_user(
            "lifecycle_both", "sales_team.group_sale_salesman,im_livechat.im_livechat_group_user"
        )
        both.password = both.login
        spec = {"lifecycle_stage_id": {"fields": {"display_name": {}}}, "lifecycle_summary": {}}
        for user in (self.salesman, both):
            for names in ([], ["partner_id"]):
                for contact, stage in ((self.secret_contact, self.Stage), (self.contact, self.new_lead)):
                    values = {"partner_id": contact.id}
                    answer = self.call(user, "crm.lead", "onchange", [], values, names, spec)
                    self.assertNotIn(SECRET, json.dumps(answer))
                    found = answer["result"]["value"].get("lifecycle_stage_id") or {}
                    self.assertEqual(found.get("id", False), stage.id, (user.login, names))
        for user in (self.portal, self.internal, self.agent):
            values = {"partner_id": self.secret_contact.id}
            self.assertRefused(self.call(user, "crm.lead", "onchange", [], values, [], spec), user.login)

    @mute_logger(*REFUSALS)
    def test_dialogs_are_for_agents(self):
        """P5: who has no role reads no stage by the dialog, saved or not, and snoozes nothing"""
        spec = {"description": {}, "entry_criteria": {}}
        values = {"lost_stage_id": self.secret_stage.id}
        for user in (self.portal, self.internal):
            for model, method, args in (
                ("lifecycle.contact.lost", "create", [{**values, "partner_ids": [[6, 0, self.contact.ids]]}]),
                ("lifecycle.contact.lost", "web_save", [[], values, spec]),
                ("lifecycle.contact.lost", "onchange", [[], values, [], spec]),
                ("lifecycle.contact.lost", "action_confirm", [[]]),
                ("lifecycle.contact.stage", "create", [{"stage_id": self.secret_stage.id}]),
                (
                    "lifecycle.contact.stage",
                    "onchange",
                    [[], {"stage_id": self.secret_stage.id}, [], {"effect": {}}],
                ),
                ("lifecycle.contact.stage", "action_confirm", [[]]),
                ("lifecycle.conversation.snooze", "create", [{"until": "2099-01-01 12:00:00"}]),
                ("lifecycle.conversation.snooze", "onchange", [[], {}, [], {"until": {}}]),
                ("lifecycle.conversation.snooze", "action_confirm", [[]]),
            ):
                name = f"{user.login}: {model}.{method}"
                message = self.assertRefused(self.call(user, model, method, *args), name)
                self.assertNotIn(SECRET, message)
        answer = self.call(self.agent, "lifecycle.contact.lost", "onchange", [], values, [], spec)
        self.assertEqual(answer["result"]["value"], {"description": SECRET, "entry_criteria": SECRET})

    @mute_logger(*REFUSALS)
    def test_condition_of_a_rule_looks_at_what_its_author_may_read(self):
        """P5: only administrators read tracking values"""
        vals = {"name": "Rule", "kind": "criteria", "to_stage_id": self.payment.id, "domain": TRACKING}
        message = self.assertRefused(self.call(self.owner, "lifecycle.rule", "create", vals), "owner")
        self.assertEqual(
            message,
            "The condition of “Rule” looks at “message_ids.tracking_value_ids.new_value_char”, which you may not "
            "read: leave it out.",
        )
        spec = {"move_count": {}, "left_count": {}, "counts": {}}
        made_up = {"rule_id": {"id": False, **vals}}
        answer = self.call(self.owner, "lifecycle.rule.dry.run", "onchange", [], made_up, [], spec)
        self.assertEqual(answer["result"]["value"]["move_count"], 0)
        self.assertEqual(answer["result"]["value"]["left_count"], 0)
        self.administrator.password = self.administrator.login
        self.assertIn("result", self.call(self.administrator, "lifecycle.rule", "create", vals))

    @mute_logger(*REFUSALS)
    def test_nothing_is_done_with_no_record(self):
        """P5: a call on no record has no effect"""
        calls = (
            ("lifecycle.stage", "unlink"),
            ("lifecycle.rule", "unlink"),
            ("lifecycle.lost.stage", "unlink"),
            ("lifecycle.lost.stage", "action_convert_to_lifecycle"),
        )
        self.cr.execute("SELECT max(xmin::text::bigint) FROM lifecycle_stage")
        before = self.cr.fetchone()
        for user in (self.portal, self.internal, self.agent, self.manager):
            for model, method in calls:
                self.assertRefused(self.call(user, model, method, []), f"{user.login}: {model}.{method}")
        for model, method in calls:
            self.assertEqual(
                self.call(self.owner, model, method, []).get("result"), True, f"{model}.{method}"
            )
        self.cr.execute("SELECT max(xmin::text::bigint) FROM lifecycle_stage")
        self.assertEqual(self.cr.fetchone(), before, "a row of the stages has been written")
