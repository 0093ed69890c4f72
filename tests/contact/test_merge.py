from odoo.tests import tagged

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestMerge(LifecycleCase):
    """Merging contacts keeps the most advanced stage and all of the history (A9)."""

    def merge(self, contacts, remaining):
        groups = "base.group_user,base.group_partner_manager"
        if "website.visitor" in self.env:  # whoever merges contacts must be allowed to read these
            groups += ",website.group_website_designer"
        user = self.make_user("lifecycle_merger", groups)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard.create({"partner_ids": contacts.ids, "dst_partner_id": remaining.id}).action_merge()
        self.env.invalidate_all()
        self.assertEqual(contacts.exists(), remaining)
        return user

    def test_most_advanced_stage_wins(self):
        """A9: whichever contact it is on, by one who is no agent himself"""
        contacts = self.contact | self.make_contacts(1, self.customer) | self.make_contacts(1, self.hot_lead)
        entered = {contact.lifecycle_stage_id: contact.date_last_stage_update for contact in contacts}
        user = self.merge(contacts, self.contact)
        self.assertEqual(self.contact.lifecycle_stage_id, self.customer)
        rows = self.get_log(self.contact)[-2:]
        self.assertEqual(rows.mapped("from_stage_id"), self.new_lead | self.hot_lead)
        for row in rows:
            self.assertEqual(
                (row.to_stage_id, row.source, row.user_id, row.date_entered),
                (self.customer, "merge", user, entered[row.from_stage_id]),
            )

    def test_more_advanced_stage_of_the_remaining_one_stays(self):
        """A9"""
        remaining = self.make_contacts(1, self.customer)
        since = remaining.date_last_stage_update
        self.merge(remaining | self.contact, remaining)
        self.assertEqual(
            (remaining.lifecycle_stage_id, remaining.date_last_stage_update), (self.customer, since)
        )

    def test_log_ends_in_the_stage_that_stays(self):
        """A9, H2, M3: also when the last move of all was one of a contact that is gone"""
        remaining = self.make_contacts(1, self.customer)
        other = self.make_contacts(1, self.hot_lead)
        self.merge(remaining | other, remaining)
        self.assertEqual(remaining.lifecycle_stage_id, self.customer)
        row = self.get_log(remaining)[-1]
        self.assertEqual(
            (row.from_stage_id, row.to_stage_id, row.source), (self.hot_lead, self.customer, "merge")
        )

    def test_lifecycle_stage_wins_over_a_lost_one(self):
        """A9: a lost stage is no progress"""
        lost = self.make_contacts(1, self.cold_lead.stage_id)
        self.merge(self.contact | lost, lost)
        self.assertEqual(lost.lifecycle_stage_id, self.new_lead)

    def test_lost_stage_wins_over_none(self):
        """A9"""
        remaining = self.make_contacts_without_stage(1)
        lost = self.make_contacts(1, self.cold_lead.stage_id)
        self.merge(remaining | lost, remaining)
        self.assertEqual(remaining.lifecycle_stage_id, self.cold_lead.stage_id)

    def test_contacts_without_a_stage_stay_without(self):
        """A9"""
        contacts = self.make_contacts_without_stage(2)
        self.merge(contacts, contacts[0])
        self.assertFalse(contacts[0].lifecycle_stage_id)
        self.assertFalse(self.get_log(contacts[0]))

    def test_history_of_all_is_kept(self):
        """A9, H2"""
        other = self.make_contacts(1, self.payment)
        other.lifecycle_stage_id = self.hot_lead
        rows = self.get_log(self.contact) | self.get_log(other)
        self.merge(self.contact | other, self.contact)
        self.assertEqual(rows.exists(), rows)
        self.assertEqual(rows.partner_id, self.contact)
        self.assertEqual(len(self.get_log(self.contact)), len(rows) + 1)

    def test_conversations_of_all_show_the_stage(self):
        """A9, A7"""
        other = self.make_contacts(1, self.payment)
        channels = self.make_livechat(other) | self.make_livechat(self.contact)
        self.merge(self.contact | other, self.contact)
        self.assertEqual(channels.lifecycle_partner_id, self.contact)
        self.assertEqual(channels.lifecycle_stage_id, self.payment)
