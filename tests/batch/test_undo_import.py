from odoo.tests import tagged

from ..common_undo import UndoCase


@tagged("post_install", "-at_install")
class TestUndoImport(UndoCase):
    """D5: the contacts that an import has made are archived with it, where it is asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacts = cls.make_contacts(2, cls.payment)

    def import_file(self, user=None):
        """:return: batch of a file with two contacts that are there and two new ones"""
        rows = [[str(contact.id), contact.name, "Customer"] for contact in self.contacts[:2]]
        rows += [["", "Ada", "Customer"], ["", "Blaise", ""]]
        with self.one_batch() as found:
            Partner = self.Partner.with_user(user or self.owner)
            result = Partner.load([".id", "name", "lifecycle_stage_id"], rows)
        self.assertFalse(result["messages"])
        return found[0], self.Partner.browse(result["ids"][2:])

    def test_new_contacts_are_archived_with_their_import(self):
        """D5: where it is ticked, and taken out of the archive as that is undone"""
        batch, new = self.import_file()
        dialog = self.open_undo(batch)
        self.assertEqual(dialog.new_count, 2)
        undo = self.undo(batch, archive_new=True)
        self.assertEqual(new.mapped("active"), [False, False])
        self.assertEqual(self.contacts.mapped("active"), [True, True])
        self.assertFalse(new.lifecycle_stage_id)
        self.undo(undo)
        self.assertEqual(new.mapped("active"), [True, True])
        self.assertEqual([contact.lifecycle_stage_id for contact in new], [self.customer, self.new_lead])

    def test_new_contacts_stay_where_it_is_not_ticked(self):
        """D5"""
        batch, new = self.import_file()
        undo = self.undo(batch)
        self.assertEqual(new.mapped("active"), [True, True])
        new[0].active = False
        self.undo(undo)
        self.assertFalse(new[0].active, "who was archived by somebody else stays so")

    def test_whoever_imported_has_been_deleted(self):
        """D5: which contacts are new is known all the same"""
        importer = self.make_user(
            "lifecycle_importer", "contact_lifecycle.group_owner,base.group_partner_manager"
        )
        batch, new = self.import_file(importer)
        self.cr.execute("UPDATE lifecycle_transition SET user_id = NULL WHERE batch_id = %s", [batch.id])
        self.cr.execute("UPDATE lifecycle_batch SET user_id = NULL WHERE id = %s", [batch.id])
        self.env.invalidate_all()
        self.undo(batch, archive_new=True)
        self.assertEqual(new.mapped("active"), [False, False])
        self.assertEqual(self.contacts[:2].lifecycle_stage_id, self.payment)

    def test_contacts_that_somebody_made_meanwhile_stay(self):
        """D5: whom an import has met and moved, but not made"""
        batch, new = self.import_file()
        later = "UPDATE res_partner SET create_date = create_date + interval '1 second' WHERE id = %s"
        self.cr.execute(later, [new[0].id])
        self.assertEqual(self.open_undo(batch).new_count, 1)
        self.undo(batch, archive_new=True)
        self.assertEqual(new.mapped("active"), [True, False])

    def test_nothing_is_archived_without_the_right_to(self):
        """D5: who may not write contacts, and contacts of users"""
        batch, new = self.import_file()
        self.make_user("lifecycle_imported", "base.group_user", partner_id=new[0].id)
        self.assertEqual(self.open_undo(batch).new_count, 1)
        owner = self.make_user("lifecycle_no_writer", "contact_lifecycle.group_owner")
        dialog = self.open_undo(batch, owner)
        self.assertEqual(dialog.new_count, 0)
        dialog.archive_new = True
        dialog.action_confirm()
        self.assertEqual(new.mapped("active"), [True, True])

    def test_only_an_import_has_new_contacts(self):
        """D5: who entered a stage for the first time in a selection is not new"""
        contacts = self.make_contacts_without_stage(2)
        batch = self.move(contacts, self.payment)
        dialog = self.open_undo(batch)
        self.assertEqual(dialog.new_count, 0)
        dialog.archive_new = True
        dialog.action_confirm()
        self.assertEqual(contacts.mapped("active"), [True, True])
