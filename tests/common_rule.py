from unittest.mock import patch

from odoo import Command

from .common import LifecycleCase


class RuleCase(LifecycleCase):
    """Contacts that can be written to, and short ways to make rules and to end a transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["lifecycle.rule"]
        cls.RuleLog = cls.env["lifecycle.rule.log"]
        cls.Rule.search([]).sudo().active = False
        # meetings that were there before, such as demo data
        cls.env["calendar.event"]._cron_lifecycle_held()
        cls.contact.email = "ada@example.com"
        cls.contact.phone = "+32 470 12 34 56"
        cls.salesman = cls.make_user(
            "lifecycle_rule_salesman",
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
            email="salesman@example.com",
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Engine",
                "type": "opportunity",
                "partner_id": cls.contact.id,
                "user_id": cls.salesman.id,
            }
        )
        cls.commit()

    def setUp(self):
        super().setUp()
        # committing would end the transaction of the test
        self.commit_progress = self.startPatcher(
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", autospec=True, side_effect=self.commit_batch
            )
        )

    def commit_batch(self, cron, processed=0, **kwargs):
        self.commit()
        return 60.0

    @classmethod
    def commit(cls):
        """Do what happens before and after a commit; the test's own transaction goes on."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env.cr.postcommit.clear()

    @classmethod
    def make_rule(cls, kind="outreach", events=(), to_stage=None, from_stages=None, active=True, **vals):
        stages = from_stages or cls.env["lifecycle.stage"]
        return cls.env["lifecycle.rule"].create(
            {
                "name": f"Rule {kind}",
                "kind": kind,
                "active": active,
                "to_stage_id": to_stage.id if to_stage else False,
                "from_stage_ids": [Command.set(stages.ids)],
                **{f"on_{event}": True for event in events},
                **vals,
            }
        )

    def get_results(self, rule):
        """:return: list of (result, contact, count) in the run log of a rule, oldest first"""
        self.commit()
        logs = self.RuleLog.search([("rule_ids", "in", rule.ids)]).sorted("id")
        return [(log.result, log.partner_id, log.count) for log in logs]

    def assertMoved(self, contact, stage, rule=None):
        """The transaction ends, and the contact is in that stage, by that rule."""
        self.commit()
        self.assertEqual(contact.lifecycle_stage_id, stage)
        if rule:
            row = self.get_log(contact)[-1]
            self.assertEqual((row.source, row.rule_id, row.rule_name), ("rule", rule, rule.name))

    def assertStayed(self, contact):
        """The transaction ends, and no rule has moved the contact, now or at a savepoint before."""
        stage, count = contact.lifecycle_stage_id, len(self.get_log(contact))
        self.commit()
        self.assertNotIn("rule", self.get_log(contact).mapped("source"))
        self.assertEqual(contact.lifecycle_stage_id, stage)
        self.assertEqual(len(self.get_log(contact)), count)


class EngineCase(RuleCase):
    """Short ways to let an event happen, and to see what the rules on it say."""

    def happen(self, contacts=None, event="call_made"):
        self.Rule._notify_event(event, contacts or self.contact)

    def make_call_rule(self, to_stage, from_stages=None, **vals):
        return self.make_rule("outreach", ["call_made"], to_stage, from_stages, **vals)

    def assertRan(self, rule, *expected):
        """:param expected: (result, contact) in the run log"""
        self.assertEqual([result[:2] for result in self.get_results(rule)], list(expected))
