from odoo.tests import tagged

from odoo.addons.base.models.res_partner import ResPartner as Partner

from ...tools.move import Import
from ..common_automation import AutomationCase
from ..common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestImportRows(QueriesCase, AutomationCase):
    """A6, H1, H2: an import writes contacts that are there row by row, and what follows for all of them together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacts = cls.make_contacts(4)

    def load(self, rows, fields=(".id", "lifecycle_stage_id"), user=None):
        """:param rows: of contact, and values of the other fields
        :return: the messages of the import
        """
        Partner = self.Partner.with_user(user or self.agent).with_context(import_file=True)
        rows = [[str(contact.id), *values] for contact, *values in rows]
        return " ".join(message["message"] for message in Partner.load(list(fields), rows)["messages"])

    def test_each_row_has_its_traces(self):
        chat = self.make_livechat(self.contacts[1])
        stages = [self.hot_lead, self.payment, self.hot_lead, self.customer]
        self.assertEqual(
            self.load([(contact, stage.name) for contact, stage in zip(self.contacts, stages, strict=True)]),
            "",
        )
        for contact, stage in zip(self.contacts, stages, strict=True):
            self.assertEqual(contact.lifecycle_stage_id, stage)
            row = self.get_log(contact)[-1]
            self.assertEqual(
                (row.from_stage_id, row.to_stage_id, row.source, row.user_id, row.date),
                (self.new_lead, stage, "import", self.agent, contact.date_last_stage_update),
            )
            value = self.get_tracking_values(contact)[-1]
            self.assertEqual((value.old_value_integer, value.new_value_integer), (self.new_lead.id, stage.id))
            self.assertEqual(value.mail_message_id.author_id, self.agent.partner_id)
        self.assertEqual(chat.lifecycle_stage_id, self.payment)

    def test_no_query_of_a_row_for_its_traces(self):
        """H1, H2: a row costs no more than one that changes another field, but for reading since when"""
        industries = self.env["res.partner.industry"].search([], limit=2)

        def count(number, field, values):
            contacts = self.make_contacts(number)
            rows = [(contact, values[index % 2]) for index, contact in enumerate(contacts)]

            def load():
                self.assertEqual(self.load(rows, (".id", field), self.owner), "")

            return self.count_queries(load)

        def added(number):
            stages = count(number, "lifecycle_stage_id", [self.hot_lead.name, self.payment.name])
            return stages - count(number, "industry_id", industries.mapped("name"))

        self.assertNoQueryPerRecord(added, small=20, large=40, per_record=1.1)

    def test_one_contact_in_two_rows(self):
        """H2: the log is a chain"""
        first, second = self.contacts[:2]
        rows = [(first, "Hot Lead"), (second, "Hot Lead"), (first, "Payment")]
        self.assertEqual(self.load(rows), "")
        stays = [(row.from_stage_id, row.to_stage_id) for row in self.get_log(first)]
        self.assertEqual(
            stays,
            [
                (self.Stage, self.new_lead),
                (self.new_lead, self.hot_lead),
                (self.hot_lead, self.payment),
            ],
        )
        self.assertEqual(len(self.get_log(second)), 2)

    def test_automation_between_the_rows(self):
        """H2: what an automation moves on is logged after what it follows, and as the automation's"""
        step = {"state": "code", "code": f"record.write({{'lifecycle_stage_id': {self.customer.id}}})"}
        self.make_automation(self.payment, step)
        rows = [(self.contacts[0], "Hot Lead"), (self.contacts[1], "Payment"), (self.contacts[2], "Hot Lead")]
        self.assertEqual(self.load(rows), "")
        moves = [(row.from_stage_id, row.to_stage_id, row.source) for row in self.get_log(self.contacts[1])]
        self.assertEqual(
            moves[1:],
            [(self.new_lead, self.payment, "import"), (self.payment, self.customer, "rule")],
        )
        for contact in self.contacts[0] + self.contacts[2]:
            self.assertEqual([row.source for row in self.get_log(contact)], ["default", "import"])

    def test_automation_sees_the_history(self):
        """T11, H2: what an automation reads of the contact that it runs on is whole"""
        code = "record.write({'comment': ', '.join(record.lifecycle_transition_ids.mapped('to_stage_name'))})"
        self.make_automation(self.payment, {"state": "code", "code": code})
        rows = [(contact, "Payment") for contact in self.contacts[:2]]
        self.assertEqual(self.load(rows), "")
        for contact in self.contacts[:2]:
            self.assertIn(self.payment.name, contact.comment)
            self.assertEqual(self.get_log(contact).mapped("source"), ["default", "import"])

    def test_row_that_fails_leaves_no_trace(self):
        """A6: nothing of the file is imported"""
        rows = [(self.contacts[0], "Hot Lead"), (self.contacts[1], "No Such Stage")]
        self.assertIn("No Such Stage", self.load(rows))
        self.env.cr.flush()
        for contact in self.contacts[:2]:
            self.assertEqual(contact.lifecycle_stage_id, self.new_lead)
            self.assertEqual([row.source for row in self.get_log(contact)], ["default"])

    def test_what_is_undone_leaves_no_trace(self):
        """H2: a row whose move is undone with a savepoint, while those before it stay"""
        step = {
            "state": "code",
            "code": "record.write({'comment': 'x'})\nraise UserError('Not this one')",
        }
        self.make_automation(self.payment, step)
        rows = [(self.contacts[0], "Hot Lead"), (self.contacts[1], "Payment")]
        self.assertIn("Not this one", self.load(rows))
        self.env.cr.flush()
        self.assertEqual(self.get_log(self.contacts[1]).mapped("source"), ["default"])
        self.assertEqual(self.contacts[1].lifecycle_stage_id, self.new_lead)

    def test_contact_that_goes_before_its_traces(self):
        """H2: what is left of the others is written"""
        gone, stays = Import(self.env).carried_by(self.contacts[:2])
        for contact in (gone, stays):
            contact.write({"lifecycle_stage_id": self.hot_lead.id})
        gone.unlink()
        self.env.cr.flush()
        self.assertEqual(self.get_log(stays).mapped("source"), ["default", "import"])

    def test_addon_that_flushes_while_a_row_is_written(self):
        """H1, H2: another addon makes a savepoint within ``write``, before the gate has noted what it moved"""
        self.change_write(lambda partner: partner.env.cr.savepoint().close(rollback=False))
        rows = [(contact, "Hot Lead") for contact in self.contacts]
        self.assertEqual(self.load(rows), "")
        for contact in self.contacts:
            self.assertEqual(self.get_log(contact).mapped("source"), ["default", "import"])
            self.assertEqual(self.get_tracking_values(contact)[-1].new_value_integer, self.hot_lead.id)

    def test_addon_that_moves_others_while_a_row_is_written(self):
        """H2: what moves along is logged as what it is, and the row as an import"""
        first, second, third, other = self.contacts

        def move_other(partner):
            if partner == second:
                other._lifecycle_move_to(self.payment, "company")

        self.change_write(move_other)
        self.assertEqual(self.load([(contact, "Hot Lead") for contact in first + second + third + other]), "")
        for contact in first + second + third:
            self.assertEqual(self.get_log(contact).mapped("source"), ["default", "import"])
        self.assertEqual(self.get_log(other).mapped("source"), ["default", "company", "import"])
        self.assertEqual(self.get_log(other).from_stage_id.ids, (self.new_lead + self.payment).ids)

    def change_write(self, function):
        """Let another addon call ``function`` after the write of each contact, and before it is known to the gate."""
        write = Partner.write

        def written(partners, vals):
            result = write(partners, vals)
            if "lifecycle_stage_id" in vals and len(partners) == 1:
                function(partners)
            return result

        self.patch(Partner, "write", written)

    def test_move_that_is_undone_in_sql_alone(self):
        """H2: a savepoint that flushes nothing is rolled back; what was moved before it has its traces"""
        stays, undone = Import(self.env).carried_by(self.contacts[:2])
        stays.write({"lifecycle_stage_id": self.hot_lead.id})
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        undone.write({"lifecycle_stage_id": self.hot_lead.id})
        self.env.flush_all()
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.env.cr.flush()
        self.assertEqual(self.get_log(stays).mapped("source"), ["default", "import"])
        self.assertEqual(self.get_log(undone).mapped("source"), ["default"])

    def test_contact_made_between_the_rows(self):
        """H2: a contact that starts in a stage is logged after the moves that were made before"""
        moved = Import(self.env).carried_by(self.contacts[0])
        moved.write({"lifecycle_stage_id": self.hot_lead.id})
        made = self.Partner.create([{"name": "Made", "lifecycle_stage_id": self.payment.id}])
        self.env.cr.flush()
        rows = self.get_log(moved)[-1] + self.get_log(made)
        self.assertEqual(rows.sorted("id").partner_id.ids, (moved + made).ids)

    def test_stage_deleted_before_the_traces(self):
        """H4: what was left keeps its name in the log"""
        stage = self.Stage.create([{"name": "Short"}])
        self.contacts[0].lifecycle_stage_id = stage
        Import(self.env).carried_by(self.contacts[0]).write({"lifecycle_stage_id": self.hot_lead.id})
        stage.unlink()
        self.env.cr.flush()
        row = self.get_log(self.contacts[0])[-1]
        self.assertEqual(
            (row.source, row.from_stage_name, row.from_stage_id), ("import", "Short", self.Stage)
        )

    def test_merge_before_the_traces(self):
        """A9: the history of the contact that goes is that of the one that remains"""
        gone, remains = self.contacts[:2]
        Import(self.env).carried_by(gone).write({"lifecycle_stage_id": self.hot_lead.id})
        self.env["base.partner.merge.automatic.wizard"]._merge((gone + remains).ids, remains)
        self.env.cr.flush()
        self.assertIn("import", self.get_log(remains).mapped("source"))

    def test_agent_changes_contacts_that_only_they_may_read(self):
        """P1: row by row and all together, the same rights"""
        reader = self.make_user("lifecycle_reader", "base.group_user,contact_lifecycle.group_agent")
        self.assertFalse(self.contacts.with_user(reader).has_access("write"))
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"__import__.row{index}", "record": self.contacts[index]} for index in range(2)]
        )
        Partner = self.Partner.with_user(reader).with_context(import_file=True)
        result = Partner.load(["id", "lifecycle_stage_id"], [["__import__.row0", "Hot Lead"]])
        self.assertEqual(result["messages"], [])
        self.assertEqual(self.get_log(self.contacts[0])[-1].user_id, reader)
        result = Partner.load(
            ["id", "lifecycle_stage_id", "name"], [["__import__.row1", "Hot Lead", "New name"]]
        )
        self.assertIn("not allowed to modify", result["messages"][0]["message"])
        self.assertEqual(len(self.get_log(self.contacts[1])), 1)
