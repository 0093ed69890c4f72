from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.translate import CodeTranslations

from ...models.stage.lifecycle_stage import MAX_STAGES, LifecycleStage
from ...models.stage.lifecycle_stage_template import LifecycleStage as ReadyMade
from ...wizard.lifecycle_stage_sets import STAGE_SETS, STAGES
from ..common import LifecycleCase

CONVERSATIONS = ["New Lead", "Hot Lead", "Payment", "Customer", "Cold Lead"]
LEAD_PIPELINE = ["New", "Attempting", "Connected", "Qualified", "Disqualified"]
MARKETING_FUNNEL = [
    "Subscriber",
    "Lead",
    "Marketing Qualified Lead",
    "Sales Qualified Lead",
    "Opportunity",
    "Customer",
    "Evangelist",
    "Other",
]


@tagged("post_install", "-at_install")
class TestStageSet(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Wizard = cls.env["lifecycle.stage.set.apply"].with_user(cls.owner)
        cls.contact.unlink()
        cls.empty_stages()

    def preview(self, stage_set, **vals):
        wizard = self.Wizard.create({"stage_set": stage_set, **vals})
        wizard.action_preview()
        return wizard

    def apply(self, stage_set, outcomes=None, **vals):
        """Apply a set as its dialog does.

        :param dict outcomes: stage that is not in the set -> what happens to it
        """
        wizard = self.preview(stage_set, **vals)
        for stage, outcome in (outcomes or {}).items():
            self.get_line(wizard, stage).outcome = outcome
        return wizard.action_apply()

    def get_line(self, wizard, stage):
        return wizard.line_ids.filtered(lambda line: line.stage_id == stage)

    def get_names(self):
        self.env.invalidate_all()
        return self.Stage.search([]).mapped("name")

    def test_offers_three_sets(self):
        """S14: each stage with emoji, description and entry criteria, and the shipped ones as they are shipped"""
        for stage_set, names in (
            ("conversations", CONVERSATIONS),
            ("lead_pipeline", LEAD_PIPELINE),
            ("marketing_funnel", MARKETING_FUNNEL),
        ):
            keys = STAGE_SETS[stage_set]["stages"]
            self.assertEqual([self.Stage._template_texts(STAGES[key])["name"] for key in keys], names)
        self.assertEqual({key for values in STAGE_SETS.values() for key in values["stages"]}, set(STAGES))
        for key in STAGE_SETS["conversations"]["stages"]:
            shipped = self.Stage._find_from_template(key, STAGES[key])
            for field, value in STAGES[key].items():
                value = value if isinstance(value, bool | str) else self.env._(value)
                self.assertEqual(shipped[field], value, f"{key}: {field}")
        self.assertEqual(
            len({template["emoji"] for template in STAGES.values()}), len(STAGES), "an emoji twice"
        )

    def test_lead_pipeline(self):
        """S14"""
        self.apply("lead_pipeline")
        self.assertEqual(
            self.get_names(), LEAD_PIPELINE[:-1] + CONVERSATIONS[:-1] + ["Disqualified", "Cold Lead"]
        )
        new = self.Stage.search([("name", "=", "New")])
        self.assertTrue(new.is_default)
        for key in STAGE_SETS["lead_pipeline"]["stages"]:
            stage = self.Stage._find_from_template(key, STAGES[key])
            self.assertTrue(stage.emoji and stage.description and stage.entry_criteria, key)
            self.assertEqual(stage.is_lost, key == "disqualified")

    def test_marketing_funnel(self):
        """S14: the customer is there already, and is taken over as it is"""
        contact = self.make_contacts(1, self.customer)
        self.customer.description = "Ours"
        self.apply("marketing_funnel", set_default=False)
        self.assertEqual(
            self.get_names(),
            [*MARKETING_FUNNEL[:5], *CONVERSATIONS[:3], *MARKETING_FUNNEL[5:], "Cold Lead"],
            "S16: what stays comes before the first won stage",
        )
        self.assertEqual(contact.lifecycle_stage_id, self.customer)
        self.assertEqual(len(self.get_log(contact)), 1)
        self.assertEqual(self.customer.description, "Ours")
        self.assertTrue(self.new_lead.is_default, "the default stays unless the owner says so")
        self.assertTrue(self.Stage.search([("name", "=", "Evangelist")]).is_won)

    def test_applying_twice_changes_nothing(self):
        """S14"""
        for stage_set in STAGE_SETS:
            self.apply(stage_set)
            before = self.Stage.search([]).read(["name", "sequence", "is_default", "is_lost", "emoji"])
            wizard = self.preview(stage_set)
            self.assertLessEqual(set(wizard.line_ids.mapped("outcome")), {"keep", "leave"})
            self.assertFalse(wizard.new_default_name, "there is nothing to choose")
            wizard.action_apply()
            self.env.invalidate_all()
            self.assertEqual(
                self.Stage.search([]).read(["name", "sequence", "is_default", "is_lost", "emoji"]), before
            )

    def test_contacts_and_their_stages_stay(self):
        """S14: each set after the other, with contacts in all stages, archived ones and conversations too"""
        stages = self.Stage.search([])
        contacts = self.Partner.union(*(self.make_contacts(2, stage) for stage in stages))
        contacts[::2].active = False
        conversation = self.make_livechat(self.make_guest())
        conversation.with_user(self.agent).action_lifecycle_set_stage(self.payment.id)
        before = {contact: contact.lifecycle_stage_id for contact in contacts}
        for stage_set in STAGE_SETS:
            wizard = self.preview(stage_set)
            for line in wizard.line_ids.filtered("contact_count"):
                self.assertEqual(line.contact_count, 1, line.name)
                self.assertEqual(line.contact_count, line.stage_id.contact_count)
                self.assertNotIn("delete", line.allowed_outcomes or [])
            for line in wizard.line_ids.filtered("is_free"):
                line.outcome = "leave" if "to_lost" not in line.allowed_outcomes else "to_lost"
            wizard.action_apply()
        self.assertEqual(len(stages.exists()), len(stages))
        self.assertEqual({contact: contact.lifecycle_stage_id for contact in contacts}, before)
        self.assertEqual(self.Transition.search_count([("partner_id", "in", contacts.ids)]), len(contacts))
        self.assertEqual(conversation.lifecycle_stage_id, self.payment)

    def test_preview_says_what_will_happen_and_changes_nothing(self):
        """S14"""
        self.make_contacts(3, self.hot_lead)
        own, own_lost = self.make_stages(1), self.LostStage.create({"name": "Qualified"}).stage_id
        before = self.get_names()
        wizard = self.preview("lead_pipeline")
        self.assertEqual(self.get_names(), before)
        self.assertEqual(
            [(line.name, line.outcome, line.contact_count) for line in wizard.line_ids],
            [
                ("✨ New", "add", 0),
                ("📞 Attempting", "add", 0),
                ("🤝 Connected", "add", 0),
                ("Qualified", "to_lifecycle", 0),
                ("❌ Disqualified", "add", 0),
                ("🆕 New Lead", "leave", 0),
                ("🔥 Hot Lead", "leave", 3),
                ("💵 Payment", "leave", 0),
                ("Stage 0", "leave", 0),
                ("🤩 Customer", "leave", 0),
                ("🧊 Cold Lead", "leave", 0),
            ],
        )
        choices = {line.name: line.allowed_outcomes for line in wizard.line_ids if line.is_free}
        self.assertEqual(choices["🔥 Hot Lead"], ["leave", "move", "to_lost"])
        self.assertEqual(choices["🧊 Cold Lead"], ["leave", "delete"])
        self.assertEqual(choices[own.name], ["leave", "to_lost", "delete"])
        self.assertNotIn("Qualified", choices)
        self.assertEqual(wizard.new_default_name, "✨ New")
        wizard.action_apply()
        self.assertFalse(own_lost.is_lost)
        # and back
        wizard.action_back()
        self.assertFalse(wizard.line_ids)
        self.assertEqual(wizard.step, "choose")

    def test_owner_chooses_for_each_stage_that_is_not_in_the_set(self):
        """S14"""
        contact = self.make_contacts(1, self.hot_lead)
        self.apply(
            "lead_pipeline",
            {self.new_lead: "delete", self.hot_lead: "to_lost", self.cold_lead.stage_id: "delete"},
        )
        self.assertEqual(
            self.get_names(), [*LEAD_PIPELINE[:-1], "Payment", "Customer", "Disqualified", "Hot Lead"]
        )
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)
        self.assertTrue(self.hot_lead.is_lost)

    def test_all_others_can_be_deleted(self):
        """S12, S14: there is a stage to start in all the time"""
        self.apply("lead_pipeline", dict.fromkeys(self.Stage.search([]), "delete"), set_default=False)
        self.assertEqual(self.get_names(), LEAD_PIPELINE)
        self.assertEqual(self.Stage.search([("is_default", "=", True)]).name, "New")

    def test_deleted_shipped_stages_come_back(self):
        """S14, S4"""
        self.delete_stage(self.payment)
        self.delete_stage(self.cold_lead.stage_id)
        self.apply("conversations")
        self.assertEqual(self.get_names(), CONVERSATIONS)
        payment = self.env.ref("contact_lifecycle.lifecycle_stage_payment")
        self.assertEqual((payment.emoji, payment.is_lost), ("💵", False))
        self.assertTrue(self.env.ref("contact_lifecycle.lifecycle_lost_stage_cold_lead").is_lost)

    def test_stages_are_recognised_by_name_whatever_the_case_and_language(self):
        """S14"""
        self.env["res.lang"]._activate_lang("fr_FR")
        by_case = self.Stage.create({"name": "CONNECTED "})
        by_language = self.Stage.create({"name": "Kwalificatie"})
        by_language.with_context(lang="fr_FR").name = "qualified"
        self.apply("lead_pipeline")
        self.assertFalse({"Connected", "Qualified"} & set(self.get_names()))
        stages = self.Stage.search([], limit=4)
        self.assertEqual(stages[2:], by_case | by_language)

    def test_texts_are_added_in_every_language(self):
        """S14, S6"""
        self.env["res.lang"]._activate_lang("fr_FR")
        french = {"New": "Nouveau", "Fits what we offer, and can be reached.": "Convient."}
        get = CodeTranslations.get_python_translations

        def get_python_translations(this, module, lang):
            return french if (module, lang) == ("contact_lifecycle", "fr_FR") else get(this, module, lang)

        with patch.object(CodeTranslations, "get_python_translations", get_python_translations):
            self.apply("lead_pipeline")
            again = self.preview("lead_pipeline")
            self.assertNotIn("add", again.line_ids.mapped("outcome"))
        new = self.env.ref("contact_lifecycle.lifecycle_stage_new")
        self.assertEqual(new.name, "New")
        self.assertEqual(new.with_context(lang="fr_FR").name, "Nouveau")
        self.assertEqual(new.with_context(lang="fr_FR").entry_criteria, "Convient.")
        # a Frenchman who applies it finds them under their French names
        new.name = "Something else"
        with patch.object(CodeTranslations, "get_python_translations", get_python_translations):
            wizard = self.Wizard.with_context(lang="fr_FR").create({"stage_set": "lead_pipeline"})
            wizard.action_preview()
            self.assertNotIn("add", wizard.line_ids.mapped("outcome"))

    def test_stage_renamed_by_its_owner_is_no_reason_for_another(self):
        """S14: unless the name is that of another one of the set"""
        self.new_lead.name = "Fresh"
        self.hot_lead.name = "New Lead"
        self.apply("conversations")
        self.assertEqual(
            self.get_names(), ["New Lead", "Hot Lead", "Payment", "Fresh", "Customer", "Cold Lead"]
        )
        self.customer.name = "Client"
        self.apply("marketing_funnel")
        self.assertEqual(self.get_names()[9], "Client")
        self.assertNotIn("Customer", self.get_names())

    def test_stage_of_the_wrong_kind_is_turned(self):
        """S13, S14"""
        self.hot_lead.with_user(self.owner).action_convert_to_lost()
        self.cold_lead.with_user(self.owner).action_convert_to_lifecycle()
        contact = self.make_contacts(1, self.hot_lead)
        wizard = self.preview("conversations")
        self.assertEqual(
            wizard.line_ids.mapped("outcome"), ["keep", "to_lifecycle", "keep", "keep", "to_lost"]
        )
        wizard.action_apply()
        self.assertEqual(self.get_names(), CONVERSATIONS)
        self.assertFalse(self.hot_lead.is_lost)
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)

    def test_limit_is_told_before_anything_is_changed(self):
        """S7, S14: in the preview, and again as it is applied"""
        self.make_stages(MAX_STAGES - self.Stage.search_count([]) - 3)
        before = self.get_names()
        wizard = self.preview("lead_pipeline")
        self.assertEqual(wizard.excess, 2)
        with (
            patch.object(ReadyMade, "_create_from_template", side_effect=AssertionError("changed something")),
            self.assertRaisesRegex(UserError, "would bring them to 22: delete 2 of the others first"),
        ):
            wizard.action_apply()
        self.assertEqual(self.get_names(), before)
        with Form(wizard) as form:
            for index in (5, 6):
                with form.line_ids.edit(index) as line:
                    line.outcome = "delete"
            self.assertEqual(form.excess, 0)
        wizard.action_apply()
        self.assertEqual(self.Stage.search_count([]), MAX_STAGES)

    def test_stage_that_a_contact_enters_meanwhile_is_not_deleted(self):
        """S14: what counts is how it is as the set is applied"""
        wizard = self.preview("lead_pipeline")
        self.get_line(wizard, self.payment).outcome = "delete"
        contact = self.make_contacts(1, self.payment)
        before = self.get_names()
        with self.assertRaisesRegex(UserError, "There are contacts in 💵 Payment: leave it, or move them"):
            wizard.action_apply()
        contact.active = False
        with self.assertRaisesRegex(UserError, "There are contacts in 💵 Payment"):
            wizard.action_apply()
        self.assertEqual(self.get_names(), before)
        contact.unlink()
        wizard.action_apply()
        self.assertFalse(self.payment.exists())

    def test_what_others_did_since_the_preview_counts(self):
        """S14: two owners at once, one after the other; the second makes no duplicates"""
        first, second = self.preview("lead_pipeline"), self.preview("lead_pipeline")
        self.get_line(second, self.payment).outcome = "delete"
        self.delete_stage(self.payment)
        first.action_apply()
        second.action_apply()
        names = self.get_names()
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(names[:4], LEAD_PIPELINE[:-1])

    def test_structure_is_locked(self):
        """S14: whoever comes second is run again by Odoo, and sees what the first one did"""
        wizard = self.preview("conversations", set_default=False)  # there is nothing to add
        with (
            patch.object(LifecycleStage, "_lock_structure", autospec=True, side_effect=UserError("locked")),
            self.assertRaisesRegex(UserError, "locked"),
        ):
            wizard.action_apply()

    def test_choices_cannot_be_forged(self):
        """S14: a stage of the set is not deleted, whatever the line says"""
        wizard = self.preview("conversations")
        self.get_line(wizard, self.hot_lead).write({"outcome": "delete", "is_free": True})
        wizard.action_apply()
        self.assertEqual(self.get_names(), CONVERSATIONS)

    def test_without_preview_the_others_are_left(self):
        """S14: by the API"""
        own = self.make_stages(1)
        self.Wizard.create({"stage_set": "conversations"}).action_apply()
        self.assertTrue(own.exists())

    def test_only_owners_apply_sets(self):
        """P1, S14"""
        for user in (self.manager, self.agent, self.portal):
            with self.assertRaises(AccessError):
                self.Wizard.with_user(user).create({"stage_set": "conversations"})
        for method in ("action_preview", "action_apply"):
            wizard = self.Wizard.create({"stage_set": "lead_pipeline"})
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(self.manager), method)()

    def test_stage_being_deleted_is_not_the_one_of_the_set(self):
        """S11, S14: another one is added"""
        self.make_contacts(2, self.payment)
        with patch("odoo.addons.contact_lifecycle.models.batch.lifecycle_stage.BATCH_SIZE", 1):
            self.delete_stage(self.payment)
        self.assertTrue(self.payment.deletion_pending)
        self.apply("conversations")
        payments = self.Stage.search([("name", "=", "Payment")])
        self.assertEqual(payments.mapped("deletion_pending"), [False, True])
        self.assertEqual(self.env.ref("contact_lifecycle.lifecycle_stage_payment"), payments[0])
        self.payment._move_out_batch()
        self.payment._delete_emptied()
        self.assertEqual(self.env.ref("contact_lifecycle.lifecycle_stage_payment"), payments[0])

    def test_another_addons_set(self):
        """S14: offered and applied like ours; its texts need not be translated, and its stages may be in other sets"""
        sets = self.Wizard._get_stage_sets()
        own = {
            "name": "Field sales",
            "description": "For those who visit people.",
            "stages": {
                "to_visit": {"emoji": "🧭", "name": "To Visit", "description": "A visit is planned."},
                "payment": STAGES["payment"],
                "not_at_home": {"emoji": "🚪", "name": "Not at Home", "is_lost": True},
            },
        }
        with patch.object(type(self.Wizard), "_get_stage_sets", lambda wizard: {**sets, "field_sales": own}):
            wizard = self.preview("field_sales")
            self.assertEqual(wizard.stage_names, "🧭 To Visit → 💵 Payment")
            self.assertEqual(wizard.lost_stage_names, "🚪 Not at Home")
            wizard.action_apply()
            wizard = self.preview("field_sales")
        self.assertLessEqual(set(wizard.line_ids.mapped("outcome")), {"keep", "leave"}, "applied twice")
        self.assertEqual(
            self.get_names(),
            ["To Visit", "Payment", "New Lead", "Hot Lead", "Customer", "Not at Home", "Cold Lead"],
        )
        self.assertEqual(self.Stage.search([], limit=1).description, "A visit is planned.")
