from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_rule import RuleCase

# What HubSpot's documentation says of its lead stages and their automation, a row each: where the contact is,
# what happens, where it is afterwards. The actions are the methods below.
ROWS = (
    # T1: an outreach moves a new lead to Attempting
    ("T1", "New", "we_send_an_email", "Attempting"),
    ("T1", "New", "we_write_in_a_conversation", "Attempting"),
    ("T1", "New", "we_make_a_call", "Attempting"),
    ("T1", "New", "we_schedule_a_meeting", "Attempting"),
    ("T1", "New", "nothing_happens", "New"),
    # ... and leaves those alone that are further on, or have been given up
    ("T1", "Connected", "we_send_an_email", "Connected"),
    ("T1", "Qualified", "we_make_a_call", "Qualified"),
    ("T1", "Disqualified", "we_send_an_email", "Disqualified"),
    # T2: an answer moves it to Connected, from New too
    ("T2", "New", "contact_replies_by_email", "Connected"),
    ("T2", "Attempting", "contact_replies_by_email", "Connected"),
    ("T2", "Attempting", "contact_writes_in_a_conversation", "Connected"),
    ("T2", "Attempting", "contact_attends_a_meeting", "Connected"),
    ("T2", "Attempting", "a_call_connects", "Connected"),
    ("T2", "New", "a_call_connects", "Connected"),
    ("T2", "Attempting", "we_make_a_call", "Attempting"),
    ("T2", "Qualified", "contact_replies_by_email", "Qualified"),
    ("T2", "Disqualified", "contact_replies_by_email", "Disqualified"),
    # T3: the standard rules can be switched off
    ("T3", "New", "rules_are_off_and_we_send_an_email", "New"),
    # T4: whom somebody has moved back stays there, until released; whom a rule or nobody has moved back does not
    ("T4", "Connected", "somebody_moves_it_back_and_it_replies", "Attempting"),
    ("T4", "Connected", "somebody_moves_it_back_and_releases_it_and_it_replies", "Connected"),
    ("T4", "New", "somebody_moves_it_on_and_it_replies", "Connected"),
)


@tagged("post_install", "-at_install")
class TestHubspotTable(RuleCase):
    """HubSpot's described behaviour, row by row (T1 to T6, T12, T13, T16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pipeline = {
            name: cls.Stage.create({"name": name}) for name in ("New", "Attempting", "Connected", "Qualified")
        }
        cls.pipeline["Disqualified"] = cls.LostStage.create({"name": "Disqualified"}).stage_id
        cls.outreach, cls.connected = cls.Rule._create_standard_rules(
            cls.pipeline["Attempting"], cls.pipeline["Connected"]
        )

    def make_contact_in(self, stage):
        contact = self.make_contacts(1, self.pipeline[stage])
        contact.email = "grace@example.com"
        self.commit()
        return contact

    # what happens

    def nothing_happens(self, contact):
        contact.name = "Grace"

    def we_send_an_email(self, contact):
        contact.with_user(self.salesman).message_post(
            body="x", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=contact.ids
        )

    def we_write_in_a_conversation(self, contact):
        self.make_livechat(contact).with_user(self.agent).message_post(body="x", message_type="comment")

    def we_make_a_call(self, contact, feedback="No answer"):
        activity = contact.with_user(self.salesman).activity_schedule("mail.mail_activity_data_call")
        activity.action_feedback(feedback)

    def we_schedule_a_meeting(self, contact, start=None):
        start = start or fields.Datetime.now() + timedelta(days=1)
        self.env["calendar.event"].with_user(self.salesman).create(
            {"name": "x", "start": start, "stop": start, "partner_ids": contact.ids}
        )

    def contact_replies_by_email(self, contact):
        contact.message_post(body="x", message_type="email", author_id=contact.id)

    def contact_writes_in_a_conversation(self, contact):
        channel = self.make_livechat(contact)
        channel.message_post(body="x", message_type="comment", author_id=contact.id)

    def contact_attends_a_meeting(self, contact):
        self.we_schedule_a_meeting(contact, fields.Datetime.now() - timedelta(days=1))
        self.commit()
        self.env["calendar.event"]._cron_lifecycle_held()

    def a_call_connects(self, contact):
        self.we_make_a_call(contact, "Connected: call again on Monday")

    def rules_are_off_and_we_send_an_email(self, contact):
        (self.outreach | self.connected).with_user(self.owner).active = False
        self.we_send_an_email(contact)

    def somebody_moves_it_back_and_it_replies(self, contact):
        contact.with_user(self.agent).lifecycle_stage_id = self.pipeline["Attempting"]
        self.commit()
        self.contact_replies_by_email(contact)

    def somebody_moves_it_back_and_releases_it_and_it_replies(self, contact):
        self.somebody_moves_it_back_and_it_replies(contact)
        self.commit()
        contact.with_user(self.agent).action_lifecycle_unlock()
        self.contact_replies_by_email(contact)

    def somebody_moves_it_on_and_it_replies(self, contact):
        contact.with_user(self.agent).lifecycle_stage_id = self.pipeline["Attempting"]
        self.commit()
        self.contact_replies_by_email(contact)

    def test_table(self):
        """T1, T2, T3, T4"""
        for number, (requirement, before, action, after) in enumerate(ROWS):
            with self.subTest(row=number, id=requirement, before=before, action=action):
                (self.outreach | self.connected).active = True
                contact = self.make_contact_in(before)
                getattr(self, action)(contact)
                self.commit()
                self.assertEqual(contact.lifecycle_stage_id.name, after)

    def test_standard_rules_are_locked(self):
        """T3: they can be switched off and on, and that is all"""
        rule = self.outreach.with_user(self.owner)
        rule.active = False
        rule.active = True
        for vals in (
            {"to_stage_id": self.pipeline["Qualified"].id},
            {"on_email_sent": False},
            {"domain": "[('id', '=', 1)]"},
            {"kind": "connected"},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "can be switched off, but not changed"),
            ):
                rule.write(vals)
        rule.is_standard = False
        self.assertTrue(rule.is_standard)
        with self.assertRaisesRegex(UserError, "cannot be deleted: switch it off"):
            rule.unlink()
        self.assertFalse(rule.copy().is_standard)

    def test_standard_rules_are_made_once(self):
        """T3: and a second time leaves them off"""
        self.connected.with_user(self.owner).active = False
        again = self.Rule._create_standard_rules(self.pipeline["Attempting"], self.pipeline["Qualified"])
        self.assertEqual(again, self.outreach | self.connected)
        self.assertEqual(self.connected.to_stage_id, self.pipeline["Qualified"])
        self.assertFalse(self.connected.active)

    def test_entering_a_stage_creates_a_lead(self):
        """T5: but not when it came from the company"""
        rule = self.make_rule("lead", entered_stage_ids=self.pipeline["Qualified"].ids, lead_kind="lead")
        contact, person = self.make_contact_in("Connected"), self.make_contact_in("Connected")
        contact.with_user(self.agent).lifecycle_stage_id = self.pipeline["Qualified"]
        person._lifecycle_move_to(self.pipeline["Qualified"], "company")
        self.commit()
        Lead = self.env["crm.lead"]
        self.assertEqual(len(Lead.search([("partner_id", "=", contact.id), ("type", "=", "lead")])), 1)
        self.assertFalse(Lead.search([("partner_id", "=", person.id)]))
        self.assertEqual(self.get_results(rule), [("acted", contact, 1)])

    def test_follow_up_lead(self):
        """T6: on a disqualified contact and on a lost opportunity, of a type, after a delay"""
        reason = self.env["crm.lost.reason"].create({"name": "Not now"})
        self.make_rule(
            "follow_up",
            entered_stage_ids=self.pipeline["Disqualified"].ids,
            lost_reason_ids=reason.ids,
            lead_type="reattempt",
            delay_days=30,
        )
        disqualified, loser = self.make_contact_in("New"), self.make_contact_in("Qualified")
        disqualified.with_user(self.agent).lifecycle_stage_id = self.pipeline["Disqualified"]
        opportunity = self.lead.copy({"partner_id": loser.id})
        opportunity.action_set_lost(lost_reason_id=reason.id)
        self.commit()

        def get_leads():
            return self.env["crm.lead"].search([("partner_id", "in", (disqualified | loser).ids)])

        self.assertFalse(get_leads())
        requests = self.env["lifecycle.lead.request"].search([])
        self.assertEqual(requests.partner_id, disqualified | loser)
        requests.date_due = fields.Datetime.now()
        for _twice in range(2):
            self.env["lifecycle.lead.request"]._cron_make_leads()
        self.assertEqual(get_leads().mapped("tag_ids.name"), ["Re-attempt"])
        self.assertEqual(len(get_leads()), 2)

    def test_people_comment_on_rules(self):
        """T12: for each other; managers too, agents and the public do not see them"""
        rule = self.outreach
        rule.with_user(self.manager).message_post(body="Does this concern partners?")
        rule.with_user(self.owner).message_post(body="No.")
        self.assertEqual(
            [str(message.preview) for message in rule.message_ids.sorted("id")[-2:]],
            ["Does this concern partners?", "No."],
        )
        for user in (self.agent, self.portal):
            with self.assertRaises(AccessError):
                rule.with_user(user).message_post(body="x")

    def test_only_owners_switch_and_edit(self):
        """T13"""
        rule = self.make_rule("criteria", to_stage=self.pipeline["Qualified"])
        rule.with_user(self.owner).active = False
        for user in (self.agent, self.manager):
            for call in (
                lambda u=user: rule.with_user(u).write({"active": True}),
                lambda u=user: self.Rule.with_user(u).create({"name": "x"}),
                lambda u=user: rule.with_user(u).unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()

    def test_rules_cover_the_pipeline_in_use(self):
        """T13: no rule is made for a stage that is being deleted, and those there are leave it alone"""
        stage = self.pipeline["Qualified"]
        rule = self.make_rule("outreach", ["call_made"], stage)
        stage._lifecycle_write_protected({"deletion_pending": True})
        contact = self.make_contact_in("Connected")
        self.we_make_a_call(contact)
        self.assertStayed(contact)
        self.assertFalse(self.get_results(rule))
        with self.assertRaisesRegex(UserError, "Qualified, which is being deleted: choose another stage"):
            self.make_rule("outreach", ["call_made"], stage)

    def test_people_follow_their_company(self):
        """T16: off at first; one way, forward only, marked in the log, without creating leads (T5)"""
        company = self.Partner.create({"name": "Engines Inc", "is_company": True})
        company.lifecycle_stage_id = self.pipeline["New"]
        behind, ahead = self.make_contact_in("New"), self.make_contact_in("Qualified")
        (behind | ahead).parent_id = company
        rule = self.make_rule("lead", entered_stage_ids=self.pipeline["Qualified"].ids)
        self.commit()
        company.lifecycle_stage_id = self.pipeline["Connected"]
        self.assertMoved(behind, self.pipeline["New"])

        self.env["res.config.settings"].with_user(self.administrator).create(
            {"lifecycle_company_sync": True}
        ).execute()
        company.lifecycle_stage_id = self.pipeline["Qualified"]
        self.assertMoved(behind, self.pipeline["Qualified"])
        self.assertEqual(self.get_log(behind)[-1].source, "company")
        self.assertEqual(self.get_results(rule), [("acted", company, 1)])

        company.lifecycle_stage_id = self.pipeline["Connected"]
        for person in (behind, ahead):
            self.assertMoved(person, self.pipeline["Qualified"])
        behind.lifecycle_stage_id = self.pipeline["Disqualified"]
        self.assertMoved(company, self.pipeline["Connected"])
