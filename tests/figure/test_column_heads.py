import re
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import format_amount

from ...models.figure.lifecycle_dashboard_columns import DAYS
from ..common_funnel import FunnelCase
from ..common_queries import QueriesCase

PERIODS = Path(__file__).parents[2] / "static/src/dashboard/period.js"


@tagged("post_install", "-at_install")
class TestColumnHeads(FunnelCase, QueriesCase):
    """What the heads of the pipeline's columns say (M7): the amount on the cards, the share on the dashboard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "contact_lifecycle.group_manager,sales_team.group_sale_salesman"
        cls.seller = cls.make_user("lifecycle_seller", groups)
        cls.now = fields.Datetime.now()

    def make_opportunity(self, contact, revenue, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Engine",
                "type": "opportunity",
                "partner_id": contact.id,
                "expected_revenue": revenue,
                "user_id": self.seller.id,
                **vals,
            }
        )

    def write_what_waits(self):
        """What making records leaves for the end of the transaction is not counted."""
        self.env.flush_all()
        self.cr.precommit.run()

    def get_heads(self, domain=(), user=None):
        """:return: dict stage id -> what the head of its column says"""
        self.env.invalidate_all()
        dashboard = self.env["lifecycle.dashboard"].with_user(user or self.seller)
        return {head["id"]: head for head in dashboard.get_column_heads(list(domain))}

    def get_amounts(self, domain=(), user=None):
        heads = self.get_heads(domain, user)
        return {stage_id: head["amount"] for stage_id, head in heads.items() if head["amount"]}

    def make_moves(self):
        """Three went on from Hot Lead in the last days, one back, one was lost, one is there still; one went on long ago."""
        for stage in (self.payment, self.customer, self.payment, self.new_lead, self.cold, None):
            moves = [(stage, 2)] if stage else []
            self.make_history((self.hot_lead, 0), *moves, start=self.now - timedelta(days=10))
        self.make_history((self.hot_lead, 0), (self.new_lead, 1), start=self.now - timedelta(days=40))

    def test_amount_is_that_of_the_cards(self):
        """M7: of the opportunities that are neither won nor lost and that the user may read, in each column"""
        hot, paying = self.make_contacts(3, self.hot_lead), self.make_contacts(1, self.payment)
        nowhere = self.make_contacts_without_stage(1)
        for contact, revenue in zip(hot | paying | nowhere, (1000, 500.25, 0, 40, 7), strict=True):
            self.make_opportunity(contact, revenue)
        self.make_opportunity(hot[0], 70, type="lead")
        self.make_opportunity(hot[0], 30, active=False, probability=0)
        self.make_opportunity(hot[0], 20).action_set_won()
        self.make_opportunity(hot[0], 4, user_id=self.manager.id)
        everybody = hot | paying | nowhere
        domain = [("id", "in", everybody.ids)]
        amounts = self.get_amounts(domain)
        self.assertEqual(amounts, {self.hot_lead.id: 1500.25, self.payment.id: 40, False: 7})
        self.assertEqual(self.get_amounts(domain, self.env.user)[self.hot_lead.id], 1504.25)
        cards = everybody.with_user(self.seller)
        currency = self.env.company.currency_id
        for stage_id, contacts in cards.grouped(lambda card: card.lifecycle_stage_id.id).items():
            with self.subTest(stage_id):
                one_card = contacts.filtered("lifecycle_open_revenue")
                sums = self.Partner.with_user(self.seller)._lifecycle_sum_open_revenue(one_card.ids, "id")
                self.assertEqual(
                    one_card.mapped("lifecycle_open_revenue"),
                    [format_amount(self.env, sums[card.id], currency) for card in one_card],
                )
                self.assertAlmostEqual(sum(sums.values()), amounts[stage_id])

    def test_currencies(self):
        """M7: in the currency of the user's company, which the head names"""
        currency = self.env["res.currency"].create(
            {"name": "LCX", "symbol": "L", "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 2})]}
        )
        rate = self.env["res.currency"]._get_conversion_rate(
            currency, self.env.company.currency_id, self.env.company, fields.Date.today()
        )
        company = self.env["res.company"].create({"name": "Elsewhere", "currency_id": currency.id})
        self.seller.company_ids += company
        [contact] = self.make_contacts(1, self.hot_lead)
        self.make_opportunity(contact, 100, company_id=company.id)
        self.make_opportunity(contact, 10, company_id=self.env.company.id)
        dashboard = (
            self.env["lifecycle.dashboard"]
            .with_user(self.seller)
            .with_context(allowed_company_ids=[self.env.company.id, company.id])
        )
        heads = dashboard.get_column_heads([("id", "=", contact.id)])
        [head] = [head for head in heads if head["id"] == self.hot_lead.id]
        self.assertAlmostEqual(head["amount"], 10 + 100 * rate, 2)
        self.assertEqual(head["currency_id"], self.env.company.currency_id.id)

    def test_what_is_searched_for(self):
        """M7: the amount is that of the contacts in the columns, archived ones only where they are asked for"""
        ada, ben, gone = self.make_contacts(3, self.hot_lead)
        ada.name = "Ada"
        for contact, revenue in ((ada, 1), (ben, 2), (gone, 4)):
            self.make_opportunity(contact, revenue)
        gone.active = False
        ours = [("id", "in", (ada | ben | gone).ids)]
        for domain, amount in (
            (ours, 3),
            ([*ours, ("name", "=", "Ada")], 1),
            ([*ours, ("active", "=", False)], 4),
            ([*ours, ("lifecycle_stage_id", "=", self.payment.id)], None),
            ([("id", "in", [])], None),
        ):
            with self.subTest(domain):
                self.assertEqual(self.get_amounts(domain).get(self.hot_lead.id), amount)

    def test_contacts_that_the_user_may_not_read(self):
        """P1: an opportunity that the user may read counts with a contact that they see"""
        [contact] = self.make_contacts(1, self.hot_lead)
        self.make_opportunity(contact, 5)
        domain = [("id", "=", contact.id)]
        self.assertEqual(self.get_amounts(domain), {self.hot_lead.id: 5})
        contact.sudo().company_id = self.env["res.company"].create({"name": "Another"})
        self.assertFalse(self.get_amounts(domain))

    def test_who_may_not_read_opportunities(self):
        """P1: a manager without the role of a salesperson is told no amount, but the share"""
        self.make_moves()
        [contact] = self.make_contacts(1, self.hot_lead)
        self.make_opportunity(contact, 5)
        head = self.get_heads(user=self.manager)[self.hot_lead.id]
        self.assertEqual((head["amount"], head["conversion"]), (0, 3 / 5))

    def test_share_is_that_of_the_dashboard(self):
        """M3, M7: of all contacts, whatever is searched for"""
        self.make_moves()
        today = fields.Date.context_today(self.Dashboard)
        funnel = self.Dashboard.get_funnel(today - timedelta(days=DAYS - 1), today)
        expected = {stage["id"]: stage["conversion"] for stage in funnel["stages"]}
        self.assertEqual(expected[self.hot_lead.id], 3 / 5)
        for domain in ([], [("name", "=", "Nobody")]):
            heads = self.get_heads(domain, self.manager)
            self.assertEqual(
                {
                    stage_id: heads[stage_id]["conversion"] if stage_id in heads else None
                    for stage_id in expected
                },
                expected,
            )

    def test_last_stage(self):
        """M7: from there is nowhere to go, as the dashboard says, unless somebody has gone"""
        self.make_history((self.customer, 0), (self.new_lead, 1), start=self.now - timedelta(days=10))
        self.assertNotIn(self.customer.id, self.get_heads())
        self.make_history((self.payment, 0), (self.new_lead, 1), start=self.now - timedelta(days=10))
        self.assertEqual(self.get_heads()[self.payment.id]["conversion"], 0)

    def test_period_is_that_with_which_the_dashboard_begins(self):
        """M7"""
        text = PERIODS.read_text()
        [name] = re.findall(r'DEFAULT_PERIOD = { name: "(\w+)" }', text)
        [days] = re.findall(rf'name: "{name}",.*begin: "today -(\d+)d"', text)
        self.assertEqual(int(days) + 1, DAYS)

    def test_who_may_ask(self):
        """P1, P2: managers, as for all that is told by stage"""
        for user in (self.agent, self.internal, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.get_heads(user=user)
        with self.assertRaises(AccessError):
            self.get_heads([("user_ids.totp_secret", "=", "x")])

    def test_what_is_no_domain(self):
        """S6: it is refused with a sentence"""
        dashboard = self.env["lifecycle.dashboard"].with_user(self.seller)
        for domain in (
            None,
            5,
            "[('id', '=', 1)]",
            ["&"],
            [[]],
            [["nothing", "=", 1]],
            [["name", "any", 1]],
            [["parent_id", "any!", []]],
        ):
            with self.subTest(domain), self.assertRaisesRegex(UserError, "cannot be found"):
                dashboard.get_column_heads(domain)

    def test_while_stages_are_not_shown(self):
        """S2"""
        self.make_moves()
        self.assertTrue(self.get_heads())
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.assertFalse(self.get_heads())

    def test_no_query_per_contact(self):
        """M8: nor by company, nor by stage"""

        def count(number):
            contacts = self.make_contacts(number, self.hot_lead)
            for contact in contacts:
                self.make_opportunity(contact, 5)
            self.write_what_waits()
            dashboard = self.env["lifecycle.dashboard"].with_user(self.seller)
            return self.count_queries(lambda: dashboard.get_column_heads([("id", "in", contacts.ids)]))

        self.assertNoQueryPerRecord(count, 20, 40, per_record=0.2)
