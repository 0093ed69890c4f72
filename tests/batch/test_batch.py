import ast
from pathlib import Path
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.rule import engine
from ..common_queries import QueriesCase
from ..common_rule import RuleCase
from ..common_undo import UndoCase

ADDON = Path(__file__).parents[2]
MOVERS = {"_lifecycle_move_to", "_lifecycle_move_by_hand"}
# what calls a mover -> name of the operations below that go that way, or why there is none
WAYS = {
    "_lifecycle_move_at": "loads a history, one move of named contacts",
    "_lifecycle_enter_default": {"default", "load_default"},
    "_lifecycle_move_contacts": {"conversations"},
    "_move_out_batch": {"deletion", "stage_set"},
    "_move_back": "an undo, which every operation is followed by",
    "_lifecycle_tell": "the demo data, see dev/demo_promises.py",
    "_sync_companies": {"company"},
    "_move": {"rule_event", "rule_inactivity", "rule_applied"},
    "action_confirm": {"set_stage", "mark_lost"},
}


def find_ways():
    """:return: set of the names of the functions of the addon that move contacts"""
    found = set()
    for room in ("models", "wizard"):
        for path in (ADDON / room).rglob("*.py"):
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, ast.FunctionDef) and function.name not in MOVERS:
                    names = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
                    found |= {function.name} if names & MOVERS else set()
    return found


@tagged("post_install", "-at_install")
class TestBatchOperations(RuleCase, UndoCase, QueriesCase):
    """D5: every operation that moves several contacts is one batch, and can be undone and done again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacts = cls.make_contacts(3, cls.payment) | cls.make_contacts(2, cls.hot_lead)
        cls.channels = cls.make_livechat(cls.contacts[0]) | cls.make_livechat(cls.contacts[1])

    # Each does its thing, and returns the contacts that it moves and the source of the moves.

    def do_write(self):
        self.contacts.with_user(self.agent).write({"lifecycle_stage_id": self.new_lead.id})
        return self.contacts, "bulk"

    def do_clear(self):
        self.contacts.with_user(self.agent).action_lifecycle_clear()
        return self.contacts, "bulk"

    def do_set_stage(self):
        Dialog = self.env["lifecycle.contact.stage"].with_user(self.agent)
        Dialog.create({"selection": self.contacts.ids, "stage_id": self.hot_lead.id}).action_confirm()
        return self.contacts[:3], "bulk"

    def do_mark_lost(self):
        Dialog = self.env["lifecycle.contact.lost"].with_user(self.agent)
        Dialog.create(
            {
                "partner_ids": [Command.set(self.contacts.ids)],
                "lost_stage_id": self.cold_lead.stage_id.id,
            }
        ).action_confirm()
        return self.contacts, "bulk"

    def do_conversations(self):
        self.channels.with_user(self.agent).write({"lifecycle_stage_id": self.new_lead.id})
        return self.contacts[:2], "conversation"

    def do_load(self):
        rows = [[str(contact.id), self.customer.name] for contact in self.contacts]
        result = self.Partner.with_user(self.owner).load([".id", "lifecycle_stage_id"], rows)
        self.assertFalse(result["messages"])
        return self.contacts, "import"

    def do_load_default(self):
        """A file with rows of contacts that are there, and of new ones whose cell is empty."""
        rows = [[str(self.contacts[0].id), "Ada", "Customer"], ["", "Blaise", ""], ["", "Charles", "Payment"]]
        result = self.Partner.with_user(self.owner).load([".id", "name", "lifecycle_stage_id"], rows)
        self.assertFalse(result["messages"])
        return self.Partner.browse(result["ids"]), "import"

    def do_load_leads(self):
        leads = self.env["crm.lead"].create(
            [{"name": contact.name, "partner_id": contact.id} for contact in self.contacts]
        )
        rows = [[str(lead.id), self.customer.name] for lead in leads]
        result = self.env["crm.lead"].load([".id", "lifecycle_stage_id"], rows)
        self.assertFalse(result["messages"])
        return self.contacts, "import"

    def do_default(self):
        contacts = self.make_contacts_without_stage(3)
        self.Partner._lifecycle_apply_default_later()
        self.Partner._cron_lifecycle_apply_default()
        return contacts, "default"

    def do_rule_event(self):
        self.make_rule("outreach", ["call_made"], self.customer)
        self.Rule._notify_event("call_made", self.contacts)
        self.commit()
        return self.contacts, "rule"

    def do_rule_inactivity(self):
        contacts = self.contacts[2:]
        rule = self.make_rule("inactivity", to_stage=self.cold_lead.stage_id, inactivity_days=30)
        rule.domain = repr([("id", "in", contacts.ids)])
        self.env.flush_all()
        for table, columns, column in (
            ("res_partner", ("date_last_stage_update", "create_date"), "id"),
            ("mail_message", ("date", "create_date"), "res_id"),
        ):
            dates = SQL(", ").join(SQL("%s = '2020-01-01'", SQL.identifier(name)) for name in columns)
            self.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    dates,
                    SQL.identifier(column),
                    contacts.ids,
                )
            )
        self.env.invalidate_all()
        self.Rule._cron_run()
        return contacts, "rule"

    def do_rule_applied(self):
        rule = self.make_rule("criteria", to_stage=self.customer)
        rule.domain = repr([("id", "in", self.contacts.ids)])
        rule._lifecycle_write_protected({"apply_pending": True})
        self.Rule._cron_run()
        return self.contacts, "rule"

    def do_company(self):
        self.env["ir.config_parameter"].set_param("contact_lifecycle.company_sync", "True")
        company = self.Partner.create(
            {
                "name": "Company",
                "is_company": True,
                "lifecycle_stage_id": self.new_lead.id,
                "child_ids": [Command.create({"name": f"Person {i}"}) for i in range(3)],
            }
        )
        self.commit()
        company.lifecycle_stage_id = self.payment
        self.commit()
        return company.child_ids, "company"

    def do_deletion(self):
        self.delete_stage(self.payment, self.hot_lead)
        return self.contacts[:3], "stage_deletion"

    def do_stage_set(self):
        """Both stages whose contacts move are one application."""
        wizard = (
            self.env["lifecycle.stage.set.apply"].with_user(self.owner).create({"stage_set": "lead_pipeline"})
        )
        wizard.action_preview()
        target = wizard.line_ids.filtered(lambda line: line.key == "connected")
        leaving = wizard.line_ids.filtered(lambda line: line.stage_id in (self.payment | self.hot_lead))
        leaving.write({"outcome": "move", "target_line_id": target.id})
        wizard.action_apply()
        return self.contacts, "stage_deletion"

    def get_operations(self):
        return {name[3:]: getattr(self, name) for name in dir(self) if name.startswith("do_")}

    def test_every_way_to_move_contacts_is_an_operation_here(self):
        """D5: the functions that move contacts are found in the code"""
        self.assertEqual(find_ways(), set(WAYS))
        tried = set().union(*(names for names in WAYS.values() if isinstance(names, set)))
        self.assertLessEqual(tried, set(self.get_operations()))

    def test_every_operation_is_one_batch(self):
        """D5: with as many moves as there are contacts; and what was before is again after its undo, and the same
        once more after the undo of that. Nothing but the log grows.
        """
        for name, operation in self.get_operations().items():
            with self.subTest(name), self.undone():
                self.env["ir.config_parameter"].set_param("contact_lifecycle.company_sync", False)
                before = self.read_state(self.contacts)
                last = self.Batch.search([], limit=1)
                contacts, source = operation()
                [batch] = self.find_batches(last)
                self.assertEqual((batch.source, batch.move_count), (source, len(contacts)))
                self.assertEqual(batch.move_ids.partner_id, contacts)
                self.assertEqual(len(batch.move_ids), len(contacts))
                self.assertTrue(batch.display_name)
                if source == "stage_deletion":
                    self.assertFalse(self.open_undo(batch).move_count)
                    continue
                after = self.read_state(contacts)
                self.check_undone(batch, contacts, before, after)
                self.Rule.search([]).active = False

    def check_undone(self, batch, contacts, before, after):
        log = {contact: len(self.get_log(contact)) for contact in contacts}
        user = self.agent if batch.user_id == self.agent else self.owner
        undo = self.undo(batch, user)
        self.commit()
        for contact in contacts & self.contacts:
            self.assertEqual(self.read_state(contact)[contact], before[contact])
        for contact in contacts - self.contacts:
            expected = self.Stage if batch.source != "company" else self.new_lead
            self.assertEqual(contact.lifecycle_stage_id, expected)
        self.assertEqual((undo.source, undo.move_count, undo.undoes_id), ("undo", len(contacts), batch))
        again = self.undo(undo, user)
        self.commit()
        self.assertEqual(self.read_state(contacts), after)
        self.assertEqual(again.undoes_id, undo)
        for contact in contacts:
            self.assertEqual(len(self.get_log(contact)), log[contact] + 2)

    def test_one_contact_is_no_batch(self):
        """D5: by hand, by a rule, by an import of one row, and by the deletion of a stage with one contact in it"""
        last = self.Batch.search([], limit=1)
        self.contacts[0].with_user(self.agent).lifecycle_stage_id = self.new_lead
        self.contacts[0]._lifecycle_move_to(self.payment, "rule")
        self.Partner.load([".id", "lifecycle_stage_id"], [[str(self.contacts[0].id), "Hot Lead"]])
        stage = self.make_stages(1)
        self.contacts[0].lifecycle_stage_id = stage
        self.delete_stage(stage)
        self.assertFalse(self.find_batches(last))
        self.assertFalse(self.get_log(self.contacts[0]).batch_id)

    def test_those_that_stay_are_not_in_it(self):
        """D5"""
        batch = self.move(self.contacts, self.payment)
        self.assertEqual(batch.move_ids.partner_id, self.contacts[3:])
        self.assertEqual(batch.move_count, 2)

    def test_contacts_that_are_made_together_are_none(self):
        """D5: they have nowhere to go back to"""
        last = self.Batch.search([], limit=1)
        self.make_contacts(3)
        self.make_contacts(3, self.payment)
        self.assertFalse(self.find_batches(last))

    def test_a_file_that_fails_leaves_no_batch(self):
        """D5, A6"""
        last = self.Batch.search([], limit=1)
        rows = [
            [str(contact.id), stage]
            for contact, stage in zip(self.contacts, ["Customer", "Nowhere"], strict=False)
        ]
        result = self.Partner.load([".id", "lifecycle_stage_id"], rows)
        self.assertTrue(result["messages"])
        self.assertFalse(self.find_batches(last))
        self.assertEqual(self.contacts[0].lifecycle_stage_id, self.payment)

    def test_what_is_set_off_by_a_move_is_a_batch_of_its_own(self):
        """D5, decision 12: a rule that moves on those whom a person has moved"""
        self.make_rule("outreach", ["call_made"], self.customer)
        last = self.Batch.search([], limit=1)
        self.contacts.with_user(self.agent).write({"lifecycle_stage_id": self.cold_lead.stage_id.id})
        self.Rule._notify_event("call_made", self.contacts)
        self.commit()
        batches = self.find_batches(last)
        self.assertEqual(batches.mapped("source"), ["bulk", "rule"])
        self.assertEqual(batches.mapped("move_count"), [5, 5])

    @mute_logger(engine.__name__)
    def test_a_rule_that_fails_on_one_contact(self):
        """D5, T9: the others are one batch, though each has moved by itself"""
        self.make_rule("outreach", ["call_made"], self.customer)
        failing, Rule, last = self.contacts[1], type(self.Rule), self.Batch.search([], limit=1)
        original = Rule._move

        def fail(rule, partners, happened=None, batch=None):
            moved = original(rule, partners, happened, batch)
            if failing in partners:
                raise ValueError("another addon")
            return moved

        with patch.object(Rule, "_move", fail):
            self.Rule._notify_event("call_made", self.contacts)
            self.commit()
        batch = self.find_batches(last)
        self.assertEqual(batch.move_ids.partner_id, self.contacts - failing)
        self.assertEqual(batch.move_count, len(self.contacts) - 1)

    def test_what_it_is_called(self):
        """D5, H4, H6: in words of the reader, and the names of what has been deleted as they were"""
        stage = self.make_stages(1)
        batch = self.move(self.contacts, stage)
        self.assertEqual(batch.display_name, f"Several at Once: {stage.display_name}")
        self.assertEqual(self.undo(batch).display_name, f"Undo: “Several at Once: {stage.display_name}”")
        name = stage.display_name
        stage.unlink()
        self.env.invalidate_all()
        self.assertEqual(batch.display_name, f"Several at Once: {name}")
        with self.one_batch() as found:
            self.contacts.action_lifecycle_clear()
        self.assertEqual(found[0].display_name, "Several at Once: No stage")

    def test_a_batch_costs_the_same_for_any_number(self):
        """D5"""

        def count(number):
            contacts = self.make_contacts(number)
            return self.count_queries(
                lambda: contacts.with_user(self.agent).write({"lifecycle_stage_id": self.payment.id})
            )

        self.assertNoQueryPerRecord(count)
