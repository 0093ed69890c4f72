from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.rule.lifecycle_rule_log import NOT_FOR
from ...models.rule.spec import MAX_MOVES_A_DAY
from ..common_rule import RuleCase

KINDS = ("plain", "clerk", "locked", "locked clerk", "too often", "elsewhere", "address", "archived")
BOSS = "[('function', '=', 'CEO')]"


@tagged("post_install", "-at_install")
class TestRuleNumbers(RuleCase):
    """The dry run, the run log, the list of rules and what a rule then does agree, over contacts of every kind in every
    stage (T14, T15, M7).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tag = cls.env["res.partner.category"].create({"name": "Numbers"})
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.owner.company_ids += cls.elsewhere
        cls.stages = [cls.Stage, *(cls.new_lead + cls.hot_lead + cls.payment + cls.customer)]
        cls.stages.append(cls.cold_lead.stage_id)
        with freeze_time(fields.Datetime.now() - timedelta(days=50)):
            cls.quiet = cls.make_varied_contacts(tag)
        cls.make_varied_contacts(tag)
        domain = [("type", "in", ["contact", False]), ("category_id", "=", tag.id)]
        cls.env["ir.config_parameter"].set_param("contact_lifecycle.contact_domain", str(domain))
        cls.commit()

    @classmethod
    def make_varied_contacts(cls, tag):
        contacts = {}
        for kind in KINDS:
            stages = cls.stages[len(contacts) % 3 == 2 :]  # so that no two numbers are the same by chance
            contacts[kind] = cls.Partner.create(
                [
                    {
                        "name": f"{kind} {stage.name}",
                        "lifecycle_stage_id": stage.id,
                        "function": False if "clerk" in kind else "CEO",
                        "company_id": kind == "elsewhere" and cls.elsewhere.id,
                        "type": "invoice" if kind == "address" else "contact",
                        "category_id": tag.ids,
                    }
                    for stage in stages
                ]
            )
        contacts["archived"].active = False
        locked = contacts["locked"] + contacts["locked clerk"]
        locked._lifecycle_write_protected({"lifecycle_locked": True})
        cls.make_moved_too_often(contacts["too often"])
        return cls.Partner.concat(*contacts.values())

    @classmethod
    def make_moved_too_often(cls, contacts):
        cls.env.flush_all()
        cls.cr.execute(
            """
            INSERT INTO lifecycle_transition (partner_id, date, source)
                 SELECT contact_id, now() AT TIME ZONE 'UTC', 'rule'
                   FROM unnest(%s) contact_id, generate_series(1, %s)
            """,
            [contacts.ids, MAX_MOVES_A_DAY],
        )

    # ------------------------------------------------------------
    # What is compared
    # ------------------------------------------------------------

    def run_dry(self, rule):
        """Start the dry run, and open each of its numbers.

        :return: dict result -> ``res.partner``, and the dialog
        """
        wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
        companies = self.env["res.company"].search([])
        self.owner.company_ids = companies
        found, contacts = {}, self.Partner
        for result, stage_id, count, text in wizard.counts:
            action = rule.with_user(self.owner).action_open_result(
                result, stage_id if result == "acted" else None
            )
            Partner = self.Partner.with_user(self.owner).with_context(allowed_company_ids=companies.ids)
            opened = Partner.search(action["domain"]).with_env(self.env)
            self.assertEqual(len(opened), count, text)
            self.assertFalse(contacts & opened, f"nobody is counted twice: {text}")
            contacts += opened
            found[result] = found.get(result, self.Partner) + opened
        self.assertEqual(len(found.get("acted", self.Partner)), wizard.move_count)
        self.assertEqual(contacts, self.Partner.search([("partner_share", "=", True)]), "nobody is left out")
        return found, wizard

    def count_runs(self, rule):
        """:return: dict result -> number of contacts in the run log of this rule"""
        counts = Counter()
        for result, _contact, count in self.get_results(rule):
            counts[result] += count
        return dict(counts)

    def find_moved(self, rule):
        return self.Transition.search([("rule_id", "=", rule.id)]).partner_id

    def assertLastRun(self, rule, expected):
        labels = dict(self.RuleLog._fields["result"]._description_selection(self.env))
        texts = {f"{labels[result]}: {count}" for result, count in expected.items()}
        rule.invalidate_recordset()
        self.assertIn(rule.last_result, texts)

    def happen_to_everybody(self, event, is_read, get_origin=None):
        everybody = self.Partner.with_context(active_test=False).search([])
        if is_read:
            everybody.read(["function", "active", "type", "partner_share", "lifecycle_stage_id"])
        else:
            self.env.flush_all()
            self.env.invalidate_all()
        self.RuleLog.search([]).unlink()
        self.Rule._collect_event(
            event, [(contact.id, get_origin and get_origin(contact)) for contact in everybody]
        )
        self.commit()

    def check_event(self, rule, event, is_read=False, get_origin=None):
        found, _wizard = self.run_dry(rule)
        self.happen_to_everybody(event, is_read, get_origin)
        # a dry run does not look at archived contacts, which the lists do not show either
        archived = self.Partner.search_count([("active", "=", False), ("partner_share", "=", True)])
        expected = {result: len(contacts) for result, contacts in found.items()} | {"archived": archived}
        self.assertEqual(self.count_runs(rule), expected)
        shown = {result: count for result, count in expected.items() if result not in NOT_FOR}
        if shown:
            self.assertLastRun(rule, shown)
        return found, expected

    # ------------------------------------------------------------
    # Rules that wait for an event
    # ------------------------------------------------------------

    def test_rules_on_events(self):
        """T14, T15: whatever the rule is for, and where it looks"""
        seen = set()
        for number, vals in enumerate(
            (
                {"to_stage": self.new_lead},
                {"to_stage": self.payment, "from_none": True},
                {"to_stage": self.payment, "domain": BOSS},
                {"to_stage": self.payment, "from_stages": self.new_lead + self.customer, "domain": BOSS},
                {"to_stage": self.hot_lead, "allow_backward": True, "from_stages": self.customer},
                {"to_stage": self.cold_lead.stage_id, "from_stages": self.hot_lead, "from_none": True},
                {"to_stage": self.customer, "domain": "[('industry_id.name', '=', 'None')]"},
            )
        ):
            for is_read in (True, False):
                with self.subTest(rule=vals, is_read=is_read), self.undone():
                    rule = self.make_rule("outreach", ["call_made"], **vals)
                    found, expected = self.check_event(rule, "call_made", is_read)
                    self.assertEqual(self.find_moved(rule), found.get("acted", self.Partner))
                    self.assertTrue(expected.get("acted") or number == 6, expected)
                    seen |= expected.keys()
                self.env.registry.clear_cache()
        reasons = {*NOT_FOR, "not_forward", "too_often", "locked"}
        self.assertEqual(seen, reasons | {"acted"})

    def test_rule_that_makes_leads(self):
        """T14, T15, T6: those who would get a lead do"""
        reason = self.env["crm.lost.reason"].create({"name": "Numbers"})
        contacts = self.Partner.with_context(active_test=False).search([("partner_share", "=", True)])
        lost = self.env["crm.lead"].create(
            [{"name": "Lost", "lost_reason_id": reason.id} for _contact in contacts]
        )
        origins = {contact: ("crm.lead", lead.id) for contact, lead in zip(contacts, lost, strict=True)}
        rule = self.make_rule(
            "follow_up",
            lost_reason_ids=reason.ids,
            domain=BOSS,
            user_id=self.salesman.id,
            lead_type="reattempt",
        )
        found, expected = self.check_event(rule, "opportunity_lost", get_origin=origins.get)
        self.assertTrue(expected["other_company"])
        leads = self.env["lifecycle.lead.request"].search([("rule_id", "=", rule.id)])
        self.assertEqual(leads.partner_id, found["acted"])

    # ------------------------------------------------------------
    # Rules that wait for none
    # ------------------------------------------------------------

    def check_scheduled(self, rule):
        found, wizard = self.run_dry(rule)
        self.RuleLog.search([]).unlink()
        if rule.kind == "criteria":
            wizard.action_apply_now()
        self.Rule._cron_run()
        # whom it looked at: nothing has happened to the others
        expected = {result: len(found[result]) for result in ("acted", "locked")}
        self.assertEqual(self.count_runs(rule), expected)
        self.assertEqual(self.find_moved(rule), found["acted"])
        self.assertLastRun(rule, expected)
        return found

    def test_rule_on_inactivity(self):
        """T9, T14, T15"""
        rule = self.make_rule("inactivity", (), self.cold_lead.stage_id, self.payment, inactivity_days=30)
        found = self.check_scheduled(rule)
        self.assertTrue(found["in_touch"])
        self.assertLessEqual(found["acted"] + found["locked"], self.quiet)

    def test_rule_on_a_condition_that_is_applied(self):
        """T8, T14, T15: the brake holds here as well"""
        rule = self.make_rule("criteria", (), self.payment, domain=BOSS)
        found = self.check_scheduled(rule)
        self.assertTrue(found["too_often"])

    def test_many_that_are_locked(self):
        """T15: all of them are counted, however many there are in a batch"""
        rule = self.make_rule("criteria", (), self.payment, domain=BOSS)
        expected = len(self.run_dry(rule)[0]["locked"])
        self.assertGreater(expected, 3)
        rule._lifecycle_write_protected({"apply_pending": True})
        with patch("odoo.addons.contact_lifecycle.models.rule.lifecycle_rule_inactivity.BATCH_SIZE", 2):
            self.Rule._cron_run()
        self.assertEqual(self.count_runs(rule)["locked"], expected)

    # ------------------------------------------------------------
    # What they are called
    # ------------------------------------------------------------

    def test_every_reason_has_its_words(self):
        """T14, T15: in the dry run and in the run log, each its own"""
        selection = dict(self.RuleLog._fields["result"].selection)
        kinds = [kind for kind, _label in self.Rule._fields["kind"].selection]
        reasons = set()
        for kind in kinds:
            rule = self.Rule.new({"kind": kind, "to_stage_id": self.hot_lead.id, "inactivity_days": 3})
            rule.from_stage_ids = self.new_lead
            names = [reason for reason, _domain in rule._get_checks()]
            reasons.update(names)
            fit_names = [reason for reason, _domain in rule._get_fit_checks()]
            self.assertLessEqual(set(fit_names), set(NOT_FOR))
            self.assertEqual(names[: len(fit_names)], fit_names)
        self.assertLessEqual(reasons, selection.keys())
        texts = self.Rule._get_reason_texts()
        self.assertEqual(texts.keys(), reasons)
        self.assertEqual(len(set(texts.values())), len(texts))
        self.assertEqual(len(set(selection.values())), len(selection))

    def test_every_event_has_its_name(self):
        """T15: the run log says what set a run off"""
        events = {event for events in self.Rule._kind_events().values() for event in events}
        events |= {"contact_changed", "stage_entered", "delay", "inactivity", "criteria"}
        names = self.Rule._get_event_names()
        self.assertEqual(names.keys(), events)
        self.assertEqual(len(set(names.values())), len(names))
        self.assertEqual(names["email_reply"], "The contact replies by email")
        log = self.RuleLog.create(
            {"rule_id": self.make_call_rule().id, "event": "of_another_addon", "result": "acted"}
        )
        self.assertEqual(log.event_name, "of_another_addon")

    def make_call_rule(self):
        return self.make_rule("outreach", ["call_made"], self.hot_lead)

    def test_runs_of_the_last_version(self):
        """T15: those that did not tell apart what it was go on saying so"""
        rule = self.make_call_rule()
        log = self.RuleLog.create({"unmatched_rule_ids": rule.ids, "result": "no_match"})
        labels = dict(self.RuleLog._fields["result"]._description_selection(self.env))
        self.assertEqual(labels[log.result], "Left: stage or condition do not match")
        self.assertEqual(self.RuleLog.search(rule.action_open_runs()["domain"]), log)

    # ------------------------------------------------------------
    # Who may open them
    # ------------------------------------------------------------

    def test_who_opens_numbers(self):
        """T14, P5: owners, and what they may see"""
        rule = self.make_call_rule()
        for user in (self.manager, self.agent, self.internal):
            with self.assertRaises(AccessError):
                rule.with_user(user).action_open_result("acted")
            with self.assertRaises(AccessError):
                self.Partner.with_user(user).search([("lifecycle_rule_result", "=", f"{rule.id}:acted")])
        with self.assertRaisesRegex(UserError, "no number of that name"):
            rule.with_user(self.owner).action_open_result("x")
        Partner = self.Partner.with_user(self.owner)
        for text in (
            "",
            ":",
            "acted",
            f"{rule.id}:",
            f"{rule.id}:x",
            "0:acted",
            f"{2**40}:acted",
            "²:acted",
            "9" * 5000 + ":acted",
            False,
            5,
        ):
            self.assertFalse(Partner.search([("lifecycle_rule_result", "=", text)]), text)
        elsewhere = self.Partner.search([("company_id", "=", self.elsewhere.id)])
        domain = rule.with_user(self.owner).action_open_result("acted")["domain"]
        for companies in (self.env.company, self.env.company | self.elsewhere):
            found = Partner.with_context(allowed_company_ids=companies.ids).search(domain)
            self.assertEqual(bool(found.with_env(self.env) & elsewhere), self.elsewhere in companies)
