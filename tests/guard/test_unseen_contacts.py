from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common_rule import RuleCase

NOT_SEEN = "Among them are contacts that you do not see, such as those of other companies: "
ARCHIVED = "Among them are archived contacts: "
BESIDE = "Contacts that the list does not count: "


@tagged("post_install", "-at_install")
class TestUnseenContacts(RuleCase):
    """Numbers of what will happen to every contact say how many of them the reader does not find (P5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        # Odoo asks for its own group before anybody may apply settings
        cls.owner.group_ids += cls.env.ref("base.group_system")
        cls.owner.company_ids = cls.env.company
        cls.stage = cls.hot_lead
        cls.rule = cls.make_rule("outreach", ["call_made"], cls.payment, cls.stage, active=False)
        # nobody else counts, whatever is in the database
        cls.tag = cls.env["res.partner.category"].create({"name": "Unseen"})
        cls.env["ir.config_parameter"].set_param(
            "contact_lifecycle.contact_domain", f"[('category_id', '=', {cls.tag.id})]"
        )

    def make(self, count, stage, **vals):
        """Contacts with whom nothing has happened for long."""
        with freeze_time("2026-01-01"):
            contacts = self.make_contacts(count, stage) if stage else self.make_contacts_without_stage(count)
            contacts.write({"category_id": [Command.link(self.tag.id)], **vals})
            self.env.flush_all()

    def tell_by_deletion(self):
        return (
            self.env["lifecycle.stage.delete"]
            .with_user(self.owner)
            .create({"stage_id": self.stage.id})
            .uncounted_text
        )

    def tell_by_dry_run(self):
        return (
            self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": self.rule.id}).unseen
        )

    def tell_by_dry_run_of_inactivity(self):
        rule = self.make_rule("inactivity", [], self.payment, self.stage, active=False, inactivity_days=1)
        return self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id}).unseen

    def tell_by_stage_set(self):
        wizard = self.env["lifecycle.stage.set.apply"].with_user(self.owner).create({})
        wizard.action_preview()
        return wizard.uncounted

    def tell_by_settings(self):
        settings = self.env["res.config.settings"].with_user(self.owner).create({})
        message = settings.action_lifecycle_apply_default()["params"]["message"]
        return message.partition(". ")[2]

    # way of asking -> whether what it counts are the contacts in the stage
    AMONG = {
        tell_by_dry_run: True,
        tell_by_dry_run_of_inactivity: True,
        tell_by_settings: False,
    }
    # those that count as the list does, and say who else is there
    BESIDE = (tell_by_deletion, tell_by_stage_set)

    def test_dialogs_tell_how_many_are_not_seen(self):
        """P5, S11, S14, T14, A2: those of other companies and archived ones, each once; how many, never who"""
        for tell, in_stage in self.AMONG.items():
            with self.subTest(way=tell.__name__), self.undone():
                stage = in_stage and self.stage
                self.make(4, stage)
                self.make(1, stage, company_id=self.env.company.id)
                self.assertFalse(tell(self), "there is nothing to tell")
                self.make(3, stage, company_id=self.elsewhere.id)
                self.assertEqual(tell(self), f"{NOT_SEEN}3.")
                self.make(2, stage, active=False)
                self.make(1, stage, active=False, company_id=self.elsewhere.id)
                self.assertEqual(tell(self), f"{NOT_SEEN}3.")

    def test_dialogs_tell_who_is_there_besides_those_of_the_list(self):
        """M7, P5, S11, S14: each once, and with the list's number they are all; how many, never who"""
        others = self.Partner.search([("lifecycle_stage_id", "!=", False)])
        others.category_id += self.tag
        for tell in self.BESIDE:
            with self.subTest(way=tell.__name__), self.undone():
                self.make(4, self.stage)
                self.assertFalse(tell(self), "there is nothing to tell")
                outside = self.make_contacts(1, self.stage)
                self.assertEqual(tell(self), f"{BESIDE}without a lifecycle: 1.")
                self.make(3, self.stage, company_id=self.elsewhere.id)
                self.make(2, self.stage, active=False)
                self.make(1, self.stage, active=False, company_id=self.elsewhere.id)
                self.assertEqual(
                    tell(self), f"{BESIDE}without a lifecycle: 1, archived: 2, not shown to you: 4."
                )
                outside.active = False
                self.assertEqual(tell(self), f"{BESIDE}archived: 3, not shown to you: 4.")
                self.assertEqual(self.stage.with_user(self.owner).contact_count, 4)

    def test_who_is_there_besides_opens(self):
        """M7: as many as the reader may see"""
        self.make(2, self.stage)
        self.make(3, self.stage, active=False)
        self.make(1, self.stage, company_id=self.elsewhere.id)
        self.make_contacts(2, self.stage)
        Partner = self.Partner.with_user(self.owner)
        in_stage = [("lifecycle_stage_id", "=", self.stage.id)]
        action = Partner._lifecycle_uncounted_action(in_stage)
        self.assertEqual(Partner.with_context(**action["context"]).search_count(action["domain"]), 5)
        self.assertEqual(Partner._lifecycle_describe_uncounted(in_stage)[0], 6)

    def test_who_sees_all_companies_is_told_of_archived_ones_alone(self):
        """P5"""
        self.owner.company_ids += self.elsewhere
        self.make(3, self.stage, company_id=self.elsewhere.id)
        self.make(2, self.stage, active=False)
        domain = [("lifecycle_stage_id", "=", self.stage.id)]
        companies = (self.env.company | self.elsewhere).ids
        Partner = self.Partner.with_user(self.owner)
        chosen = Partner.with_context(allowed_company_ids=companies)
        self.assertEqual(chosen._lifecycle_describe_unseen(domain), f"{ARCHIVED}2.")
        one = Partner.with_context(allowed_company_ids=companies[:1])
        self.assertEqual(one._lifecycle_describe_unseen(domain), f"{NOT_SEEN}3. {ARCHIVED}2.")

    def test_telling_costs_one_query(self):
        """P5: whatever the number of contacts"""
        domain = [("lifecycle_stage_id", "=", self.stage.id)]
        Partner = self.Partner.with_user(self.owner)
        self.make(3, self.stage, company_id=self.elsewhere.id)
        Partner._lifecycle_describe_unseen(domain)
        for _more in range(2):
            with self.assertQueryCount(1):
                Partner._lifecycle_describe_unseen(domain)
            self.make(20, self.stage, company_id=self.elsewhere.id)
            self.env.flush_all()
