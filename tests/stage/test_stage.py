from ast import literal_eval

from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.stage.lifecycle_stage import MAX_STAGES
from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestStage(LifecycleCase):
    def test_ships_four_lifecycle_stages_in_order(self):
        """S3"""
        stages = self.new_lead | self.hot_lead | self.payment | self.customer
        self.assertEqual(stages.mapped("name"), ["New Lead", "Hot Lead", "Payment", "Customer"])
        self.assertEqual(stages.sorted(), stages, "their order is not the shipped one")
        self.assertEqual(stages.mapped("is_won"), [False, False, False, True])
        self.assertTrue(self.new_lead.is_default)
        for stage in stages:
            with self.subTest(stage=stage.name):
                self.assertTrue(stage.emoji)
                self.assertTrue(stage.description)
                self.assertFalse(stage.is_lost)

    def test_stage_has_name_description_and_emoji_that_the_owner_edits(self):
        """S6, S15"""
        texts = {
            "name": "Negotiation",
            "emoji": "🤝",
            "description": "We talk about the price.",
            "entry_criteria": "The budget is known.",
        }
        with Form(self.Stage.with_user(self.owner)) as form:
            for field, text in texts.items():
                form[field] = text
        stage = form.record
        self.assertRecordValues(stage, [texts])
        with Form(stage) as form:
            form.emoji = False
            form.name = "Bargaining"
        self.assertRecordValues(stage, [{**texts, "name": "Bargaining", "emoji": False}])

    def test_display_name_is_emoji_and_name(self):
        """S6"""
        self.hot_lead.write({"name": "Warm", "emoji": "🌶️"})
        self.assertEqual(self.hot_lead.display_name, "🌶️ Warm")
        self.hot_lead.emoji = False
        self.assertEqual(self.hot_lead.display_name, "Warm")

    def test_texts_are_translatable(self):
        """S6, S15"""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.hot_lead.entry_criteria = "Asked for a price."
        french = self.hot_lead.with_context(lang="fr_FR")
        for field in ("name", "description", "entry_criteria"):
            english = self.hot_lead[field]
            french[field] = "En français"
            self.assertEqual(self.hot_lead[field], english, field)
            self.assertEqual(french[field], "En français", field)

    def test_entry_criteria_are_given_where_a_stage_is_chosen(self):
        """S15: on the column of the pipeline, and in the choice of a lost stage"""
        self.cold_lead.entry_criteria = "No answer for a month."
        view = self.Partner.with_user(self.manager).get_view(
            self.env.ref("contact_lifecycle.res_partner_view_kanban_lifecycle").id, "kanban"
        )
        # which tells the criteria, see stage_board.test.js
        self.assertEqual(etree.fromstring(view["arch"]).get("js_class"), "lifecycle_pipeline_kanban")
        wizard = self.env["lifecycle.contact.lost"].with_user(self.agent)
        form = Form(wizard.with_context(active_ids=self.contact.ids))
        form.lost_stage_id = self.cold_lead.stage_id
        self.assertEqual(form.entry_criteria, "No answer for a month.")

    def test_owner_reorders_stages_by_the_handle(self):
        """S8"""
        stages = self.new_lead | self.hot_lead | self.payment | self.customer
        others = self.Stage.search([("is_lost", "=", False)]) - stages
        new_order = self.customer | self.payment | self.hot_lead | self.new_lead | others
        new_order.with_user(self.owner).web_resequence({"id": {}})
        self.assertEqual(self.Stage.search([("is_lost", "=", False)]).ids, new_order.ids)

    def test_lists_begin_with_a_handle(self):
        """S8"""
        for model in ("lifecycle.stage", "lifecycle.lost.stage"):
            arch = self.env[model].with_user(self.owner).get_view(view_type="list")["arch"]
            first = etree.fromstring(arch).find("field")
            self.assertEqual((first.get("name"), first.get("widget")), ("sequence", "handle"), model)

    def test_configuration_shows_both_kinds_apart(self):
        """S9"""
        env = self.env(user=self.owner)
        for action, model, expected in (
            ("lifecycle_stage_action", "lifecycle.stage", self.new_lead),
            ("lifecycle_lost_stage_action", "lifecycle.lost.stage", self.cold_lead),
        ):
            action = env["ir.actions.act_window"]._for_xml_id(f"contact_lifecycle.{action}")
            self.assertEqual(action["res_model"], model)
            shown = env[model].search(literal_eval(action["domain"] or "[]"))
            self.assertIn(expected, shown)
            self.assertEqual(set(shown.mapped("is_lost")), {model == "lifecycle.lost.stage"})

    def test_new_stage_comes_before_the_customer(self):
        """S8, S16"""
        self.assertEqual(self.Stage.search([("is_lost", "=", False)])[-1:], self.customer)
        stage = self.make_stages(1)
        self.assertEqual(self.Stage.search([("is_lost", "=", False)])[-2:], stage | self.customer)

    def test_twenty_stages_are_the_limit_for_both_kinds_together(self):
        """S7"""
        missing = MAX_STAGES - self.Stage.search_count([])
        self.make_stages(missing - 1)
        self.LostStage.create({"name": "The twentieth"})
        for model in ("lifecycle.stage", "lifecycle.lost.stage"):
            with self.subTest(model=model), self.assertRaisesRegex(UserError, "at most 20 stages"):
                self.env[model].with_user(self.owner).create({"name": "The twenty-first"})
        self.assertEqual(self.Stage.search_count([]), MAX_STAGES)

    def test_limit_holds_for_several_stages_at_once(self):
        """S7"""
        missing = MAX_STAGES - self.Stage.search_count([])
        with self.assertRaisesRegex(UserError, "at most 20 stages"):
            self.make_stages(missing + 1)

    def test_limit_holds_in_the_form(self):
        """S7"""
        self.make_stages(MAX_STAGES - self.Stage.search_count([]))
        form = Form(self.Stage.with_user(self.owner))
        form.name = "The twenty-first"
        with self.assertRaisesRegex(UserError, "at most 20 stages"):
            form.save()

    def test_limit_does_not_stand_in_the_way_of_converting(self):
        """S7, S13: a stage made lost is no stage more"""
        self.make_stages(MAX_STAGES - self.Stage.search_count([]))
        self.hot_lead.with_user(self.owner).action_convert_to_lost()
        self.assertTrue(self.hot_lead.is_lost)

    def test_copy_of_the_default_stage_is_not_the_default(self):
        """S10"""
        copy = self.new_lead.with_user(self.owner).copy()
        self.assertFalse(copy.is_default)
        self.assertTrue(self.new_lead.is_default)

    def test_limit_holds_for_copies(self):
        """S7"""
        self.make_stages(MAX_STAGES - self.Stage.search_count([]))
        for record in (self.hot_lead, self.cold_lead):
            with self.assertRaisesRegex(UserError, "at most 20 stages"):
                record.with_user(self.owner).copy()

    def test_negative_days_are_refused(self):
        for record, field in (
            (self.hot_lead, "rotting_threshold_days"),
            (self.cold_lead, "reengage_after_days"),
        ):
            with (
                self.subTest(field=field),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                record.write({field: -1})
                record.flush_recordset()

    def test_found_by_name_and_by_emoji_with_name(self):
        """A6"""
        for text in ("Hot Lead", "hot lead", "🔥 Hot Lead", "  Hot Lead "):
            self.assertEqual(
                self.Stage.name_search(text, operator="="), [(self.hot_lead.id, "🔥 Hot Lead")], text
            )
        self.assertFalse(self.Stage.name_search("Hot", operator="="))

    def test_agent_uses_stages_but_does_not_configure_them(self):
        """P1"""
        stage = self.hot_lead.with_user(self.agent)
        self.assertEqual(stage.name, "Hot Lead")
        for call in (
            lambda: stage.write({"name": "x"}),
            stage.unlink,
            stage.action_set_default,
            stage.action_convert_to_lost,
            lambda: stage._move_contacts_and_delete(self.Stage),
            lambda: stage.create({"name": "x"}),
            self.cold_lead.with_user(self.agent).action_convert_to_lifecycle,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_validation_errors_are_user_errors_with_the_reason(self):
        with self.assertRaisesRegex(ValidationError, "needs a name"):
            self.hot_lead.with_user(self.owner).name = "   "


@tagged("post_install", "-at_install")
class TestDefaultStage(LifecycleCase):
    def assertOneDefault(self, stage):
        self.env.flush_all()
        self.assertEqual(self.Stage.search([("is_default", "=", True)]), stage)

    def test_set_as_default_replaces_the_former_one(self):
        """S10"""
        self.hot_lead.with_user(self.owner).action_set_default()
        self.assertOneDefault(self.hot_lead)
        self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.hot_lead)

    def test_writing_the_field_replaces_the_former_one(self):
        """S10"""
        self.hot_lead.with_user(self.owner).write({"is_default": True, "name": "Start"})
        self.assertOneDefault(self.hot_lead)
        self.assertEqual(self.hot_lead.name, "Start")

    def test_creating_with_the_field_replaces_the_former_one(self):
        """S10: the last of several wins"""
        stages = self.Stage.with_user(self.owner).create(
            [{"name": name, "is_default": True} for name in ("First", "Second")]
        )
        self.assertOneDefault(stages[1])

    def test_lost_stage_cannot_be_the_default(self):
        """S10"""
        for call in (
            self.cold_lead.stage_id.with_user(self.owner).action_set_default,
            lambda: self.cold_lead.with_user(self.owner).write({"is_default": True}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be the default"):
                call()
        with self.assertRaisesRegex(UserError, "A lost stage cannot be the default"):
            self.LostStage.with_user(self.owner).create({"name": "x", "is_default": True})
        self.assertOneDefault(self.new_lead)

    def test_default_cannot_be_unset(self):
        """S10"""
        with self.assertRaisesRegex(UserError, "always one default stage"):
            self.new_lead.with_user(self.owner).is_default = False
        self.hot_lead.with_user(self.owner).is_default = False
        self.assertOneDefault(self.new_lead)

    def test_default_cannot_be_set_on_several_stages_or_none(self):
        """S10"""
        with self.assertRaisesRegex(UserError, "Only one stage can be the default"):
            (self.hot_lead | self.payment).with_user(self.owner).write({"is_default": True})
        self.Stage.with_user(self.owner).browse().write({"is_default": True})
        self.assertOneDefault(self.new_lead)

    def test_database_refuses_a_second_default_and_a_lost_one(self):
        """S10: behind the ORM's back"""
        self.env.flush_all()
        for stage, constraint in (
            (self.hot_lead, "lifecycle_stage_one_default"),
            (self.cold_lead.stage_id, "lifecycle_stage_default_is_not_lost"),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, constraint),
                self.cr.savepoint(),
            ):
                self.cr.execute("UPDATE lifecycle_stage SET is_default = true WHERE id = %s", [stage.id])

    def test_first_remaining_stage_becomes_default_when_the_default_goes(self):
        """S10, S11"""
        self.delete_stage(self.new_lead)
        self.assertOneDefault(self.hot_lead)
        self.hot_lead.with_user(self.owner).action_convert_to_lost()
        self.assertOneDefault(self.payment)
        self.payment.with_user(self.owner).unlink()
        self.assertOneDefault(self.customer)
