import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_queries import QueriesCase
from ..common_rule import RuleCase

HIDDEN = "[('message_ids.tracking_value_ids', '!=', False)]"
CLERKS = "[('function', '=', 'Clerk')]"


@tagged("post_install", "-at_install")
class TestRuleDraft(QueriesCase, RuleCase):
    """The dry run of what stands in the form of a rule, saved or not (T14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tag = cls.env["res.partner.category"].create({"name": "Draft"})
        clerks = cls.make_contacts(2, cls.new_lead)
        contacts = clerks + cls.make_contacts(3, cls.hot_lead) + cls.make_contacts_without_stage(1)
        contacts += cls.make_contacts(1, cls.customer)
        locked = cls.make_contacts(1, cls.new_lead)
        locked._lifecycle_write_protected({"lifecycle_locked": True})
        clerks.function = "Clerk"
        (contacts + locked).category_id = tag
        cls.env["ir.config_parameter"].set_param(
            "contact_lifecycle.contact_domain", f"[('category_id', '=', {tag.id})]"
        )
        cls.commit()
        cls.OwnerRule = cls.Rule.with_user(cls.owner)

    def get_vals(self, kind="outreach", **vals):
        """:return: what the form of a new rule would save"""
        moves = {} if kind in ("lead", "follow_up") else {"to_stage_id": self.payment.id}
        events = self.Rule._kind_events().get(kind, [])
        return {"name": "Draft", "kind": kind, **{f"on_{event}": True for event in events}, **moves, **vals}

    def get_all_vals(self):
        """:return: dict kind -> values of a rule of each kind there is"""
        more = {
            "inactivity": {"inactivity_days": 5, "allow_backward": True},
            "lead": {"entered_stage_ids": [Command.set(self.payment.ids)], "domain": CLERKS},
            "follow_up": {"entered_stage_ids": [Command.set(self.cold_lead.stage_id.ids)]},
            "outreach": {"from_stage_ids": [Command.set(self.new_lead.ids)], "from_none": True},
            "criteria": {"domain": CLERKS},
        }
        kinds = [kind for kind, _label in self.Rule._fields["kind"].selection]
        return {kind: self.get_vals(kind, **more.get(kind, {})) for kind in kinds}

    def open_number(self, rule, count, vals):
        """:return: the contacts behind a number of the dry run of a form"""
        result, stage_id, *_texts = count
        stage_id = stage_id if result == "acted" else None
        # what the browser gets, and sends back
        action = json.loads(json.dumps(rule.action_open_result(result, stage_id, vals), default=str))
        return self.Partner.with_user(self.owner).search(action["domain"])

    def test_unsaved_is_as_saved(self):
        """T14, M7: for every kind, as a new rule, as a saved one, and as another one that is changed in the form"""
        other = self.make_rule("outreach", ["call_made"], self.customer, self.hot_lead, active=False)
        found = set()
        for kind, vals in self.get_all_vals().items():
            with self.subTest(kind=kind):
                unsaved = self.OwnerRule.get_dry_run(vals)
                rule = self.OwnerRule.create(vals)
                saved = rule.get_dry_run({})
                self.assertEqual(unsaved, saved)
                emptied = {"from_stage_ids": [Command.clear()], **vals}
                self.assertEqual(other.with_user(self.owner).get_dry_run(emptied), saved)
                wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
                for name in ("move_count", "left_count", "counts", "names"):
                    # a field has no empty list
                    self.assertEqual(wizard[name] or False, saved[name] or False, name)
                self.assertTrue(saved["counts"])
                for count in saved["counts"]:
                    opened = self.open_number(self.OwnerRule, count, vals)
                    self.assertEqual(len(opened), count[2], count)
                    self.assertEqual(opened, self.open_number(rule, count, None), count)
                found.add(str(saved["counts"]))
        self.assertGreater(len(found), 3, "the kinds differ")

    def test_what_changes_in_the_form(self):
        """T14: the numbers follow, and nothing is written"""
        rule = self.make_rule("outreach", ["call_made"], self.payment, self.new_lead).with_user(self.owner)
        moves = []
        for vals in (
            {},
            {"from_stage_ids": [Command.link(self.hot_lead.id)]},
            {"from_stage_ids": [Command.unlink(self.new_lead.id)], "allow_backward": True},
            {"domain": CLERKS},
            {"to_stage_id": self.customer.id, "domain": "[]", "from_none": True},
        ):
            moves.append(rule.get_dry_run(vals)["move_count"])
        self.assertEqual(moves, [2, 2 + 3, 2 + 3 + 1, 2, 2 + 1])
        self.env.invalidate_all()
        self.assertEqual((rule.from_stage_ids, rule.to_stage_id), (self.new_lead, self.payment))
        self.assertEqual((rule.domain, rule.allow_backward), ("[]", False))
        self.assertFalse(self.get_results(rule))

    def test_roles(self):
        """T13, P5: who may make rules, and nobody else; also not by the search behind the numbers"""
        vals = self.get_vals()
        text = self.OwnerRule._get_result_text("acted", vals)
        for user in (self.internal, self.agent, self.manager):
            Rule = self.Rule.with_user(user)
            saved = self.make_rule("criteria", (), self.payment).with_user(user)
            for call in (
                lambda Rule=Rule: Rule.get_dry_run(vals),
                lambda saved=saved: saved.get_dry_run({}),
                lambda Rule=Rule: Rule.action_open_result("acted", None, vals),
                lambda user=user: self.Partner.with_user(user)._search_lifecycle_rule_result("in", [text]),
                lambda user=user: (
                    self.Partner.with_user(user).sudo()._search_lifecycle_rule_result("in", [text])
                ),
            ):
                with self.subTest(user=user.login), self.assertRaisesRegex(AccessError, "allowed|access"):
                    call()
        self.assertTrue(self.OwnerRule.get_dry_run(vals)["names"])

    def test_condition_is_checked_as_on_save(self):
        """P5, T8: in one sentence; that of an administrator stays as it is saved"""
        for rule in (self.OwnerRule, self.make_rule("criteria", (), self.payment).with_user(self.owner)):
            for call in (
                lambda vals, rule=rule: rule.get_dry_run(vals),
                lambda vals, rule=rule: rule.action_open_result("acted", None, vals),
            ):
                for domain, error, text in (
                    (
                        HIDDEN,
                        AccessError,
                        "^The condition of “[^”]+” looks at “[^”]+”, which you may not read",
                    ),
                    ("nonsense", UserError, "^The condition of “[^”]+” is not a filter of contacts"),
                    ("[('nothing', '=', 1)]", UserError, "is not a filter of contacts"),
                ):
                    with self.subTest(domain=domain), self.assertRaisesRegex(error, text):
                        call(self.get_vals("criteria", domain=domain))
        by_default = self.OwnerRule.with_context(default_domain=HIDDEN)
        with self.assertRaisesRegex(AccessError, "which you may not read"):
            by_default.get_dry_run(self.get_vals())
        forged = f"0:acted:{json.dumps(self.get_vals(domain=HIDDEN))}"
        for Partner in (self.Partner.with_user(self.owner), self.Partner.with_user(self.owner).sudo()):
            with self.assertRaisesRegex(AccessError, "which you may not read"):
                Partner.search([("lifecycle_rule_result", "=", forged)])
        rule = self.make_rule("criteria", (), self.payment, domain=HIDDEN).with_user(self.owner)
        self.assertIn("counts", rule.get_dry_run({"from_none": True}))

    def test_what_is_missing_or_wrong(self):
        """T14: one sentence each"""
        for vals, text in (
            (self.get_vals(to_stage_id=False), "does not say to which stage contacts move: choose one"),
            (self.get_vals(name=False, to_stage_id=False), "^“New rule” does not say"),
            (self.get_vals("inactivity", inactivity_days=0), "must wait for one day at least"),
            (self.get_vals("inactivity", inactivity_days=40000), "a hundred years"),
            (self.get_vals("nothing"), "This form cannot be read"),
            ({**self.get_vals(), "kind": ["lead"]}, "This form cannot be read"),
            (self.get_vals("inactivity", inactivity_days=float("inf")), "This form cannot be read"),
            (self.get_vals(from_stage_ids=[[6, 0, 5]]), "This form cannot be read"),
            ({}, "^“New rule” does not say"),
            ("x", "This form cannot be read"),
            (None, "This form cannot be read"),
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, text):
                self.OwnerRule.get_dry_run(vals)

    def test_what_is_made_up(self):
        """P5: records that there are none of, and fields that no form has, are nothing"""
        plain = self.get_vals()
        expected = self.OwnerRule.get_dry_run(plain)
        for vals in (
            {"from_stage_ids": [Command.set([2**31 - 1, 10**30, -1, "x", True])]},
            {"from_stage_ids": [Command.create({"name": "Made up"})], "user_id": 2**31 - 1, "team_id": "x"},
            {"nothing": 1, "id": self.contact.id, "is_standard": True, "message_ids": [Command.clear()]},
        ):
            with self.subTest(vals=vals):
                self.assertEqual(self.OwnerRule.get_dry_run({**plain, **vals}), expected)
        self.assertFalse(self.Stage.search([("name", "=", "Made up")]))
        for text in ("0:acted:", "0:acted:{", "0:acted", "x:acted:x", "", "0:acted:" + "[" * 100000):
            found = self.Partner.with_user(self.owner).search([("lifecycle_rule_result", "=", text)])
            self.assertFalse(found)

    def test_queries(self):
        """T14: as many with twice the contacts, and with twice the stages that the rule names"""
        few = self.get_vals(from_stage_ids=[Command.set(self.new_lead.ids)])
        many = self.get_vals(from_stage_ids=[Command.set((self.new_lead | self.hot_lead).ids)])

        def count(vals):
            def call():
                self.env.invalidate_all()
                self.OwnerRule.get_dry_run(vals)

            call()
            return self.count_queries(call)

        queries = count(few)
        self.assertEqual(count(many), queries)
        self.make_contacts(50)
        self.commit()
        self.assertEqual(count(few), queries)
