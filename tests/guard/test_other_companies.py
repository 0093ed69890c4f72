from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_lead_rule import LeadRuleCase

OURS = "contact_lifecycle"


@tagged("post_install", "-at_install")
class TestOtherCompanies(LeadRuleCase):
    """What the addon says of the contacts of a company is for those who may see them (P5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        groups = "base.group_partner_manager,contact_lifecycle.group_owner"
        both = [Command.set((cls.env.company | cls.elsewhere).ids)]
        cls.owner_of_both = cls.make_user("lifecycle_owner_of_both", groups, company_ids=both)
        cls.stranger = cls.make_contacts(1)
        cls.stranger.write({"name": "Strange Stranger", "company_id": cls.elsewhere.id})
        cls.commit()

    @staticmethod
    def refuse(leads, vals_list):
        raise UserError("Strange Stranger cannot have a lead.")

    def make_rows(self):
        """:return: the rule that has failed on the stranger, and left its rows everywhere"""
        rule = self.make_lead_rule(entered_stage_ids=self.hot_lead.ids)
        with (
            patch.object(type(self.env["crm.lead"]), "create", self.refuse),
            mute_logger("odoo.addons.contact_lifecycle.models.rule.engine"),
        ):
            self.enter(self.hot_lead, self.stranger)
        moving = self.env["lifecycle.import"].with_user(self.owner_of_both).create({"source": "file"})
        vals = {"import_id": moving.id, "partner_id": self.stranger.id}
        row = self.env["lifecycle.import.row"].create(vals)
        self.env["lifecycle.import.choice"].create({**vals, "row_id": row.id})
        self.env.flush_all()
        return rule

    def test_rows_about_a_contact_are_for_its_company(self):
        """P5: in each of our models, found by what points to a contact; dialogs are their user's alone"""
        self.make_rows()
        models = [
            (model._name, field.name)
            for model in map(self.env.get, self.registry)
            if model._original_module == OURS and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.store and field.type == "many2one" and field.comodel_name == "res.partner"
        ]
        self.assertGreater(len(models), 4)
        for model, name in models:
            with self.subTest(model=model):
                Model, domain = self.env[model], [(name, "=", self.stranger.id)]
                self.assertFalse(Model.with_user(self.owner).search(domain))
                companies = self.owner_of_both.company_ids.ids
                seeing = Model.with_user(self.owner_of_both).with_context(allowed_company_ids=companies)
                self.assertTrue(seeing.search(domain), "there is nothing to be hidden")

    def test_rule_that_failed_does_not_name_the_contact_of_another_company(self):
        """P5, T15: the red bar is there, with no more than that"""
        rule = self.make_rows()
        companies = self.owner_of_both.company_ids.ids
        seeing = rule.with_user(self.owner_of_both).with_context(allowed_company_ids=companies)
        self.assertIn("Stranger", seeing.last_result)
        rule.invalidate_recordset()
        self.assertTrue(rule.with_user(self.owner).has_failed)
        self.assertEqual(rule.with_user(self.owner).last_result, "Failed")
