from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import LifecycleCase
from ..common_patient import PatientCase
from ..common_queries import QueriesCase


class SetStageCase(LifecycleCase):
    def open(self, contacts, stage=None, user=None):
        """:return: the dialog as an agent has it before them, after choosing ``stage``"""
        Dialog = self.env["lifecycle.contact.stage"].with_user(user or self.agent)
        form = Form(Dialog.with_context(active_ids=contacts.ids, active_model="res.partner"))
        if stage:
            form.stage_id = stage
        return form

    def get_texts(self, form):
        return ((form.effect or "").splitlines(), (form.left_out or "").splitlines())

    def make_selection(self, count):
        """:return: contacts of every kind, ``count`` of each"""
        lost = self.cold_lead.stage_id
        return (
            self.make_contacts_without_stage(count)
            | self.make_contacts(count, self.new_lead)
            | self.make_contacts(count, self.customer)
            | self.make_contacts(count, lost)
            | self.make_contacts(count, self.payment)
            | self.Partner.create([{"name": "Address", "type": "delivery"}] * count)
        )


@tagged("post_install", "-at_install")
class TestSetStage(SetStageCase, QueriesCase):
    """A13: the stage of a selection."""

    def test_says_what_would_happen_to_one(self):
        """A13: of each kind one, in words"""
        form = self.open(self.make_selection(1))
        self.assertEqual(
            self.get_texts(form),
            (
                ["5 contacts are selected: choose their stage."],
                ["1 contact is left out: it has no lifecycle."],
            ),
        )
        form.stage_id = self.payment
        self.assertEqual(
            self.get_texts(form),
            (
                [
                    "1 contact without a stage enters it.",
                    "1 contact goes forward.",
                    "1 contact goes back: rules leave it alone from then on.",
                    "1 contact comes back from a lost stage.",
                ],
                [
                    "1 contact is in this stage already.",
                    "1 contact is left out: it has no lifecycle.",
                ],
            ),
        )
        self.assertEqual(form.move_count, 4)

    def test_says_what_would_happen_to_many(self):
        """A13"""
        contacts = self.make_selection(2)
        self.assertEqual(
            self.get_texts(self.open(contacts, self.payment)),
            (
                [
                    "2 contacts without a stage enter it.",
                    "2 contacts go forward.",
                    "2 contacts go back: rules leave them alone from then on.",
                    "2 contacts come back from a lost stage.",
                ],
                [
                    "2 contacts are in this stage already.",
                    "2 contacts are left out: they have no lifecycle.",
                ],
            ),
        )
        no_budget = self.LostStage.create({"name": "No Budget"}).stage_id
        effect, _left_out = self.get_texts(self.open(contacts, no_budget))
        self.assertEqual(
            effect,
            [
                "2 contacts without a stage enter it.",
                "6 contacts become lost.",
                "2 contacts go to another lost stage.",
            ],
        )

    def test_does_what_it_has_said(self):
        """A13, H1, T4: one move of several contacts, by hand; those that go back are locked"""
        contacts = self.make_selection(2)
        before = {contact: contact.lifecycle_stage_id for contact in contacts}
        action = self.open(contacts, self.payment).save().action_confirm()
        self.assertEqual(
            action["params"]["message"],
            "8 contacts moved to 💵 Payment. 2 contacts are in this stage already. "
            "2 contacts are left out: they have no lifecycle.",
        )
        self.assertEqual(action["params"]["next"], {"type": "ir.actions.act_window_close"})
        for contact in contacts:
            if contact.type == "delivery":
                self.assertFalse(contact.lifecycle_stage_id)
                continue
            self.assertEqual(contact.lifecycle_stage_id, self.payment)
            self.assertEqual(contact.lifecycle_locked, before[contact] == self.customer)
            if before[contact] != self.payment:
                row = self.get_log(contact)[-1:]
                self.assertEqual((row.source, row.user_id), ("bulk", self.agent))

    def test_one_contact(self):
        """A13, H1"""
        action = self.open(self.contact, self.payment).save().action_confirm()
        self.assertEqual(action["params"]["message"], "1 contact moved to 💵 Payment.")
        self.assertEqual(self.get_log(self.contact)[-1:].source, "manual")

    def test_contacts_that_the_user_does_not_see_are_as_good_as_gone(self):
        """A13, P5: deleted, of another company, or never there: one sentence, and one number"""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        unseen, deleted = self.make_contacts(2, self.new_lead)
        unseen.company_id = company
        contacts = self.contact | unseen | deleted
        deleted.unlink()
        form = self.open(contacts, self.payment)
        told = "2 of the selected contacts cannot be found any more."
        self.assertEqual(self.get_texts(form), (["1 contact goes forward."], [told]))
        action = form.save().action_confirm()
        self.assertEqual(action["params"]["message"], f"1 contact moved to 💵 Payment. {told}")
        self.assertEqual(unseen.lifecycle_stage_id, self.new_lead)

    def test_contacts_that_change_meanwhile(self):
        """A13: deleted, moved by somebody else; and all of them"""
        contacts = self.make_contacts(3)
        dialog = self.open(contacts, self.payment).save()
        contacts[0].unlink()
        contacts[1].lifecycle_stage_id = self.payment
        self.assertEqual(
            dialog.action_confirm()["params"]["message"],
            "1 contact moved to 💵 Payment. 1 contact is in this stage already. "
            "1 of the selected contacts cannot be found any more.",
        )
        with self.assertRaisesRegex(UserError, "No contact is left to move. 2 contacts are in this stage"):
            dialog.action_confirm()

    def test_nothing_to_move(self):
        """A13: nobody selected, whatever a caller sends, and no stage chosen"""
        Dialog = self.env["lifecycle.contact.stage"].with_user(self.agent)
        for selection in (False, [], {"a": 1}, "x", [True, "1", -1, 0, 2**40, None]):
            dialog = Dialog.create({"selection": selection, "stage_id": self.payment.id})
            self.assertFalse(dialog.effect)
            with self.assertRaisesRegex(UserError, "Select the contacts"):
                dialog.action_confirm()
        with self.assertRaisesRegex(UserError, "Choose the stage"):
            self.open(self.contact).save().action_confirm()

    def test_stage_that_is_deleted_meanwhile(self):
        """A13: before it is chosen, before the dialog is sent, and before it is done"""
        stage, other = self.make_stages(2)
        form = self.open(self.contact, stage)
        dialog = self.open(self.contact, other).save()
        self.env.flush_all()
        (stage | other).unlink()
        with self.assertRaisesRegex(UserError, "This stage has been deleted: choose another one."):
            form.save()
        with self.assertRaisesRegex(UserError, "Choose the stage that the contacts go to."):
            dialog.action_confirm()

    def test_stage_on_its_way_out(self):
        """A13, S9"""
        self.payment._lifecycle_write_protected({"deletion_pending": True})
        dialog = self.open(self.contact, self.payment).save()
        with self.assertRaisesRegex(UserError, "This stage has been deleted: choose another one."):
            dialog.action_confirm()

    def test_a_manager_and_all_companies(self):
        """A13: contacts of a company that the user has, archived ones too"""
        self.contact.active = False
        action = self.open(self.contact, self.payment, user=self.manager).save().action_confirm()
        self.assertEqual(action["params"]["message"], "1 contact moved to 💵 Payment.")

    def test_no_query_per_contact(self):
        """A13: what it says, and what it does"""

        def count_told(count):
            contacts = self.make_selection(count // 5 or 1)
            dialog = self.open(contacts, self.payment).save()
            return self.count_queries(lambda: dialog.effect)

        def count_done(count):
            contacts = self.make_contacts(count)
            dialog = self.open(contacts, self.payment).save()
            return self.count_queries(dialog.action_confirm)

        self.assertNoQueryPerRecord(count_told, per_record=0.01)
        self.assertNoQueryPerRecord(count_done)


@tagged("post_install", "-at_install")
class TestSetStageTour(PatientCase, SetStageCase):
    def test_set_stage(self):
        """A13: an agent ticks, looks, and sets"""
        self.contact.unlink()
        contacts = self.make_contacts(4)
        contacts[2].lifecycle_stage_id = self.customer
        contacts[3].lifecycle_stage_id = self.payment

        self.start_tour("/odoo/contacts", "contact_lifecycle.set_stage", login=self.agent.login)

        self.assertEqual(contacts.lifecycle_stage_id, self.payment)
        self.assertEqual(contacts.mapped("lifecycle_locked"), [False, False, True, False])
        self.assertEqual(self.get_moves(contacts[0])[1:], [("🆕 New Lead", "💵 Payment", "bulk")])
