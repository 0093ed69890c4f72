from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.contact import res_partner_default
from ..common_batches import BatchesCase
from ..common_scope import ScopeCase


@tagged("post_install", "-at_install")
class TestEnteringTheDefaultStage(ScopeCase):
    def test_every_new_contact_is_in_the_default_stage(self):
        """A1"""
        contact = self.Partner.with_user(self.internal).create({"name": "Jane"})
        self.assertEqual(contact.sudo().lifecycle_stage_id, self.new_lead)
        self.assertEqual(self.get_moves(contact), [(False, self.new_lead.display_name, "default")])

    def test_contact_born_from_an_incoming_message_is_in_the_default_stage(self):
        """A1: the mail gateway, which is nobody's own work"""
        contact = self.env["mail.thread"]._partner_find_from_emails_single(["Jane <jane@example.com>"])
        self.assertEqual(contact.email, "jane@example.com")
        self.assertEqual(contact.lifecycle_stage_id, self.new_lead)

    def test_chosen_stage_wins_over_the_default(self):
        """A1"""
        contacts = self.Partner.create(
            [{"name": "a", "lifecycle_stage_id": self.payment.id}, {"name": "b"}, {"name": "c"}]
        )
        self.assertEqual(
            [c.lifecycle_stage_id for c in contacts], [self.payment, self.new_lead, self.new_lead]
        )
        self.assertEqual(self.get_moves(contacts[0]), [(False, self.payment.display_name, "manual")])

    def test_note_of_the_creation_says_in_which_stage(self):
        """H1: one message for what is one event; where Odoo writes no note, it is a message of its own"""
        vals_list = [{"name": "Jane"}, {"name": "Joe", "lifecycle_stage_id": self.payment.id}]
        for context, body in (({}, "Contact created"), ({"mail_create_nolog": True}, "")):
            contacts = self.Partner.with_user(self.agent).with_context(**context).create(vals_list)
            for contact, stage in zip(
                contacts.with_context(mail_create_nolog=False), ("New Lead", "Payment"), strict=True
            ):
                with self.subTest(context=context, stage=stage):
                    message = contact.message_ids
                    self.assertEqual(len(message), 1)
                    self.assertEqual(message.preview, body)
                    self.assertEqual(message.author_id, self.agent.partner_id)
                    value = self.get_tracking_values(contact)
                    self.assertEqual(value.mail_message_id, message)
                    self.assertIn(stage, value.new_value_char)
                    contact.lifecycle_stage_id = self.hot_lead
                    self.assertEqual(len(contact.message_ids), 2, "only the creation is in its note")

    def test_entering_the_default_stage_costs_five_queries(self):
        """A1: those that make contacts one by one, as Odoo's CRM does, stay within their bounds"""
        Partner = self.Partner.with_user(self.agent)

        def count(call):
            call("Warm")
            self.cr.flush()
            before = self.cr.sql_log_count
            call("Counted")
            self.cr.flush()
            return self.cr.sql_log_count - before

        def create(name):
            Partner.create({"name": name})

        writing = count(lambda name: self.contact.with_user(self.agent).write({"function": name}))
        entering = count(create)
        self.set_default_on("never")
        self.assertLessEqual(
            entering - count(create),
            writing + 4,
            "one write, whether it and its note are still there, a row of the log, a tracking value, the open pages",
        )

    def test_with_never_no_contact_enters(self):
        """A1"""
        self.set_default_on("never")
        contact = self.make_contacts(1)
        contact.message_post(body="Hello", message_type="comment", author_id=contact.id)
        self.assertFalse(contact.lifecycle_stage_id)

    def test_with_message_the_contact_enters_as_it_writes(self):
        """A1"""
        self.set_default_on("message")
        contact = self.make_contacts(1)
        self.assertFalse(contact.lifecycle_stage_id)
        contact.message_post(body="A note", message_type="notification", author_id=contact.id)
        contact.with_user(self.agent).message_post(body="Hello", message_type="comment")
        self.assertFalse(contact.lifecycle_stage_id, "it has not written anything yet")
        self.assertFalse(self.agent.partner_id.lifecycle_stage_id, "a user of the database is no customer")
        for message_type in ("email", "comment"):
            contact = self.make_contacts(1)
            thread = self.make_contacts(1)
            thread.message_post(body="Hello", message_type=message_type, author_id=contact.id)
            self.assertEqual(contact.lifecycle_stage_id, self.new_lead, message_type)
            self.assertEqual(self.get_moves(contact)[-1][2], "default")
            self.assertFalse(thread.lifecycle_stage_id)

    def test_with_message_a_contact_taken_out_does_not_come_back(self):
        """A1, A4: only the first message counts"""
        self.set_default_on("message")
        contact = self.make_contacts(1, self.payment)
        contact.action_lifecycle_clear()
        contact.message_post(body="Hello", message_type="comment", author_id=contact.id)
        self.assertFalse(contact.lifecycle_stage_id)

    def test_with_create_a_message_changes_nothing(self):
        """A1"""
        contact = self.make_contacts_without_stage(1)
        contact.message_post(body="Hello", message_type="comment", author_id=contact.id)
        self.assertFalse(contact.lifecycle_stage_id)

    def test_who_is_out_of_scope_is_made_all_the_same(self):
        """A2: whatever is said of it, and without keeping the default stage from being deleted"""
        self.env.flush_all()
        self.Stage._get_locked_for_entry().clear()
        for context in ({}, {"tracking_disable": True}, {"mail_create_nolog": True}):
            Partner = self.Partner.with_context(**context)
            made = Partner.create([{"name": "D", "type": "delivery"}, {"name": "E", "active": False}])
            made += made[0].copy()
            self.assertFalse(made.lifecycle_stage_id)
            self.assertFalse(made.lifecycle_transition_ids)
        self.assertFalse(self.Stage._get_locked_for_entry())

    def test_shipped_scope(self):
        """A2: people and companies, but no addresses and none of the database's own users"""
        company, *addresses, person, archived = self.Partner.create(
            [
                {"name": "Company", "is_company": True},
                {"name": "Delivery", "type": "delivery"},
                {"name": "Invoice", "type": "invoice"},
                {"name": "Other", "type": "other"},
                {"name": "Person"},
                {"name": "Archived", "active": False},
            ]
        )
        for contact in (company, person, self.portal.partner_id):
            self.assertEqual(contact.lifecycle_stage_id, self.new_lead, contact.name)
            self.assertTrue(contact.with_user(self.agent).lifecycle_in_scope, contact.name)
        for contact in (*addresses, archived, self.agent.partner_id):
            self.assertFalse(contact.lifecycle_stage_id, contact.name)
        for contact in (*addresses, self.agent.partner_id):
            self.assertFalse(contact.with_user(self.agent).lifecycle_in_scope, contact.name)

    def test_contact_that_becomes_a_user_keeps_its_stage(self):
        """A2"""
        self.make_user("lifecycle_promoted", "base.group_portal", partner_id=self.contact.id)
        self.assertEqual(self.get_moves(self.contact), [(False, self.new_lead.display_name, "default")])

    def test_scope_is_a_setting(self):
        """A2: out of scope no default, no counts"""
        self.set_scope("[('is_company', '=', True)]")
        person, company = self.Partner.create([{"name": "Person"}, {"name": "Company", "is_company": True}])
        self.assertFalse(person.lifecycle_stage_id)
        self.assertEqual(company.lifecycle_stage_id, self.new_lead)
        self.assertIn(company, self.Partner.search([("lifecycle_in_scope", "=", True)]))
        self.assertNotIn(person, self.Partner.search([("lifecycle_in_scope", "=", True)]))

    def test_only_contacts_in_scope_are_counted(self):
        """A2"""
        contacts = self.make_contacts(3, self.hot_lead)
        self.Partner.create({"name": "x", "type": "delivery", "lifecycle_stage_id": self.hot_lead.id})
        contacts[0].active = False
        stages = (self.hot_lead | self.payment).with_user(self.manager)
        self.assertEqual(stages.mapped("contact_count"), [2, 0])
        lost = self.cold_lead.with_user(self.manager)
        contacts[1].lifecycle_stage_id = lost.stage_id
        self.assertEqual(lost.contact_count, 1)

    def test_scope_that_is_broken_does_not_stand_in_the_way_of_contacts(self):
        """A2: written past the settings"""
        logger = "odoo.addons.contact_lifecycle.models.contact.res_partner_scope"
        for domain in ("[('is_company'", "1", "[('is_company', '=')]"):
            self.set_scope(domain)
            with self.assertLogs(logger, "WARNING"):
                self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.new_lead)

    def test_default_stage_that_was_just_changed_is_used_at_once(self):
        """S10, A1: the cached default is forgotten"""
        self.make_contacts(1)
        for stage in (self.payment, self.hot_lead):
            stage.action_set_default()
            self.assertEqual(self.make_contacts(1).lifecycle_stage_id, stage)
        self.delete_stage(self.hot_lead)
        self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.new_lead)


@tagged("post_install", "-at_install")
class TestApplyingTheDefaultInBackground(ScopeCase, BatchesCase):
    """A2: to contacts in scope that have no stage, in batches that survive an interruption."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(res_partner_default, "BATCH_SIZE", 2))
        self.contacts = self.make_contacts_without_stage(5)
        self.advanced = self.make_contacts(1, self.payment)
        # what else is in the database is left alone
        self.set_scope(f"[('id', 'in', {(self.contacts | self.advanced).ids})]")

    def apply(self):
        settings = self.env["res.config.settings"].with_user(self.administrator)
        return settings.create({}).action_lifecycle_apply_default()

    def run_cron(self):
        self.env.invalidate_all()
        self.Partner._cron_lifecycle_apply_default()

    def count_entered(self):
        return len(self.contacts.filtered("lifecycle_stage_id"))

    def assertEnteredOnce(self):
        self.assertEqual(self.contacts.lifecycle_stage_id, self.new_lead)
        for contact in self.contacts:
            self.assertEqual(self.get_moves(contact), [(False, self.new_lead.display_name, "default")])
        self.assertEqual(self.advanced.lifecycle_stage_id, self.payment)

    def test_owner_applies_the_default(self):
        with self.capture_triggers("contact_lifecycle.ir_cron_apply_default") as triggers:
            action = self.apply()
        self.assertEqual(len(triggers.records), 1)
        self.assertIn("Contacts that enter 🆕 New Lead in the background: 5.", action["params"]["message"])
        self.assertEqual(self.count_entered(), 0, "it is the scheduled action that works")
        self.run_cron()
        self.assertEnteredOnce()
        self.assertEqual([call.args[1] for call in self.commit.call_args_list][:3], [2, 2, 1])

    def test_manager_does_not_apply_the_default(self):
        """P1"""
        settings = self.env["res.config.settings"].create({})
        with self.assertRaises(AccessError):
            settings.with_user(self.manager).action_lifecycle_apply_default()

    def test_runs_only_when_asked_for(self):
        self.run_cron()
        self.assertEqual(self.count_entered(), 0)
        self.apply()
        self.run_cron()
        self.contacts[0].action_lifecycle_clear()
        self.run_cron()
        self.assertFalse(self.contacts[0].lifecycle_stage_id, "it goes on after it was done")

    def test_goes_on_where_it_was_interrupted(self):
        self.apply()
        self.fail_in_second_batch("_lifecycle_enter_default")
        self.assertEqual(self.count_entered(), 2)
        self.run_cron()
        self.assertEnteredOnce()

    def test_stops_when_its_time_is_over(self):
        self.apply()
        self.commit.return_value = 0
        self.run_cron()
        self.assertEqual(self.count_entered(), 2)
        self.commit.return_value = 1.0
        self.run_cron()
        self.assertEnteredOnce()

    def test_contact_that_cannot_enter_is_not_tried_for_ever(self):
        """An automation takes the contacts out again: each is tried once."""
        self.apply()
        with patch.object(type(self.Partner), "_lifecycle_enter_default", lambda partners, **kwargs: None):
            self.run_cron()
        self.assertEqual(self.count_entered(), 0)
