from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestStageSetMoves(LifecycleCase):
    """S16: where the contacts go whose stage is not in the set that is applied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Wizard = cls.env["lifecycle.stage.set.apply"].with_user(cls.owner)
        cls.contact.unlink()
        cls.empty_stages()

    def preview(self, stage_set):
        wizard = self.Wizard.create({"stage_set": stage_set})
        wizard.action_preview()
        return wizard

    def get_line(self, wizard, stage):
        return wizard.line_ids.filtered(lambda line: line.stage_id == stage)

    def get_suggestions(self, wizard):
        return {
            line.stage_id.name: line.target_line_id.name
            for line in wizard.line_ids
            if "move" in (line.allowed_outcomes or [])
        }

    def test_each_stage_in_use_has_a_suggestion(self):
        """S16: the like of it at the same point of the way, with the count; empty stages have nothing to move"""
        for stage in (self.new_lead, self.payment, self.cold_lead.stage_id):
            self.make_contacts(2, stage)
        self.make_contacts(1, self.hot_lead).active = False
        self.assertEqual(
            self.get_suggestions(self.preview("marketing_funnel")),
            {
                "New Lead": "👀 Subscriber",
                "Hot Lead": "📣 Marketing Qualified Lead",
                "Payment": "💼 Opportunity",
                "Cold Lead": "📁 Other",
            },
        )
        wizard = self.preview("lead_pipeline")
        self.assertEqual(
            self.get_suggestions(wizard),
            {
                "New Lead": "✨ New",
                "Hot Lead": "📞 Attempting",
                "Payment": "✅ Qualified",
                "Cold Lead": "❌ Disqualified",
            },
        )
        self.assertEqual(self.get_line(wizard, self.payment).contact_count, 2)
        self.make_contacts(1, self.customer)
        suggestions = self.get_suggestions(self.preview("lead_pipeline"))
        self.assertEqual(suggestions["Customer"], "✅ Qualified", "the set has no won stage: its last one")

    def test_contacts_move_and_their_stage_goes(self):
        """S16, S11: to a stage that is added, as when a stage is deleted; whoever cannot be seen goes along"""
        contacts = self.make_contacts(3, self.hot_lead)
        contacts[0].active = False
        conversation = self.make_livechat(self.make_guest())
        conversation.with_user(self.agent).action_lifecycle_set_stage(self.hot_lead.id)
        staying = self.make_contacts(1, self.payment)
        wizard = self.preview("marketing_funnel")
        line = self.get_line(wizard, self.hot_lead)
        self.assertEqual(line.outcome, "leave", "nothing is moved unless the owner says so")
        line.write({"outcome": "move", "target_line_id": wizard.line_ids[4].id})
        wizard.action_apply()
        opportunity = self.env.ref("contact_lifecycle.lifecycle_stage_opportunity")
        self.assertFalse(self.hot_lead.exists())
        self.assertEqual(contacts.lifecycle_stage_id | conversation.lifecycle_stage_id, opportunity)
        for contact in contacts:
            self.assertEqual(self.get_moves(contact)[-1], ("🔥 Hot Lead", "💼 Opportunity", "stage_deletion"))
            self.assertEqual(self.get_log(contact)[-1].user_id, self.owner)
        self.assertEqual(staying.lifecycle_stage_id, self.payment)

    def test_large_numbers_move_in_the_background(self):
        """S16, S11"""
        contacts = self.make_contacts(3, self.hot_lead)
        wizard = self.preview("marketing_funnel")
        self.get_line(wizard, self.hot_lead).outcome = "move"
        with patch("odoo.addons.contact_lifecycle.models.batch.lifecycle_stage.BATCH_SIZE", 1):
            wizard.action_apply()
        target = self.env.ref("contact_lifecycle.lifecycle_stage_marketing_qualified_lead")
        self.assertTrue(self.hot_lead.deletion_pending)
        self.assertEqual(self.hot_lead.deletion_target_id, target)
        self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead | target)

    def test_target_is_a_stage_of_the_set(self):
        """S16: whatever the line says"""
        contact = self.make_contacts(1, self.hot_lead)
        wizard = self.preview("marketing_funnel")
        before = self.Stage.search([]).mapped("name")
        for target in (self.get_line(wizard, self.payment), wizard.line_ids.browse()):
            self.get_line(wizard, self.hot_lead).write({"outcome": "move", "target_line_id": target.id})
            with self.assertRaisesRegex(UserError, "Choose where the contacts in 🔥 Hot Lead move"):
                wizard.action_apply()
        self.assertEqual(self.Stage.search([]).mapped("name"), before)
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)

    def test_stage_that_was_emptied_meanwhile_goes_as_well(self):
        """S14, S16: what counts is how it is as the set is applied"""
        contact = self.make_contacts(1, self.hot_lead)
        wizard = self.preview("marketing_funnel")
        self.get_line(wizard, self.hot_lead).outcome = "move"
        contact.lifecycle_stage_id = self.payment
        wizard.action_apply()
        self.assertFalse(self.hot_lead.exists())

    def test_default_stage_can_move_too(self):
        """S10, S16: also where the owner does not take the set's first stage for new contacts"""
        self.make_contacts(1, self.new_lead)
        wizard = self.preview("marketing_funnel")
        wizard.set_default = False
        self.get_line(wizard, self.new_lead).outcome = "move"
        wizard.action_apply()
        self.assertEqual(self.Stage.search([("is_default", "=", True)]).name, "Subscriber")


@tagged("post_install", "-at_install")
class TestPlaceOfStages(LifecycleCase):
    """S16: nothing comes after a won stage unless somebody puts it there."""

    def get_names(self):
        self.env.invalidate_all()
        return self.Stage.search([("is_lost", "=", False)]).mapped("name")

    def test_new_stages_come_before_the_first_won_one(self):
        """S16: from the form, by name, by an import and by the API, in the order in which they are given"""
        Stage = self.Stage.with_user(self.owner)
        Stage.web_save({"name": "A"}, {})
        Stage.name_create("B")
        Stage.load(["name"], [["C"], ["D"]])
        Stage.create([{"name": "E"}, {"name": "F"}])
        self.assertEqual(
            self.get_names(), ["New Lead", "Hot Lead", "Payment", "A", "B", "C", "D", "E", "F", "Customer"]
        )

    def test_returning_stage_comes_before_the_first_won_one(self):
        """S13, S16"""
        self.hot_lead.with_user(self.owner).action_convert_to_lost()
        (self.hot_lead.lost_stage_ids | self.cold_lead).with_user(self.owner).action_convert_to_lifecycle()
        self.assertEqual(self.get_names(), ["New Lead", "Payment", "Cold Lead", "Hot Lead", "Customer"])

    def test_somebody_may_put_a_stage_anywhere(self):
        """S16: by dragging it, or by saying so as it is made; a won one comes last"""
        Stage = self.Stage.with_user(self.owner)
        Stage.create([{"name": "Onboarding", "sequence": 50}, {"name": "Advocate", "is_won": True}])
        self.payment.with_user(self.owner).sequence = 60
        self.assertEqual(
            self.get_names(), ["New Lead", "Hot Lead", "Customer", "Onboarding", "Advocate", "Payment"]
        )
        Stage.create({"name": "Trial"})
        self.assertEqual(
            self.get_names(),
            ["New Lead", "Hot Lead", "Trial", "Customer", "Onboarding", "Advocate", "Payment"],
        )

    def test_order_without_a_won_stage(self):
        """S16: then the new one is the last"""
        self.customer.is_won = False
        self.Stage.create({"name": "Trial"})
        self.assertEqual(self.get_names()[-2:], ["Customer", "Trial"])

    def test_lost_stages_keep_their_order(self):
        """S5, S16: they are no part of the way"""
        self.LostStage.create({"name": "Gone"})
        self.assertEqual(self.LostStage.search([]).mapped("name"), ["Cold Lead", "Gone"])
        self.assertEqual(self.get_names()[-1], "Customer")
