from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestLock(LifecycleCase):
    """People have priority: who was moved back by hand is locked for rules (T4)."""

    @freeze_time("2040-01-01 10:00:00")
    def lock(self, contacts=None):
        contacts = contacts or self.contact
        contacts._lifecycle_move_to(self.payment, "rule")
        contacts.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})

    def test_manual_move_back_locks(self):
        """T4: who and when"""
        self.lock()
        self.assertRecordValues(
            self.contact,
            [
                {
                    "lifecycle_locked": True,
                    "lifecycle_locked_by_id": self.agent.id,
                    "lifecycle_locked_date": self.contact.date_last_stage_update,
                }
            ],
        )

    def test_several_at_once_and_by_a_conversation(self):
        """T4"""
        contacts = self.make_contacts(3, self.payment)
        contacts.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})
        self.assertEqual(contacts.mapped("lifecycle_locked"), [True] * 3)
        known = self.make_contacts(1, self.payment)
        channel = self.make_livechat(known)
        channel.with_user(self.agent).action_lifecycle_set_stage(self.hot_lead.id)
        self.assertEqual((known.lifecycle_locked, known.lifecycle_locked_by_id), (True, self.agent))

    def test_what_does_not_lock(self):
        """T4: forward, into a lost stage, out of one, cleared, set for the first time"""
        lost = self.cold_lead.stage_id
        for path in (
            (self.new_lead, self.payment),
            (self.payment, lost),
            (lost, self.new_lead),
            (self.payment, self.Stage),
            (self.Stage, self.new_lead),
        ):
            with self.subTest(path=[stage.name for stage in path]):
                contact = self.make_contacts_without_stage(1).with_user(self.agent)
                for stage in path:
                    contact.lifecycle_stage_id = stage
                self.assertFalse(contact.lifecycle_locked)

    def test_automatic_moves_do_not_lock(self):
        """T4"""
        for source in ("rule", "company", "merge", "import", "default", "stage_deletion"):
            with self.subTest(source=source):
                contact = self.make_contacts(1, self.payment)
                contact._lifecycle_move_to(self.new_lead, source)
                self.assertFalse(contact.lifecycle_locked)
        stage = self.Stage.create({"name": "Later"})
        contact = self.make_contacts(1, stage)
        self.delete_stage(stage, self.new_lead)
        self.assertFalse(contact.lifecycle_locked)

    def test_moving_back_again_keeps_who_locked_it(self):
        """T4"""
        self.lock()
        self.contact.with_user(self.manager).lifecycle_stage_id = self.new_lead
        self.assertEqual(self.contact.lifecycle_locked_by_id, self.agent)

    def test_release(self):
        """T4: many contacts at once, by whoever may set the stage; noted in the chatter"""
        contacts = self.make_contacts(2)
        self.lock(contacts)
        (contacts | self.contact).with_user(self.agent).action_lifecycle_unlock()
        for contact in contacts:
            self.assertRecordValues(
                contact,
                [
                    {
                        "lifecycle_locked": False,
                        "lifecycle_locked_by_id": False,
                        "lifecycle_locked_date": False,
                    }
                ],
            )
            self.assertIn("rules may move this contact again", contact.message_ids[0].preview)
            self.assertEqual(contact.message_ids[0].author_id, self.agent.partner_id)
        self.assertNotIn("Released", self.contact.message_ids[:1].preview or "")

    def test_action_of_the_list(self):
        """T4"""
        contacts = self.make_contacts(2)
        self.lock(contacts)
        action = self.env.ref("contact_lifecycle.res_partner_action_unlock").with_user(self.agent)
        action.with_context(active_model="res.partner", active_ids=contacts.ids).run()
        self.assertFalse(any(contacts.mapped("lifecycle_locked")))

    def test_who_may_not_release(self):
        """T4, P1, P4"""
        self.lock()
        for user in (self.internal, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contact.with_user(user).action_lifecycle_unlock()
        self.assertTrue(self.contact.lifecycle_locked)

    def test_lock_is_not_written_otherwise(self):
        """T4: neither by import nor by the API"""
        self.lock()
        vals = {"lifecycle_locked": False, "lifecycle_locked_by_id": self.owner.id}
        for user in (self.agent, self.owner):
            self.contact.with_user(user).write(vals)
            self.assertEqual(
                (self.contact.lifecycle_locked, self.contact.lifecycle_locked_by_id), (True, self.agent)
            )
        made = self.Partner.with_user(self.agent).create({"name": "x", "lifecycle_locked": True})
        self.assertFalse(made.lifecycle_locked)
        self.assertFalse(self.contact.copy().lifecycle_locked)

    def test_merge_keeps_the_lock(self):
        """T4, A9"""
        remaining = self.make_contacts(1)
        self.lock()
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((self.contact | remaining).ids)],
                "dst_partner_id": remaining.id,
            }
        )
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertTrue(remaining.lifecycle_locked)
        self.assertEqual(remaining.lifecycle_locked_by_id, self.agent)
