from contextlib import contextmanager

from .common import LifecycleCase


class UndoCase(LifecycleCase):
    """Short ways to find the batch of an operation, and to undo it as its dialog does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Batch = cls.env["lifecycle.batch"]

    def find_batches(self, after=None):
        """:return: the batches that were opened after ``after``"""
        self.env.flush_all()
        self.cr.precommit.run()
        return self.Batch.search([("id", ">", after.id if after else 0)], order="id")

    @contextmanager
    def one_batch(self):
        """:return: context manager that gives a list, in which the one batch is that has been opened meanwhile"""
        last, found = self.Batch.search([], limit=1), []
        yield found
        batches = self.find_batches(last)
        self.assertEqual(len(batches), 1, batches.mapped("display_name"))
        self.assertEqual(batches.move_count, len(batches.move_ids))
        found.append(batches)

    def open_undo(self, batch, user=None):
        """:return: the dialog, as it is opened by the button or by the notice"""
        action = batch.with_user(user or self.owner).action_undo()
        Dialog = self.env[action["res_model"]].with_user(user or self.owner)
        return Dialog.with_context(**action["context"]).create({})

    def undo(self, batch, user=None, **vals):
        """:return: the batch of the moves back"""
        dialog = self.open_undo(batch, user)
        dialog.write(vals)
        dialog.action_confirm()
        return self.Batch.search([("undoes_id", "=", batch.id)], limit=1)

    def move(self, contacts, stage, user=None):
        """Move contacts as a selection in a list.

        :return: their batch
        """
        with self.one_batch() as found:
            contacts.with_user(user or self.agent).write({"lifecycle_stage_id": stage.id})
        return found[0]

    def get_told(self, dialog):
        """:return: tuple of the lists of sentences, who goes back and who stays"""
        return (dialog.effect or "").splitlines(), (dialog.left_out or "").splitlines()

    def read_state(self, contacts):
        """:return: dict contact -> all that an undo gives back"""
        self.env.flush_all()
        contacts.invalidate_recordset()
        return {
            contact: (
                contact.lifecycle_stage_id,
                contact.active,
                contact.lifecycle_locked,
                contact.lifecycle_locked_by_id,
                self.get_conversations(contact).lifecycle_stage_id,
            )
            for contact in contacts
        }

    def get_conversations(self, contact):
        return self.env["discuss.channel"].search([("lifecycle_partner_id", "=", contact.id)])
