from odoo import Command
from odoo.tests import Form, tagged

from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestImportOfStages(LifecycleCase):
    """A6, H2, D4: what has a stage column is imported as contacts are, and an empty cell says nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user(
            "lifecycle_importer",
            "base.group_partner_manager,base.group_erp_manager,contact_lifecycle.group_agent,"
            "sales_team.group_sale_salesman_all_leads",
        )
        cls.contact.lifecycle_stage_id = cls.payment
        cls.lead = cls.env["crm.lead"].create({"name": "Deal", "partner_id": cls.contact.id})

    def load(self, model, fields, rows, **context):
        """Import as the web client does, which must work."""
        Model = self.env[model].with_user(self.user).with_context(import_file=True, **context)
        result = Model.load(fields, rows)
        self.assertFalse(result["messages"])
        return self.env[model].browse(result["ids"])

    def assertMovedByImport(self, contact, stage):
        self.assertEqual(contact.lifecycle_stage_id, stage)
        self.assertEqual(self.get_log(contact)[-1].source, "import")
        self.assertFalse(contact.lifecycle_locked, "an import locks nobody")

    def test_leads_move_their_contacts(self):
        """H2, T4: an old export of leads, imported again, moves back and locks nobody"""
        fields = ["id", "name", "lifecycle_stage_id"]
        sheet = self.lead.export_data(fields)["datas"]
        self.contact.lifecycle_stage_id = self.customer
        self.load("crm.lead", fields, sheet)
        self.assertMovedByImport(self.contact, self.payment)
        self.load(
            "crm.lead",
            ["name", "partner_id/.id", "lifecycle_stage_id"],
            [["x", str(self.contact.id), "Hot Lead"]],
        )
        self.assertMovedByImport(self.contact, self.hot_lead)

    def test_every_model_that_writes_the_stage_through_to_the_contact(self):
        """H2: found by introspection, so that the next one is not forgotten"""
        names = {
            model._name
            for model in self.env.values()
            if not model._abstract
            and not model._transient
            and (field := model._fields.get("lifecycle_stage_id"))
            and field.comodel_name == "lifecycle.stage"
            and not field.readonly
        }
        ways = {
            "res.partner": (["id", "lifecycle_stage_id"], self.contact),
            "crm.lead": (["id", "lifecycle_stage_id"], self.lead),
            "res.users": (["id", "lifecycle_stage_id"], self.portal),
        }
        # an agent who identifies the visitor or moves a conversation does so there, one by one
        self.assertEqual(names - {"discuss.channel"}, set(ways))
        for model, (fields, record) in ways.items():
            with self.subTest(model=model):
                contact = record if model == "res.partner" else record.partner_id
                contact.lifecycle_stage_id = self.customer
                xmlid = f"__import__.{model.replace('.', '_')}"
                self.env["ir.model.data"]._update_xmlids([{"xml_id": xmlid, "record": record}])
                self.load(model, fields, [[xmlid, "Hot Lead"]])
                self.assertMovedByImport(contact, self.hot_lead)
                moves = self.get_moves(contact)
                self.load(model, fields, [[xmlid, ""]])
                self.assertEqual(self.get_moves(contact), moves)

    def test_empty_cell_of_a_contact(self):
        """D4: it means the same on creation, when the file is imported again, and with Odoo's option to empty
        what is not found
        """
        fields = ["id", "name", "lifecycle_stage_id"]
        rows = [["__import__.a", "A", "Hot Lead"], ["__import__.b", "B", ""]]
        contacts = self.load("res.partner", fields, rows)
        self.assertEqual([c.lifecycle_stage_id for c in contacts], [self.hot_lead, self.new_lead])
        log = [self.get_moves(contact) for contact in contacts]
        self.load("res.partner", fields, rows)
        self.load("res.partner", fields, rows, import_set_empty_fields=["lifecycle_stage_id"])
        self.load("res.partner", fields, rows, import_skip_records=["lifecycle_stage_id"])
        self.assertEqual([self.get_moves(contact) for contact in contacts], log)
        rows = [["__import__.a", "A", "No Such Stage"], ["__import__.c", "C", "No Such Stage"]]
        contacts = self.load("res.partner", fields, rows, import_set_empty_fields=["lifecycle_stage_id"])
        self.assertEqual([c.lifecycle_stage_id for c in contacts], [self.hot_lead, self.new_lead])

    def test_empty_cell_of_the_people_of_a_company(self):
        """D4: which come with it, in the lines below"""
        fields = ["name", "child_ids/name", "child_ids/lifecycle_stage_id"]
        company = self.load("res.partner", fields, [["Company", "A", "Payment"], ["", "B", ""]])
        self.assertEqual(
            [child.lifecycle_stage_id for child in company.child_ids.sorted("id")],
            [self.payment, self.new_lead],
        )
        self.assertEqual(self.get_moves(company.child_ids.sorted("id")[0])[-1][2], "import")

    def test_empty_cell_of_a_lead(self):
        """D4: neither a new lead nor one that is there empties the contact's stage"""
        self.load(
            "crm.lead", ["name", "partner_id/.id", "lifecycle_stage_id"], [["x", str(self.contact.id), ""]]
        )
        self.env["ir.model.data"]._update_xmlids([{"xml_id": "__import__.lead", "record": self.lead}])
        self.load("crm.lead", ["id", "lifecycle_stage_id"], [["__import__.lead", ""]])
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment)

    def test_values_that_are_no_lines_of_records(self):
        """Properties are a list as well."""
        self.lead.team_id.lead_properties_definition = [{"name": "size", "string": "Size", "type": "char"}]
        lead = self.load(
            "crm.lead",
            ["name", "team_id/.id", "lead_properties.size", "partner_id/.id", "lifecycle_stage_id"],
            [["x", str(self.lead.team_id.id), "XL", str(self.contact.id), ""]],
        )
        self.assertEqual(lead.lead_properties["size"], "XL")


@tagged("post_install", "-at_install")
class TestNoStageByTheApi(LifecycleCase):
    """A6: who gives ``False`` leaves the contact without a stage, as ``docs/integrators.md`` says."""

    def test_contact_without_a_stage(self):
        contacts = self.Partner.with_user(self.agent).create(
            [
                {"name": "None", "lifecycle_stage_id": False},
                {"name": "Unsaid"},
                {"name": "Empty", "lifecycle_stage_id": ""},
                {"name": "Payment", "lifecycle_stage_id": "Payment"},
            ]
        )
        self.assertEqual(
            [contact.lifecycle_stage_id for contact in contacts],
            [self.Stage, self.new_lead, self.Stage, self.payment],
        )
        self.assertFalse(self.get_moves(contacts[0]))

    def test_people_of_a_company_and_portal_users(self):
        """A6: however the contact is made"""
        company = self.Partner.create(
            {
                "name": "Company",
                "child_ids": [
                    Command.create({"name": "A", "lifecycle_stage_id": False}),
                    Command.create({"name": "B"}),
                ],
            }
        )
        self.assertEqual(
            [child.lifecycle_stage_id for child in company.child_ids.sorted("id")],
            [self.Stage, self.new_lead],
        )
        portal = self.env.ref("base.group_portal").ids
        users = self.env["res.users"].with_context(no_reset_password=True)
        for number, (vals, stage) in enumerate(
            (({"lifecycle_stage_id": False}, self.Stage), ({}, self.new_lead))
        ):
            user = users.create(
                {"name": "x", "login": f"x{number}", "group_ids": [Command.set(portal)], **vals}
            )
            self.assertEqual(user.partner_id.lifecycle_stage_id, stage)

    def test_form_in_which_no_stage_is_chosen(self):
        """A1: a new contact enters the default stage; one that is emptied stays without one"""
        form = Form(self.Partner.with_user(self.agent))
        form.name = "By hand"
        contact = form.save()
        self.assertIn("lifecycle_stage_id", form._view["fields"])
        self.assertEqual(contact.sudo().lifecycle_stage_id, self.new_lead)
        [values] = contact.web_save({"lifecycle_stage_id": False}, {"lifecycle_stage_id": {}})
        self.assertFalse(values["lifecycle_stage_id"])
