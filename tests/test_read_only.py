from datetime import timedelta

from psycopg2.errors import ReadOnlySqlTransaction

from odoo import Command
from odoo.fields import Date, Datetime
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LifecycleCase
from .common_bad_input import find_methods
from .common_door_walker import find_calls


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestReadOnly(LifecycleCase):
    """Methods that only read are marked so, for a replica to answer, and no others (M9, decision 10).

    They are found by looking at the code, and called where they have something to do. A new one that is refused here needs
    a record on which it does what it is for.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what has been said already is not written once more
        cls.env["ir.config_parameter"].set_param("contact_lifecycle.first_steps", False)
        cls.user = cls.make_user(
            "lifecycle_everything",
            "base.group_system,base.group_partner_manager,contact_lifecycle.group_owner,"
            "im_livechat.im_livechat_group_manager,sales_team.group_sale_manager",
        )
        for stage in (cls.hot_lead, cls.payment):
            cls.contact.lifecycle_stage_id = stage
        cls.records = cls.make_records()
        cls.records_of_methods = cls.make_records_of_methods()
        cls.values = {
            "stage_id": cls.hot_lead.id,
            "from_id": cls.hot_lead.id,
            "to_id": cls.cold_lead.stage_id.id,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "figure": "contacts",
            "outcome": "entered",
            "until": Datetime.now() + timedelta(days=1),
            "body": "/stage Hot Lead",
            "partner_id": cls.contact.id,
            "month": Date.context_today(cls.contact).replace(day=1),
            "part": "contacts_without",
            "split": "first_source",
            "suggestion": "answers",
            "lost_stage_id": cls.cold_lead.stage_id.id,
            "result": "acted",
            "value": "manual",
            "domain": [["id", "!=", False]],
            "inboxes": {"all": []},
            "user_id": cls.user.id,
            "lifecycle.rule.vals": {"from_none": True},
        }
        cls.env.flush_all()
        cls.cr.precommit.clear()

    @classmethod
    def make_rule(cls, **vals):
        return cls.env["lifecycle.rule"].create(
            {
                "name": "Rule",
                "kind": "criteria",
                "domain": "[('ref', '=', 'x')]",
                "to_stage_id": cls.hot_lead.id,
                **vals,
            }
        )

    @classmethod
    def make_moving_in(cls, state):
        """:return: ``lifecycle.import`` of a file with one contact, at a step of its way"""
        env = cls.env(user=cls.user)
        file = env["ir.attachment"].create({"name": "a.csv", "raw": b"Name,Stage\nA,Hot Lead\n"})
        moving = env["lifecycle.import"].create({"source": "file", "attachment_ids": file.ids})
        if state != "files":
            moving.action_read()
            moving._lifecycle_write_protected({"state": state})
        return moving

    @classmethod
    def make_records(cls):
        """:return: dict model -> recordset that its methods are called on"""
        env, mine = cls.env, cls.env(user=cls.user)
        rule = cls.make_rule(active=True)
        request = {
            "rule_id": rule.id,
            "partner_id": cls.contact.id,
            "event": "stage_entered",
            "event_key": "x",
            "date_due": "2026-01-01",
            "state": "failed",
        }
        model_id = env["ir.model"]._get_id("res.partner")
        automation = env["base.automation"].create(
            {
                "name": "Automation",
                "model_id": model_id,
                "trigger": "on_stage_set",
                "lifecycle_trigger": True,
                "trg_field_ref": cls.hot_lead.id,
                "action_server_ids": [
                    Command.create({"name": "Step", "model_id": model_id, "state": "code", "code": "pass"})
                ],
            }
        )
        env.flush_all()
        of_contact = [("partner_id", "=", cls.contact.id)]
        cls.make_contacts(2).with_user(cls.user).write({"lifecycle_stage_id": cls.payment.id})
        batch = env["lifecycle.batch"].search([], limit=1)
        return {
            "base.automation": automation,
            "discuss.channel": cls.make_livechat(cls.contact, cls.user),
            "ir.actions.server": automation.action_server_ids,
            "lifecycle.batch": batch,
            "lifecycle.batch.undo": mine["lifecycle.batch.undo"].create({"batch_id": batch.id}),
            "lifecycle.contact.lost": mine["lifecycle.contact.lost"]
            .with_context(active_ids=cls.contact.ids)
            .create({"lost_stage_id": cls.cold_lead.stage_id.id}),
            "lifecycle.contact.stage": mine["lifecycle.contact.stage"].create(
                {"selection": cls.contact.ids, "stage_id": cls.customer.id}
            ),
            "lifecycle.funnel.report": env["lifecycle.funnel.report"].search(of_contact, limit=1),
            "lifecycle.import": cls.make_moving_in("check"),
            "lifecycle.lead.request": env["lifecycle.lead.request"].create(request),
            "lifecycle.lost.stage": cls.cold_lead,
            "lifecycle.lost.stage.suggest": mine["lifecycle.lost.stage.suggest"].create({}),
            "lifecycle.rule": rule,
            "lifecycle.rule.dry.run": mine["lifecycle.rule.dry.run"].create({"rule_id": rule.id}),
            "lifecycle.settings": mine["lifecycle.settings"].create({"lifecycle_default_on": "never"}),
            "lifecycle.stage": cls.customer,
            "lifecycle.stage.delete": mine["lifecycle.stage.delete"].create({"stage_id": cls.customer.id}),
            "lifecycle.stage.set.apply": mine["lifecycle.stage.set.apply"].create({}),
            "lifecycle.stage.time.report": env["lifecycle.stage.time.report"].search(of_contact, limit=1),
            "res.partner": cls.contact,
        }

    @classmethod
    def make_records_of_methods(cls):
        """:return: dict name of a method -> recordset that it has something to do with, where that is another one"""
        env, mine = cls.env, cls.env(user=cls.user)
        snoozed, unassigned = (cls.make_livechat(cls.make_guest(), cls.user) for _ in range(2))
        moment = Datetime.now() + timedelta(days=1)
        snoozed._lifecycle_write_protected({"lifecycle_snoozed_until": moment})
        unassigned.channel_member_ids.filtered("partner_id").unlink()
        locked = cls.make_contacts(1, cls.hot_lead)
        locked._lifecycle_write_protected({"lifecycle_locked": True})
        previewed = mine["lifecycle.stage.set.apply"].create({})
        previewed.action_preview()
        suggest = mine["lifecycle.lost.stage.suggest"].create({})
        suggest.line_ids[0].is_chosen = True
        return {
            "discuss.channel.action_lifecycle_assign": unassigned,
            "discuss.channel.action_lifecycle_set_contact": unassigned,
            "discuss.channel.action_lifecycle_take_over": unassigned,
            "discuss.channel.action_lifecycle_wake": snoozed,
            "lifecycle.conversation.snooze.action_confirm": mine["lifecycle.conversation.snooze"].create(
                {"channel_ids": [Command.set(cls.records["discuss.channel"].ids)], "until": moment}
            ),
            "lifecycle.lost.stage.suggest.action_add": suggest,
            "lifecycle.import.action_read": cls.make_moving_in("files"),
            "lifecycle.import.action_resume": cls.make_moving_in("stopped"),
            "lifecycle.import.action_stop": cls.make_moving_in("running"),
            "lifecycle.rule.dry.run.action_switch_on": mine["lifecycle.rule.dry.run"].create(
                {"rule_id": cls.make_rule(active=False).id}
            ),
            "lifecycle.stage.set.apply.action_apply": previewed,
            "lifecycle.stage.set.apply.action_back": previewed,
            "res.partner.action_lifecycle_unlock": locked.with_env(env),
        }

    def call_read_only(self, call):
        """:return: ``reads``, ``writes``, or what refused it"""
        args = list(call.args)
        if call.label in self.records_of_methods:
            args[0] = self.records_of_methods[call.label].ids
        env = self.env(user=self.user)
        try:
            with self.undone(), mute_logger("odoo.sql_db"):
                self.cr.execute("SET TRANSACTION READ ONLY")
                call_kw(env[call.model], call.name, args, dict(call.kwargs))
                env.flush_all()
                self.cr.precommit.run()
        except ReadOnlySqlTransaction:
            return "writes"
        except Exception as error:  # noqa: BLE001 - whatever it is, the method has not done what it is for
            return repr(error)
        finally:
            self.cr.precommit.clear()
            self.cr.postcommit.clear()
        return "reads"

    def is_marked(self, model, name):
        """:return: whether Odoo lets a replica answer, as ``/web/dataset/call_kw`` asks"""
        methods = (getattr(cls, name, None) for cls in self.registry[model].mro())
        return next((method._readonly for method in methods if hasattr(method, "_readonly")), False)

    def test_what_only_reads_is_marked(self):
        """M9: overrides are marked as Odoo's methods are"""
        ours = [method for method in find_methods(self.env) if method[2]]
        found = {call.label: call for call in find_calls(self.env, ours, self.values, self.records)}
        self.assertLessEqual(set(self.records_of_methods), set(found))
        kinds = set()
        for label, call in found.items():
            if call.model == "lifecycle.stay.mixin":
                continue  # there are only records of the reports that are made of it
            with self.subTest(label):
                does = self.call_read_only(call)
                self.assertIn(does, ("reads", "writes"), "give it a record on which it does what it is for")
                self.assertEqual(does == "reads", self.is_marked(call.model, call.name), does)
                kinds.add(does)
        self.assertEqual(kinds, {"reads", "writes"})
