import json
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, sql

from .common import LifecycleCase
from .common_migration import load_migration

IN_JSON = ("arch_db", "sort")  # columns that PostgreSQL reads as JSON


@tagged("post_install", "-at_install")
class TestMigrationOfStays(LifecycleCase):
    """Each move says when the stage that it left had been entered; those of contacts that became one as well (M8, H5)."""

    START = datetime(2025, 3, 10, 12)

    def move(self, contact, *moves):
        for stage, days in moves:
            contact._lifecycle_move_at(stage.id, self.START + timedelta(days=days))

    def migrate(self):
        self.env.flush_all()
        for again in (False, True):
            if not again:
                self.cr.execute(
                    """
                    ALTER TABLE lifecycle_transition
                    DROP COLUMN date_entered, ADD COLUMN create_uid int, ADD COLUMN write_uid int, ADD COLUMN write_date timestamp
                    """
                )
            load_migration("19.0.1.1.0", "pre-stays").migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def merge_as_before(self, remaining, other, stage):
        """What 19.0.1.0.0 left of two contacts, of which the other one was in ``stage`` when they became one."""
        self.env.flush_all()
        now = fields.Datetime.now()
        self.cr.execute(
            "UPDATE lifecycle_transition SET partner_id = %s WHERE partner_id = %s", [remaining.id, other.id]
        )
        self.cr.execute("UPDATE res_partner SET lifecycle_stage_id = NULL WHERE id = %s", [other.id])
        self.env.invalidate_all()
        if stage != remaining.lifecycle_stage_id:
            remaining._lifecycle_move_to(stage, "merge")
        return now

    def get_stays(self, contact):
        stays = self.env["lifecycle.funnel.report"].search(
            [("partner_id", "=", contact.id), ("is_passed", "=", False)], order="date_entered, id"
        )
        return [(stay.stage_id, (stay.date_entered - self.START).days, stay.outcome) for stay in stays]

    def test_every_kind_of_move(self):
        """M8: cleared, entered again, several in one second, of a conversation without contact"""
        contact = self.make_contacts_without_stage(1)
        self.move(contact, (self.new_lead, 0), (self.hot_lead, 0), (self.payment, 1), (self.Stage, 2))
        self.move(contact, (self.new_lead, 2), (self.hot_lead, 7.4), (self.new_lead, 400.3))
        channel = self.make_livechat(self.make_guest())
        channel.with_user(self.agent).sudo().action_lifecycle_set_stage(self.hot_lead.id)
        rows = self.Transition.search([])
        before = {row: (row.date_entered, row.days_in_stage) for row in rows}
        self.assertTrue(any(row.date_entered for row in self.get_log(channel)))
        self.migrate()
        self.assertEqual(self.Transition.search([]), rows, "nobody was merged")
        self.assertEqual({row: (row.date_entered, row.days_in_stage) for row in rows}, before)

    def test_who_made_a_row_is_said_once(self):
        """M8: by ``user_id``"""
        self.migrate()
        columns = sql.table_columns(self.cr, "lifecycle_transition")
        self.assertFalse({"create_uid", "write_uid", "write_date"} & columns.keys())
        self.assertIn("create_date", columns)

    def test_contact_that_a_merge_had_moved(self):
        """H5: is in its stage since the person was, the other's stay is told once"""
        lead, customer = self.make_contacts_without_stage(2)
        self.move(lead, (self.new_lead, 0))
        self.move(customer, (self.new_lead, 1), (self.customer, 5))
        self.merge_as_before(lead, customer, self.customer)
        self.migrate()
        self.assertEqual(lead.date_last_stage_update, self.START + timedelta(days=5))
        stays = [
            (self.new_lead, 0, "merged"),
            (self.new_lead, 1, "converted"),
            (self.customer, 5, "remaining"),
        ]
        self.assertEqual(self.get_stays(lead), stays)

    def test_contact_that_went_on_after_a_merge(self):
        """H5: its stay began with the person"""
        lead, customer = self.make_contacts_without_stage(2)
        self.move(lead, (self.new_lead, 0))
        self.move(customer, (self.customer, 5))
        self.merge_as_before(lead, customer, self.customer)
        lead.lifecycle_stage_id = self.cold_lead.stage_id
        self.migrate()
        self.assertEqual(self.get_stays(lead)[:2], [(self.new_lead, 0, "merged"), (self.customer, 5, "lost")])
        self.assertAlmostEqual(
            self.get_log(lead)[-1].days_in_stage,
            (lead.date_last_stage_update - self.START).total_seconds() / 86400 - 5,
        )

    def test_contact_whose_stage_had_won(self):
        """H5: the other's open stay had no end; it has one that takes no time"""
        lead, other = self.make_contacts_without_stage(2)
        self.move(lead, (self.hot_lead, 0))
        self.move(other, (self.hot_lead, 3))
        self.merge_as_before(lead, other, self.hot_lead)
        self.migrate()
        self.assertEqual(
            self.get_stays(lead), [(self.hot_lead, 0, "remaining"), (self.hot_lead, 3, "merged")]
        )
        row = self.get_log(lead)[-1]
        self.assertEqual((row.date, row.days_in_stage, row.source), (row.date_entered, 0, "merge"))


@tagged("post_install", "-at_install")
class TestMigrationOfFieldNames(LifecycleCase):
    """Whoever has named a field that is called otherwise now, or is no more, finds what they found (H2, A11)."""

    LOG = "lifecycle.transition"
    # a text as a domain, the names of fields in a context, in a view, and alone -> what the upgrade makes of it
    TEXTS = {
        "[('create_uid', '=', 1), ('write_date', '!=', False), ('partner_id.create_uid', '=', 2)]": (
            "[('user_id', '=', 1), ('create_date', '!=', False), ('partner_id.create_uid', '=', 2)]"
        ),
        "{'group_by': ['create_uid', 'write_date:month', 'write_uid']}": (
            "{'group_by': ['user_id', 'create_date:month', 'user_id']}"
        ),
        "write_date desc": "create_date desc",
        '<list><field name="create_uid"/></list>': '<list><field name="user_id"/></list>',
        "create_uid/name": "user_id/name",
    }
    # of any model
    PATHS = {
        "[('lifecycle_transition_ids.create_uid', '=', 1), ('create_uid', '=', 2)]": (
            "[('lifecycle_transition_ids.user_id', '=', 1), ('create_uid', '=', 2)]"
        ),
        "[('opportunity_ids.lifecycle_story', '!=', False)]": "[('opportunity_ids.lifecycle_summary', '!=', False)]",
        "[('lifecycle_held', '=', True), ('lifecycle_held_by', '=', 1)]": (
            "[('lifecycle_meeting_reported', '=', True), ('lifecycle_held_by', '=', 1)]"
        ),
    }

    def make_rows(self, model):
        """:return: dict table -> id of a row about ``model``"""
        model_id = self.env["ir.model"]._get_id(model)
        export = self.env["ir.exports"].create({"name": "All", "resource": model})
        records = [
            self.env["base.automation"].create(
                {"name": "Rule", "model_id": model_id, "trigger": "on_create", "active": False}
            ),
            self.env["ir.actions.act_window"].create({"name": "Rows", "res_model": model}),
            self.env["ir.exports.line"].create({"name": "id", "export_id": export.id}),
            self.env["ir.filters"].create({"name": "Mine", "model_id": model, "user_ids": []}),
            self.env["ir.rule"].create({"name": "Own", "model_id": model_id}),
            self.env["ir.ui.view"].create({"name": "Rows", "model": model, "arch": "<list/>"}),
        ]
        self.env.flush_all()
        return {record._table: record.id for record in records}

    def migrate(self, model, text):
        """:return: dict (table, column) -> what has become of a text in a row about ``model``; run twice"""
        script = load_migration("19.0.1.1.0", "pre-field_names")
        rows = self.make_rows(model)
        self.assertEqual(rows.keys(), script.TEXTS.keys())
        columns = [(table, column) for table, (names, _of_model) in script.TEXTS.items() for column in names]
        for table, column in columns:
            value = json.dumps([text]) if column in IN_JSON else text
            self.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    *map(SQL.identifier, (table, column)),
                    value,
                    rows[table],
                )
            )
        for _again in range(2):
            script.migrate(self.cr, "19.0.1.0.0")
        found = {}
        for table, column in columns:
            self.cr.execute(
                SQL("SELECT %s FROM %s WHERE id = %s", *map(SQL.identifier, (column, table)), rows[table])
            )
            [[value]] = self.cr.fetchall()
            value = json.loads(value) if isinstance(value, str) and column in IN_JSON else value
            found[table, column] = value[0] if column in IN_JSON else value
        return found

    def test_fields_of_the_log_that_are_no_more(self):
        """H2: in all that is about it, and in nothing else"""
        for text, expected in self.TEXTS.items():
            for model, kept in ((self.LOG, expected), ("res.partner", text)):
                with self.subTest(text, model=model), self.undone():
                    self.assertEqual(set(self.migrate(model, text).values()), {kept})

    def test_paths(self):
        """H2, A11: from wherever they come"""
        for text, expected in self.PATHS.items():
            with self.subTest(text), self.undone():
                self.assertEqual(set(self.migrate("res.partner", text).values()), {expected})
