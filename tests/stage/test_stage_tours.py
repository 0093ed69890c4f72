from odoo.tests import tagged

from ..common import LifecycleCase
from ..common_patient import PatientCase
from ..common_two_people import BesideCase, Colleague, somebody_beside

ROW = "document.querySelector(\"[data-kind=lifecycle] .o_contact_lifecycle_stage_row[data-name='{}']{}\")".format


@tagged("post_install", "-at_install")
class TestStageTours(PatientCase, LifecycleCase):
    """Owners arrange their stages on one page; what counts is what the database says afterwards."""

    def test_stages(self):
        """S6, S9, S10, S11, A1: the owner adds a stage, makes it the default, and deletes it."""
        self.start_tour("/odoo", "contact_lifecycle.stages", login=self.owner.login)

        contact = self.Partner.search([("name", "=", "Next Contact")])
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(
            self.get_moves(contact),
            [(False, "😀 Negotiation", "default"), ("😀 Negotiation", "🔥 Hot Lead", "stage_deletion")],
        )
        self.assertFalse(self.Stage.search([("name", "=", "Negotiation")]))
        self.assertTrue(self.new_lead.is_default)

    def test_stage_edited(self):
        """S6, S15, S17: in place, each text saved as the owner leaves it"""
        self.start_tour("/odoo/lifecycle-stages", "contact_lifecycle.stage_edited", login=self.owner.login)

        self.assertRecordValues(
            self.hot_lead,
            [
                {
                    "name": "Warm Lead",
                    "description": "Has asked for a price.",
                    "entry_criteria": "We know the budget.",
                    "is_won": True,
                }
            ],
        )

    def test_stage_order(self):
        """S8, S17: by dragging, and with the keyboard"""
        self.start_tour("/odoo/lifecycle-stages", "contact_lifecycle.stage_order", login=self.owner.login)

        stages = self.Stage.search([("is_lost", "=", False)])
        self.assertEqual(stages.mapped("name"), ["New Lead", "Customer", "Hot Lead", "Payment"])

    def test_lost_stages(self):
        """S5, S9: several suggested ones at once, and one of the owner's own"""
        self.start_tour("/odoo", "contact_lifecycle.lost_stages", login=self.owner.login)

        self.assertEqual(
            self.LostStage.search([]).mapped("name"),
            ["Cold Lead", "Unqualified", "No Response", "Moved Abroad"],
        )
        self.assertTrue(self.env.ref("contact_lifecycle.lifecycle_lost_stage_no_response").description)

    def test_convert_stages(self):
        """S13, S17: by dragging to the other column, and back by the menu; what stays in it is said before"""
        self.contact.lifecycle_stage_id = self.hot_lead
        self.env["lifecycle.rule"].create(
            {
                "name": "Rule",
                "kind": "criteria",
                "domain": "[('ref', '=', 'x')]",
                "to_stage_id": self.hot_lead.id,
                "active": True,
            }
        )
        moves = self.get_moves(self.contact)

        self.start_tour("/odoo", "contact_lifecycle.convert_stages", login=self.owner.login)

        self.assertTrue(self.hot_lead.is_lost)
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(self.get_moves(self.contact), moves)
        self.assertFalse(self.Stage.search([("name", "=", "Cold Lead")]).is_lost)


@tagged("post_install", "-at_install")
class TestStagesTwoPeople(BesideCase, LifecycleCase):
    """A manager has the page of stages open while the owner changes them."""

    browser_size = "1600x900"

    def test_changes_show_without_a_reload(self):
        """S17, M2: another name, and another order"""
        with somebody_beside(self, lambda: Colleague(self, self.manager)) as manager:
            manager.open("/odoo/lifecycle-stages")
            manager.wait(ROW("Hot Lead", ""))
            self.start_tour(
                "/odoo/lifecycle-stages", "contact_lifecycle.stage_edited", login=self.owner.login
            )
            manager.wait(ROW("Warm Lead", ""))
            self.start_tour("/odoo/lifecycle-stages", "contact_lifecycle.stage_order", login=self.owner.login)
            manager.wait(ROW("Customer", ":nth-child(2)"))


@tagged("post_install", "-at_install")
class TestStageToursPhone(PatientCase, LifecycleCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_stages(self):
        """S9, S17: the two kinds are two tabs"""
        self.start_tour("/odoo/lifecycle-stages", "contact_lifecycle.stages_phone", login=self.owner.login)

        stage = self.Stage.search([("name", "=", "No Budget")])
        self.assertEqual((len(stage), stage.is_lost), (1, False))
