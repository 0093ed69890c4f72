from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestLead(LifecycleCase):
    """The stage of the contact on its leads and opportunities (A11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls.make_user("lifecycle_salesman", "sales_team.group_sale_salesman_all_leads")
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Lead", "partner_id": cls.contact.id, "type": "opportunity"}
        )

    def test_lead_shows_the_stage_of_its_contact(self):
        """A11"""
        lead = self.lead.with_user(self.salesman)
        self.assertEqual(lead.lifecycle_stage_id, self.new_lead)
        self.contact.lifecycle_stage_id = self.hot_lead
        self.assertEqual(lead.lifecycle_stage_id, self.hot_lead)
        lead.partner_id = self.make_contacts(1, self.payment)
        self.assertEqual(lead.lifecycle_stage_id, self.payment)
        lead.partner_id = False
        self.assertFalse(lead.lifecycle_stage_id)

    def test_stage_is_changed_from_the_lead(self):
        """A11, H2"""
        with Form(self.lead.with_user(self.salesman)) as form:
            form.lifecycle_stage_id = self.payment
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment)
        row = self.get_log(self.contact)[-1]
        self.assertEqual((row.to_stage_id, row.user_id, row.source), (self.payment, self.salesman, "manual"))
        self.lead.with_user(self.salesman).lifecycle_stage_id = False
        self.assertFalse(self.contact.lifecycle_stage_id)

    def test_several_leads_at_once(self):
        """A11, A5: one row for each contact"""
        other = self.make_contacts(1)
        leads = self.lead | self.lead.copy() | self.lead.create({"name": "x", "partner_id": other.id})
        leads.with_user(self.salesman).write({"lifecycle_stage_id": self.payment.id})
        for contact in (self.contact, other):
            self.assertEqual(contact.lifecycle_stage_id, self.payment)
            self.assertEqual(len(self.get_log(contact)), 2)

    def test_lead_without_a_contact_has_no_stage(self):
        """A11"""
        lead = self.lead.create({"name": "Nobody's lead"}).with_user(self.salesman)
        self.assertFalse(lead.lifecycle_stage_id)
        with self.assertRaisesRegex(UserError, "Nobody's lead: choose the contact before its stage"):
            lead.lifecycle_stage_id = self.payment
        lead.write({"partner_id": self.contact.id, "lifecycle_stage_id": self.payment.id})
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment)

    def test_leads_are_found_by_stage(self):
        """A11"""
        Lead = self.env["crm.lead"].with_user(self.manager).sudo()
        self.assertIn(self.lead, Lead.search([("lifecycle_stage_id", "=", self.new_lead.id)]))
        self.assertNotIn(self.lead, Lead.search([("lifecycle_stage_id", "=", self.payment.id)]))
        self.assertIn(self.lead, Lead.search([("lifecycle_stage_id", "like", "New")]))

    def test_views_of_leads_show_the_stage(self):
        """A11: form, kanban card and list"""
        views = (
            ("form", "crm.crm_lead_view_form"),
            ("kanban", "crm.crm_case_kanban_view_leads"),
            ("list", "crm.crm_case_tree_view_oppor"),
            ("list", "crm.crm_case_tree_view_leads"),
        )
        for view_type, xmlid in views:
            view = self.env["crm.lead"].with_user(self.salesman).get_view(self.env.ref(xmlid).id, view_type)
            self.assertTrue(
                etree.fromstring(view["arch"]).xpath(
                    "//field[@name='lifecycle_stage_id'][@widget='lifecycle_stage']"
                ),
                xmlid,
            )

    def test_card_without_a_stage_offers_none(self):
        """A11: it has a stage of the pipeline already"""
        view_id = self.env.ref("crm.crm_case_kanban_view_leads").id
        view = self.env["crm.lead"].with_user(self.salesman).get_view(view_id, "kanban")
        [field] = etree.fromstring(view["arch"]).xpath(
            "//t[@t-name='card']//field[@name='lifecycle_stage_id']"
        )
        self.assertEqual(field.get("invisible"), "not lifecycle_stage_id")

    def test_user_without_role_does_not_see_it(self):
        """P1"""
        self.lead.user_id = self.internal
        with self.assertRaises(AccessError):
            self.lead.with_user(self.internal).read(["lifecycle_stage_id"])
