from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.rule.prefilter import Prefilter
from ..common_rule import EngineCase

ENGINE = "odoo.addons.contact_lifecycle.models.rule.engine"


@tagged("post_install", "-at_install")
class TestRuleFit(EngineCase):
    """Which contacts a rule fits, where that is looked up, and what cannot be (T1, T8, T15)."""

    def test_contacts_read_and_not_read(self):
        """T1, T15: what has been read of contacts decides as the database does, and is not asked for again"""
        rule = self.make_call_rule(self.hot_lead, domain="[('function', '=', 'CEO'), ('color', '>', 2)]")
        other = self.make_call_rule(self.hot_lead, self.payment)
        last = self.make_call_rule(self.customer, domain="[('function', '=', 'CTO')]")
        colleague = self.internal.partner_id
        for is_read, find in ((True, "_find_in_memory"), (False, "_find_in_database")):
            with self.subTest(find):
                boss, clerk, engineer = self.make_contacts(3)
                boss.write({"function": "CEO", "color": 3})
                clerk.write({"function": "CEO", "color": 1})
                engineer.write({"function": "CTO", "color": 1})
                self.commit()
                self.RuleLog.search([]).unlink()
                self.env.invalidate_all()
                contacts = boss | clerk | engineer | colleague
                if is_read:
                    contacts.read(
                        ["function", "color", "partner_share", "lifecycle_stage_id", "active", "type"]
                    )
                with patch.object(
                    Prefilter, find, autospec=True, side_effect=getattr(Prefilter, find)
                ) as found:
                    self.happen(contacts)
                    self.commit()
                found.assert_called_once()
                self.assertEqual(boss.lifecycle_stage_id, self.hot_lead)
                self.assertEqual(clerk.lifecycle_stage_id, self.new_lead)
                self.assertEqual(engineer.lifecycle_stage_id, self.customer)
                self.assertRan(rule, ("condition", clerk), ("acted", boss), ("condition", engineer))
                # it has moved one of them by now
                self.assertRan(other, ("other_stage", clerk), ("there", boss), ("other_stage", engineer))
                self.assertRan(last, ("condition", clerk), ("acted", engineer), ("condition", boss))

    @mute_logger(ENGINE)
    def test_condition_that_cannot_be_compared(self):
        """T15: the rule says so in its run log, and whoever made it happen goes on"""
        rule = self.make_call_rule(self.hot_lead)
        # as a field might become another: nobody can save such a rule
        self.env.flush_all()
        self.cr.execute(
            "UPDATE lifecycle_rule SET domain = %s WHERE id = %s", ["[('color', '>', 'x')]", rule.id]
        )
        self.env.registry.clear_cache()
        for is_read in (True, False):
            with self.subTest(is_read=is_read):
                self.RuleLog.search([]).unlink()
                self.env.invalidate_all()
                if is_read:
                    self.contact.read(["color", "partner_share", "lifecycle_stage_id", "active", "type"])
                self.happen()
                self.commit()
                self.assertRan(rule, ("failed", self.contact))

    def test_condition_on_what_changes_by_itself(self):
        """T8: the condition is looked up anew where the day, the company or other records decide"""
        industry = self.env["res.partner.industry"].create({"name": "Mining on the Moon"})
        self.contact.industry_id = industry
        for domain, is_plain in (
            ([("function", "in", ["CEO", "CTO"]), ("color", ">", 2)], True),
            ([("industry_id", "=", industry.id), ("ref", "ilike", "a")], True),
            ([("industry_id", "=", "Mining on the Moon")], False),
            ([("industry_id.name", "=", "Mining on the Moon")], False),
            ([("parent_id", "child_of", self.contact.id)], False),
            ([("create_date", ">", "today -1d")], False),
            ([("barcode", "=", "1")], False),
            ([("industry_id", "any", [("name", "=", "Mining on the Moon")])], False),
            ([("no_such_field", "=", 1)], False),
        ):
            with self.subTest(domain):
                self.assertEqual(self.Rule._get_columns(Domain(domain)) is not None, is_plain)
        rule = self.make_call_rule(self.hot_lead, domain="[('industry_id.name', '=', 'Farming on the Moon')]")
        self.happen()
        self.commit()
        self.assertRan(rule, ("condition", self.contact))
        industry.name = "Farming on the Moon"
        self.happen()
        self.assertMoved(self.contact, self.hot_lead)
