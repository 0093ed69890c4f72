from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..models.contact import res_partner_chatter
from ..tools import bulk_create
from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestTraces(LifecycleCase):
    """Log and chatter of contacts that move together are what they are one by one (H1, H2)."""

    def move_from_everywhere(self):
        """:return: contacts that were moved together by the agent, out of two stages and out of none"""
        contacts = (
            self.make_contacts(2) + self.make_contacts(2, self.customer) + self.make_contacts_without_stage(2)
        )
        with freeze_time("2031-01-05 16:00:00"):
            contacts.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})
        self.env.flush_all()
        return contacts

    def read_rows(self, table, link, ids):
        """:return: list of dicts, the rows of ``table`` as they are stored, in the order of ``ids``"""
        self.cr.execute(f'SELECT * FROM "{table}" WHERE "{link}" = ANY(%s)', [ids])
        rows = sorted(self.cr.dictfetchall(), key=lambda row: (ids.index(row[link]), row["id"]))
        return [row for row in rows if not row.get("model") or row["model"] == "res.partner"]

    def read_traces(self, contacts):
        """:return: dict table -> list of dicts without what no two moves have in common"""
        messages = self.read_rows("mail_message", "res_id", contacts.ids)
        traces = {
            "lifecycle_transition": self.read_rows("lifecycle_transition", "partner_id", contacts.ids),
            "mail_message": messages,
            "mail_tracking_value": self.read_rows(
                "mail_tracking_value", "mail_message_id", [row["id"] for row in messages]
            ),
        }
        for rows in traces.values():
            for row in rows:
                row["id"] = None
                for link in ("partner_id", "res_id"):
                    if row.get(link):
                        row[link] = contacts.ids.index(row[link])
                if "batch_id" in row:
                    row["batch_id"] = row["batch_id"] is not None  # each run opens its own
                if "mail_message_id" in row:
                    row["mail_message_id"] = None  # its place says which
                if "message_id" in row:
                    row["message_id"] = row["message_id"].partition("@")[2]
        return traces

    def test_rows_are_those_that_odoo_stores_one_by_one(self):
        """H1, H2: every column of the three tables"""
        with freeze_time("2031-01-01 10:00:00"):
            self.env.flush_all()
            ours = self.read_traces(self.move_from_everywhere())
            with (
                patch.object(bulk_create, "makes_all_alike", return_value=False),
                patch.object(res_partner_chatter, "makes_all_alike", return_value=False),
                patch.object(bulk_create, "copy_row", side_effect=AssertionError("a row is copied")),
            ):
                theirs = self.read_traces(self.move_from_everywhere())
        for table, rows in ours.items():
            self.assertGreaterEqual(len(rows), 6)
            for index, (our, their) in enumerate(zip(rows, theirs[table], strict=True)):
                with self.subTest(table=table, row=index):
                    self.assertEqual(our, their)

    def test_nobody_in_odoo_takes_part_in_making_the_rows(self):
        """H1, H2: else no row would be copied, and a mass move be as slow as elsewhere"""
        for model in ("mail.message", "mail.tracking.value", "lifecycle.transition"):
            with self.subTest(model=model):
                self.assertTrue(bulk_create.makes_all_alike(self.env[model]))
        methods = ("_message_log_batch", "_message_create")
        self.assertTrue(bulk_create.is_as_shipped(self.Partner, *methods))
        self.assertFalse(bulk_create.is_as_shipped(self.Partner, "write"))
        self.assertFalse(bulk_create.makes_all_alike(self.Partner))

    def test_what_was_read_before_is_current_afterwards(self):
        """H1, H2"""
        contacts = self.make_contacts(3)
        before = {contact: (contact.message_ids, contact.lifecycle_transition_ids) for contact in contacts}
        contacts.lifecycle_stage_id = self.hot_lead
        for contact, (messages, transitions) in before.items():
            with self.subTest(contact=contact.name):
                self.assertEqual(len(contact.message_ids - messages), 1)
                self.assertEqual((contact.lifecycle_transition_ids - transitions).to_stage_id, self.hot_lead)
                self.assertLess(messages, contact.message_ids)

    def test_automation_hears_of_every_row(self):
        """H1, H2, T11: an automation on messages or on the log gets each of them"""
        for model in ("mail.message", "mail.tracking.value", "lifecycle.transition"):
            with self.subTest(model=model):
                automation = self.env["base.automation"].create(
                    {
                        "name": "Listen",
                        "model_id": self.env["ir.model"]._get_id(model),
                        "trigger": "on_create",
                        "action_server_ids": [
                            Command.create(
                                {
                                    "name": "Listen",
                                    "model_id": self.env["ir.model"]._get_id(model),
                                    "state": "code",
                                    "code": "env['res.partner.category'].create({'name': str(record.id)})",
                                }
                            )
                        ],
                    }
                )
                contacts = self.make_contacts_without_stage(3)
                heard = self.env["res.partner.category"].search([])
                contacts.lifecycle_stage_id = self.hot_lead
                self.assertEqual(len(self.env["res.partner.category"].search([]) - heard), 3)
                automation.unlink()

    def add_field(self, model, **vals):
        """Add a computed field, stored by default, as another addon would, until the end of the test."""
        self.addCleanup(self.registry.reset_changes)
        self.addCleanup(self.registry.clear_all_caches)
        self.env["ir.model.fields"].create(
            {
                "name": "x_computed",
                "field_description": "Computed",
                "model_id": self.env["ir.model"]._get_id(model),
                "ttype": "char",
                "store": True,
                "readonly": True,
                **vals,
            }
        )

    def test_computed_field_of_another_addon_is_computed_for_every_row(self):
        """H2"""
        self.add_field(
            "lifecycle.transition",
            depends="partner_id",
            compute="for row in self: row['x_computed'] = row.partner_id.name",
        )
        contacts = self.make_contacts(3)
        contacts.lifecycle_stage_id = self.hot_lead
        rows = self.Transition.search([("partner_id", "in", contacts.ids)])
        self.assertEqual(len(rows), 6)
        self.env.invalidate_all()
        self.assertEqual([row.x_computed for row in rows], [row.partner_id.name for row in rows])

    def test_tracked_field_of_another_addon_is_tracked(self):
        """H1: else nothing but the stage is, as nothing else can change"""
        self.add_field(
            "res.partner",
            depends="lifecycle_stage_id",
            compute="for contact in self: contact['x_computed'] = contact.lifecycle_stage_id.name",
            store=False,  # Odoo tracks a stored one whenever it is computed
            tracking=100,
        )
        contacts = self.make_contacts(2)
        self.env.flush_all()
        self.cr.precommit.run()
        contacts.lifecycle_stage_id = self.hot_lead
        self.env.flush_all()
        self.cr.precommit.run()
        for contact in contacts:
            tracked = contact.message_ids.sudo().tracking_value_ids.filtered(
                lambda value: value.field_id.name == "x_computed"
            )
            self.assertEqual(tracked.mapped("new_value_char"), ["Hot Lead"])

    def test_change_of_a_tracked_field_in_the_same_write_is_tracked(self):
        """H1"""
        contacts = self.make_contacts(2)
        self.env.flush_all()
        self.cr.precommit.run()
        contacts.write({"lifecycle_stage_id": self.hot_lead.id, "phone": "+1 555 0100"})
        self.env.flush_all()
        self.cr.precommit.run()
        values = contacts.message_ids.sudo().tracking_value_ids
        self.assertEqual(len(values.filtered(lambda value: value.field_id.name == "phone")), 2)
