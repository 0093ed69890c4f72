from odoo import Command, fields
from odoo.tests import tagged

from ..common_event import EventCase


@tagged("post_install", "-at_install")
class TestOutreachEvents(EventCase):
    """What our people do to reach a contact moves it (T1), each event from the real action."""

    kind = "outreach"

    def post_mail(self, record, user=None, **kwargs):
        return record.with_user(user or self.salesman).message_post(
            body="Have you seen our engine?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
            **kwargs,
        )

    def test_email_to_the_contact(self):
        """T1"""
        rule = self.listen("email_sent")
        self.post_mail(self.contact)
        self.assertMoved(self.contact, self.hot_lead, rule)
        self.assertEqual(self.get_results(rule), [("acted", self.contact, 1)])

    def test_email_from_the_lead(self):
        """T1: through a lead"""
        rule = self.listen("email_sent")
        self.post_mail(self.lead)
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_email_to_a_follower(self):
        """T1: nobody is named, the contact follows the lead"""
        rule = self.listen("email_sent")
        self.lead.message_subscribe(self.contact.ids)
        self.lead.with_user(self.salesman).message_post(
            body="News", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_mass_mail(self):
        """T1: to contacts and through leads; each contact once, with a log of the mail and without"""
        for keep_log in (True, False):
            with self.subTest(keep_log=keep_log):
                rule = self.listen("email_sent")
                contacts = self.make_contacts(3)
                for index, contact in enumerate(contacts):
                    contact.email = f"contact.{index}@example.com"
                lead = self.lead.copy({"partner_id": contacts[2].id})
                self.commit()
                for records in (contacts[:2], lead):
                    composer = self.env["mail.compose.message"].with_user(self.salesman)
                    composer.create(
                        {
                            "composition_mode": "mass_mail",
                            "model": records._name,
                            "res_ids": records.ids,
                            "subject": "News",
                            "body": "<p>News</p>",
                            "auto_delete": True,
                            "auto_delete_keep_log": keep_log,
                        }
                    )._action_send_mail()
                for contact in contacts:
                    self.assertMoved(contact, self.hot_lead, rule)
                    self.assertEqual(len(self.get_log(contact)), 2)
                rule.active = False

    def test_scheduled_email_counts_when_it_leaves(self):
        """T1"""
        rule = self.listen("email_sent")
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        composer.create(
            {
                "composition_mode": "comment",
                "model": "res.partner",
                "res_ids": self.contact.ids,
                "partner_ids": [Command.set(self.contact.ids)],
                "subject": "News",
                "body": "<p>News</p>",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "scheduled_date": fields.Datetime.to_string(self.start),
            }
        )._action_send_mail()
        self.assertStayed(self.contact)
        schedule = self.env["mail.message.schedule"].search([], order="id desc", limit=1)
        schedule.sudo().force_send()
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_what_is_no_outreach(self):
        """T1: notes, automatic mails, OdooBot, other contacts' comments, mails to our own people"""
        self.listen("email_sent")
        customer = self.make_contacts(1)
        own = self.internal.partner_id
        self.contact.with_user(self.salesman).message_post(body="A note", subtype_xmlid="mail.mt_note")
        self.post_mail(self.contact, self.env.ref("base.user_root"))
        self.contact.with_user(self.salesman).message_post(
            body="x",
            message_type="auto_comment",
            partner_ids=self.contact.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.contact.message_post(
            body="x",
            author_id=customer.id,
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        own.with_user(self.salesman).message_post(
            body="x", partner_ids=own.ids, subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        self.contact.with_user(self.salesman).message_notify(body="x", partner_ids=self.contact.ids)
        for contact in (self.contact, own, customer):
            self.assertStayed(contact)

    def test_message_in_a_conversation(self):
        """T1: by an agent to a known visitor, with the conversation in the log; not by a robot"""
        rule = self.listen("message_sent")
        channel = self.make_livechat(self.contact)
        self.commit()
        channel.sudo().message_post(
            body="Hello", author_id=self.env.ref("base.partner_root").id, message_type="comment"
        )
        channel.with_user(self.agent).message_post(body="joined", message_type="notification")
        self.assertStayed(self.contact)
        channel.with_user(self.agent).message_post(body="Hello", message_type="comment")
        self.assertMoved(self.contact, self.hot_lead, rule)
        self.assertEqual(self.get_log(self.contact)[-1].channel_id, channel)
        self.assertEqual(channel.lifecycle_stage_id, self.hot_lead)

    def test_message_to_somebody_unknown(self):
        """T1: rules move contacts; while nobody knows who the visitor is, nothing happens"""
        rule = self.listen("message_sent")
        channel = self.make_livechat(self.make_guest())
        self.commit()
        channel.with_user(self.agent).message_post(body="Hello", message_type="comment")
        self.commit()
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)
        self.assertFalse(self.get_results(rule))

    def test_sms(self):
        """T1: to the contact and from the lead"""
        for record in (self.contact, self.lead):
            with self.subTest(record=record._name):
                rule = self.listen("sms_sent")
                self.contact.lifecycle_stage_id = self.new_lead
                self.contact.action_lifecycle_unlock()
                self.commit()
                record.with_user(self.salesman)._message_sms(
                    "Have you seen our engine?", partner_ids=self.contact.ids
                )
                self.assertMoved(self.contact, self.hot_lead, rule)
                rule.active = False

    def test_call(self):
        """T1: for the contact and through a lead; not before it is made, and no other activity"""
        for record in (self.contact, self.lead):
            with self.subTest(record=record._name):
                rule = self.listen("call_made")
                contact = self.contact.copy({"lifecycle_stage_id": self.new_lead.id})
                record = contact if record == self.contact else record.copy({"partner_id": contact.id})
                self.commit()
                self.do_activity(record, self.env.ref("mail.mail_activity_data_todo"))
                self.assertStayed(contact)
                self.do_activity(record, self.call_type)
                self.assertMoved(contact, self.hot_lead, rule)
                rule.active = False

    def test_meeting(self):
        """T1: with the contact; once, however often it recurs"""
        rule = self.listen("meeting_scheduled")
        self.make_meeting(
            self.contact,
            recurrency=True,
            rrule_type="weekly",
            end_type="count",
            count=4,
            interval=1,
            mon=True,
        )
        self.assertMoved(self.contact, self.hot_lead, rule)
        self.assertEqual(self.get_results(rule), [("acted", self.contact, 1)])

    def test_meeting_of_the_opportunity(self):
        """T1: the customer is not invited"""
        rule = self.listen("meeting_scheduled")
        self.make_meeting(self.Partner, opportunity_id=self.lead.id)
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_meeting_by_the_contact(self):
        """T1: who schedules it must be one of us"""
        self.listen("meeting_scheduled")
        self.env["calendar.event"].with_user(self.portal).sudo().create(
            {"name": "x", "start": self.start, "stop": self.start, "partner_ids": self.contact.ids}
        )
        self.assertStayed(self.contact)

    def test_event_that_is_not_ticked(self):
        """T1: the events are ticked one by one"""
        self.listen("call_made")
        self.post_mail(self.contact)
        self.make_meeting(self.contact)
        self.assertStayed(self.contact)
