from odoo import Command
from odoo.tests import tagged

from ..common_lead_rule import LeadRuleCase


@tagged("post_install", "-at_install")
class TestRuleLeadCompany(LeadRuleCase):
    """Whom leads are assigned to, where there are several companies and people leave (T5, T15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.team = cls.env["crm.team"].create({"name": "Engines", "company_id": cls.env.company.id})
        cls.own_contact, cls.other_contact, cls.shared_contact = contacts = cls.make_contacts(3)
        contacts[0].company_id = cls.env.company
        contacts[1].company_id = cls.elsewhere
        cls.contacts = contacts
        cls.colleague = cls.make_user(
            "lifecycle_elsewhere",
            "sales_team.group_sale_salesman",
            company_id=cls.elsewhere.id,
            company_ids=[Command.set(cls.elsewhere.ids)],
        )

    def assertLeftAlone(self, rule, contact):
        self.assertIn(("other_company", contact, 1), self.get_results(rule))
        self.assertNotIn("failed", [result for result, *_rest in self.get_results(rule)])
        self.assertFalse(rule.has_failed)

    def test_salesperson_of_one_company(self):
        """T5, T15: the contacts of the others are left alone, and the run log says so"""
        rule = self.make_lead_rule(user_id=self.salesman.id)
        self.enter(self.hot_lead, self.contacts)
        leads = self.get_leads(rule)
        self.assertEqual(leads.partner_id, self.own_contact | self.shared_contact)
        self.assertEqual(leads.user_id, self.salesman)
        self.assertLeftAlone(rule, self.other_contact)

    def test_team_of_one_company(self):
        rule = self.make_lead_rule(team_id=self.team.id)
        self.enter(self.hot_lead, self.contacts)
        leads = self.get_leads(rule)
        self.assertEqual(leads.partner_id, self.own_contact | self.shared_contact)
        self.assertEqual(leads.team_id, self.team)
        self.assertLeftAlone(rule, self.other_contact)

    def test_salesperson_of_both_companies_and_team_of_none(self):
        self.salesman.company_ids += self.elsewhere
        self.team.company_id = False
        rule = self.make_lead_rule(user_id=self.salesman.id, team_id=self.team.id)
        self.enter(self.hot_lead, self.contacts)
        leads = self.get_leads(rule)
        self.assertEqual(leads.partner_id, self.contacts)
        self.assertEqual(leads.user_id, self.salesman)
        self.assertIn(self.elsewhere, leads.company_id)

    def test_contact_that_changed_its_company_while_the_lead_waited(self):
        """T6, T15"""
        rule = self.make_follow_up_rule(user_id=self.salesman.id, delay_days=30)
        self.enter(self.lost, self.own_contact | self.shared_contact)
        self.own_contact.company_id = self.elsewhere
        requests = self.Request.search([("rule_id", "=", rule.id)])
        requests.date_due = requests[0].create_date
        self.Request._cron_make_leads()
        self.assertEqual(sorted(self.get_states(rule)), ["done", "dropped"])
        self.assertEqual(self.get_leads(rule).partner_id, self.shared_contact)
        self.assertLeftAlone(rule, self.own_contact)

    def test_own_salesperson_who_is_of_another_company(self):
        """T5: the lead is nobody's, rather than not made"""
        self.own_contact.user_id = self.colleague
        self.other_contact.user_id = self.colleague
        rule = self.make_lead_rule()
        self.enter(self.hot_lead, self.contacts)
        by_contact = {lead.partner_id: lead.user_id for lead in self.get_leads(rule)}
        self.assertEqual(by_contact[self.own_contact], self.env["res.users"])
        self.assertEqual(by_contact[self.other_contact], self.colleague)

    def test_salesperson_who_has_left(self):
        """T5: no lead is assigned to an archived user or team; the contact's own salesperson gets it"""
        self.own_contact.user_id = self.colleague
        self.colleague.company_ids += self.env.company
        rule = self.make_lead_rule(user_id=self.salesman.id, team_id=self.team.id)
        self.salesman.active = self.team.active = False
        self.enter(self.hot_lead, self.contacts)
        leads = self.get_leads(rule)
        self.assertEqual(leads.partner_id, self.contacts, "the rule is of no company any more")
        self.assertNotIn(self.team, leads.team_id)
        by_contact = {lead.partner_id: lead.user_id for lead in leads}
        self.assertEqual(by_contact[self.own_contact], self.colleague)
        self.assertEqual(by_contact[self.shared_contact], self.env["res.users"])
        self.colleague.active = False
        self.enter(self.payment, self.own_contact)
        self.enter(self.hot_lead, self.own_contact)
        self.assertFalse((self.get_leads(rule) - leads).user_id)

    def test_as_many_queries_for_many_salespersons(self):
        """T5: no query for each contact that tells whose the lead is"""
        rule = self.make_lead_rule()

        def count(number):
            users = self.env["res.users"].with_context(no_reset_password=True)
            users = users.create([{"name": "x", "login": f"lifecycle_{number}_{i}"} for i in range(number)])
            contacts = self.make_contacts(number)
            for contact, user in zip(contacts, users, strict=True):
                contact.write({"user_id": user.id, "company_id": self.env.company.id})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            vals_list = [rule._get_lead_vals(contact, "stage_entered") for contact in contacts]
            self.assertEqual([vals["user_id"] for vals in vals_list], users.ids)
            return self.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(10), count(20))

    def test_dry_run_says_how_many_are_of_another_company(self):
        """T14, M7: the numbers are those of what would happen"""
        rule = self.make_lead_rule(
            user_id=self.salesman.id, domain=repr([("id", "in", self.contacts.ids)]), active=False
        )
        answer = rule._get_dry_run()
        self.assertEqual(answer["move_count"], 2)
        self.assertIn(["other_company", False, 1], [count[:3] for count in answer["counts"]])
        wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
        self.assertEqual(wizard.move_count, 2)
        self.assertIn("of another company", str(wizard.counts))
