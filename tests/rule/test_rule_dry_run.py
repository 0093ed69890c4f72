from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_rule import RuleCase


@tagged("post_install", "-at_install")
class TestRuleDryRun(RuleCase):
    """Before a rule is switched on it says whom it would move, and why it leaves the rest (T14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # nobody else counts, whatever is in the database
        tag = cls.env["res.partner.category"].create({"name": "Dry run"})
        cls.contacts = {
            "new": cls.make_contacts(3, cls.new_lead),
            "hot": cls.make_contacts(2, cls.hot_lead),
            "customer": cls.make_contacts(2, cls.customer),
            "without": cls.make_contacts_without_stage(1),
            "locked": cls.make_contacts(1, cls.new_lead),
            "other": cls.make_contacts(1, cls.new_lead),
            "address": cls.make_contacts(1, cls.new_lead),
        }
        cls.contacts["locked"]._lifecycle_write_protected({"lifecycle_locked": True})
        cls.contacts["other"].function = "x"
        cls.contacts["address"].type = "invoice"
        for contacts in cls.contacts.values():
            contacts.category_id = tag
        domain = [
            ("partner_share", "=", True),
            ("type", "in", ["contact", False]),
            ("category_id", "=", tag.id),
        ]
        cls.env["ir.config_parameter"].set_param("contact_lifecycle.contact_domain", str(domain))
        cls.domain = "[('function', '=', False)]"
        cls.commit()

    def run_dry(self, rule):
        """:return: dict name of the stage -> number of contacts that would move, dict reason -> number of those that
        would not, and the dialog
        """
        wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
        moved, left = {}, {}
        for result, stage_id, count, _text in wizard.counts:
            if result == "acted":
                moved[self.Stage.browse(stage_id).name] = count
            else:
                left[result] = count
        self.assertEqual(wizard.move_count, sum(moved.values()))
        self.assertEqual(wizard.left_count, sum(left.values()))
        left.pop("out_of_scope")  # with whatever else is in the database
        return moved, left, wizard

    def test_outreach(self):
        """T14"""
        rule = self.make_rule(
            "outreach",
            ["call_made"],
            self.payment,
            self.new_lead | self.hot_lead | self.customer,
            domain=self.domain,
            active=False,
        )
        moved, left, wizard = self.run_dry(rule)
        self.assertEqual(moved, {"New Lead": 3, "Hot Lead": 2})
        self.assertEqual(left, {"no_stage": 1, "condition": 1, "locked": 1, "not_forward": 2})
        texts = [text for *_numbers, text in wizard.counts]
        self.assertEqual(texts[0], "from 🆕 New Lead to 💵 Payment")
        self.assertIn("locked by hand", texts)
        self.assertIn("without a stage: tick “Also without a stage” to move them as well", texts)
        rule._lifecycle_write_protected({"is_standard": True})
        _moved, _left, wizard = self.run_dry(rule)
        self.assertIn("without a stage", [text for *_numbers, text in wizard.counts], "it cannot be ticked")

    def test_from_any_stage(self):
        """T14, M7: those that are there already are not in another stage, nor are those without a stage"""
        rule = self.make_rule("outreach", ["call_made"], self.new_lead, active=False, allow_backward=True)
        moved, left, _wizard = self.run_dry(rule)
        self.assertEqual(moved, {"Hot Lead": 2, "Customer": 2})
        self.assertEqual(left, {"there": 3 + 1 + 1, "no_stage": 1})
        rule.from_stage_ids = self.hot_lead
        moved, left, _wizard = self.run_dry(rule)
        self.assertEqual(moved, {"Hot Lead": 2})
        self.assertEqual(left, {"there": 5, "no_stage": 1, "other_stage": 2})

    def test_backward(self):
        """T14, T10"""
        rule = self.make_rule(
            "outreach", ["call_made"], self.payment, allow_backward=True, from_none=True, domain=self.domain
        )
        moved, left, _wizard = self.run_dry(rule)
        self.assertEqual(sum(moved.values()), 3 + 2 + 2 + 1)
        self.assertEqual(left, {"condition": 1, "locked": 1})

    def test_inactivity(self):
        """T14, T9"""
        quiet = self.contacts["new"][:2] | self.contacts["customer"]
        with freeze_time(fields.Datetime.now() - timedelta(days=50)):
            quiet.write({"lifecycle_stage_id": self.payment.id})
            self.commit()
        self.cr.execute("UPDATE res_partner SET lifecycle_locked = NULL WHERE id = ANY(%s)", [quiet.ids])
        self.env.invalidate_all()
        rule = self.make_rule("inactivity", (), self.cold_lead.stage_id, self.payment | self.hot_lead)
        moved, left, _wizard = self.run_dry(rule)
        self.assertEqual(moved, {"Payment": 4})
        self.assertEqual(left["in_touch"], 2)

    def test_lead(self):
        """T14, T5: those that would get a lead, wherever they are"""
        rule = self.make_rule("lead", entered_stage_ids=self.payment.ids, domain=self.domain, active=False)
        moved, left, wizard = self.run_dry(rule)
        self.assertEqual(sum(moved.values()), 3 + 2 + 2 + 1 + 1)
        self.assertEqual(left, {"condition": 1})
        self.assertIn("in 🆕 New Lead", [text for *_numbers, text in wizard.counts])

    def test_names(self):
        """T14, P5: the first ten of those who would move, whom the owner sees, as the list behind them"""
        rule = self.make_rule("outreach", ["call_made"], self.payment, domain=self.domain, active=False)
        _moved, _left, wizard = self.run_dry(rule)
        moving = self.contacts["new"] | self.contacts["hot"]
        self.assertEqual(dict(wizard.names), {contact.id: contact.display_name for contact in moving})
        other = self.env["res.company"].create({"name": "Other Company"})
        self.contacts["hot"].company_id = other
        many = self.make_contacts(20, self.new_lead)
        many.category_id = moving.category_id
        self.commit()
        _moved, _left, wizard = self.run_dry(rule)
        self.assertEqual(wizard.move_count, 25)
        self.assertEqual(len(wizard.names), 10)
        self.assertLessEqual({id_ for id_, _name in wizard.names}, set((moving | many).ids))
        action = rule.with_user(self.owner).action_open_result("acted")
        listed = self.Partner.with_user(self.owner).search(action["domain"])
        self.assertEqual([id_ for id_, _name in wizard.names], listed[:10].ids)
        self.assertFalse(listed & self.contacts["hot"])

    def test_names_of_a_condition_that_the_owner_may_not_read(self):
        """T14, T13: its author may; the number and the names are there all the same"""
        rule = self.make_rule("outreach", ["call_made"], self.payment, active=False)
        rule.domain = "[('signup_type', '=', False)]"
        _moved, _left, wizard = self.run_dry(rule)
        self.assertEqual(wizard.move_count, 5 + 1)
        self.assertEqual(len(wizard.names), 6)

    def test_next_run(self):
        """T9, T14: of a rule that waits for no event, and only while something runs it"""
        cron = self.env.ref("contact_lifecycle.ir_cron_run_rules")
        rule = self.make_rule("inactivity", (), self.cold_lead.stage_id, self.payment)
        _moved, _left, wizard = self.run_dry(rule)
        self.assertEqual(wizard.next_run, cron.nextcall)
        self.assertEqual(rule.with_user(self.manager).next_run, cron.nextcall)
        cron.active = False
        self.env.invalidate_all()
        self.assertFalse(wizard.next_run)
        cron.active = True
        self.env.invalidate_all()
        self.assertFalse(self.make_rule("outreach", ["call_made"], self.payment).next_run)

    def test_nothing_is_changed(self):
        """T14"""
        rule = self.make_rule("outreach", ["call_made"], self.payment, active=False)
        everybody = self.Partner.concat(*self.contacts.values())
        before = [(contact.lifecycle_stage_id, contact.write_date) for contact in everybody]
        self.run_dry(rule)
        self.commit()
        self.assertEqual(before, [(contact.lifecycle_stage_id, contact.write_date) for contact in everybody])
        self.assertFalse(self.get_results(rule))
        self.assertFalse(rule.active)

    def test_switch_on(self):
        """T14, T13: from the dialog, by owners"""
        rule = self.make_rule("outreach", ["call_made"], self.payment, active=False)
        _moved, _left, wizard = self.run_dry(rule)
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).action_switch_on()
        wizard.action_switch_on()
        self.assertTrue(rule.active)

    def test_queries(self):
        """T14: as many with twice the contacts"""
        rule = self.make_rule("outreach", ["call_made"], self.payment, active=False)

        def count():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rule._get_dry_run()
            return self.cr.sql_log_count - before

        count()
        few = count()
        self.make_contacts(50)
        self.commit()
        self.assertEqual(count(), few)
