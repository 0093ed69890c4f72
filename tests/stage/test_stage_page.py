from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.stage.lifecycle_stage import MAX_STAGES
from ..common import LifecycleCase
from ..common_queries import QueriesCase

NUMBERS = {"contact_count", "rule_count", "automation_count"}


@tagged("post_install", "-at_install")
class TestStagePage(LifecycleCase, QueriesCase):
    """S17: both kinds of stages on one page, with what uses each."""

    @classmethod
    def make_rule(cls, **vals):
        return cls.env["lifecycle.rule"].create(
            {"name": "Rule", "kind": "criteria", "domain": "[('ref', '=', 'x')]", "active": True, **vals}
        )

    def get_row(self, stage, user=None):
        rows = self.Stage.with_user(user or self.owner).get_page()["stages"]
        return next(row for row in rows if row["id"] == stage.id)

    def test_both_kinds_in_their_order(self):
        """S9, S17"""
        rows = self.Stage.with_user(self.owner).get_page()["stages"]
        self.assertEqual([row["id"] for row in rows], self.Stage.search([]).ids)
        row = self.get_row(self.cold_lead.stage_id)
        self.assertEqual((row["is_lost"], row["lost_stage_ids"]), (True, self.cold_lead.ids))

    def test_each_role_gets_what_it_may_see(self):
        """P1, S17: numbers for managers, automations for owners, who alone change anything"""
        for user, is_editable, numbers in (
            (self.agent, False, set()),
            (self.manager, False, {"contact_count", "rule_count"}),
            (self.owner, True, NUMBERS),
            (self.administrator, True, NUMBERS),
        ):
            with self.subTest(user=user.login):
                page = self.Stage.with_user(user).get_page()
                self.assertEqual(page["is_editable"], is_editable)
                self.assertEqual(NUMBERS & page["stages"][0].keys(), numbers)
        for user in (self.internal, self.portal, self.env.ref("base.public_user")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Stage.with_user(user).get_page()

    def test_rules_that_use_a_stage(self):
        """S17: those that are on, once each: contacts come from it or go to it, or the condition is about it"""
        self.make_rule(to_stage_id=self.hot_lead.id)
        self.make_rule(
            from_stage_ids=[Command.set((self.hot_lead | self.payment).ids)], to_stage_id=self.customer.id
        )
        self.make_rule(
            domain="[('lifecycle_stage_id', '=', 'Hot Lead')]",
            from_stage_ids=[Command.set(self.hot_lead.ids)],
            to_stage_id=self.payment.id,
        )
        self.make_rule(to_stage_id=self.hot_lead.id, active=False)
        self.make_rule(kind="lead", domain="[]", entered_stage_ids=[Command.set(self.payment.ids)])
        counts = {
            stage: self.get_row(stage)["rule_count"]
            for stage in (self.new_lead, self.hot_lead, self.payment, self.customer)
        }
        self.assertEqual(counts, {self.new_lead: 0, self.hot_lead: 3, self.payment: 3, self.customer: 1})

    def test_each_number_opens_what_it_counts(self):
        """S17: of lost stages as well"""
        self.make_contacts(2, self.cold_lead.stage_id)
        self.make_rule(to_stage_id=self.cold_lead.stage_id.id)
        row = self.get_row(self.cold_lead.stage_id, self.manager)
        for record in (self.cold_lead, self.cold_lead.stage_id):
            for method, number in (("action_contacts", "contact_count"), ("action_rules", "rule_count")):
                with self.subTest(record=record, method=method):
                    action = getattr(record.with_user(self.manager), method)()
                    found = self.env[action["res_model"]].with_user(self.manager).search(action["domain"])
                    self.assertEqual(len(found), row[number])
                    self.assertTrue(found)

    def test_only_who_reads_rules_opens_them(self):
        """P1"""
        for user in (self.agent, self.internal):
            with self.assertRaises(AccessError):
                self.hot_lead.with_user(user).action_rules()

    def test_number_of_queries_does_not_depend_on_the_number_of_stages(self):
        """S17: nor on that of rules"""

        def count(more):
            with self.undone():
                stages = self.make_stages(more)
                self.make_contacts(more, stages[0])
                for stage in stages:
                    self.make_rule(
                        domain=f"[('lifecycle_stage_id', '=', '{stage.name}')]", to_stage_id=stage.id
                    )
                get_page = self.Stage.with_user(self.owner).get_page
                get_page()  # a new rule empties Odoo's caches
                return self.count_queries(get_page)

        half = (MAX_STAGES - self.Stage.search_count([])) // 2
        self.assertNoQueryPerRecord(count, half, 2 * half)

    def test_bad_input_is_refused_with_a_reason(self):
        """S6, S7, A12: what the page calls"""
        stage = self.hot_lead.with_user(self.owner)
        for name, reason in (("", "A stage needs a name"), ("new lead", "There is a stage called")):
            with self.assertRaisesRegex(ValidationError, reason), self.cr.savepoint():
                stage.write({"name": name})
        self.make_stages(MAX_STAGES - self.Stage.search_count([]))
        for model in ("lifecycle.stage", "lifecycle.lost.stage"):
            with self.assertRaisesRegex(UserError, "at most 20 stages"):
                self.env[model].with_user(self.owner).create([{"name": "The twenty-first"}])

    def test_only_owners_change_what_is_on_the_page(self):
        """P1"""
        for user in (self.agent, self.manager):
            stage = self.hot_lead.with_user(user)
            for call in (
                lambda stage=stage: stage.write({"name": "x"}),
                lambda stage=stage: stage.web_resequence({}),
                lambda stage=stage: stage.create([{"name": "x"}]),
                lambda user=user: self.LostStage.with_user(user).create([{"name": "x"}]),
                stage.action_set_default,
                stage.action_convert_to_lost,
                stage.action_delete,
                self.cold_lead.with_user(user).action_convert_to_lifecycle,
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()

    def test_place_in_the_other_column(self):
        """S8, S13: a stage dragged there is put where it was dropped"""
        lost = self.LostStage.create([{"name": name} for name in ("No Budget", "Moved Abroad")]).stage_id
        self.hot_lead.with_user(self.owner).action_convert_to_lost()
        order = lost[0] | self.hot_lead | lost[1]
        order.with_user(self.owner).web_resequence({})
        ids = self.Stage.search([("id", "in", order.ids)]).ids
        self.assertEqual(ids, order.ids)
