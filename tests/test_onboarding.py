from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import html2plaintext

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestFirstSteps(HttpCase, LifecycleCase):
    """What leads a newcomer through the addon (issue 6)."""

    def test_tour(self):
        """S1, A3: an owner adds a contact and moves it on."""
        self.start_tour("/odoo", "contact_lifecycle_tour", login=self.administrator.login)

        contact = self.Partner.search([("name", "=", "Ada Example")])
        first, second = self.get_log(contact)
        self.assertEqual(first.to_stage_id, self.new_lead)
        self.assertEqual(second.from_stage_id, self.new_lead)
        self.assertEqual(second.to_stage_id, self.hot_lead)

    def test_tour_is_offered(self):
        """Odoo offers the tours that are records to administrators of databases without demo data."""
        tour = self.env.ref("contact_lifecycle.contact_lifecycle_tour")
        administrator = self.administrator.with_user(self.administrator)
        administrator.switch_tour_enabled(True)
        others = self.env["web_tour.tour"].search([("id", "!=", tour.id)])
        others.user_consumed_ids += self.administrator

        offered = self.env["web_tour.tour"].with_user(self.administrator).get_current_tour()
        self.assertEqual(offered["name"], "contact_lifecycle_tour")
        self.assertIn("Well done", offered["rainbowManMessage"])


@tagged("post_install", "-at_install")
class TestHelp(TransactionCase):
    def test_empty_screens_have_help(self):
        """Who comes to a screen with nothing on it reads what it is for."""
        own = self.env["ir.model.data"].search(
            [("module", "=", "contact_lifecycle"), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(own.mapped("res_id"))
        screens = actions.filtered(lambda action: action.view_mode != "form" and action.target != "new")
        self.assertGreater(len(screens), 5)
        for screen in screens:
            with self.subTest(screen=screen.name):
                self.assertGreater(len(html2plaintext(screen.help or "")), 40)
                self.assertIn("o_view_nocontent", screen.help)
