from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common_event import EventCase

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
                self.contact._lifecycle_move_to(self.new_lead, "rule")

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
        contact._lifecycle_move_to(self.new_lead, "rule")
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
