from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.stage.lifecycle_stage import MAX_STAGES
from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestImport(LifecycleCase):
    """A6: import, export and the external API set the stage by name."""

    def load(self, fields, rows, model="res.partner", user=None):
        """Import as the web client does."""
        Model = self.env[model].with_user(user or self.agent).with_context(import_file=True)
        result = Model.load(fields, rows)
        return Model.browse(result["ids"] or ()), " ".join(
            message["message"] for message in result["messages"]
        )

    def test_import_sets_the_stage_by_name(self):
        contacts, messages = self.load(
            ["name", "lifecycle_stage_id"],
            [["a", "Hot Lead"], ["b", "🤩 Customer"], ["c", "cold lead"], ["d", ""]],
        )
        self.assertEqual(messages, "")
        self.assertEqual(
            [contact.sudo().lifecycle_stage_id for contact in contacts],
            [self.hot_lead, self.customer, self.cold_lead.stage_id, self.new_lead],
        )
        self.assertEqual([self.get_moves(contact)[-1][2] for contact in contacts[:3]], ["import"] * 3)

    def test_import_updates_contacts(self):
        self.env["ir.model.data"]._update_xmlids([{"xml_id": "__import__.c", "record": self.contact}])
        _contacts, messages = self.load(
            ["id", "lifecycle_stage_id"], [["__import__.c", "Payment"]], user=self.owner
        )
        self.assertEqual(messages, "")
        self.assertEqual(
            self.get_moves(self.contact)[-1],
            (self.new_lead.display_name, self.payment.display_name, "import"),
        )

    def test_import_by_external_and_database_id(self):
        contacts, messages = self.load(
            ["name", "lifecycle_stage_id/id"], [["a", "contact_lifecycle.lifecycle_stage_payment"]]
        )
        self.assertEqual(messages, "")
        self.assertEqual(contacts.sudo().lifecycle_stage_id, self.payment)
        contacts, messages = self.load(["name", "lifecycle_stage_id/.id"], [["b", str(self.payment.id)]])
        self.assertEqual(messages, "")
        self.assertEqual(contacts.sudo().lifecycle_stage_id, self.payment)

    def test_unknown_stage_imports_nothing(self):
        count = self.Partner.with_context(active_test=False).search_count([])
        contacts, messages = self.load(
            ["name", "lifecycle_stage_id"], [["a", "Hot Lead"], ["b", "No Such Stage"], ["c", "Payment"]]
        )
        self.assertFalse(contacts)
        self.assertIn("No Such Stage", messages)
        self.assertEqual(self.Partner.with_context(active_test=False).search_count([]), count)

    def test_import_makes_no_stage_by_the_way(self):
        count = self.Stage.search_count([])
        self.load(["name", "lifecycle_stage_id"], [["a", "No Such Stage"]], user=self.owner)
        self.assertEqual(self.Stage.search_count([]), count)

    def test_what_is_exported_can_be_imported(self):
        self.contact.lifecycle_stage_id = self.hot_lead
        fields = ["name", "lifecycle_stage_id"]
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        rows = self.contact.with_user(self.manager).export_data(fields)["datas"]
        self.assertEqual(rows, [[self.contact.name, "🔥 Hot Lead"]])
        contacts, messages = self.load(fields, rows)
        self.assertEqual(messages, "")
        self.assertEqual(contacts.sudo().lifecycle_stage_id, self.hot_lead)

    def test_unknown_name_and_id_by_the_api(self):
        contact = self.contact.with_user(self.agent)
        for value in ("No Such Stage", 2147483647, -1):
            for call in (
                lambda value=value: contact.write({"lifecycle_stage_id": value}),
                lambda value=value: contact.create({"name": "x", "lifecycle_stage_id": value}),
            ):
                with self.assertRaisesRegex(
                    UserError, f"no stage “{value}”: choose one of New Lead, Hot Lead"
                ):
                    call()
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

    def test_values_that_are_no_stage_at_all(self):
        contact = self.contact.with_user(self.agent)
        for value in (True, 1.5, [self.hot_lead.id], {"id": 1}, [[6, 0, [1]]], "   ", self.contact):
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(UserError, "There is no stage"),
                self.cr.savepoint(),
            ):
                contact.write({"lifecycle_stage_id": value})
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

    def test_twenty_first_stage_in_an_import(self):
        """S7: nothing is half imported"""
        for model in ("lifecycle.stage", "lifecycle.lost.stage"):
            count = self.Stage.search_count([])
            rows = [[f"Stage {i}"] for i in range(MAX_STAGES - count + 1)]
            stages, messages = self.load(["name"], rows, model=model, user=self.owner)
            self.assertFalse(stages)
            self.assertIn("at most 20 stages", messages)
            self.assertEqual(self.Stage.search_count([]), count)
            self.assertEqual(
                len(self.load(["name"], rows[:-1], model=model, user=self.owner)[0]), len(rows) - 1
            )
            self.Stage.search([("name", "like", "Stage ")]).lost_stage_ids.unlink()
            self.Stage.search([("name", "like", "Stage ")]).unlink()

    def test_bad_stage_in_an_import(self):
        """S6"""
        count = self.Stage.search_count([])
        for fields, row, message in (
            (["name", "emoji"], ["x", "abc"], "is not one emoji"),
            (["name"], ["x" * 10000], "at most 64 characters"),
            (["name", "is_lost"], ["x", "1"], "cannot be typed in"),
        ):
            stages, messages = self.load(
                fields, [["Good"] + [""] * (len(fields) - 1), row], "lifecycle.stage", self.owner
            )
            self.assertFalse(stages)
            self.assertIn(message, messages)
        self.assertEqual(self.Stage.search_count([]), count)
