from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..common_lead_rule import LeadRuleCase


@tagged("post_install", "-at_install")
class TestRuleLeadDelay(LeadRuleCase, CronMixinCase):
    """A delayed lead is made once for each contact and rule, whatever becomes of the contact meanwhile (T6)."""

    def setUp(self):
        super().setUp()
        self.start = fields.Datetime.now()
        self.rule = self.make_follow_up_rule(delay_days=30)

    def enter_on_day(self, day, *stages, contact=None):
        with freeze_time(self.start + timedelta(days=day)):
            for stage in stages:
                self.enter(stage, contact)

    def run_on_day(self, day):
        with freeze_time(self.start + timedelta(days=day)):
            self.Request._cron_make_leads()

    def merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [Command.set((source | destination).ids)], "dst_partner_id": destination.id}
        ).action_merge()
        self.commit()
        self.env.invalidate_all()

    def test_lost_again_before_the_lead_is_due(self):
        """T6: won back, or moved by mistake; the days count from the last time"""
        self.enter_on_day(0, self.lost)
        self.enter_on_day(10, self.hot_lead, self.lost, self.payment, self.lost)
        self.assertEqual(self.get_states(self.rule), ["dropped", "dropped", "waiting"])
        self.run_on_day(31)
        self.assertFalse(self.get_leads(self.rule))
        self.run_on_day(41)
        self.assertEqual(self.get_states(self.rule), ["dropped", "dropped", "done"])
        self.run_on_day(100)
        self.assertEqual(len(self.get_leads(self.rule)), 1)

    def test_from_one_lost_stage_to_another(self):
        """T6: it never left those that the rule follows up on"""
        other = self.LostStage.create({"name": "Gone"}).stage_id
        self.rule.entered_stage_ids += other
        self.enter_on_day(0, self.lost, other)
        self.run_on_day(31)
        self.assertEqual(len(self.get_leads(self.rule)), 1)

    def test_lost_again_after_the_lead_was_made(self):
        """T6: that is another event"""
        self.enter_on_day(0, self.lost)
        self.run_on_day(31)
        self.enter_on_day(40, self.hot_lead, self.lost)
        self.run_on_day(71)
        self.assertEqual(self.get_states(self.rule), ["done", "done"])

    def test_other_contacts_and_rules_are_no_concern(self):
        other_rule = self.make_follow_up_rule(delay_days=30)
        contacts = self.make_contacts(2)
        self.enter_on_day(0, self.lost, contact=contacts)
        self.run_on_day(31)
        for rule in (self.rule, other_rule):
            self.assertEqual(self.get_leads(rule).partner_id, contacts)

    def test_rule_on_entering_any_stage(self):
        """T5: entering, leaving and entering again while the lead waits is one lead"""
        rule = self.make_lead_rule(delay_days=5)
        self.enter_on_day(0, self.hot_lead, self.payment, self.hot_lead, self.payment)
        self.run_on_day(6)
        self.assertEqual(self.get_states(rule), ["dropped", "done"])

    def test_opportunities_lost_one_after_the_other(self):
        """T6: one contact, one lead"""
        reason = self.env["crm.lost.reason"].create({"name": "Too expensive"})
        rule = self.make_rule("follow_up", lost_reason_ids=reason.ids, delay_days=30)
        for _opportunity in range(2):
            self.lead.copy().action_set_lost(lost_reason_id=reason.id)
            self.commit()
        self.run_on_day(31)
        self.assertEqual(self.get_states(rule), ["dropped", "done"])

    def test_merge_of_two_that_were_lost(self):
        """T6, A9, H5: each brought a lead to be made; the merge itself brings none"""
        other = self.make_contacts(1)
        self.enter_on_day(0, self.lost, contact=other)
        self.enter_on_day(5, self.lost)
        with freeze_time(self.start + timedelta(days=6)):
            self.merge(other, self.contact)
        self.run_on_day(31)
        self.assertEqual(self.get_states(self.rule), ["dropped", "waiting"])
        self.run_on_day(36)
        self.assertEqual(self.get_leads(self.rule).partner_id, self.contact)
        self.assertEqual(self.get_states(self.rule), ["dropped", "done"])

    def test_merge_after_the_lead_of_one_was_made(self):
        """T6, A9: what the other waits for has been made since"""
        other = self.make_contacts(1)
        self.enter_on_day(0, self.lost, contact=other)
        self.enter_on_day(5, self.lost)
        # the database's clock stands still in a test, and says when a request was made and done
        requests = self.Request.search([("rule_id", "=", self.rule.id)])
        self.run_on_day(31)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE lifecycle_lead_request SET create_date = create_date - interval '1 day' WHERE id IN %s",
            [tuple(requests.ids)],
        )
        with freeze_time(self.start + timedelta(days=32)):
            self.merge(other, self.contact)
        self.run_on_day(36)
        self.assertEqual(sorted(self.get_states(self.rule)), ["done", "dropped"])

    def test_merge_into_a_lost_stage_is_no_event(self):
        """H5: the contact that remains enters the other's stage, and its lead comes on the day it was to come"""
        other = self.make_contacts(1)
        self.enter_on_day(0, self.lost, contact=other)
        self.contact.action_lifecycle_clear()
        at_once = self.make_follow_up_rule()
        with freeze_time(self.start + timedelta(days=10)):
            self.merge(other, self.contact)
        self.assertEqual(self.contact.lifecycle_stage_id, self.lost)
        self.assertEqual(self.get_states(self.rule), ["waiting"])
        self.assertFalse(self.get_states(at_once))
        self.run_on_day(31)
        self.assertEqual(self.get_leads(self.rule).partner_id, self.contact)

    def test_not_while_stages_are_not_shown(self):
        """S2, T6: the leads wait, as all rules rest, and are made when stages are shown again"""
        self.enter_on_day(0, self.lost)
        everybody = self.env.ref("base.group_user")
        feature = self.env.ref("contact_lifecycle.group_use_lifecycle")
        everybody.implied_ids -= feature
        self.run_on_day(31)
        self.Request.search([])._drop_outdated()._make_safely()
        self.assertEqual(self.get_states(self.rule), ["waiting"])
        everybody.implied_ids += feature
        self.run_on_day(32)
        self.assertEqual(self.get_states(self.rule), ["done"])

    def test_as_many_queries_for_many_requests(self):
        """T6: no query for each contact that tells which of them are to be made, or takes their place"""

        def count(call):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            call()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        def count_both(number):
            contacts = self.make_contacts(number)
            self.enter(self.lost, contacts)
            requests = self.Request.search([("partner_id", "in", contacts.ids)])
            self.assertEqual(len(requests), number)
            dropping = count(requests._drop_outdated)
            origins = {
                contact.id: ("stage_entered", ("lifecycle.transition", -contact.id)) for contact in contacts
            }
            adding = count(lambda: self.Request._add(self.rule, self.start, origins))
            self.assertEqual(set(requests.mapped("state")), {"dropped"})
            return dropping, adding

        count_both(1)
        self.assertEqual(count_both(20), count_both(40))
