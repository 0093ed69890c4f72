from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestLog(LifecycleCase):
    """The log is append-only and tells the truth (H2, H3, H4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-01-01 10:00:00"):
            cls.visited = cls.make_contacts(1)
        with freeze_time("2026-01-02 22:00:00"):
            cls.visited.lifecycle_stage_id = cls.hot_lead
        with freeze_time("2026-01-05 22:00:00"):
            cls.visited.lifecycle_stage_id = cls.new_lead

    def test_log_cannot_be_changed_by_anybody(self):
        """H2: neither by an owner nor by superuser code"""
        row = self.get_log(self.visited)[0]
        values = row.read()
        for name, log in (
            ("agent", row.with_user(self.agent)),
            ("owner", row.with_user(self.owner)),
            ("system user", row.with_user(self.env.ref("base.user_admin"))),
            ("superuser", row.sudo()),
        ):
            with self.subTest(user=name):
                for call in (
                    lambda log=log: log.write({"to_stage_name": "x"}),
                    lambda log=log: log.update({"date": "2020-01-01"}),
                    log.unlink,
                    log.copy,
                ):
                    with self.assertRaises(UserError):
                        call()
        row.invalidate_recordset()
        self.assertEqual(row.read(), values)

    def test_refusal_says_why(self):
        """H2"""
        row = self.get_log(self.visited)[0]
        with self.assertRaisesRegex(UserError, "history cannot be changed"):
            row.write({"user_id": self.owner.id})
        with self.assertRaisesRegex(UserError, "goes with its contact"):
            row.unlink()

    def test_when_a_row_was_made_is_nobodys_default(self):
        """H2, D5: what takes an import back knows by it whom that has made"""
        for name, value in (("create_date", "2001-01-01 00:00:00"), ("date_entered", "2001-01-01 00:00:00")):
            self.env["ir.default"].with_user(self.agent).set(
                "lifecycle.transition", name, value, user_id=True
            )
        contacts = self.make_contacts(2)
        contacts.with_user(self.agent).lifecycle_stage_id = self.payment
        for contact in contacts:
            row = self.get_log(contact)[-1]
            self.assertEqual(row.create_date, self.cr.now())
            self.assertGreater(row.date_entered.year, 2001)

    def test_nobody_adds_to_the_log(self):
        """H2"""
        for user in (self.agent, self.manager, self.owner, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Transition.with_user(user).create({"partner_id": self.visited.id, "source": "manual"})

    def test_log_is_not_changed_through_its_contact(self):
        """H2"""
        row, other = self.get_log(self.visited)[0], self.get_log(self.contact)[0]
        for command in (
            Command.create({"to_stage_name": "x"}),
            Command.update(row.id, {"to_stage_name": "x"}),
            Command.delete(row.id),
            Command.unlink(row.id),
            Command.clear(),
            Command.link(other.id),
            Command.set(other.ids),
        ):
            with self.subTest(command=command), self.assertRaises(UserError), self.cr.savepoint():
                self.visited.with_user(self.owner).write({"lifecycle_transition_ids": [command]})
                self.env.flush_all()
        self.assertEqual(len(self.get_log(self.visited)), 3)
        self.assertEqual(other.partner_id, self.contact)

    def test_deleting_the_contact_takes_its_log_along(self):
        """H2"""
        rows = self.get_log(self.visited)
        self.visited.unlink()
        self.assertFalse(rows.exists())

    def test_only_managers_read_the_log(self):
        """P1"""
        for user, allowed in (
            (self.internal, False),
            (self.agent, False),
            (self.manager, True),
            (self.owner, True),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.Transition.with_user(user).has_access("read"), allowed)

    def test_log_tells_the_time_in_the_former_stage(self):
        """H2, H3"""
        self.assertEqual(self.get_log(self.visited).mapped("days_in_stage"), [0, 1.5, 3])

    def test_rows_are_a_chain(self):
        """H2"""
        log = self.get_log(self.visited)
        self.assertEqual(
            [row.from_stage_id for row in log], [self.Stage, *(row.to_stage_id for row in log[:-1])]
        )

    def test_time_in_each_stage_is_shown_on_the_contact(self):
        """H3: in Odoo's status bar, seconds for each stage; the current one goes on"""
        with freeze_time("2026-01-06 22:00:00"):
            self.assertEqual(
                self.visited.with_user(self.agent).duration_tracking,
                {str(self.new_lead.id): 2.5 * 86400, str(self.hot_lead.id): 3 * 86400},
            )
        self.visited.lifecycle_stage_id = False
        self.assertEqual(set(self.visited.duration_tracking), {str(self.new_lead.id), str(self.hot_lead.id)})
        self.assertFalse(self.make_contacts_without_stage(1).duration_tracking)

    def test_time_in_each_stage_is_shown_while_the_form_is_edited(self):
        """H3: the contact has been in other stages before"""
        draft = self.Partner.new({"lifecycle_stage_id": self.payment.id}, origin=self.visited)
        self.assertEqual(set(draft.duration_tracking), {str(self.new_lead.id), str(self.hot_lead.id)})

    def test_first_and_last_entered_and_total_time_are_reported(self):
        """H3"""
        domain = [("partner_id", "=", self.visited.id)]
        Log = self.Transition.with_user(self.manager)
        entered = {
            stage: (first, last)
            for stage, first, last in Log._read_group(domain, ["to_stage_id"], ["date:min", "date:max"])
        }
        self.assertEqual(
            entered,
            {
                self.new_lead: (datetime(2026, 1, 1, 10), datetime(2026, 1, 5, 22)),
                self.hot_lead: (datetime(2026, 1, 2, 22), datetime(2026, 1, 2, 22)),
            },
        )
        totals = Log.formatted_read_group(
            [*domain, ("from_stage_id", "!=", False)], ["from_stage_id"], ["days_in_stage:sum"]
        )
        self.assertEqual(
            {group["from_stage_id"][0]: group["days_in_stage:sum"] for group in totals},
            {self.new_lead.id: 1.5, self.hot_lead.id: 3},
        )

    def test_smart_button_opens_the_history_of_the_contact(self):
        """H2, H3"""
        contact = self.visited.with_user(self.manager)
        self.assertEqual(contact.lifecycle_transition_count, 3)
        action = contact.action_lifecycle_history()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]).sorted("id"), self.get_log(contact)
        )

    def test_contact_is_stale_after_the_days_of_its_stage(self):
        """S6, M5: "days to rot" of the stage; the filter finds what has the mark, also after more than a year"""
        self.new_lead.rotting_threshold_days = 10
        self.visited.invalidate_recordset()
        for days, expected in ((9, False), (11, True), (900, True)):
            now = fields.Datetime.now() - timedelta(days=days)
            contact = self.make_contacts_without_stage(1)
            contact._lifecycle_move_at(self.new_lead.id, now)
            contact.invalidate_recordset()
            self.assertEqual(contact.with_user(self.agent).is_rotting, expected, days)
            for domain, is_found in (
                ([("is_rotting", "=", True)], expected),
                ([("is_rotting", "!=", True)], not expected),
                ([("is_rotting", "=", False)], not expected),
                ([("is_rotting", "in", [True, False])], True),
            ):
                found = self.Partner.with_user(self.manager).search([("id", "=", contact.id), *domain])
                self.assertEqual(bool(found), is_found, (days, domain))

    def test_renaming_a_stage_does_not_rewrite_the_log(self):
        """H4"""
        self.hot_lead.write({"name": "Warm Lead", "emoji": False})
        self.assertEqual(self.get_log(self.visited)[1].to_stage_name, "🔥 Hot Lead")

    def test_forged_context_is_not_believed(self):
        """H2: a remote caller can put anything into the context"""
        channel = self.make_livechat(self.make_guest())
        for source in ("rule", "default", "company", "merge", "stage_deletion", "nonsense"):
            with self.subTest(source=source):
                forged = {
                    "lifecycle_source": source,
                    "lifecycle_date": "2001-01-01 00:00:00",
                    "lifecycle_channel_ids": {self.contact.id: channel.id},
                    "__action_done": {1: 1},
                }
                self.contact.lifecycle_stage_id = False
                self.contact.with_user(self.agent).with_context(**forged).lifecycle_stage_id = self.hot_lead
                row = self.get_log(self.contact)[-1]
                self.assertEqual(row.source, "manual")
                self.assertFalse(row.channel_id)
                self.assertGreater(row.date, datetime(2026, 1, 1))
                self.assertGreater(self.contact.date_last_stage_update, datetime(2026, 1, 1))
                self.assertGreater(self.contact.message_ids[0].date, datetime(2026, 1, 1))

    def test_forged_context_is_not_believed_of_a_new_contact(self):
        """H2"""
        forged = {"lifecycle_source": "rule", "lifecycle_date": "2001-01-01 00:00:00"}
        contact = self.Partner.with_user(self.agent).with_context(**forged).create({"name": "x"})
        row = self.get_log(contact)
        self.assertEqual(row.source, "default")
        self.assertGreater(row.date, datetime(2026, 1, 1))

    def test_forged_context_is_not_believed_of_a_conversation(self):
        """H2, A7"""
        agent = self.make_user(
            "lifecycle_livechat_manager",
            "contact_lifecycle.group_agent,im_livechat.im_livechat_group_manager,base.group_system",
        )
        channel = self.make_livechat(self.make_guest())
        forged = {"lifecycle_source": "rule", "lifecycle_date": "2001-01-01 00:00:00"}
        channel.with_user(agent).with_context(**forged).lifecycle_stage_id = self.hot_lead
        row = self.get_log(channel)[-1]
        self.assertEqual(row.source, "conversation")
        self.assertEqual(row.user_id, agent)
        self.assertGreater(row.date, datetime(2026, 1, 1))

    def test_superuser_code_names_the_source(self):
        """H2"""
        self.contact._lifecycle_move_to(self.hot_lead, "company")
        self.assertEqual(self.get_log(self.contact)[-1].source, "company")

    def test_one_move_has_one_date(self):
        """H1, H2: on the contact, in the log and in the chatter, however long it takes"""
        with freeze_time("2026-02-01 10:00:00", auto_tick_seconds=7):
            self.visited.with_user(self.agent).lifecycle_stage_id = self.payment
        date = self.visited.date_last_stage_update
        self.assertEqual(self.get_log(self.visited)[-1].date, date)
        self.assertEqual(self.get_tracking_values(self.visited)[-1].mail_message_id.date, date)
