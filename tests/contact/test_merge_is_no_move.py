from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common_automation import AutomationCase
from ..common_funnel import FunnelCase
from ..common_lead_rule import LeadRuleCase

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestMergeIsNoMove(AutomationCase, LeadRuleCase, FunnelCase):
    """H5: that two contacts are one person is bookkeeping; nobody came, went on or went back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.now().replace(microsecond=0) - 100 * DAY
        cls.period = ((cls.start - 10 * DAY).date(), (cls.start + 110 * DAY).date())
        cls.digest = cls.env["digest.digest"].create(
            {"name": "Lifecycle", "kpi_lifecycle_customers": True, "kpi_lifecycle_lost": True}
        )

    def merge(self, contacts, remaining):
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": contacts.ids, "dst_partner_id": remaining.id}
        ).action_merge()
        self.commit()
        self.env.invalidate_all()

    def make_history(self, *moves):
        contact = super().make_history(*moves, start=self.start)
        self.commit()
        return contact

    def get_numbers(self):
        """:return: what managers see: the funnel by stage, the drop-off, and the digest of today"""
        funnel = self.Dashboard.get_funnel(*self.period)
        digest = self.digest.with_user(self.manager).with_context(
            start_datetime=fields.Datetime.now() - DAY, end_datetime=fields.Datetime.now() + DAY
        )
        digest.invalidate_recordset()
        return (
            {stage["name"]: stage for stage in funnel["stages"]},
            # but for those who are lost still, as the one person may not be
            [{**drop, "reengage": None} for drop in funnel["drop_off"]],
            (digest.kpi_lifecycle_customers_value, digest.kpi_lifecycle_lost_value),
        )

    def test_numbers_stay_as_they_were(self):
        """H5, M7: one stay goes on, the open stays of the others are told as merged, and all else is the same"""
        pairs = {
            "two of the same stage": ([(self.new_lead, 0)], [(self.new_lead, 30)]),
            "duplicate of a customer": ([(self.new_lead, 0), (self.customer, 60)], [(self.new_lead, 90)]),
            "customer, merged into the older lead": ([(self.new_lead, 0)], [(self.customer, 60)]),
            "lost, merged into a lead": ([(self.hot_lead, 20)], [(self.new_lead, 0), (self.cold, 50)]),
            "lead, merged into a lost one": ([(self.new_lead, 0), (self.cold, 50)], [(self.hot_lead, 20)]),
        }
        for name, histories in pairs.items():
            for older_remains in (True, False):
                with self.subTest(name, older_remains=older_remains), self.undone():
                    contacts = [self.make_history(*history) for history in histories]
                    before, drop_off, digest = self.get_numbers()
                    self.merge(contacts[0] | contacts[1], contacts[not older_remains])
                    after, drop_off_after, digest_after = self.get_numbers()
                    self.assertEqual((drop_off_after, digest_after), (drop_off, digest))
                    merged = 0
                    for stage, numbers in after.items():
                        merged += numbers.pop("merged")
                        remaining, was_remaining = (
                            numbers.pop("remaining"),
                            before[stage].pop("remaining"),
                        )
                        self.assertEqual(before[stage].pop("merged"), 0)
                        self.assertIn(was_remaining - remaining, (0, 1))
                        self.assertEqual(numbers, before[stage])
                    self.assertEqual(merged, "lost" not in name)

    def test_date_of_the_person_who_entered(self):
        """H5: the stage that stays has been entered when the person did, of two in one stage the first"""
        lead = self.make_history((self.new_lead, 0))
        customer = self.make_history((self.new_lead, 1), (self.customer, 30))
        later = self.make_history((self.customer, 60))
        self.merge(lead | later, lead)
        self.assertEqual(lead.lifecycle_stage_id, self.customer)
        self.assertEqual(lead.date_last_stage_update, self.start + 60 * DAY)
        self.merge(lead | customer, lead)
        self.assertEqual(lead.date_last_stage_update, self.start + 30 * DAY)
        times = self.env["lifecycle.stage.time.report"].search(
            [("partner_id", "=", lead.id), ("stage_id", "=", self.new_lead.id)]
        )
        self.assertEqual(times.times_entered, 2)
        self.assertEqual((times.date_first_entered, times.date_last_entered), (self.start, self.start + DAY))

    def test_nothing_is_set_off(self):
        """H5: no automation, rule, lead, lock, note or move of the other's chats that says somebody moved"""
        self.make_automation(self.customer, self.make_activity_step())
        rules = self.make_lead_rule(entered_stage_ids=self.customer.ids)
        rules |= self.make_follow_up_rule(entered_stage_ids=self.lost.ids)
        rules |= self.make_rule(
            "criteria", domain=repr([("lifecycle_stage_id", "=", self.customer.id)]), to_stage=self.payment
        )
        lead, customer, lost = (
            self.make_history((stage, 0)) for stage in (self.new_lead, self.customer, self.lost)
        )
        activities = len(self.get_activities(lead | customer | lost))
        results, leads = len(self.get_results(rules)), [len(self.get_leads(rule)) for rule in rules]
        self.assertTrue(activities and any(leads), "they are set off by a move")
        tracked = len(self.get_tracking_values(lead | customer | lost))
        self.merge(lead | customer | lost, lead)
        self.assertEqual(lead.lifecycle_stage_id, self.customer)
        self.assertEqual(len(self.get_activities(lead)), activities)
        self.assertEqual(
            (len(self.get_results(rules)), [len(self.get_leads(rule)) for rule in rules]), (results, leads)
        )
        self.assertEqual(len(self.get_tracking_values(lead)), tracked)
        self.assertFalse(lead.lifecycle_locked)

    def test_conversations_that_both_are_in(self):
        """H5, I8: where one is shared, the contact stays in the others, and stays their customer"""
        other = self.make_contacts(1)
        own, others = self.make_livechat(self.contact), self.make_livechat(other)
        shared = self.make_livechat(self.contact)
        shared._add_members(partners=other)
        self.merge(self.contact | other, self.contact)
        for channel in (own, others, shared):
            self.assertIn(self.contact, channel.channel_member_ids.partner_id)
            self.assertEqual(channel.lifecycle_partner_id, self.contact)
            self.assertIn(self.contact, channel.livechat_channel_member_history_ids.partner_id)
