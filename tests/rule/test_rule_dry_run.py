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
        wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
        counts = wizard.counts
        left = dict(counts["left"])
        left.pop("out_of_scope")  # with whatever else is in the database
        moved = {self.Stage.browse(stage_id).name: count for stage_id, count in counts["moved"]}
        self.assertEqual(wizard.move_count, sum(moved.values()))
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
        self.assertEqual(left, {"no_match_stage": 1, "no_match": 1, "locked": 1, "not_forward": 2})
        for text in (
            "from",
            "🆕 New Lead",
            "to",
            "💵 Payment",
            "locked by hand",
            "not moving forward",
        ):
            self.assertIn(text, wizard.summary)

    def test_dry_run_tells_what_then_happens(self):
        """T14: the same contacts move as when it does happen to everybody"""
        rule = self.make_rule("outreach", ["call_made"], self.payment, domain=self.domain, from_none=True)
        moved, left, _wizard = self.run_dry(rule)
        everybody = self.Partner.concat(*self.contacts.values())
        self.Rule._notify_event("call_made", everybody)
        results = self.get_results(rule)
        totals = {}
        for result, _partner, count in results:
            totals[result] = totals.get(result, 0) + count
        self.assertEqual(totals["acted"], sum(moved.values()))
        for reason in ("locked", "not_forward"):
            self.assertEqual(totals[reason], left[reason])
        self.assertEqual(totals["no_match"], left["no_match"])
        self.assertEqual(totals["out_of_scope"], 1)

    def test_backward(self):
        """T14, T10"""
        rule = self.make_rule(
            "outreach", ["call_made"], self.payment, allow_backward=True, from_none=True, domain=self.domain
        )
        moved, left, _wizard = self.run_dry(rule)
        self.assertEqual(sum(moved.values()), 3 + 2 + 2 + 1)
        self.assertEqual(left, {"no_match": 1, "locked": 1})

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
        self.assertEqual(left["active"], 2)

    def test_lead(self):
        """T14, T5: those that would get a lead, wherever they are"""
        rule = self.make_rule("lead", entered_stage_ids=self.payment.ids, domain=self.domain, active=False)
        moved, left, wizard = self.run_dry(rule)
        self.assertEqual(sum(moved.values()), 3 + 2 + 2 + 1 + 1)
        self.assertEqual(left, {"no_match": 1})
        self.assertNotIn(" to ", wizard.summary)

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
            self.env["lifecycle.rule.dry.run"]._count(rule)
            return self.cr.sql_log_count - before

        count()
        few = count()
        self.make_contacts(50)
        self.commit()
        self.assertEqual(count(), few)
