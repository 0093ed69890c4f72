from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common_rule import RuleCase


@tagged("post_install", "-at_install")
class TestRule(RuleCase):
    """What a rule must say, and that rules do not go round in a loop (T1, T5 to T9, T13)."""

    def assertRefused(self, message, kind="outreach", **kwargs):
        with self.assertRaisesRegex(ValidationError, message), self.cr.savepoint():
            self.make_rule(kind, **kwargs)

    def test_incomplete_rules(self):
        """T1, T5, T6, T9, T13"""
        self.assertRefused("never runs: tick at least one event", to_stage=self.hot_lead)
        self.assertRefused("to which stage contacts move", events=["call_made"])
        self.assertRefused(
            "to the stage they are in",
            events=["call_made"],
            to_stage=self.hot_lead,
            from_stages=self.hot_lead,
        )
        self.assertRefused(
            "is not a filter of contacts",
            kind="criteria",
            to_stage=self.hot_lead,
            domain="[('no_such_field', '=', 1)]",
        )
        self.assertRefused(
            "is not a filter of contacts", kind="criteria", to_stage=self.hot_lead, domain="__import__('os')"
        )
        self.assertRefused("wait for one day", kind="inactivity", to_stage=self.hot_lead, inactivity_days=0)
        self.assertRefused("when to make a lead", kind="lead")
        self.assertRefused("what to follow up on", kind="follow_up")
        self.assertRefused("is no lost stage", kind="follow_up", entered_stage_ids=self.hot_lead.ids)
        self.assertRefused("needs a name", events=["call_made"], to_stage=self.hot_lead, name=" ")

    def test_unticking_the_last_event(self):
        """T1"""
        rule = self.make_rule("outreach", ["call_made"], self.hot_lead)
        with self.assertRaisesRegex(ValidationError, "tick at least one event"):
            rule.on_call_made = False

    def test_owner_makes_a_rule_in_the_form(self):
        """T1, T13: it is off until it is switched on"""
        with Form(self.Rule.with_user(self.owner)) as form:
            form.name = "Called"
            form.on_call_made = True
            form.from_stage_ids.add(self.new_lead)
            form.to_stage_id = self.hot_lead
        rule = form.record
        self.assertFalse(rule.active)
        rule.active = True
        self.Rule._notify_event("call_made", self.contact)
        self.assertMoved(self.contact, self.hot_lead, rule)

    def make_criteria(self, name, to_stage, from_stages, **vals):
        return self.make_rule("criteria", (), to_stage, from_stages, name=name, **vals)

    def test_loop_of_two(self):
        """T8, T10: named as the second one is saved or switched on"""
        self.make_criteria("There", self.hot_lead, self.new_lead)
        loop = "in a loop: “(There”, “Back|Back”, “There)”. Give them conditions"
        vals = {"to_stage": self.new_lead, "from_stages": self.hot_lead, "allow_backward": True}
        with self.assertRaisesRegex(ValidationError, loop), self.cr.savepoint():
            self.make_criteria("Back", **vals)
        back = self.make_criteria("Back", **vals, active=False)
        with self.assertRaisesRegex(ValidationError, loop):
            back.active = True

    def test_loop_through_a_lost_stage(self):
        """T10: no rule goes backwards, and yet it is a loop"""
        self.make_criteria("Give up", self.cold_lead.stage_id, self.hot_lead)
        with self.assertRaisesRegex(ValidationError, "Give up"):
            self.make_criteria("Try again", self.hot_lead, self.cold_lead.stage_id)

    def test_loop_of_three(self):
        """T10: and only those in it are named"""
        self.make_criteria("Aside", self.customer, self.payment)
        self.make_criteria("One", self.hot_lead, self.new_lead)
        self.make_criteria("Two", self.cold_lead.stage_id, self.hot_lead)
        with self.assertRaisesRegex(ValidationError, "loop") as caught:
            self.make_criteria("Three", self.new_lead, self.cold_lead.stage_id)
        for name in ("One", "Two", "Three"):
            self.assertIn(name, str(caught.exception))
        self.assertNotIn("Aside", str(caught.exception))

    def test_loop_through_opportunities(self):
        """T5, T7: a lead that one rule makes triggers the other"""
        self.make_rule("lead", entered_stage_ids=self.hot_lead.ids, lead_kind="opportunity", name="Makes")
        self.make_rule(
            "opportunity",
            ["opportunity_created"],
            self.new_lead,
            self.hot_lead,
            allow_backward=True,
            name="Moves",
        )
        with self.assertRaisesRegex(ValidationError, "loop") as caught:
            self.make_criteria("Back again", self.hot_lead, self.new_lead)
        for name in ("Makes", "Moves", "Back again"):
            self.assertIn(name, str(caught.exception))

    def test_loop_that_depends_on_conditions_is_said_and_not_refused(self):
        """T8: which contacts meet both conditions, if any, is not for the addon to reason about"""
        for one, other in (
            ("[('color', '<', 5)]", "[('color', '<=', 5)]"),
            ("[('color', '<', 5)]", "[('color', '>=', 5)]"),
            ("[('function', '=', 'CEO')]", "[('color', '=', 1)]"),
        ):
            with self.subTest(one=one, other=other):
                there = self.make_criteria("There", self.hot_lead, self.new_lead, domain=one)
                self.assertFalse(there.loop_warning)
                back = self.make_criteria(
                    "Back", self.new_lead, self.hot_lead, allow_backward=True, domain=other
                )
                there.invalidate_recordset(["loop_warning"])
                for rule in (there, back):
                    self.assertRegex(rule.loop_warning, "“(There”, “Back|Back”, “There)”.*20 times")
                with Form(there.with_user(self.owner)) as form:
                    self.assertTrue(form.loop_warning)
                    form.to_stage_id = self.payment
                    self.assertFalse(form.loop_warning)
                there.to_stage_id = self.hot_lead
                (there | back).active = False

    def test_loop_of_rules_with_one_condition(self):
        """T8: whoever meets it is moved by all of them, and by those that have none"""
        vals = {"allow_backward": True, "domain": "[('color', '=', 1)]"}
        for domain in ("[('color', '=', 1)]", "[]"):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, "loop"),
                self.cr.savepoint(),
            ):
                self.make_criteria("There", self.hot_lead, self.new_lead, domain=domain)
                self.make_criteria("Back", self.new_lead, self.hot_lead, **vals)

    def test_rules_that_somebody_triggers_are_no_loop(self):
        """T1, T2: a call does not make a reply"""
        self.make_rule("outreach", ["call_made"], self.hot_lead, self.new_lead)
        self.make_rule("connected", ["email_reply"], self.new_lead, self.hot_lead, allow_backward=True)

    def test_deleted_stage_switches_its_rules_off(self):
        """T13, S11: its target, or all it is limited to; another rule stays on"""
        stage = self.make_stages(1)
        target = self.make_rule("outreach", ["call_made"], stage)
        limited = self.make_rule("outreach", ["call_made"], self.customer, stage)
        entered = self.make_rule("lead", entered_stage_ids=stage.ids)
        both = self.make_rule("outreach", ["call_made"], self.customer, stage | self.hot_lead)
        self.delete_stage(stage)
        self.assertEqual((target | limited | entered | both).mapped("active"), [False, False, False, True])
        self.assertFalse(target.to_stage_id)
        self.assertIn("its stage was deleted: Stage 0", target.message_ids[0].preview)
        self.assertEqual(both.from_stage_ids, self.hot_lead)
        self.Rule._notify_event("call_made", self.contact)
        self.assertStayed(self.contact)
        with self.assertRaisesRegex(UserError, "to which stage contacts move"):
            target.active = True

    def test_copy_is_off(self):
        """T13"""
        rule = self.make_rule("outreach", ["call_made"], self.hot_lead, name="Called")
        copy = rule.copy()
        self.assertEqual((copy.name, copy.active, copy.on_call_made), ("Called (copy)", False, True))

    def test_changes_of_a_rule_are_tracked(self):
        """T12: who switched it on"""
        rule = self.make_rule("outreach", ["call_made"], self.hot_lead, active=False).with_user(self.owner)
        self.env.flush_all()
        self.cr.precommit.run()
        rule.active = True
        self.env.flush_all()
        self.cr.precommit.run()
        values = rule.sudo().message_ids.tracking_value_ids
        self.assertIn("active", values.field_id.mapped("name"))
