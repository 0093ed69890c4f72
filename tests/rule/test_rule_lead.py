from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import RecordCapturer, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..common_lead_rule import LeadRuleCase

ENGINE = "odoo.addons.contact_lifecycle.models.rule.engine"


@tagged("post_install", "-at_install")
class TestRuleLead(LeadRuleCase, CronMixinCase):
    """Rules that make leads: what is in them, when, and never twice (T5, T6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Engines"})
        cls.source = cls.env["utm.source"].create({"name": "Fair"})
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too expensive"})

    def test_what_is_in_the_lead(self):
        """T5: contact, team, salesperson, source, type"""
        self.make_lead_rule(
            team_id=self.team.id,
            user_id=self.salesman.id,
            source_id=self.source.id,
            lead_type="upsell",
        )
        with RecordCapturer(self.Lead) as capture:
            self.enter(self.hot_lead)
        self.assertRecordValues(
            capture.records,
            [
                {
                    "name": f"Upsell: {self.contact.display_name}",
                    "type": "lead",
                    "partner_id": self.contact.id,
                    "team_id": self.team.id,
                    "user_id": self.salesman.id,
                    "source_id": self.source.id,
                }
            ],
        )
        self.assertEqual(capture.records.tag_ids.name, "Upsell")

    def test_salesperson_of_the_contact(self):
        """T5: unless the rule names one; an opportunity where it says so"""
        self.contact.user_id = self.salesman
        self.make_lead_rule(lead_kind="opportunity")
        with RecordCapturer(self.Lead) as capture:
            self.enter(self.hot_lead)
        self.assertEqual((capture.records.user_id, capture.records.type), (self.salesman, "opportunity"))

    def test_tag_that_exists(self):
        """T6: is taken, and one that was made is found again when renamed"""
        tag = self.env["crm.tag"].create({"name": "re-attempt"})
        rule = self.make_follow_up_rule(lead_type="reattempt")
        self.assertEqual(rule._get_lead_tag(), tag)
        rule.lead_type = "new_business"
        made = rule._get_lead_tag()
        self.assertEqual(made.name, "New business")
        made.name = "Fresh"
        self.assertEqual(rule._get_lead_tag(), made)

    def test_story_so_far(self):
        """T5, A8: the last stages and the conversation, for agents; not as text that can be searched"""
        self.make_lead_rule()
        channel = self.make_livechat(self.contact)
        self.enter(self.hot_lead)
        lead = self.Lead.search([("partner_id", "=", self.contact.id), ("type", "=", "lead")])
        story = lead.with_user(self.salesman).lifecycle_summary
        self.assertIn("🆕 New Lead → 🔥 Hot Lead", story)
        self.assertIn(f"discuss.channel_{channel.id}", story)
        self.assertFalse(lead.description)
        self.assertFalse(any("Hot Lead" in message.body for message in lead.message_ids))
        lead.user_id = self.internal
        with self.assertRaises(AccessError):
            lead.with_user(self.internal).read(["lifecycle_summary"])

    def test_not_from_the_company(self):
        """T5: whoever else moves it"""
        rule = self.make_lead_rule()
        self.enter(self.hot_lead, source="company")
        self.assertFalse(self.get_results(rule))
        self.enter(self.new_lead, source="rule")
        self.enter(self.hot_lead, source="rule")
        self.assertEqual(self.get_results(rule), [("acted", self.contact, 1)])

    def test_every_entry_is_an_event(self):
        """T5: leaving and entering again makes another lead, moving elsewhere does not"""
        rule = self.make_lead_rule()
        self.enter(self.hot_lead)
        self.enter(self.payment)
        self.enter(self.hot_lead)
        self.assertEqual(self.Request.search_count([("rule_id", "=", rule.id)]), 2)
        self.assertEqual(self.Lead.search_count([("partner_id", "=", self.contact.id)]), 3)

    def test_same_event_never_makes_two(self):
        """T6: though it is reported twice, or the transaction is run again after a part was kept"""
        rule = self.make_lead_rule()
        self.enter(self.hot_lead)
        move = self.get_log(self.contact)[-1]
        for _again in range(2):
            self.Rule._notify_event("stage_entered", self.contact, move)
            self.commit()
        self.assertEqual(len(self.Request.search([("rule_id", "=", rule.id)]).lead_id), 1)

    def test_losing_an_opportunity(self):
        """T6: for one of the reasons; lost again after it was restored is another event"""
        rule = self.make_rule("follow_up", lost_reason_ids=self.reason.ids, lead_type="reattempt")
        other = self.reason.copy({"name": "Other"})
        self.lead.copy().action_set_lost(lost_reason_id=other.id)
        self.lead.copy().action_set_lost()
        self.commit()
        self.assertFalse(self.Request.search([]))
        for day in (1, 2):
            with freeze_time(f"2040-01-0{day}"):
                self.lead.action_set_lost(lost_reason_id=self.reason.id)
                self.commit()
                self.lead.action_unarchive()
                self.commit()
        self.assertEqual(self.get_results(rule), [("acted", self.contact, 1)] * 2)

    def test_one_loss_makes_one_lead(self):
        """T6: though it moves the contact to a lost stage, which the rule follows up on too"""
        self.make_rule("opportunity", ["opportunity_lost"], self.lost, sequence=1)
        rule = self.make_follow_up_rule(lost_reason_ids=self.reason.ids, sequence=2)
        self.lead.action_set_lost(lost_reason_id=self.reason.id)
        self.commit()
        self.assertEqual(self.contact.lifecycle_stage_id, self.lost)
        self.assertEqual(len(self.Request.search([("rule_id", "=", rule.id)])), 1)

    def test_delay(self):
        """T6: made on its day by the scheduled action, which is triggered for it"""
        rule = self.make_follow_up_rule(delay_days=10)
        with self.capture_triggers("contact_lifecycle.ir_cron_make_leads") as triggers:
            self.enter(self.lost)
        [trigger] = triggers.records
        request = self.Request.search([("rule_id", "=", rule.id)])
        self.assertEqual(request.state, "waiting")
        self.assertAlmostEqual(trigger.call_at, request.date_due, delta=timedelta(seconds=1))
        for days, state in ((9, "waiting"), (11, "done"), (12, "done")):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                self.Request._cron_make_leads()
            self.assertEqual(request.state, state)
        self.assertEqual(self.Lead.search_count([("partner_id", "=", self.contact.id)]), 2)

    def test_outdated_follow_up(self):
        """T6, T15: not when the contact is back, the rule off, or the contact archived"""
        rule = self.make_follow_up_rule(delay_days=10)
        off = self.make_follow_up_rule(delay_days=10)
        contacts = self.make_contacts(3)
        for contact in contacts:
            self.enter(self.lost, contact)
        off.active = False
        self.enter(self.hot_lead, contacts[0])
        contacts[1].active = False
        with freeze_time(fields.Datetime.now() + timedelta(days=11)):
            self.Request._cron_make_leads()
        done = self.Request.search([("state", "=", "done")])
        self.assertEqual((done.rule_id, done.partner_id), (rule, contacts[2]))
        self.assertEqual(self.Request.search_count([("state", "=", "dropped")]), 5)
        self.assertEqual(
            [result for result, *_rest in self.get_results(rule) if result != "acted"],
            ["archived", "moved_on"],
        )
        self.assertIn("rule_off", [result for result, *_rest in self.get_results(off)])

    def test_one_lead_that_fails(self):
        """T6: does not stop the others, is marked, and can be tried again by an owner"""
        rule = self.make_follow_up_rule(delay_days=10)
        contacts = self.make_contacts(3)
        for contact in contacts:
            self.enter(self.lost, contact)
        get_vals = type(self.Rule)._get_lead_vals

        def fail(rule, partner, event):
            if partner == contacts[1]:
                raise ValueError("no lead for you")
            return get_vals(rule, partner, event)

        requests = self.Request.search([("rule_id", "=", rule.id)])
        requests.date_due = fields.Datetime.now()
        with patch.object(type(self.Rule), "_get_lead_vals", fail), mute_logger(ENGINE):
            self.Request._cron_make_leads()
        self.assertEqual(requests.mapped("state"), ["done", "failed", "done"])
        self.assertEqual(requests[1].message, "no lead for you")
        self.assertIn(("failed", contacts[1], 1), self.get_results(rule))
        with self.assertRaises(AccessError):
            requests[1].with_user(self.manager).action_retry()
        requests[1].with_user(self.owner).action_retry()
        self.Request._cron_make_leads()
        self.assertEqual(requests.mapped("state"), ["done"] * 3)
        self.assertEqual(self.Lead.search_count([("partner_id", "in", contacts.ids)]), 3)

    def test_lead_that_fails_at_once(self):
        """T5, T15: the move stays, and so does the request, which an owner can have tried again"""
        rule = self.make_lead_rule()
        contacts = self.make_contacts(3)
        get_vals = type(self.Rule)._get_lead_vals

        def fail(rule, partner, event):
            if partner == contacts[1]:
                raise ValueError("no lead for you")
            return get_vals(rule, partner, event)

        with patch.object(type(self.Rule), "_get_lead_vals", fail), self.assertLogs(ENGINE, "ERROR"):
            self.enter(self.hot_lead, contacts)
        self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
        requests = self.Request.search([("rule_id", "=", rule.id)]).sorted("partner_id")
        self.assertEqual(requests.mapped("state"), ["done", "failed", "done"])
        self.assertEqual(requests[1].message, "no lead for you")
        self.assertEqual(
            set(self.get_results(rule)),
            {("acted", contacts[0], 1), ("failed", contacts[1], 1), ("acted", contacts[2], 1)},
        )
        self.assertTrue(rule.has_failed)
        requests[1].with_user(self.owner).action_retry()
        self.Request._cron_make_leads()
        self.assertEqual(requests.mapped("state"), ["done"] * 3)
        self.assertEqual(requests.lead_id.partner_id, contacts)

    def test_merge_keeps_what_is_to_be_made(self):
        """T6, A9"""
        self.make_follow_up_rule(delay_days=10)
        other = self.make_contacts(1)
        self.enter(self.lost, other | self.contact)
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (other | self.contact).ids, "dst_partner_id": self.contact.id}
        ).action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.Request.search_count([("partner_id", "=", self.contact.id)]), 2)
