from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common_automation import AutomationCase
from ..common_lead_rule import LeadRuleCase
from ..common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestMadeOneByOne(QueriesCase, AutomationCase, LeadRuleCase):
    """A1, H1, H2: code makes contacts one by one, and what follows their first move for all of them together."""

    def make(self, count=2, **vals):
        """:return: contacts that an agent has made one by one"""
        contacts = self.Partner.with_user(self.agent)
        for index in range(count):
            contacts += contacts.create({"name": f"New {index}", **vals})
        return contacts

    def assertTraces(self, contact, stage, source):
        row = self.get_log(contact)
        self.assertEqual(
            (row.from_stage_id, row.to_stage_id, row.source, row.user_id, row.date),
            (self.Stage, stage, source, self.agent, contact.sudo().date_last_stage_update),
        )
        value = self.get_tracking_values(contact)
        self.assertEqual((value.old_value_integer, value.new_value_integer), (0, stage.id))
        self.assertIn("created", value.mail_message_id.preview)

    def test_each_has_its_traces(self):
        for vals, stage, source in (
            ({}, self.new_lead, "default"),
            ({"lifecycle_stage_id": self.payment.id}, self.payment, "manual"),
        ):
            with self.subTest(source=source):
                for contact in self.make(3, **vals):
                    self.assertTraces(contact, stage, source)

    def test_no_query_of_a_contact_for_its_traces(self):
        """A1: of a stage that is given, only whether it is there is looked up"""
        for vals, per_record in (({}, 0.1), ({"lifecycle_stage_id": self.payment.id}, 1.1)):

            def added(number, vals=vals):
                entering = self.count_queries(lambda: self.make(number, **vals))
                return entering - self.count_queries(lambda: self.make_plain(number))

            with self.subTest(vals=vals):
                self.assertNoQueryPerRecord(added, small=20, large=40, per_record=per_record)

    def make_plain(self, count):
        Partner = self.Partner.with_user(self.agent).with_context(lifecycle_skip_default=True)
        for index in range(count):
            Partner.create({"name": f"New {index}"})

    def test_each_has_its_date(self):
        """H2: of a transaction that takes long"""
        contacts = self.Partner.with_user(self.agent)
        dates = [datetime(2031, 1, 1, 10, minute) for minute in range(3)]
        for date in dates:
            with freeze_time(date):
                contacts += contacts.create({"name": str(date)})
        self.assertEqual([self.get_log(contact).date for contact in contacts], dates)

    def test_log_is_whole_for_whoever_reads_it(self):
        """H2: by whatever way, also before the transaction is flushed"""
        Log, Value = self.Transition.sudo(), self.env["mail.tracking.value"].sudo()
        self.env.cr.flush()
        ways = {
            "contact": lambda made: len(made.sudo().lifecycle_transition_ids),
            "search": lambda made: len(Log.search([("partner_id", "in", made.ids)])),
            "group": lambda made: Log._read_group([("partner_id", "in", made.ids)], [], ["__count"])[0][0],
            "path": lambda made: self.Partner.search_count(
                [("id", "in", made.ids), ("lifecycle_transition_ids.source", "=", "default")]
            ),
            "SQL": self.count_in_sql,
            "chatter": lambda made: len(made.message_ids.sudo().tracking_value_ids),
            "last values": lambda made: len(
                Value.search([], order="id desc", limit=2).mail_message_id & made.message_ids.sudo()
            ),
            "cohorts": lambda made: self.count_in_cohorts() - in_cohorts,
        }
        for name, count in ways.items():
            with self.subTest(way=name):
                in_cohorts = self.count_in_cohorts()
                made = self.make(2)
                self.env.flush_all()
                self.assertEqual(count(made), 2)
        before = Log.search_count([])
        self.make(2)
        self.assertEqual(Log.search_count([]), before + 2)

    def count_in_cohorts(self):
        return sum(cohort["count"] for cohort in self.env["lifecycle.dashboard"].get_cohorts()["cohorts"])

    def count_in_sql(self, contacts):
        self.Transition.flush_model()
        self.cr.execute(
            "SELECT count(*) FROM lifecycle_transition WHERE partner_id = ANY(%s)", [contacts.ids]
        )
        return self.cr.fetchone()[0]

    def test_log_is_in_the_order_of_what_happened(self):
        """H2"""
        first, second = self.make(2)
        first.lifecycle_stage_id = self.hot_lead
        third = self.make(1)
        self.env.cr.flush()
        rows = sum(map(self.get_log, (first, second, third)), self.Transition).sorted("id")
        self.assertEqual(rows.partner_id, first + second + third)
        self.assertEqual(rows.mapped("source"), ["default", "default", "manual", "default"])
        self.assertEqual(rows[2].partner_id, first)

    def test_users_in_turn(self):
        """H2: each made their own"""
        mine = self.make(1)
        theirs = self.Partner.with_user(self.manager).create({"name": "Theirs"})
        self.assertEqual(self.get_log(mine).user_id, self.agent)
        self.assertEqual(self.get_log(theirs).user_id, self.manager)

    def test_what_goes_before_its_traces(self):
        """H2: a contact that is deleted, and one that is undone with a savepoint, leave none, and the others theirs"""
        gone, silenced, stays = self.make(3)
        gone.sudo().unlink()
        silenced.message_ids.sudo().unlink()
        wiped = self.make(1)
        self.cr.execute("DELETE FROM mail_message WHERE id = ANY(%s)", [wiped.message_ids.ids])
        with self.undone():
            undone = self.make(1)
        self.env.cr.flush()
        self.assertTraces(stays, self.new_lead, "default")
        self.assertFalse(self.Transition.search([("partner_id", "in", (gone + undone).ids)]))
        for contact in silenced + wiped:
            self.assertEqual(self.get_log(contact).to_stage_id, self.new_lead)

    def test_what_is_undone_in_sql_alone(self):
        """H2: a savepoint that flushes nothing"""
        [stays] = self.make(1)
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        self.make(1)
        self.env.flush_all()
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.env.cr.flush()
        self.assertTraces(stays, self.new_lead, "default")

    def test_contact_without_a_note_is_logged_at_once(self):
        """H1: where Odoo writes no note, the message is there as soon as the contact is"""
        contact = self.Partner.with_context(mail_create_nolog=True).create({"name": "Jane"})
        self.assertEqual(len(contact.with_context(mail_create_nolog=False).message_ids), 1)

    def test_rules_and_automations(self):
        """T1, T11: both run for each of them, with the history before them"""
        code = "record.write({'comment': ', '.join(record.lifecycle_transition_ids.mapped('to_stage_name'))})"
        self.make_automation(self.new_lead, {"state": "code", "code": code})
        for contact in self.make(2):
            self.assertIn(self.new_lead.name, contact.comment)
        rule = self.make_lead_rule(entered_stage_ids=self.payment.ids)
        contacts = self.make(2, lifecycle_stage_id=self.payment.id)
        self.commit()
        self.assertEqual(self.Request.search([("rule_id", "=", rule.id)]).partner_id, contacts)

    def test_rules_in_their_order(self):
        """T2: each hears of all that has happened, whoever made which contact; the first lets a lead be made"""
        leads = self.make_lead_rule(
            entered_stage_ids=self.new_lead.ids,
            domain=f"[('lifecycle_stage_id', '=', {self.new_lead.id})]",
            sequence=1,
        )
        self.make_rule(
            "criteria",
            to_stage=self.payment,
            from_stages=self.new_lead,
            domain="[('comment', 'ilike', 'next')]",
            sequence=2,
        )
        self.commit()
        mine = self.make(1, comment="next")
        theirs = self.Partner.with_user(self.manager).create({"name": "Theirs", "comment": "next"})
        company = self.Partner.create(
            {
                "name": "Co",
                "is_company": True,
                "comment": "next",
                "child_ids": [Command.create({"name": "K"})],
            }
        )
        self.commit()
        for contact in (mine, theirs, company):
            self.assertEqual(contact.sudo().lifecycle_stage_id, self.payment)
            self.assertEqual(
                len(self.Request.search([("rule_id", "=", leads.id), ("partner_id", "=", contact.id)])), 1
            )
