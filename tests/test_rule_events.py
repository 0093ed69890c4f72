from datetime import timedelta

from odoo import Command, fields
from odoo.tests import Form, tagged

from .rule_case import RuleCase

MAIL = """Return-Path: <{sender}>
From: Ada <{sender}>
To: {to}
Subject: Re: The engine
Message-ID: <{id}@example.com>
In-Reply-To: {parent}
References: {parent}
Content-Type: text/plain; charset="utf-8"

I like it.
"""


class EventCase(RuleCase):
    kind = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_type = cls.env.ref("mail.mail_activity_data_call")
        cls.meeting_type = cls.env.ref("mail.mail_activity_data_meeting")
        cls.start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)

    def listen(self, event):
        """Only one event is ticked, so that no other one can be what moves the contact."""
        return self.make_rule(self.kind, [event], self.hot_lead, self.new_lead, name=f"On {event}")

    def do_activity(self, record, activity_type, feedback=False, **vals):
        activity = record.with_user(self.salesman).activity_schedule(
            activity_type_id=activity_type.id, user_id=self.salesman.id, **vals
        )
        self.commit()
        activity.with_user(self.salesman).action_feedback(feedback=feedback)

    def make_meeting(self, partners, user=None, **vals):
        return (
            self.env["calendar.event"]
            .with_user(user or self.salesman)
            .create(
                {
                    "name": "Show the engine",
                    "start": self.start,
                    "stop": self.start + timedelta(hours=1),
                    "partner_ids": [Command.set((partners | self.salesman.partner_id).ids)],
                    **vals,
                }
            )
        )


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


@tagged("post_install", "-at_install")
class TestConnectedEvents(EventCase):
    """What a contact does moves it (T2), each event from the real action."""

    kind = "connected"

    def receive_mail(self, record, sender="ada@example.com"):
        """Fetch an email that answers the last message on ``record``."""
        message = record.with_user(self.salesman).message_post(
            body="Have you seen our engine?", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        self.commit()
        mail = MAIL.format(
            sender=sender, to="catchall@example.com", id=f"reply-{message.id}", parent=message.message_id
        )
        self.env["mail.thread"].sudo().with_user(self.env.ref("base.user_root")).message_process(
            "res.partner", mail
        )

    def test_email_reply(self):
        """T2: fetched through the mail gateway, for the contact and through a lead"""
        for record in (self.contact, self.lead):
            with self.subTest(record=record._name):
                rule = self.listen("email_reply")
                self.contact._lifecycle_move_at(self.new_lead.id, fields.Datetime.now())
                self.commit()
                self.receive_mail(record)
                self.assertMoved(self.contact, self.hot_lead, rule)
                rule.active = False
                self.contact.with_context(lifecycle_source="rule").sudo().lifecycle_stage_id = self.new_lead

    def test_email_of_somebody_else(self):
        """T2: an unknown sender and one of our own people move nobody"""
        self.listen("email_reply")
        for sender in ("stranger@example.com", "salesman@example.com"):
            self.receive_mail(self.contact, sender)
            self.assertStayed(self.contact)

    def test_message_of_a_known_visitor(self):
        """T2"""
        rule = self.listen("conversation_reply")
        channel = self.make_livechat(self.contact)
        self.commit()
        channel.with_user(self.agent).message_post(body="Hello", message_type="comment")
        self.assertStayed(self.contact)
        channel.sudo().message_post(body="Hi", author_id=self.contact.id, message_type="comment")
        self.assertMoved(self.contact, self.hot_lead, rule)
        self.assertEqual(self.get_log(self.contact)[-1].channel_id, channel)

    def test_message_of_a_guest(self):
        """T2: of one whose contact somebody has named; an unknown one moves nobody"""
        rule = self.listen("conversation_reply")
        guest = self.make_guest()
        channel = self.make_livechat(guest)
        self.commit()
        visitor = self.env.ref("base.public_user")

        def write():
            channel.with_user(visitor).sudo().with_context(guest=guest).message_post(
                body="How much is it?", author_guest_id=guest.id, message_type="comment"
            )

        write()
        self.commit()
        self.assertFalse(self.get_results(rule))
        self.assertEqual(channel.lifecycle_stage_id, self.new_lead)
        channel.with_user(self.agent).action_lifecycle_set_contact(self.contact.id)
        self.commit()
        write()
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_portal_comment(self):
        """T2: a portal user writes on a document"""
        rule = self.listen("portal_reply")
        contact = self.portal.partner_id
        contact.sudo().with_context(lifecycle_source="rule").lifecycle_stage_id = self.new_lead
        self.commit()
        self.lead.with_user(self.portal).sudo().message_post(
            body="Hi", author_id=contact.id, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertMoved(contact, self.hot_lead, rule)

    def test_connected_call(self):
        """T2: the activity, its type or the feedback says so; without, the call was made but did not connect"""
        connecting_type = self.call_type.copy({"name": "Conversation", "lifecycle_call_connected": True})
        for name, activity_type, feedback, vals, expected in (
            ("nothing", self.call_type, "", {}, False),
            ("no answer", self.call_type, "Not connected", {}, False),
            ("feedback", self.call_type, "<p>Connected: wants an offer</p>", {}, True),
            ("activity", self.call_type, "", {"lifecycle_call_connected": True}, True),
            ("type", connecting_type, "", {}, True),
        ):
            for through in ("res.partner", "crm.lead"):
                with self.subTest(name=name, through=through):
                    contact = self.make_contacts(1)
                    record = (
                        contact if through == "res.partner" else self.lead.copy({"partner_id": contact.id})
                    )
                    rule = self.listen("call_connected")
                    self.commit()
                    self.do_activity(record, activity_type, feedback, **vals)
                    self.assertMoved(contact, self.hot_lead if expected else self.new_lead)
                    rule.active = False

    def hold_meetings(self):
        self.env["calendar.event"]._cron_lifecycle_held()

    def test_meeting_held(self):
        """T2: when it is over, who has not declined; once"""
        rule = self.listen("meeting_held")
        declining = self.make_contacts(1)
        meeting = self.make_meeting(self.contact | declining)
        meeting.attendee_ids.filtered(lambda a: a.partner_id == declining).sudo().do_decline()
        self.hold_meetings()
        self.assertMoved(self.contact, self.new_lead)
        meeting.sudo().write({"start": fields.Datetime.now() - timedelta(hours=2), "duration": 1})
        self.commit()
        self.hold_meetings()
        self.assertMoved(self.contact, self.hot_lead, rule)
        self.assertMoved(declining, self.new_lead)
        self.hold_meetings()
        self.assertEqual(self.get_results(rule), [("acted", self.contact, 1)])

    def test_meeting_of_the_opportunity_held(self):
        """T2: through a lead"""
        rule = self.listen("meeting_held")
        self.start -= timedelta(days=2)
        self.make_meeting(self.Partner, opportunity_id=self.lead.id)
        self.commit()
        self.hold_meetings()
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_cancelled_meeting(self):
        """T2: archived is not held"""
        self.listen("meeting_held")
        self.start -= timedelta(days=2)
        self.make_meeting(self.contact).active = False
        self.commit()
        self.hold_meetings()
        self.assertMoved(self.contact, self.new_lead)

    def test_meetings_before_the_rule(self):
        """T2: a rule that is switched on does not look back"""
        self.start -= timedelta(days=2)
        self.make_meeting(self.contact)
        self.commit()
        self.hold_meetings()
        self.listen("meeting_held")
        self.hold_meetings()
        self.assertMoved(self.contact, self.new_lead)

    def test_meeting_activity_done(self):
        """T2: for the contact and through a lead"""
        for through in ("res.partner", "crm.lead"):
            with self.subTest(through=through):
                contact = self.make_contacts(1)
                record = contact if through == "res.partner" else self.lead.copy({"partner_id": contact.id})
                rule = self.listen("meeting_held")
                self.commit()
                self.do_activity(record, self.meeting_type)
                self.assertMoved(contact, self.hot_lead, rule)
                rule.active = False


@tagged("post_install", "-at_install")
class TestOpportunityEvents(EventCase):
    """What becomes of an opportunity moves its contact (T7)."""

    kind = "opportunity"

    def test_created(self):
        """T7: made, converted from a lead, or its customer becomes known"""
        rule = self.listen("opportunity_created")
        contacts = self.make_contacts(4)
        Lead = self.env["crm.lead"].with_user(self.salesman)
        Lead.create({"name": "x", "type": "opportunity", "partner_id": contacts[0].id})
        self.assertMoved(contacts[0], self.hot_lead, rule)

        lead = Lead.create({"name": "x", "type": "lead", "partner_id": contacts[1].id})
        self.assertStayed(contacts[1])
        lead.convert_opportunity(contacts[1])
        self.assertMoved(contacts[1], self.hot_lead, rule)

        lead = Lead.create({"name": "x", "type": "opportunity"})
        self.commit()
        with Form(lead) as form:
            form.partner_id = contacts[2]
        self.assertMoved(contacts[2], self.hot_lead, rule)
        lead.name = "y"
        self.assertStayed(contacts[3])

    def test_won(self):
        """T7: by the button and by the stage"""
        rule = self.listen("opportunity_won")
        self.lead.with_user(self.salesman).action_set_won_rainbowman()
        self.assertMoved(self.contact, self.hot_lead, rule)

        contact = self.make_contacts(1)
        lead = self.lead.copy({"partner_id": contact.id})
        self.commit()
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        self.assertMoved(contact, self.hot_lead, rule)

    def test_lost(self):
        """T7, T10: the rule names a lost stage"""
        rule = self.make_rule(
            "opportunity", ["opportunity_lost"], self.cold_lead.stage_id, self.new_lead | self.hot_lead
        )
        reason = self.env["crm.lost.reason"].create({"name": "Too expensive"})
        self.lead.with_user(self.salesman).action_set_lost(lost_reason_id=reason.id)
        self.assertMoved(self.contact, self.cold_lead.stage_id, rule)
        self.assertFalse(self.contact.lifecycle_locked)
