import logging
import re
import traceback

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.figure.lifecycle_dashboard import FIGURES
from ...models.figure.lifecycle_dashboard_funnel import OUTCOMES
from ..common import LifecycleCase
from ..common_bad_input import MODULE, Arguments, find_methods, find_routes, is_ours

EXAMPLES = 5
# who may change nothing of the addon, and who nothing but where contacts and conversations are
OUTSIDERS = ("public", "portal", "internal")
MOVERS = ("agent", "manager")
MOVED = (
    "res_partner",
    "discuss_channel",
    "lifecycle_transition",
    "lifecycle_batch",
    "lifecycle_rule_log",
    "lifecycle_lead_request",
    "mail_activity",
    "mail_message",
)


class ErrorLog(logging.Handler):
    """What is logged as an error."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage()[:500])


@tagged("post_install", "-at_install", "contact_lifecycle_generated")
class TestBadCalls(LifecycleCase):
    """Every method that can be called from outside, with anything, by everybody: the answer is a clean refusal,
    and who may not change anything has changed nothing (P1, S6).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "public": cls.env.ref("base.public_user"),
            "portal": cls.portal,
            "internal": cls.make_user("lifecycle_bystander", "base.group_user"),
            "agent": cls.agent,
            "manager": cls.manager,
            "owner": cls.owner,
        }
        cls.make_records()
        cls.env.flush_all()
        cls.methods = find_methods(cls.env)
        models = {model for model, _name, _is_new in cls.methods}
        ids = {
            model: cls.env[model].sudo().search([], limit=3, order="id desc").ids
            for model in models
            if not cls.env[model]._abstract and cls.env[model]._auto
        }
        ids["res.partner"] = [cls.contact.id, cls.portal.partner_id.id, cls.env.ref("base.partner_admin").id]
        ids["res.users"] = [cls.agent.id, cls.portal.id]
        words = (*FIGURES, *OUTCOMES, "lifecycle_stage_id", "lifecycle_assignment", "name", "res.partner")
        cls.arguments = Arguments(cls.env, ids, words)
        cls.columns = cls.find_columns()
        cls.state = cls.read_state()

    @classmethod
    def make_records(cls):
        """At least one record of every model that has methods of ours."""
        env = cls.env
        cls.contact.lifecycle_stage_id = cls.hot_lead
        cls.conversations = cls.make_livechat(cls.contact) | cls.make_livechat(cls.make_guest())
        rule = env["lifecycle.rule"].create(
            {"name": "Rule", "on_email_sent": True, "to_stage_id": cls.hot_lead.id, "active": True}
        )
        env["lifecycle.rule.log"].create({"rule_id": rule.id, "event": "email_sent", "result": "acted"})
        env["lifecycle.lead.request"].create(
            {
                "rule_id": rule.id,
                "partner_id": cls.contact.id,
                "event": "stage_entered",
                "event_key": "x",
                "date_due": "2026-01-01",
                "state": "failed",
            }
        )
        model_id = env["ir.model"]._get_id("res.partner")
        action = {"name": "Step", "model_id": model_id, "state": "code", "code": "pass"}
        env["base.automation"].create(
            {
                "name": "Automation",
                "model_id": model_id,
                "trigger": "on_stage_set",
                "lifecycle_trigger": True,
                "trg_field_ref": cls.hot_lead.id,
                "action_server_ids": [(0, 0, action), (0, 0, action)],
            }
        )
        env["crm.lead"].create({"name": "Lead", "partner_id": cls.contact.id})
        cls.contact.activity_schedule("mail.mail_activity_data_call")
        for user in (cls.agent, cls.manager, cls.owner):
            contact_dialog = (
                env["lifecycle.contact.lost"].with_user(user).with_context(active_ids=cls.contact.ids)
            )
            contact_dialog.create({"lost_stage_id": cls.cold_lead.stage_id.id})
            env["lifecycle.contact.stage"].with_user(user).create(
                {"selection": cls.contact.ids, "stage_id": cls.payment.id}
            )
            several = cls.contact | cls.contact.copy()
            several.with_user(user).write({"lifecycle_stage_id": False})
            several.with_user(user).write({"lifecycle_stage_id": cls.hot_lead.id})
            batch = env["lifecycle.batch"].search([("user_id", "=", user.id)], limit=1)
            env["lifecycle.batch.undo"].with_user(user).create({"batch_id": batch.id})
            readable = cls.conversations.with_user(user)._filtered_access("read")
            snooze_dialog = env["lifecycle.conversation.snooze"].with_user(user)
            snooze_dialog.create({"channel_ids": [(6, 0, readable.ids)]})
        env["lifecycle.stage.delete"].with_user(cls.owner).create({"stage_id": cls.payment.id})
        env["lifecycle.lost.stage.suggest"].with_user(cls.owner).create({})
        env["lifecycle.stage.set.apply"].with_user(cls.owner).create({}).action_preview()
        env["lifecycle.import"].with_user(cls.owner).create({"source": "file"})
        env["lifecycle.rule.dry.run"].with_user(cls.owner).create({"rule_id": rule.id})
        env["res.config.settings"].create({})

    @classmethod
    def find_columns(cls):
        """:return: dict table -> the columns that are the addon's"""
        columns = {}
        for model in cls.env.registry.values():
            if model._abstract or model._transient or not model._auto:
                continue
            names = [
                name
                for name, field in model._fields.items()
                if field.store
                and field.column_type
                and (model._name.startswith("lifecycle.") or set(field._modules) == {MODULE})
                and name not in ("write_date", "write_uid")
            ]
            if names and not model._name.startswith("ir."):
                columns[model._table] = names
        return columns

    @classmethod
    def read_state(cls):
        """:return: dict table -> number of rows and checksum of the addon's columns"""
        queries = [
            SQL(
                "SELECT %s, count(*)::text, md5(string_agg(ROW(%s)::text, ',' ORDER BY id)) FROM %s",
                table,
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL.identifier(table),
            )
            for table, columns in cls.columns.items()
        ]
        queries.append(
            SQL(
                "SELECT 'ir_config_parameter', count(*)::text, md5(string_agg(value, ',' ORDER BY id)) "
                "FROM ir_config_parameter WHERE key LIKE 'contact_lifecycle.%%'"
            )
        )
        cls.cr.execute(SQL(" UNION ALL ").join(queries))
        return {row[0]: row[1:] for row in cls.cr.fetchall()}

    def get_fault(self, error, name, is_new):
        """:return: what is wrong with this exception, or None where it is a refusal, or Odoo's own"""
        if isinstance(error, UserError):
            return None if str(error).strip() else "a refusal without a sentence"
        frames = traceback.extract_tb(error.__traceback__)
        if isinstance(error, ValueError) and str(error).startswith("Expected singleton"):
            return None  # Odoo's answer to a button pressed on several records
        raised_by_us = re.search(rf"/{MODULE}/(models|tools|wizard|report)/", frames[-1].filename)
        if raised_by_us and not is_new and frames[-1].name == name and isinstance(error, TypeError):
            return None  # the wrong type for a method of Odoo's
        if is_new or raised_by_us:
            return "".join(traceback.format_exception(error))[-3000:]
        return None

    def attempt(self, role, model, name, is_new, args, kwargs):
        """Call the method as the web client does; what is wrong with the answer is an assertion."""
        call = f"{role}: {model}.{name}(*{args!r:.600}, **{kwargs!r:.600})"
        log = ErrorLog()
        root = logging.getLogger()
        handlers, root.handlers = root.handlers, [log]
        try:
            with self.undone():
                try:
                    call_kw(self.env(user=self.users[role], su=False)[model], name, args, kwargs)
                    self.cr.flush()  # with what comes before a commit
                except Exception as error:  # noqa: BLE001 - whichever it is, it is judged
                    fault = self.get_fault(error, name, is_new)
                    if fault:
                        raise AssertionError(f"{call}\n{fault}") from None
                else:
                    self.check_changes(role, call)
        finally:
            root.handlers = handlers
        if is_new and log.texts:
            raise AssertionError(f"{call}\nlogged {log.texts}")

    def check_changes(self, role, call):
        state = self.read_state()
        changed = {table for table in state if state[table] != self.state[table]}
        if role in MOVERS:
            changed.difference_update(MOVED)
        if changed and role != "owner":
            raise AssertionError(f"{call}\nchanged {sorted(changed)}")

    def attempt_many(self, role, model, name, is_new, examples):
        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
            phases=[Phase.generate],
        )
        @given(st.data())
        def run(data):
            self.attempt(role, model, name, is_new, *data.draw(self.arguments.call(model, name)))

        run()

    def attempt_all(self, role, methods, examples):
        for model, name, is_new in methods:
            with self.subTest(role=role, method=f"{model}.{name}"):
                self.attempt_many(role, model, name, is_new, examples)
        self.registry.clear_all_caches()
        self.assertEqual(self.read_state(), self.state, "a refused call has changed something")

    def test_methods_of_the_addon(self):
        """Those that it brings, and those of Odoo that it extends"""
        methods = [
            method
            for method in self.methods
            if any(method[1] in vars(base) for base in self.registry[method[0]].mro() if is_ours(base))
        ]
        self.assertGreater(len(methods), 60)
        for new in ("action_confirm", "get_funnel", "action_lifecycle_set_stage", "execute_command_stage"):
            self.assertIn(new, {name for _model, name, is_new in methods if is_new})
        for role in self.users:
            self.attempt_all(role, methods, EXAMPLES)

    def test_addon_serves_no_path_of_its_own(self):
        """A path that comes to be needs tests like those above"""
        self.assertEqual(find_routes(), [])
