from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_rule import RuleCase

INACTIVITY = "odoo.addons.contact_lifecycle.models.rule.lifecycle_rule_inactivity"


@tagged("post_install", "-at_install")
class TestRuleInactivity(RuleCase):
    """Contacts with whom nothing happens for a number of days move (T9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.rule = cls.make_rule("inactivity", (), cls.cold_lead.stage_id, cls.new_lead, inactivity_days=30)
        cls.quiet = cls.make_quiet_contacts(3)

    @classmethod
    def make_quiet_contacts(cls, count, stage=None):
        with freeze_time(cls.now - timedelta(days=60)):
            contacts = cls.make_contacts(count, stage)
            cls.commit()
        return contacts

    def run_rules(self):
        self.Rule._cron_run()
        self.commit()

    def test_quiet_contacts_move(self):
        """T9, H2: those that are not quiet stay, and dates entered earlier are kept"""
        entered = self.get_log(self.quiet[0]).date
        self.run_rules()
        self.assertEqual(self.quiet.lifecycle_stage_id, self.cold_lead.stage_id)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
        log = self.get_log(self.quiet[0])
        self.assertEqual(log[0].date, entered)
        self.assertEqual((log[1].source, log[1].rule_id), ("rule", self.rule))
        self.assertEqual({result for result, *_rest in self.get_results(self.rule)}, {"acted"})

    def test_days_count(self):
        """T9: the day before, and the day"""
        contact = self.make_contacts(1)
        for days, stage in ((29, self.new_lead), (31, self.cold_lead.stage_id)):
            with freeze_time(self.now + timedelta(days=days)):
                self.run_rules()
            self.assertEqual(contact.lifecycle_stage_id, stage, days)

    def test_every_interaction_counts(self):
        """T9: for the contact, its leads, its conversations"""
        lead = self.lead.copy()
        channel = self.make_livechat(self.make_guest())
        start = self.now - timedelta(days=2)

        def comment(record, contact, **kwargs):
            vals = {"body": "x", "message_type": "comment", "subtype_xmlid": "mail.mt_comment", **kwargs}
            record.with_user(self.salesman).sudo().message_post(**vals)

        def own_lead(contact):
            lead.partner_id = contact
            return lead

        def converse(contact):
            channel._lifecycle_identify_as(contact)
            comment(channel, contact, author_id=self.salesman.partner_id.id)

        interactions = {
            "our mail": lambda contact: comment(contact, contact, partner_ids=contact.ids),
            "a mail from the contact elsewhere": lambda contact: comment(
                self.contact, contact, author_id=contact.id, message_type="email"
            ),
            "a mail to the contact from elsewhere": lambda contact: comment(
                self.contact, contact, partner_ids=contact.ids
            ),
            "a comment on its lead": lambda contact: comment(own_lead(contact), contact),
            "a conversation": converse,
            "a call": lambda contact: contact.activity_schedule(
                "mail.mail_activity_data_call"
            ).action_feedback(),
            "a meeting": lambda contact: self.env["calendar.event"].create(
                {"name": "x", "start": start, "stop": start, "partner_ids": contact.ids}
            ),
            "a move": lambda contact: contact.write({"lifecycle_stage_id": self.new_lead.id}),
        }
        for name, interact in interactions.items():
            with self.subTest(interaction=name), self.cr.savepoint():
                stage = self.hot_lead if name == "a move" else self.new_lead
                contact = self.make_quiet_contacts(1, stage)
                self.assertIn(
                    contact,
                    self.rule._find_movable()
                    | contact.filtered("lifecycle_is_lost")
                    | (contact if name == "a move" else self.Partner),
                )
                interact(contact)
                self.run_rules()
                self.assertEqual(contact.lifecycle_stage_id, self.new_lead)

    def test_what_is_no_interaction(self):
        """T9: notes among ourselves, tracking, archived meetings, declined invitations"""
        first, second, third = self.quiet
        first.with_user(self.salesman).message_post(
            body="x", subtype_xmlid="mail.mt_note", message_type="comment"
        )
        first.message_post(body="x")
        start = self.now - timedelta(days=2)
        vals = {"name": "x", "start": start, "stop": start}
        meetings = self.env["calendar.event"].create(
            [{**vals, "partner_ids": contact.ids} for contact in (second, third)]
        )
        meetings[0].active = False
        meetings[1].attendee_ids.filtered(lambda a: a.partner_id == third).do_decline()
        self.env["mail.message"].search([("model", "=", "calendar.event")]).unlink()
        third.message_ids.filtered(lambda message: message.author_id == third).unlink()
        self.env["mail.message"].search([("author_id", "=", third.id)]).unlink()
        self.commit()
        self.run_rules()
        self.assertEqual(self.quiet.lifecycle_stage_id, self.cold_lead.stage_id)

    def test_answer_to_a_note(self):
        """T9, T17: a note that mentions the contact is sent to it; Odoo posts the answer as a note as well"""
        contact = self.quiet[0]
        vals = {"body": "x", "author_id": contact.id, "subtype_xmlid": "mail.mt_note"}
        for message_type, is_interaction in (("notification", False), ("email", True)):
            self.lead.message_post(message_type=message_type, **vals)
            self.assertEqual(contact not in self.rule._find_movable(), is_interaction, message_type)

    def test_date_of_the_senders_clock(self):
        """T9: when a mail has arrived counts, for other messages when they are from"""
        for message_type, date, arrived, is_interaction in (
            ("email", -4000, 0, True),
            ("email", 6000, -45, False),
            ("email", 6000, 0, True),
            ("comment", -4000, 0, False),  # what was before, brought from elsewhere
            ("comment", 6000, -45, False),
        ):
            with self.subTest(type=message_type, date=date, arrived=arrived):
                contact = self.make_quiet_contacts(1)
                message = contact.message_post(
                    body="x",
                    author_id=contact.id,
                    message_type=message_type,
                    subtype_xmlid="mail.mt_comment",
                    date=self.now + timedelta(days=date),
                )
                self.env.flush_all()
                query = "UPDATE mail_message SET create_date = %s WHERE id = %s"
                self.cr.execute(query, [self.now + timedelta(days=arrived), message.id])
                self.assertEqual(contact not in self.rule._find_movable(), is_interaction)

    def test_what_merged_contacts_were_sent(self):
        """T9: on other records, where one message went to both and one to each of them"""
        first, second, third = self.quiet
        for recipients in (first | second, second | third, second, third):
            message = self.lead.with_user(self.salesman).message_post(
                body="x", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=recipients.ids
            )
            self.assertLessEqual(recipients, message.notification_ids.res_partner_id)
        self.commit()
        self.env.cr.execute(
            "UPDATE mail_message SET date = %s WHERE model = 'crm.lead' AND id != %s",
            [self.now - timedelta(days=40), message.id],
        )
        self.env.invalidate_all()
        notified = message.notification_ids.filtered(lambda n: n.res_partner_id == third)
        self.assertTrue(notified)
        self.env["base.partner.merge.automatic.wizard"]._merge(self.quiet.ids, first)
        self.assertEqual(first.exists(), first)
        self.assertEqual(notified.res_partner_id, first)
        self.assertNotIn(first, self.rule._find_movable())
        counts = self.env["mail.notification"]._read_group(
            [("res_partner_id", "=", first.id)], ["mail_message_id"], ["__count"]
        )
        self.assertEqual([count for _message, count in counts], [1, 1, 1, 1])

    def test_condition_lock_and_scope(self):
        """T9, T4, T15"""
        first, second, third = self.quiet
        first._lifecycle_write_protected({"lifecycle_locked": True})
        second.type = "invoice"
        self.rule.domain = f"[('id', '!=', {third.id})]"
        self.run_rules()
        self.assertEqual(self.quiet.lifecycle_stage_id, self.new_lead)
        self.assertEqual(self.get_results(self.rule), [("locked", first, 1)])

    def test_backwards_only_where_it_says_so(self):
        """T9, T10"""
        customers = self.make_quiet_contacts(1, self.customer)
        rule = self.make_rule("inactivity", (), self.hot_lead, self.customer)
        self.run_rules()
        self.assertEqual(customers.lifecycle_stage_id, self.customer)
        rule.allow_backward = True
        self.run_rules()
        self.assertEqual(customers.lifecycle_stage_id, self.hot_lead)

    def test_goes_on_where_it_stopped(self):
        """T9: in batches, with the number that is left; the time for it may run out after each"""
        self.startPatcher(patch(f"{INACTIVITY}.BATCH_SIZE", 2))
        contacts = self.quiet | self.make_quiet_contacts(2)
        self.commit_progress.side_effect = [60.0, 60.0, 0.0]
        self.run_rules()
        calls = self.commit_progress.call_args_list
        self.assertEqual(calls[0].kwargs, {"remaining": 5})
        self.assertEqual([call.args[1] for call in calls[1:]], [2, 2])
        self.assertEqual(len(contacts.filtered("lifecycle_is_lost")), 4)
        self.commit_progress.side_effect = self.commit_batch
        self.run_rules()
        self.assertEqual(contacts.lifecycle_stage_id, self.cold_lead.stage_id)
        self.assertEqual(
            self.Transition.search_count([("partner_id", "in", contacts.ids), ("source", "=", "rule")]), 5
        )

    def test_one_bad_contact_does_not_stop_the_others(self):
        """T9, T15"""
        self.startPatcher(patch(f"{INACTIVITY}.BATCH_SIZE", 2))
        bad = self.quiet[1]
        move = type(self.Rule)._move

        def fail(rule, partners, *args, **kwargs):
            if bad in partners:
                raise ValueError("no")
            return move(rule, partners, *args, **kwargs)

        with (
            patch.object(type(self.Rule), "_move", fail),
            mute_logger("odoo.addons.contact_lifecycle.models.rule.engine"),
        ):
            self.run_rules()
        self.assertEqual((self.quiet - bad).lifecycle_stage_id, self.cold_lead.stage_id)
        self.assertEqual(bad.lifecycle_stage_id, self.new_lead)
        self.assertIn(("failed", bad, 1), self.get_results(self.rule))
        self.assertTrue(self.rule.has_failed or self.rule.last_run)

    def test_switched_off(self):
        """T13, S2"""
        self.rule.active = False
        self.run_rules()
        self.rule.active = True
        self.env.ref("base.group_user").implied_ids -= self.env.ref("contact_lifecycle.group_use_lifecycle")
        self.run_rules()
        self.assertEqual(self.quiet.lifecycle_stage_id, self.new_lead)
