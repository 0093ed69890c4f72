from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_undo import UndoCase


@tagged("post_install", "-at_install")
class TestUndoAccess(UndoCase):
    """D5, P1, P4, P5: who sees and undoes which batches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.contacts = cls.make_contacts(4, cls.payment)
        cls.other_agent = cls.make_user("lifecycle_other_agent", "contact_lifecycle.group_agent")

    def see(self, user):
        return self.Batch.with_user(user).search([("id", "in", self.batches.ids)])

    def test_who_sees_which(self):
        """Agents see what they have done themselves, managers what they may see a contact of"""
        mine = self.move(self.contacts, self.new_lead)
        theirs = self.move(self.contacts, self.customer, self.other_agent)
        self.contacts[2:].company_id = self.other_company
        elsewhere = self.move(self.contacts[2:], self.hot_lead, self.env.ref("base.user_root"))
        self.batches = mine | theirs | elsewhere
        self.assertEqual(self.see(self.agent), mine)
        self.assertEqual(self.see(self.other_agent), theirs)
        self.assertEqual(self.see(self.manager), theirs | mine)
        self.assertEqual(self.see(self.owner), theirs | mine)
        for user in (self.internal, self.portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.see(user)
            with self.assertRaises(AccessError):
                mine.with_user(user).action_undo()

    def test_who_undoes_which(self):
        """A batch that one may not see cannot be undone, however its id comes to the dialog"""
        batch = self.move(self.contacts, self.new_lead)
        self.contacts.company_id = self.other_company
        for user in (self.other_agent, self.manager, self.owner):
            Dialog = self.env["lifecycle.batch.undo"].with_user(user)
            for dialog in (
                Dialog.create({"batch_id": batch.id}),
                Dialog.with_context(default_batch_id=batch.id).create({}),
            ):
                told = (dialog.effect, dialog.left_out, dialog.move_count, dialog.left_count, dialog.new_text)
                self.assertFalse(any(told), told)
                with self.assertRaises(AccessError):
                    dialog.action_confirm()
            with self.assertRaises(AccessError):
                batch.with_user(user).action_undo()
        for user in (self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.env["lifecycle.batch.undo"].with_user(user).create({"batch_id": batch.id})
        self.assertEqual(self.contacts.lifecycle_stage_id, self.new_lead)

    def test_a_manager_undoes_what_they_may_see(self):
        """The others stay, are counted, and are not named; an owner undoes all"""
        batch = self.move(self.contacts, self.new_lead)
        self.contacts[2:].company_id = self.other_company
        dialog = self.open_undo(batch, self.manager)
        self.assertEqual(
            self.get_told(dialog),
            (["2 contacts go back to 💵 Payment."], ["2 contacts stay: you may not move them."]),
        )
        action = dialog.action_open_left()
        self.assertFalse(self.Transition.with_user(self.manager).search(action["domain"]))
        with self.undone():
            self.undo(batch, self.owner)
            self.assertEqual(self.contacts.lifecycle_stage_id, self.payment)
        dialog.action_confirm()
        self.assertEqual(self.contacts[:2].lifecycle_stage_id, self.payment)
        self.assertEqual(self.contacts[2:].lifecycle_stage_id, self.new_lead)

    def test_an_agent_takes_back_what_they_have_done(self):
        """And does not learn more by it than the moves that they made; the history is for managers"""
        batch = self.move(self.contacts, self.new_lead)
        dialog = self.open_undo(batch, self.agent)
        with self.assertRaises(AccessError):
            dialog.action_open_left()
        mine = batch.with_user(self.agent)
        self.assertEqual(mine.move_count, 4)
        with self.assertRaises(AccessError):
            mine.read(["move_ids"])
        for domain in ([("move_ids.partner_id", "=", self.contacts[0].id)], [("move_ids", "!=", False)]):
            with self.assertRaises(AccessError):
                mine.search(domain)
        dialog.action_confirm()
        self.assertEqual(self.contacts.lifecycle_stage_id, self.payment)

    def test_nobody_writes_batches(self):
        """P5: whatever their role, by no call"""
        batch = self.move(self.contacts, self.new_lead, self.owner)
        for user in (self.agent, self.manager, self.owner):
            Batch = self.Batch.with_user(user)
            for call in (
                lambda B=Batch: B.create({"source": "bulk", "date": "2020-01-01"}),
                lambda B=Batch: B.browse(batch.id).write({"undoes_id": batch.id}),
                lambda B=Batch: B.browse(batch.id).unlink(),
                lambda B=Batch: B.browse(batch.id).copy(),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_forged_contexts(self):
        """P5: neither a batch nor the silence of an undo comes from a request"""
        batch = self.move(self.contacts, self.new_lead)
        forged = self.contacts.with_user(self.agent).with_context(
            default_batch_id=batch.id,
            batch_id=batch.id,
            lifecycle_import={"batch": batch.id},
            lifecycle_bookkeeping="SILENT",
        )
        forged[0].write({"lifecycle_stage_id": self.payment.id})
        row = self.get_log(self.contacts[0])[-1]
        self.assertEqual((row.source, row.batch_id), ("manual", self.Batch))
        self.assertEqual((batch.move_count, len(batch.move_ids)), (4, 4))

    def test_what_an_undo_is_called(self):
        """D5: also for who undid a batch that they no longer see"""
        batch = self.move(self.contacts, self.new_lead)
        undo = self.undo(batch, self.manager)
        self.contacts.company_id = self.other_company
        self.env.invalidate_all()
        self.assertFalse(self.Batch.with_user(self.manager).search([("id", "=", batch.id)]))
        self.assertEqual(undo.with_user(self.manager).display_name, "Undo: “Several at Once: 🆕 New Lead”")
