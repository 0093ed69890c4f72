from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_rule import RuleCase


@tagged("post_install", "-at_install")
class TestRuleCriteria(RuleCase):
    """A condition on the contact moves it as it comes true (T8)."""

    def make_boss_rule(self, **vals):
        vals = {"domain": "[('function', '=', 'CEO')]", **vals}
        return self.make_rule("criteria", (), self.hot_lead, self.new_lead, **vals)

    def test_contact_comes_to_meet_it(self):
        """T8: whoever changes it"""
        rule = self.make_boss_rule()
        self.contact.with_user(self.internal).function = "CTO"
        self.assertStayed(self.contact)
        self.contact.with_user(self.internal).function = "CEO"
        self.assertMoved(self.contact, self.hot_lead, rule)

    def test_new_contact_meets_it(self):
        """T8: after it has entered the default stage"""
        rule = self.make_boss_rule()
        contact = self.Partner.with_user(self.internal).create({"name": "x", "function": "CEO"})
        contact = contact.with_env(self.env)
        self.assertMoved(contact, self.hot_lead, rule)
        self.assertEqual(self.get_moves(contact)[0], (False, "🆕 New Lead", "default"))

    def test_job_country_sector_tags(self):
        """T8: what conditions are made of; a tag and the country's code are fields of others"""
        belgium, tag = self.env.ref("base.be"), self.env["res.partner.category"].create({"name": "VIP"})
        industry = self.env["res.partner.industry"].search([], limit=1)
        for domain, vals in (
            ("[('country_id.code', '=', 'BE')]", {"country_id": belgium.id}),
            (f"[('industry_id', '=', {industry.id})]", {"industry_id": industry.id}),
            ("[('category_id.name', '=', 'VIP')]", {"category_id": [Command.link(tag.id)]}),
            ("[('is_company', '=', True), ('complete_name', 'like', 'Inc')]", {"company_type": "company"}),
        ):
            with self.subTest(domain=domain):
                rule = self.make_boss_rule(domain=domain)
                contact = self.make_contacts(1)
                contact.name = "Engines Inc"
                self.assertStayed(contact)
                contact.write(vals)
                self.assertMoved(contact, self.hot_lead, rule)
                rule.active = False

    def test_fields_the_condition_does_not_look_at(self):
        """T8, T15: their change is no event"""
        rule = self.make_boss_rule()
        self.contact.street = "x"
        self.assertFalse(self.cr.precommit.data.get("contact_lifecycle.rules"))
        self.assertFalse(self.get_results(rule))

    def test_those_who_meet_it_already(self):
        """T8, T14: are moved in the background, when an owner says so"""
        bosses = self.make_contacts(3)
        bosses.function = "CEO"
        locked = self.make_contacts(1)
        locked.write({"function": "CEO"})
        locked._lifecycle_write_protected({"lifecycle_locked": True})
        rule = self.make_boss_rule(active=False)
        wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
        with self.assertRaisesRegex(UserError, "switch it on first"):
            wizard.action_apply_now()
        wizard.action_switch_on()
        self.commit()
        self.assertEqual(bosses.lifecycle_stage_id, self.new_lead)
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).action_apply_now()
        wizard.action_apply_now()
        self.assertTrue(rule.apply_pending)
        self.Rule._cron_run()
        self.assertFalse(rule.apply_pending)
        self.assertEqual(bosses.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(locked.lifecycle_stage_id, self.new_lead)
        self.assertEqual(self.get_log(bosses[0])[-1].rule_id, rule)
        self.assertEqual(
            self.get_results(rule), [*(("acted", boss, 1) for boss in bosses), ("locked", locked, 1)]
        )

    def test_stage_change_is_a_change(self):
        """T8: a contact that meets the condition enters the stage that the rule moves from"""
        rule = self.make_rule(
            "criteria", (), self.payment, self.hot_lead, domain="[('function', '=', 'CEO')]"
        )
        self.contact.function = "CEO"
        self.assertStayed(self.contact)
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.assertMoved(self.contact, self.payment, rule)
