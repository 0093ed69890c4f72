from datetime import datetime, timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.convert import convert_file

from ..common_funnel import FunnelCase

KPIS = ("kpi_lifecycle_customers", "kpi_lifecycle_lost")
SINCE = datetime(2025, 3, 1)


@tagged("post_install", "-at_install")
class TestDigest(FunnelCase):
    """New customers and lost contacts in Odoo's digest mail (M6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create({"name": "Lifecycle", **dict.fromkeys(KPIS, True)})

    def get_values(self, user=None, company=None, days=7):
        """:return: new customers and lost contacts in the week from SINCE, as a recipient gets them"""
        digest = self.digest.with_user(user or self.manager).with_context(
            start_datetime=SINCE, end_datetime=SINCE + timedelta(days=days)
        )
        if company:
            digest = digest.with_company(company)
        digest.invalidate_recordset()
        return tuple(digest[f"{kpi}_value"] for kpi in KPIS)

    def test_contacts_that_became_customers_or_were_lost(self):
        """M6: in the period, each once, and from outside"""
        self.make_history((self.new_lead, 0), (self.customer, 1), start=SINCE)
        self.make_history((self.customer, 6), start=SINCE)
        self.make_history((self.customer, 0), (self.payment, 1), (self.customer, 2), start=SINCE)
        self.make_history((self.new_lead, 0), (self.cold, 1), (self.new_lead, 2), (self.cold, 3), start=SINCE)
        for outside in (-1, 7):
            self.make_history((self.customer, outside), start=SINCE)
            self.make_history((self.cold, outside), start=SINCE)
        self.assertEqual(self.get_values(), (3, 1))

    def test_moves_among_won_or_lost_stages_are_nothing_new(self):
        """M6"""
        advocate = self.Stage.create({"name": "Advocate", "is_won": True})
        other = self.LostStage.create({"name": "No Response"}).stage_id
        self.make_history((self.customer, -10), (advocate, 1), start=SINCE)
        self.make_history((self.cold, -10), (other, 1), start=SINCE)
        self.assertEqual(self.get_values(), (0, 0))

    def test_archived_contacts_and_those_without_a_lifecycle_do_not_count(self):
        """M6, A2"""
        for vals in ({"active": False}, {"type": "delivery"}):
            self.make_history((self.customer, 1), (self.cold, 2), start=SINCE).write(vals)
        self.assertEqual(self.get_values(), (0, 0))

    def test_each_company_has_its_own(self):
        """M6: contacts of no company are everybody's"""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.company_ids |= company
        self.digest.company_id = False
        for contact_company in (company, company, self.env["res.company"]):
            self.make_history((self.customer, 1), start=SINCE).company_id = contact_company
        self.assertEqual(self.get_values(), (1, 0))
        self.assertEqual(self.get_values(company=company), (3, 0))

    def test_mails_to_others_leave_them_out(self):
        """P1: Odoo skips what raises AccessError"""
        self.make_history((self.customer, 0), start=fields.Datetime.now() - timedelta(hours=2))
        for user, expected in ((self.agent, []), (self.internal, []), (self.manager, list(KPIS))):
            kpis = self.digest._compute_kpis(user.company_id, user)
            self.assertEqual(
                [kpi["kpi_name"] for kpi in kpis if kpi["kpi_name"] in KPIS], expected, user.login
            )
        [customers] = [kpi for kpi in kpis if kpi["kpi_name"] == KPIS[0]]
        self.assertEqual(customers["kpi_col1"]["value"], 1)
        self.assertRegex(
            customers["kpi_action"], r"^contact_lifecycle\.lifecycle_transition_action\?menu_id=\d+$"
        )
        with self.assertRaisesRegex(AccessError, "Only lifecycle managers see these figures"):
            self.get_values(self.agent)

    def test_nothing_while_stages_are_not_shown(self):
        """S2"""
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        with self.assertRaises(AccessError):
            self.get_values()
        view = self.digest.with_user(self.owner).get_view(view_type="form")
        self.assertFalse(etree.fromstring(view["arch"]).xpath("//field[contains(@name, 'kpi_lifecycle')]"))

    def test_default_digest_has_both(self):
        """M6: on the form too"""
        digest = self.env.ref("digest.digest_digest_default")
        self.assertTrue(digest.kpi_lifecycle_customers and digest.kpi_lifecycle_lost)
        arch = digest.with_user(self.administrator).get_view(view_type="form")["arch"]
        shown = {field.get("name") for field in etree.fromstring(arch).iter("field")}
        self.assertLessEqual(set(KPIS), shown)

    def test_owner_who_switched_them_off_keeps_them_off(self):
        """M6: an update of the addon does not write them again"""
        digest = self.env.ref("digest.digest_digest_default")
        digest.kpi_lifecycle_lost = False
        convert_file(self.env, "contact_lifecycle", "data/digest_data.xml", {}, mode="update")
        self.assertFalse(digest.kpi_lifecycle_lost)
        convert_file(self.env, "contact_lifecycle", "data/digest_data.xml", {}, mode="init")
        self.assertTrue(digest.kpi_lifecycle_lost, "as when the addon is installed")
