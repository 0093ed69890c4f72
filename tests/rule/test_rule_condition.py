from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common_rule import RuleCase

HIDDEN = (
    "[('message_ids.tracking_value_ids.new_value_char', 'like', 'Hot')]",
    "[('message_ids.tracking_value_ids', '!=', False)]",
    "[('message_ids', 'any', [('tracking_value_ids', 'any', [('id', '!=', False)])])]",
    "[('message_ids', 'not any', [('tracking_value_ids', '!=', False)])]",
    "['!', '|', ('name', '=', 'x'), ('child_ids.message_ids.tracking_value_ids', '!=', False)]",
    "[('id', 'any', [('message_ids.tracking_value_ids', '!=', False)])]",
    "[('user_ids.group_ids.model_access.name', 'like', 'x')]",
    "[('user_ids.totp_secret', '!=', False)]",
)
READABLE = (
    "[]",
    "[('country_id.code', '=', 'BE'), ('category_id', 'ilike', 'vip')]",
    "[('create_date', '>', '2020-01-01 00:00:00'), ('id', '!=', 0)]",
    "[('message_ids.date', '>', '2020-01-01')]",
    "[('child_ids', 'any', [('lifecycle_stage_id.name', '=', 'Hot Lead')])]",
    "[('user_id.login', '=', 'admin'), ('company_id', '=', False)]",
    "[('lifecycle_transition_ids.source', '=', 'import')]",
)


@tagged("post_install", "-at_install")
class TestRuleCondition(RuleCase):
    """The condition of a rule is searched as the superuser: it looks at nothing that its author may not read (T8, P5)."""

    def get_vals(self, domain, **vals):
        return {
            "name": "Rule",
            "kind": "criteria",
            "to_stage_id": self.hot_lead.id,
            "domain": domain,
            **vals,
        }

    def assertHidden(self, call, user=None):
        """The call is refused in one sentence, and leaves no rule behind."""
        count = self.Rule.with_context(active_test=False).search_count([])
        with (
            self.assertRaisesRegex(
                AccessError,
                "^The condition of “[^”]+” looks at “[^”]+”, which you may not read: leave it out.$",
            ),
            self.cr.savepoint(),
        ):
            call()
        self.env.invalidate_all()
        self.assertEqual(self.Rule.with_context(active_test=False).search_count([]), count)

    def test_owner_looks_at_what_they_may_read(self):
        """T8, P5"""
        Rule = self.Rule.with_user(self.owner)
        for domain in READABLE:
            with self.subTest(domain=domain):
                self.assertTrue(Rule.create(self.get_vals(domain)))
        for domain in HIDDEN:
            with self.subTest(domain=domain):
                self.assertHidden(lambda domain=domain: Rule.create(self.get_vals(domain)))

    def test_every_way_to_write_a_condition(self):
        """P5: what one way refuses, the others refuse"""
        Rule = self.Rule.with_user(self.owner)
        rule = Rule.create(self.get_vals("[]"))
        hidden = HIDDEN[0]
        of_administrator = self.Rule.with_user(self.administrator).create(self.get_vals(hidden))
        with_default = Rule.with_context(default_domain=hidden)
        vals = self.get_vals("[]")
        del vals["domain"]
        for call in (
            lambda: rule.write({"domain": hidden}),
            lambda: rule.web_save({"domain": hidden}, {}),
            lambda: with_default.create(vals),
            lambda: of_administrator.with_user(self.owner).copy(),
            lambda: rule.copy({"domain": hidden}),
        ):
            self.assertHidden(call)
        result = Rule.load(
            ["name", "kind", "to_stage_id", "domain"], [["Rule", "criteria", "Hot Lead", hidden]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("which you may not read: leave it out.", result["messages"][0]["message"])
        with self.assertRaisesRegex(AccessError, "which you may not read"), Form(rule) as form:
            form.domain = hidden

    def test_condition_of_an_administrator_stays(self):
        """T14: an owner switches the rule on and off, and starts its dry run"""
        rule = self.Rule.with_user(self.administrator).create(self.get_vals(HIDDEN[0], active=False))
        rule = rule.with_user(self.owner)
        wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
        self.assertIsInstance(wizard.move_count, int)
        wizard.action_switch_on()
        rule.write({"name": "Other", "sequence": 5})
        self.assertTrue(rule.active)

    def test_dry_run_of_a_condition_that_nobody_has_saved(self):
        """T14, P5: says nothing, as nobody has checked it"""
        Wizard = self.env["lifecycle.rule.dry.run"].with_user(self.owner)
        rule = self.make_rule("criteria", (), self.payment, active=False)
        self.assertGreater(Wizard.create({"rule_id": rule.id}).left_count, 0)
        typed = rule.with_user(self.owner).new(self.get_vals(HIDDEN[0]))
        wizard = Wizard.new({"rule_id": typed})
        self.assertEqual((wizard.move_count, wizard.left_count), (0, 0))
        # one that claims to be a saved rule is that one as it is saved
        claiming = rule.with_user(self.owner).new(self.get_vals(HIDDEN[0]), origin=rule)
        wizard = Wizard.new({"rule_id": claiming})
        self.assertEqual(wizard.counts, Wizard.create({"rule_id": rule.id}).counts)

    def test_condition_that_is_no_filter(self):
        """T8: is refused as before, whoever writes it"""
        for user in (self.owner, self.administrator):
            for domain in ("nonsense", "[('nothing', '=', 1)]", "[('parent_id.nothing', '=', 1)]", "[[]]"):
                with (
                    self.subTest(user=user.login, domain=domain),
                    self.assertRaisesRegex(UserError, "is not a filter of contacts"),
                    self.cr.savepoint(),
                ):
                    self.Rule.with_user(user).create(self.get_vals(domain))
