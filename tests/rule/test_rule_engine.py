from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.rule import lifecycle_rule_fit
from ..common_rule import EngineCase

ENGINE = "odoo.addons.contact_lifecycle.models.rule.engine"


@tagged("post_install", "-at_install")
class TestRuleEngine(EngineCase):
    """Whom rules move and whom they leave, in which order, and what they say of it (T1, T4, T10, T13, T15)."""

    def test_several_contacts_at_once(self):
        """T1, H2: the moves are the rule's, not those of the user who triggered it"""
        rule = self.make_call_rule(self.hot_lead, self.new_lead)
        contacts = self.make_contacts(3)
        self.Rule.with_user(self.agent)._notify_event("call_made", contacts)
        self.commit()
        self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
        for contact in contacts:
            row = self.get_log(contact)[-1]
            self.assertEqual((row.source, row.rule_id), ("rule", rule))
            self.assertEqual(row.user_id, self.env.ref("base.user_root"))
        self.assertRan(rule, *(("acted", contact) for contact in contacts))

    def test_name_of_the_rule_outlives_it(self):
        """H2, H4"""
        rule = self.make_call_rule(self.hot_lead, name="Called")
        self.happen()
        self.assertMoved(self.contact, self.hot_lead, rule)
        rule.unlink()
        row = self.get_log(self.contact)[-1]
        row.invalidate_recordset()
        self.assertEqual((row.rule_id, row.rule_name), (self.Rule, "Called"))

    def test_rule_is_not_forged(self):
        """H2: a remote caller can put anything into the context"""
        rule = self.make_call_rule(self.hot_lead)
        forged = {"lifecycle_source": "rule", "lifecycle_rule_id": rule.id}
        self.contact.with_user(self.agent).with_context(**forged).lifecycle_stage_id = self.payment
        row = self.get_log(self.contact)[-1]
        self.assertEqual((row.source, row.rule_id, row.rule_name), ("manual", self.Rule, False))

    def test_other_stage(self):
        """T1, T15"""
        rule = self.make_call_rule(self.customer, self.payment)
        self.happen()
        self.assertStayed(self.contact)
        self.assertRan(rule, ("other_stage", self.contact))

    def test_contact_without_a_stage(self):
        """T1: only where the rule says so"""
        contact = self.make_contacts_without_stage(1)
        rule = self.make_call_rule(self.hot_lead)
        self.happen(contact)
        self.assertStayed(contact)
        rule.from_none = True
        self.happen(contact)
        self.assertMoved(contact, self.hot_lead, rule)

    def test_any_stage(self):
        """T1: no stage chosen means any"""
        self.make_call_rule(self.customer)
        contacts = self.contact | self.make_contacts(1, self.payment)
        self.happen(contacts)
        self.commit()
        self.assertEqual(contacts.lifecycle_stage_id, self.customer)

    def test_condition(self):
        """T1, T15"""
        rule = self.make_call_rule(self.hot_lead, domain="[('function', '=', 'CEO')]")
        boss = self.make_contacts(1)
        boss.function = "CEO"
        self.happen(boss | self.contact)
        self.assertMoved(boss, self.hot_lead, rule)
        self.assertStayed(self.contact)
        self.assertRan(rule, ("condition", self.contact), ("acted", boss))

    def test_forward_only(self):
        """T10, T15"""
        rule = self.make_call_rule(self.hot_lead)
        customer = self.make_contacts(1, self.customer)
        self.happen(customer)
        self.assertStayed(customer)
        self.assertRan(rule, ("not_forward", customer))

    def test_backward_where_the_rule_says_so(self):
        """T10, T4: and a rule never locks"""
        rule = self.make_call_rule(self.hot_lead, allow_backward=True)
        customer = self.make_contacts(1, self.customer)
        self.happen(customer)
        self.assertMoved(customer, self.hot_lead, rule)
        self.assertFalse(customer.lifecycle_locked)

    def test_lost_stages(self):
        """T10: out of a lost stage is forward, so is into the one the rule names"""
        lost = self.make_contacts(1, self.cold_lead.stage_id)
        rule = self.make_call_rule(self.hot_lead)
        self.happen(lost)
        self.assertMoved(lost, self.hot_lead, rule)
        rule.active = False
        rule = self.make_call_rule(self.cold_lead.stage_id)
        self.happen(lost)
        self.assertMoved(lost, self.cold_lead.stage_id, rule)

    def test_locked_contact(self):
        """T4, T15"""
        rule = self.make_call_rule(self.customer)
        self.contact.lifecycle_stage_id = self.payment
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.happen()
        self.assertStayed(self.contact)
        self.assertRan(rule, ("locked", self.contact))

    def test_out_of_scope(self):
        """A2, T15: archived ones, addresses; and our own people, whatever the scope says"""
        self.env["ir.config_parameter"].set_param(
            "contact_lifecycle.contact_domain", "[('type', '=', 'contact')]"
        )
        rule = self.make_call_rule(self.hot_lead, from_none=True)
        address = self.Partner.create({"name": "x", "type": "invoice", "parent_id": self.contact.id})
        archived = self.make_contacts(1)
        archived.active = False
        others = address | archived | self.agent.partner_id
        self.commit()
        stages = [other.lifecycle_stage_id for other in others]
        self.happen(others)
        self.commit()
        self.assertEqual([other.lifecycle_stage_id for other in others], stages)
        self.assertEqual({result for result, *_rest in self.get_results(rule)}, {"archived", "out_of_scope"})

    def test_off(self):
        """T13, S2: a rule that is off, and all while stages are not shown"""
        rule = self.make_call_rule(self.hot_lead, active=False)
        self.happen()
        self.assertStayed(self.contact)
        rule.active = True
        self.env.ref("base.group_user").implied_ids -= self.env.ref("contact_lifecycle.group_use_lifecycle")
        self.happen()
        self.assertStayed(self.contact)
        self.assertFalse(self.get_results(rule))

    def test_rules_run_in_order(self):
        """T13: what comes second sees what the first one did"""
        second = self.make_call_rule(self.payment, self.hot_lead, sequence=2)
        first = self.make_call_rule(self.hot_lead, self.new_lead, sequence=1)
        self.happen()
        self.commit()
        self.assertEqual(self.get_log(self.contact)[-2:].rule_id, first | second)
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment)
        other = self.make_contacts(1)
        first.sequence = 3
        self.happen(other)
        self.assertMoved(other, self.hot_lead, first)

    def test_once_a_transaction(self):
        """T10: however often it happens, and though precommit hooks run at every savepoint"""
        rule = self.make_call_rule(self.hot_lead, allow_backward=True)
        self.happen()
        with self.cr.savepoint():
            self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.contact._lifecycle_move_to(self.payment, "rule")
        self.happen()
        self.assertMoved(self.contact, self.payment)
        self.happen()
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_what_is_undone_did_not_happen(self):
        """T1: a savepoint that is rolled back takes its events along"""
        self.make_call_rule(self.hot_lead)
        with self.assertRaises(ValueError), self.cr.savepoint():
            self.happen()
            raise ValueError
        self.assertStayed(self.contact)

    def test_contact_deleted_in_the_transaction(self):
        """T1: the others move"""
        self.make_call_rule(self.hot_lead)
        other = self.make_contacts(1)
        self.happen(other | self.contact)
        other.unlink()
        self.assertMoved(self.contact, self.hot_lead)

    def test_rule_that_fails_on_one_contact(self):
        """T15: the k-th of five: it is logged and marked; the mail, the other contacts and rules go on"""
        rule = self.make_call_rule(self.hot_lead, self.new_lead, sequence=1)
        other_rule = self.make_call_rule(self.payment, self.hot_lead, sequence=2, active=False)
        for k in range(5):
            with self.subTest(k=k):
                other_rule.active = True
                contacts = self.make_contacts(5)
                bad, good = contacts[k], contacts - contacts[k]
                move = type(self.Rule)._move

                def fail(rule, partners, *args, bad=bad, move=move, **kwargs):
                    move(rule, partners, *args, **kwargs)
                    rule.env.flush_all()
                    if bad in partners:
                        rule.env.cr.execute("SELECT 1/0")

                message = self.contact.with_user(self.salesman).message_post(body="x")
                self.happen(contacts)
                with (
                    patch.object(type(self.Rule), "_move", fail),
                    self.assertLogs(ENGINE, "ERROR") as logs,
                    mute_logger("odoo.sql_db"),
                ):
                    self.commit()
                self.assertEqual(len(logs.output), 1)
                self.assertEqual(good.lifecycle_stage_id, self.payment)
                self.assertEqual(bad.lifecycle_stage_id, self.new_lead)
                self.assertTrue(message.exists())
                self.assertIn(("failed", bad, 1), self.get_results(rule))
                rule.invalidate_recordset()
                self.assertTrue(rule.has_failed)
                self.assertEqual(rule.last_result.strip(), "division by zero")

    def test_failed_mark_goes_with_the_next_success(self):
        """T15"""
        rule = self.make_call_rule(self.hot_lead)
        log = {"rule_id": rule.id, "result": "failed", "message": "x", "date": fields.Datetime.now()}
        self.RuleLog.create({**log, "date": "2026-01-01"})
        self.assertTrue(rule.has_failed)
        self.happen()
        self.commit()
        rule.invalidate_recordset()
        self.assertFalse(rule.has_failed)
        self.assertEqual(rule.last_result, "Done: 1")
        self.assertTrue(rule.last_run)

    def test_condition_that_cannot_be_evaluated_any_more(self):
        """T15: the field is gone, say with an addon; the mail goes out"""
        rule = self.make_call_rule(self.hot_lead)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE lifecycle_rule SET domain = %s WHERE id = %s", ["[('no_such_field', '=', 1)]", rule.id]
        )
        self.env.invalidate_all()
        self.registry.clear_cache()
        self.happen()
        with self.assertLogs(ENGINE, "ERROR"):
            self.assertStayed(self.contact)
        self.assertRan(rule, ("failed", self.contact))

    def test_rules_that_feed_each_other_end(self):
        """T10: even when they got past the check: each acts on a contact once"""
        boss = {"domain": "[('function', '=', 'CEO')]"}
        there = self.make_rule("criteria", to_stage=self.hot_lead, from_stages=self.new_lead, **boss)
        back = self.make_rule(
            "criteria",
            to_stage=self.new_lead,
            from_stages=self.hot_lead,
            allow_backward=True,
            active=False,
            **boss,
        )
        with patch.object(type(self.Rule), "_check_no_loop", lambda rules: None):
            back.active = True
        self.contact.function = "CEO"
        self.commit()
        self.assertEqual(self.get_log(self.contact)[-2:].rule_id, there | back, self.get_moves(self.contact))
        self.assertEqual(len(self.get_log(self.contact)), 3)

    def test_contact_that_rules_move_again_and_again_is_left_alone(self):
        """T15: rules that somebody triggers may take turns for a while, not for ever; others go on"""
        self.startPatcher(patch.object(lifecycle_rule_fit, "MAX_MOVES_A_DAY", 4))
        there = self.make_call_rule(self.hot_lead, self.new_lead)
        back = self.make_rule("connected", ["email_reply"], self.new_lead, self.hot_lead, allow_backward=True)
        for _turn in range(3):
            self.happen()
            self.commit()
            self.Rule._notify_event("email_reply", self.contact)
            self.commit()
        self.assertEqual(self.get_log(self.contact)[1:].rule_id, there | back)
        self.assertEqual(len(self.get_log(self.contact)), 1 + 4)
        self.assertEqual(self.get_results(there)[-1], ("too_often", self.contact, 1))
        other = self.make_contacts(1)
        self.happen(other)
        self.assertMoved(other, self.hot_lead, there)
        with freeze_time(fields.Datetime.now() + timedelta(days=1, minutes=1)):
            self.happen()
            self.assertMoved(self.contact, self.hot_lead, there)

    def test_many_contacts_left_are_counted(self):
        """T15: one row where several do not match, or more than a hundred are left"""
        rule = self.make_call_rule(self.hot_lead, self.hot_lead | self.customer)
        self.happen(self.make_contacts(3))
        self.assertEqual(self.get_results(rule), [("other_stage", self.Partner, 3)])
        self.happen(self.make_contacts(101, self.customer))
        self.assertEqual(self.get_results(rule)[1:], [("not_forward", self.Partner, 101)])

    def test_rules_that_do_not_match_share_a_row(self):
        """T15: which each of them shows among its runs, and the others do not"""
        first, second, other = (
            self.make_call_rule(self.hot_lead, stage)
            for stage in (self.payment, self.customer, self.new_lead)
        )
        for other_is_on in (False, True):  # where no rule fits, and where one does
            with self.subTest(other_is_on=other_is_on):
                self.RuleLog.search([]).unlink()
                other.active = other_is_on
                self.happen()
                self.commit()
                row = self.RuleLog.search([("result", "=", "other_stage")])
                self.assertEqual((row.partner_id, row.rule_ids), (self.contact, first | second))
                for rule in (first, second):
                    self.assertEqual(self.RuleLog.search(rule.action_open_runs()["domain"]), row)
                acted = self.RuleLog.search(other.action_open_runs()["domain"])
                self.assertEqual(
                    (acted.result, acted.rule_ids),
                    ("acted", other) if other_is_on else (False, other.browse()),
                )
        second.unlink()
        row.invalidate_recordset()
        self.assertEqual(row.rule_ids, first)

    def test_run_log_is_cleaned(self):
        """T15: after the days of the parameter"""
        rule = self.make_call_rule(self.hot_lead)
        vals = {"rule_id": rule.id, "result": "acted"}
        self.RuleLog.search([]).unlink()
        old, recent = (
            self.RuleLog.create({**vals, "date": fields.Datetime.subtract(fields.Datetime.now(), days=days)})
            for days in (91, 89)
        )
        self.assertEqual(self.RuleLog._gc_runs(), (1, False))
        self.assertEqual((old | recent).exists(), recent)
        self.env["ir.config_parameter"].set_param("contact_lifecycle.rule_log_days", "10")
        self.RuleLog._gc_runs()
        self.assertFalse(recent.exists())

    def test_another_addons_event(self):
        """T1: one call; events nobody listens to are not even collected"""
        self.happen(event="nobody_listens")
        self.assertFalse(self.cr.precommit.data.get("contact_lifecycle.rules"))
        rule = self.make_call_rule(self.hot_lead)
        with patch.object(type(self.Rule), "_get_events", lambda rule: ["call_made", "signed_a_contract"]):
            self.registry.clear_cache()
            self.happen(event="signed_a_contract")
            self.assertMoved(self.contact, self.hot_lead, rule)
        self.registry.clear_cache()

    def test_event_of_a_conversation_is_noted_with_it(self):
        """H2: whatever the event; another record that an event came from is none"""
        self.make_call_rule(self.hot_lead)
        channel, other = self.make_livechat(self.contact), self.make_contacts(1)
        self.Rule._notify_event("call_made", self.contact, channel)
        self.Rule._notify_event("call_made", other, self.lead)
        self.assertMoved(self.contact, self.hot_lead)
        self.assertMoved(other, self.hot_lead)
        self.assertEqual(self.get_log(self.contact)[-1].channel_id, channel)
        self.assertFalse(self.get_log(other)[-1].channel_id)

    def test_event_without_its_record_makes_no_lead(self):
        """T5, T6: as another addon may report it"""
        self.make_rule("lead", entered_stage_ids=self.hot_lead.ids)
        self.happen(event="stage_entered")
        self.commit()
        self.assertFalse(self.env["lifecycle.lead.request"].search([]))
