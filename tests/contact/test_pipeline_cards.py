from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import Form, tagged

from ..common import LifecycleCase
from ..common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestPipelineCards(LifecycleCase, QueriesCase):
    """The pipeline: what its cards say (A3, M5), and how a contact is added."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "contact_lifecycle.group_manager,sales_team.group_sale_salesman,base.group_partner_manager"
        cls.seller = cls.make_user("lifecycle_seller", groups)
        cls.kanban = cls.env.ref("contact_lifecycle.res_partner_view_kanban_lifecycle")

    def get_card_fields(self, user):
        """:return: names of the fields that the pipeline reads for this user"""
        arch = self.Partner.with_user(user).get_view(self.kanban.id, "kanban")["arch"]
        return {node.get("name") for node in etree.fromstring(arch).iter("field")}

    def read_cards(self, contacts, user):
        return contacts.with_user(user).web_read({name: {} for name in self.get_card_fields(user)})

    def make_opportunity(self, contact, revenue, user=None, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Engine",
                "type": "opportunity",
                "partner_id": contact.id,
                "expected_revenue": revenue,
                "user_id": (user or self.seller).id,
                **vals,
            }
        )

    def test_days_in_stage(self):
        """A3: whole days; none without a stage"""
        now = fields.Datetime.now()
        self.contact._lifecycle_move_at(self.hot_lead.id, now - timedelta(days=3, hours=2))
        self.assertEqual(self.contact.with_user(self.agent).lifecycle_days_in_stage, 3)
        self.contact.lifecycle_stage_id = False
        self.assertEqual(self.contact.lifecycle_days_in_stage, 0)

    def test_open_conversation(self):
        """A3: not a closed one, and none for a manager who may not read live chats"""
        groups = "contact_lifecycle.group_manager,im_livechat.im_livechat_group_user"
        operator = self.make_user("lifecycle_operator", groups)
        channel = self.make_livechat(self.contact)
        other = self.make_contacts(1)

        def get_talking(user):
            self.env.invalidate_all()
            return (self.contact | other).with_user(user).filtered("lifecycle_in_conversation")

        self.assertEqual(get_talking(operator), self.contact)
        self.assertFalse(get_talking(self.manager))
        channel.livechat_end_dt = fields.Datetime.now()
        self.assertFalse(get_talking(operator))

    def test_open_revenue(self):
        """A3: opportunities that are neither won nor lost, those that the user may read, in the company's currency"""
        self.make_opportunity(self.contact, 1000)
        self.make_opportunity(self.contact, 500)
        self.make_opportunity(self.contact, 70, type="lead")
        self.make_opportunity(self.contact, 30, active=False, probability=0)
        self.make_opportunity(self.contact, 20).action_set_won()
        self.make_opportunity(self.contact, 4, user=self.manager)
        self.assertIn("1,500.00", self.contact.with_user(self.seller).lifecycle_open_revenue)
        self.assertIn("1,504.00", self.contact.lifecycle_open_revenue)
        other = self.make_contacts(1)
        self.assertFalse(other.with_user(self.seller).lifecycle_open_revenue)

    def test_open_revenue_is_for_who_reads_opportunities(self):
        """A3, P1: a manager without the role of a salesperson is told nothing, and the page opens"""
        self.make_opportunity(self.contact, 1000)
        self.assertTrue(self.read_cards(self.contact, self.seller)[0]["lifecycle_open_revenue"])
        self.assertFalse(self.read_cards(self.contact, self.manager)[0]["lifecycle_open_revenue"])

    def test_no_query_per_card(self):
        """A3"""

        def count(contacts):
            contacts = self.make_contacts(contacts, self.payment)
            contacts.lifecycle_stage_id = self.hot_lead  # back, which locks
            for contact in contacts:
                self.make_livechat(contact)
                contact.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
                self.make_opportunity(contact, 5)
            return self.count_queries(lambda: self.read_cards(contacts, self.seller))

        self.assertNoQueryPerRecord(count, 20, 40, per_record=0.04)

    def test_quick_create(self):
        """A3: a contact of a column, with name, email, phone and company"""
        company = self.Partner.create({"name": "Engines", "is_company": True})
        Partner = self.Partner.with_user(self.manager).with_context(
            default_lifecycle_stage_id=self.hot_lead.id
        )
        view = etree.fromstring(
            self.Partner.with_user(self.manager).get_view(self.kanban.id, "kanban")["arch"]
        )
        form = Form(Partner, view=view.get("quick_create_view"))
        form.name, form.email, form.phone = "Ada Byron", "ada@example.com", "+32 456"
        form.parent_id = company
        contact = form.save()
        self.assertEqual((contact.parent_id, contact.email), (company, "ada@example.com"))
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)
