from odoo.tests import TransactionCase, tagged

# Stored and computed, on conversations only: how many these are does not depend on the number of contacts.
COMPUTED_OF_CONVERSATIONS = {"lifecycle_status", "lifecycle_is_unassigned", "lifecycle_duration"}


@tagged("post_install", "-at_install")
class TestInstall(TransactionCase):
    """Nothing for each contact at install: a stored compute or a default rewrites the table (decision 7).

    That no statement touches the contacts is shown by ``dev/check-install``.
    """

    def get_own_columns(self, model):
        fields = [
            field
            for field in self.env[model]._fields.values()
            if "contact_lifecycle" in field._modules and field.store and field.column_type
        ]
        self.assertIn("lifecycle_stage_id", [field.name for field in fields])
        return fields

    def test_columns_of_contacts_are_plain(self):
        for field in self.get_own_columns("res.partner"):
            self.assertFalse(field.compute, f"{field} is computed and stored")
            self.assertFalse(field.related, f"{field} is related and stored")
            self.assertFalse(field.default, f"{field} has a default")
            self.assertFalse(field.required, f"{field} is required")
            self.assertFalse(field.company_dependent, field)

    def test_columns_of_conversations_are_plain(self):
        for field in self.get_own_columns("discuss.channel"):
            if field.name not in COMPUTED_OF_CONVERSATIONS:
                self.assertFalse(field.compute, f"{field} is computed and stored")
            self.assertFalse(field.default, f"{field} has a default")
            self.assertFalse(field.required, f"{field} is required")

    def test_nothing_stored_depends_on_the_stage_of_contacts(self):
        """A field of another table that follows the contact's stage would be recomputed with it."""
        own = self.get_own_columns("res.partner")
        triggers = self.registry.get_trigger_tree(own)
        for name in self.registry:
            for field in self.env[name]._fields.values():
                if field.compute and field.store and field in triggers.get(field, ()):
                    self.fail(f"{field} is stored and follows the stage of contacts")

    def test_columns_that_are_searched_are_indexed(self):
        for model in ("res.partner", "discuss.channel"):
            self.assertTrue(self.env[model]._fields["lifecycle_stage_id"].index, model)
