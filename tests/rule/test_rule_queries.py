from odoo.tests import tagged

from ..common_mail_kinds import make_mail
from ..common_queries import QueriesCase
from ..common_rule import RuleCase

RULES = 20


@tagged("post_install", "-at_install")
class TestRuleQueries(QueriesCase, RuleCase):
    """What rules cost (decision 9): nothing where none listens, and nothing for each contact."""

    def post(self, record, user):
        message = record.with_user(user).message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
        )
        self.assertIn(self.contact, message.notification_ids.res_partner_id)

    def count_posting(self, record, user):
        queries = self.count_queries(lambda: self.post(record, user))
        self.cr.postcommit.clear()
        return queries

    def test_posting_with_rules_that_do_not_match(self):
        """T1: at most one query more with twenty active rules; by stage and by condition, by an agent and not"""
        for name, vals in (
            ("other stage", {"from_stages": self.payment}),
            ("condition", {"domain": "[('function', '=', 'CEO')]"}),
        ):
            rules = self.Rule.concat(
                *(
                    self.make_rule("outreach", ["email_sent", "call_made"], self.customer, **vals)
                    for _index in range(RULES)
                )
            )
            for user in (self.salesman, self.internal):
                for record in (self.contact, self.lead):
                    if record == self.lead and user == self.internal:
                        continue
                    with self.subTest(rules=name, user=user.login, record=record._name):
                        rules.active = False
                        self.count_posting(record, user)
                        without = self.count_posting(record, user)
                        rules.active = True
                        self.count_posting(record, user)
                        with_rules = self.count_posting(record, user)
                        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
                        self.assertTrue(self.RuleLog.search_count([("rule_ids", "in", rules.ids)]))
                        self.assertLessEqual(with_rules - without, 1, (without, with_rules))
            rules.active = False

    def test_posting_with_rules_that_do_not_listen(self):
        """T1: costs nothing at all"""
        self.count_posting(self.contact, self.salesman)
        without = self.count_posting(self.contact, self.salesman)
        for _index in range(RULES):
            self.make_rule("outreach", ["call_made"], self.customer)
        self.count_posting(self.contact, self.salesman)
        self.assertEqual(self.count_posting(self.contact, self.salesman), without)

    def test_receiving_with_rules_that_do_not_match(self):
        """T2, T17: an answer costs at most one query more with twenty active rules, an automatic one none"""
        parents = [
            record.with_user(self.salesman).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.contact.ids,
            )
            for record in (self.contact, self.lead)
        ]
        rules = [
            self.make_rule("connected", ["email_reply"], self.customer, self.payment) for _i in range(RULES)
        ]
        rules = self.Rule.concat(*rules)
        Thread = self.env["mail.thread"].with_user(self.env.ref("base.user_root"))

        def count(parent, headers):
            mail = make_mail(parent, headers, sender="Ada <ada@example.com>")
            queries = self.count_queries(lambda: Thread.message_process(None, mail))
            self.cr.postcommit.clear()
            return queries

        for headers, allowed in (("", 1), ("Auto-Submitted: auto-replied", 0)):
            for parent in parents:
                with self.subTest(headers=headers, record=parent.model):
                    rules.active = False
                    count(parent, headers)
                    without = count(parent, headers)
                    rules.active = True
                    count(parent, headers)
                    runs = self.RuleLog.search_count([])
                    with_rules = count(parent, headers)
                    self.assertEqual(self.RuleLog.search_count([]) > runs, bool(allowed))
                    self.assertLessEqual(with_rules - without, allowed, (without, with_rules))

    def count_event(self, number):
        contacts = self.make_contacts(number)
        self.commit()

        def happen():
            self.Rule._notify_event("call_made", contacts)

        queries = self.count_queries(happen)
        self.cr.postcommit.clear()
        self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
        return queries

    def count_gate(self, number):
        contacts = self.make_contacts(number)
        self.commit()
        return self.count_queries(lambda: contacts.sudo().write({"lifecycle_stage_id": self.hot_lead.id}))

    def test_event_for_500_contacts(self):
        """T1: no query for each contact beyond the gate's"""
        self.make_rule("outreach", ["call_made"], self.hot_lead, domain="[('function', '=', False)]")
        self.make_rule("outreach", ["call_made"], self.customer, self.payment)
        self.count_event(1)
        self.count_gate(1)

        def added(number):
            return self.count_event(number) - self.count_gate(number)

        few, many = added(100), added(500)
        self.assertLess((many - few) / 400, 0.02, (few, many))

    def test_criteria_for_many_contacts(self):
        """T8"""
        self.make_rule("criteria", (), self.hot_lead, domain="[('color', '=', 5)]")

        def count(number):
            contacts = self.make_contacts(number)
            self.commit()
            queries = self.count_queries(lambda: contacts.write({"color": 5}))
            self.cr.postcommit.clear()
            self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
            return queries

        self.assertNoQueryPerRecord(count)

    def test_people_of_many_companies(self):
        """T16"""

        def count(number, on=True):
            self.env["ir.config_parameter"].set_param("contact_lifecycle.company_sync", str(on))
            companies = self.Partner.create(
                [{"name": f"Company {i}", "is_company": True} for i in range(number)]
            )
            people = self.Partner.create(
                [{"name": company.name, "parent_id": company.id} for company in companies]
            )
            self.commit()
            queries = self.count_queries(lambda: companies.write({"lifecycle_stage_id": self.hot_lead.id}))
            self.assertEqual(people.lifecycle_stage_id, self.hot_lead if on else self.new_lead)
            if on:
                self.assertEqual(self.get_log(people[0]).mapped("source"), ["company", "default"][::-1])
            return queries

        # Odoo itself asks for the children of each company
        self.assertNoQueryPerRecord(
            lambda number: count(number) - count(number, on=False), small=50, large=100
        )

    def test_last_runs_of_rules(self):
        """T15: one query for the whole list"""
        rules = [self.make_rule("outreach", ["call_made"], self.customer) for _index in range(10)]
        rules = self.Rule.concat(*rules)
        self.Rule._notify_event("call_made", self.contact)
        self.commit()
        fields = ["last_run", "last_result", "has_failed"]
        rules.read(fields)  # Odoo fills caches of its own at the first
        few = self.count_queries(lambda: rules[:1].read(fields))
        self.assertEqual(self.count_queries(lambda: rules.read(fields)), few)
