import inspect
import logging
from collections import Counter
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.guard.ir_model import DOMAINS, DOORS, TERMS
from ...tools.guarded_fields import SearchGuard
from ..common import LifecycleCase
from ..common_guard_paths import (
    GROUP_CALLS,
    get_calls,
    get_dependents,
    get_goals,
    get_own_fields,
    get_paths,
    get_uses,
    get_ways,
    is_refused,
    no_doors,
    readable_models,
)

_logger = logging.getLogger(__name__)

# Fields that agents may use in criteria, with the reason: names of fields, or of models for all of their fields.
FREE = {
    "discuss.channel": "conversations are found by what they show, their stage included (I2)",
    "lifecycle.stage": "what a stage is, not who is in it",
    "lifecycle.lost.stage": "the same",
    "lifecycle.batch": "what the user has done to several contacts; its moves are for managers",
    "lifecycle.batch.undo": "the same",
    "lifecycle.contact.lost": "what the user has just chosen in the dialog",
    "lifecycle.contact.stage": "the same",
    "lifecycle.conversation.snooze": "the same",
    "ir.filters.lifecycle_stage_id": "which stage a favourite came with",
    "mail.activity.lifecycle_call_connected": "what became of a call",
    "mail.activity.type.lifecycle_call_connected": "the same",
    "digest.digest.kpi_lifecycle_customers": "whether a digest tells it",
    "digest.digest.kpi_lifecycle_lost": "the same",
    "digest.digest.kpi_lifecycle_customers_value": "one number for the whole company, told by the digest",
    "digest.digest.kpi_lifecycle_lost_value": "the same",
    "res.partner.lifecycle_in_scope": "who has a lifecycle at all, by the settings",
    "res.users.lifecycle_in_scope": "the same",
    "res.partner.lifecycle_conversation_count": "how many conversations, all of which the user may read",
    "res.users.lifecycle_conversation_count": "the same",
    "res.partner.lifecycle_in_conversation": "the same",
    "res.users.lifecycle_in_conversation": "the same",
    "res.partner.lifecycle_open_revenue": "the sum of opportunities, all of which the user may read",
    "res.users.lifecycle_open_revenue": "the same",
    "res.partner.lifecycle_last_contact": "of messages, all of which the user may read",
    "res.users.lifecycle_last_contact": "the same",
}
ODOO_GROUPS = (
    "base.group_user,base.group_allow_export,sales_team.group_sale_salesman_all_leads,"
    "im_livechat.im_livechat_group_user"
)


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestGuardWalker(LifecycleCase):
    """The stage of contacts is no criterion for agents and users without role, from wherever it is reached (P2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "agent": cls.make_user("walker_agent", ODOO_GROUPS),
            "internal": cls.make_user("walker_internal", "base.group_user,base.group_allow_export"),
        }
        cls.contact.lifecycle_stage_id = cls.hot_lead

    def env_of(self, role):
        return self.env(user=self.users[role], su=False, context={"lang": "en_US"})

    def walk_paths(self, role, is_short=False):
        """Take every path to the stage, in every call.

        :param bool is_short: whether one path of each model is enough
        :return: number of cases by model, and list of those that were not refused
        """
        cases, failures = Counter(), []
        paths = get_paths(self.env_of(role))
        for model, path in dict(paths).items() if is_short else paths:
            for name, call in get_calls(path, self.hot_lead).items():
                cases[model._name] += 1
                # Odoo does not look at groups where there is nothing to group
                if not is_refused(model, call) and not (
                    name in GROUP_CALLS and not model.search([], limit=1)
                ):
                    failures.append(f"{model._name}.{name}: {path}")
        return cases, failures

    def walk_fields(self):
        """Use every field that tells something of a contact's stage, in every way, as an agent.

        :return: number of cases by model, and list of those that were not refused
        """
        cases, failures = Counter(), []
        env = self.env_of("agent")
        readable = {model._name for model in readable_models(env)}
        for field in sorted(get_dependents(env) | get_own_fields(env), key=str):
            model_name, name = field.model_name, field.name
            if model_name not in readable or not env[model_name]._has_field_access(field, "read"):
                continue
            if {model_name, str(field)} & FREE.keys():
                continue
            for use, call in get_uses(field).items():
                cases[model_name] += 1
                if not is_refused(env[model_name], call):
                    failures.append(f"{model_name}.{name}: {use}")
        return cases, failures

    def report(self, walk, cases):
        _logger.info(
            "%s: %s cases on %s models: %s", walk, cases.total(), len(cases), dict(cases.most_common())
        )

    @mute_logger("odoo.models")
    def test_every_path_to_the_stage_is_refused(self):
        """P2, P5: from each model that the user may read, by each field that leads to contacts, with each call"""
        for role in self.users:
            cases, failures = self.walk_paths(role)
            self.report(f"Paths, {role}", cases)
            self.assertEqual(failures, [], role)
            self.assertGreater(cases.total(), 10000, role)
            self.assertGreater(len(cases), 80, role)

    def test_paths_that_every_record_has_are_walked(self):
        """P2: who made it, who follows it, what was written about it, and what is to be done"""
        hops = {path.partition(".")[0] for _model, path in get_paths(self.env_of("agent"))}
        self.assertLessEqual(
            {"create_uid", "write_uid", "message_ids", "message_follower_ids", "activity_ids", "user_id"},
            hops,
        )
        self.assertLessEqual({"crm.lead", "discuss.channel", "res.partner"}, set(get_goals(self.env)))

    @mute_logger("odoo.models")
    def test_history_is_refused_on_every_path(self):
        """P2: the log, and what Odoo notes in the chatter"""
        for role in self.users:
            env = self.env_of(role)
            for goal, name in (
                ("res.partner", "lifecycle_transition_ids"),
                ("mail.message", "tracking_value_ids"),
            ):
                ways = get_ways(env, goal)
                paths = {
                    model: ways[model._name] + name for model in readable_models(env) if model._name in ways
                }
                self.assertGreater(len(paths), 80, f"{role}, {goal}")
                for model, path in paths.items():
                    refused = is_refused(model, lambda M, p=path: M._check_search_path(p))
                    self.assertTrue(refused, f"{role}, {model._name}: {path}")

    def test_every_field_that_tells_the_stage_is_refused(self):
        """P2: by whatever name it goes; a field that is free is in the list above, with the reason"""
        cases, failures = self.walk_fields()
        self.report("Fields", cases)
        self.assertEqual(failures, [])
        self.assertGreater(cases.total(), 100)

    def test_free_fields_are_there(self):
        """P2: no exception for what is gone"""
        own = get_own_fields(self.env) | get_dependents(self.env)
        names = {str(field) for field in own} | {field.model_name for field in own}
        self.assertEqual(FREE.keys() - names, set())

    def test_every_way_in_is_known(self):
        """P5: a method of all models that takes criteria is one of the doors"""
        internal = {"_search", "_read_group", "_read_grouping_sets"}
        base = self.env.registry["base"]
        methods = {
            name
            for name, method in inspect.getmembers(base, inspect.isfunction)
            if (not name.startswith("_") or name in internal)
            and (DOMAINS | TERMS) & inspect.signature(method).parameters.keys()
        }
        # in memory, on records that were read; these take a field to write or to read, by its name
        methods -= {
            "filtered_domain",
            "get_field_translations",
            "update_field_translations",
            "web_resequence",
        }
        self.assertEqual(set(DOORS), methods)

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.orm.models", "odoo.domains")
    def test_walks_fail_without_the_guard(self):
        """P2, the negative control: what the walks meet is refused by the guard"""
        with patch.object(SearchGuard, "_may_search", lambda *args: True):
            cases, failures = self.walk_paths("agent", is_short=True)
            self.assertGreater(len(failures), cases.total() * 0.9)
            _cases, failures = self.walk_fields()
            for use in ("criterion", "order", "group", "aggregate", "search panel", "export"):
                self.assertIn(f"res.partner.lifecycle_stage_id: {use}", failures)
            self.assertIn("res.partner.duration_tracking: export", failures)
            self.assertIn("crm.lead.lifecycle_summary: export", failures)

    def test_walks_fail_without_the_doors(self):
        """P5, the negative control: where a model searches as the superuser, only the doors know who asks"""
        with no_doors(self.registry):
            _cases, failures = self.walk_paths("internal", is_short=True)
        self.assertTrue(failures)

    def test_walk_finds_the_fields_of_others(self):
        """P2, the negative control: a field that somebody adds and computes from the stage"""
        self.env["ir.model.fields"].create(
            {
                "name": "x_stage_name",
                "field_description": "Name of the Stage",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "char",
                "store": True,
                "depends": "lifecycle_stage_id",
                "compute": "for partner in self: partner['x_stage_name'] = partner.lifecycle_stage_id.name",
            }
        )
        self.addCleanup(self.registry.reset_changes)
        _cases, failures = self.walk_fields()
        self.assertIn("res.partner.x_stage_name: criterion", failures)
        self.assertIn("res.users.x_stage_name: criterion", failures)
