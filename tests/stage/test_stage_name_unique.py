from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.stage.lifecycle_stage_name import MAX_NAME_LENGTH
from ..common import LifecycleCase

TAKEN = "There is a stage called “💵 Payment” already: choose another name"


@tagged("post_install", "-at_install")
class TestStageNameUnique(LifecycleCase):
    """Two stages cannot have one name, nor read alike, in any language (A12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.payment.with_context(lang="de_DE").name = "Zahlung"

    def assertTaken(self, call, message=TAKEN):
        count = self.Stage.search_count([])
        with self.assertRaisesRegex(ValidationError, message), self.cr.savepoint():
            call()
        self.assertEqual(self.Stage.search_count([]), count)

    def test_names_that_are_alike(self):
        """A12: however they are written, with another emoji or none, of either kind, by whatever way"""
        Stage, LostStage = self.Stage.with_user(self.owner), self.LostStage.with_user(self.owner)
        for name, emoji in (("Payment", False), (" payment ", "🔥"), ("PAYMENT", "💵"), ("💵Payment", False)):
            vals = {"name": name, "emoji": emoji}
            for call in (
                lambda vals=vals: Stage.create(vals),
                lambda vals=vals: LostStage.create(vals),
                lambda vals=vals: self.hot_lead.with_user(self.owner).write(vals),
                lambda vals=vals: self.cold_lead.with_user(self.owner).write(vals),
                lambda vals=vals: Stage.create([{"name": "Another"}, vals]),
            ):
                self.assertTaken(call)
        self.assertTaken(lambda: Stage.name_create("payment"))

    def test_two_new_ones(self):
        self.assertTaken(
            lambda: self.Stage.create([{"name": "Trial"}, {"name": "trial"}]),
            "There is a stage called “[Tt]rial”",
        )

    def test_emoji_that_makes_it_read_like_another(self):
        """A12: “💵 Paid” with no emoji, and “Paid” that gets it"""
        stages = self.Stage.create([{"name": "💵 Paid"}, {"name": "Paid"}])
        self.assertTaken(
            lambda: stages[1].write({"emoji": "💵"}), "There is a stage called “💵 Paid” already"
        )
        self.assertTaken(lambda: stages[0].write({"name": "💵Payment"}))

    def test_stage_may_keep_its_name(self):
        """A12: written again, or in another spelling"""
        for name in ("Payment", "payment", "Payment "):
            self.payment.write({"name": name, "emoji": "💵"})

    def test_in_another_language(self):
        """A12: by the form in that language, by the dialog of translations, or as nothing is said in it"""
        in_german = "There is a stage called “💵 Zahlung” already, in German.*: choose another name"
        german = self.hot_lead.with_context(lang="de_DE")
        self.assertTaken(
            lambda: german.write({"name": "zahlung"}), "Es gibt bereits eine Phase namens „💵 Zahlung“: "
        )
        self.assertTaken(
            lambda: self.hot_lead.update_field_translations("name", {"de_DE": "ZAHLUNG"}), in_german
        )
        self.assertTaken(lambda: self.Stage.create({"name": "Zahlung"}), in_german)
        # nor empty or too long where nobody looks
        for name, message in ((" \ufe0f", "needs a name"), ("x" * (MAX_NAME_LENGTH + 1), "shorten it")):
            self.assertTaken(
                lambda name=name: self.hot_lead.update_field_translations("name", {"de_DE": name}), message
            )

    def test_different_languages_may_share_a_name(self):
        """A12: nobody reads both"""
        self.hot_lead.update_field_translations("name", {"de_DE": "Payment"})
        find = self.env["lifecycle.stage"]._from_value
        self.assertEqual(find("payment"), self.payment)
        self.assertEqual(
            self.env["lifecycle.stage"].with_context(lang="de_DE")._from_value("payment"), self.hot_lead
        )

    def test_name_of_a_stage_that_is_being_deleted_is_free(self):
        """S11: it is offered no more"""
        self.payment._lifecycle_write_protected({"deletion_pending": True})
        stage = self.Stage.create({"name": "Payment"})
        self.assertEqual(self.env["lifecycle.stage"]._from_value("payment"), stage)

    def test_copies(self):
        """A12: “Duplicate” of either kind, again and again, in every language"""
        for record, names in (
            (self.payment, ["Payment (copy)", "Payment (copy 2)"]),
            (self.cold_lead, ["Cold Lead (copy)", "Cold Lead (copy 2)"]),
        ):
            copies = [record.with_user(self.owner).copy() for _again in names]
            self.assertEqual([copy.name for copy in copies], names)
            self.assertEqual([copy.with_context(lang="de_DE").name for copy in copies], names)
            self.assertEqual(copies[0].emoji, record.emoji)
        self.assertEqual(
            (self.hot_lead | self.customer).copy().mapped("name"), ["Hot Lead (copy)", "Customer (copy)"]
        )
        self.assertEqual(self.payment.copy({"name": "Instalment"}).name, "Instalment")
        self.hot_lead.name = "x" * MAX_NAME_LENGTH
        for suffix in (" (copy)", " (copy 2)"):
            copy = self.hot_lead.copy()
            self.assertEqual(copy.name, "x" * (MAX_NAME_LENGTH - len(suffix)) + suffix)

    def test_new_values_of_an_import(self):
        """A6, A12: “create new values” takes the stage that is there; one that is not found is made"""
        count = self.Stage.search_count([])
        context = {"import_file": True, "name_create_enabled_fields": {"lifecycle_stage_id": True}}
        Partner = self.Partner.with_user(self.owner).with_context(**context)
        result = Partner.load(["name", "lifecycle_stage_id"], [["a", "💵payment"], ["b", "PAYMENT"]])
        self.assertEqual(self.Partner.browse(result["ids"]).lifecycle_stage_id, self.payment)
        self.assertEqual(self.Stage.search_count([]), count)

    def add_double(self):
        """A language that is added brings its own names, past the ORM."""
        self.env.flush_all()
        self.cr.execute(
            SQL(
                "UPDATE lifecycle_stage SET name = name || %s::jsonb WHERE id = %s",
                '{"de_DE": "Zahlung"}',
                self.hot_lead.id,
            )
        )
        self.env.invalidate_all()
        self.registry.clear_cache()

    def test_name_of_two_stages_is_taken_for_neither(self):
        """A6, A12: nothing is imported or moved on the chance that it is the right one"""
        self.add_double()
        contact = self.contact.with_user(self.agent).with_context(lang="de_DE")
        count = self.Partner.search_count([])
        for call in (
            lambda: contact.write({"lifecycle_stage_id": "zahlung"}),
            lambda: contact.create({"name": "x", "lifecycle_stage_id": "zahlung"}),
            lambda: contact.load(["name", "lifecycle_stage_id"], [["a", "Payment"], ["b", "Zahlung"]]),
        ):
            with (
                self.assertRaisesRegex(UserError, "(More than one stage|Mehr als eine Phase)"),
                self.cr.savepoint(),
            ):
                call()
        self.assertEqual(self.Partner.search_count([]), count)
        contact.write({"lifecycle_stage_id": "💵 Zahlung"})
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment, "the emoji tells them apart")

    def test_double_can_be_renamed(self):
        """A12: it stands in nobody's way but its own"""
        self.add_double()
        self.customer.name = "Buyer"
        self.hot_lead.description = "Warm"
        self.hot_lead.with_context(lang="de_DE").name = "Heiß"
        self.assertEqual(self.hot_lead.with_context(lang="de_DE").name, "Heiß")

    def test_suggested_lost_stage_that_somebody_has_added(self):
        """S5: is known by its name"""
        Suggest = self.env["lifecycle.lost.stage.suggest"].with_user(self.owner)
        wizard = Suggest.create({})
        wizard.line_ids.is_chosen = True
        self.LostStage.create({"name": "no  response"})
        suggested = Suggest.create({}).line_ids.mapped("key")
        self.assertEqual(set(wizard.line_ids.mapped("key")) - set(suggested), {"no_response"})
        with self.assertRaisesRegex(UserError, "no  response is there already"):
            wizard.action_add()

    def test_stage_set_knows_its_stages_however_they_are_written(self):
        """S14, A12"""
        self.Stage.create({"name": "  ATTEMPTING"})
        self.LostStage.create({"name": "❌disqualified"})
        wizard = self.env["lifecycle.stage.set.apply"].with_user(self.owner)
        wizard = wizard.create({"stage_set": "lead_pipeline"})
        wizard.action_preview()
        added = wizard.line_ids.filtered(lambda line: line.outcome == "add").mapped("name")
        self.assertEqual(added, ["✨ New", "🤝 Connected", "✅ Qualified"])
