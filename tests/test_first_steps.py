from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_first_steps import PARAMETER, FourStepsCase
from .common_patient import PatientCase
from .common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestFourSteps(FourStepsCase):
    """S1: from an installed addon to a running lifecycle."""

    def setUp(self):
        super().setUp()
        # the only one who works with stages without deciding on them, and looks at the steps
        self.Manager = self.Steps.with_user(self.manager)

    def without_workers(self):
        """Somebody has to look; that one does not count."""
        self.manager.active = False

    def test_nothing_is_done(self):
        """S1: and each step says what it is about"""
        self.without_workers()
        steps = self.get_steps()
        self.assertEqual(list(steps), ["stages", "contacts", "roles", "rule"])
        self.assertEqual(self.get_done(), [])
        self.assertIn("🆕 New Lead → 🔥 Hot Lead", steps["stages"]["stages"])
        self.assertEqual(steps["contacts"]["count"], self.count_without_stage())
        self.assertEqual(steps["contacts"]["stage"], "🆕 New Lead")

    def test_who_may_do_what(self):
        """P1: an owner all but the roles, which administrators give; a manager nothing; each is told whom to ask"""
        self.assertEqual(
            {
                user.login: [step["may"] for step in self.get_steps(user).values()]
                for user in (self.manager, self.owner, self.administrator)
            },
            {
                self.manager.login: [False, False, False, False],
                self.owner.login: [True, True, False, True],
                self.administrator.login: [True, True, True, True],
            },
        )
        answer = self.Manager.get_steps()
        self.assertFalse(answer["is_owner"])
        for group, names in (
            ("contact_lifecycle.group_owner", "owners"),
            ("base.group_erp_manager", "administrators"),
        ):
            users = self.env["res.users"].search(
                [("all_group_ids", "in", self.env.ref(group).id), ("share", "=", False)], order="id", limit=3
            )
            self.assertEqual(answer[names], ", ".join(users.mapped("name")))

    def test_only_managers_look_and_only_owners_do(self):
        """P1"""
        for user in (self.agent, self.internal, self.portal):
            with self.assertRaisesRegex(AccessError, "Only lifecycle managers"):
                self.Steps.with_user(user).get_steps()
        for call in (
            self.Manager.action_keep_stages,
            self.Manager.action_dismiss,
            self.Manager.action_start_contacts,
            lambda: self.Manager.action_suggest_rule("buys"),
            self.Manager.action_open_users,
            self.Steps.with_user(self.owner).action_open_users,
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(self.env["ir.config_parameter"].get_param(PARAMETER), False)
        action = self.Steps.with_user(self.administrator).action_open_users()
        self.assertEqual(action["res_model"], "res.users")

    def test_stages_are_chosen(self):
        """S14: by a stage set, by a change, or by keeping those that are shipped"""
        wizard = self.env["lifecycle.stage.set.apply"].with_user(self.owner)
        for choose in (
            lambda: wizard.create({}).action_apply(),
            lambda: self.hot_lead.with_user(self.owner).write({"name": "Warm Lead"}),
            lambda: self.Stage.with_user(self.owner).create({"name": "Trial"}),
            self.Steps.with_user(self.owner).action_keep_stages,
        ):
            with self.undone():
                self.registry.clear_cache("stable")  # of parameters, which undoing does not empty
                self.assertNotIn("stages", self.get_done())
                choose()
                self.assertIn("stages", self.get_done())

    def test_contacts_start_at_once(self):
        """A2: a small number, and it is said how many"""
        self.make_contacts_without_stage(2)
        count = self.count_without_stage()
        self.assertGreater(count, 2)
        action = self.Steps.with_user(self.owner).action_start_contacts()
        self.assertEqual(action["params"]["message"], f"Contacts that have started in 🆕 New Lead: {count}.")
        self.assertEqual(self.count_without_stage(), 0)
        self.assertEqual(action["tag"], "lifecycle_batch_notice")
        undo = self.env["lifecycle.batch.undo"].with_user(self.owner)
        with self.undone():
            undo.with_context(**action["params"]["undo"]["context"]).create({}).action_confirm()
            self.assertEqual(self.count_without_stage(), count, "D5: it is taken back")
        self.assertEqual(self.get_log(self.contact)[-1].source, "default")
        self.assertIn("contacts", self.get_done())
        # those who have none later are no reason to begin anew
        self.assertIn("contacts", self.get_done())

    def test_one_contact_starts(self):
        """A2, D5: there is nothing to undo but by hand"""
        (self.Partner.search(self.counted) - self.contact).lifecycle_stage_id = self.hot_lead
        action = self.Steps.with_user(self.owner).action_start_contacts()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

    def test_what_was_said_is_not_counted(self):
        """A2, M8: who has started the contacts waits for no count of a million"""
        self.make_contacts_without_stage(2)
        self.assertGreater(self.get_steps()["contacts"]["count"], 2)
        self.Steps.with_user(self.owner)._note("contacts")
        step = self.get_steps()["contacts"]
        self.assertEqual((step["is_done"], step["count"]), (True, 0))

    def test_who_decides_nothing_sees_none_of_a_lifecycle_that_runs(self):
        """S1: nothing is counted for them; until then they read whom to ask"""
        self.assertTrue(self.get_steps(self.manager))
        self.contact.lifecycle_stage_id = self.hot_lead
        self.assertEqual(self.get_steps(self.manager), {})
        self.assertTrue(self.get_steps(self.owner))

    def test_many_contacts_start_in_the_background(self):
        """A2, decision 8: as the settings do it; until they are through, the step is not done"""
        self.make_contacts_without_stage(3)
        count = self.count_without_stage()
        with patch("odoo.addons.contact_lifecycle.models.lifecycle_first_steps.BATCH_SIZE", 2):
            action = self.Steps.with_user(self.owner).action_start_contacts()
        self.assertEqual(
            action["params"]["message"], f"Contacts that enter 🆕 New Lead in the background: {count}."
        )
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.count_without_stage(), count)
        step = self.get_steps()["contacts"]
        self.assertTrue(step["is_running"])
        self.assertFalse(step["is_done"])
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", autospec=True, return_value=1.0):
            self.Partner._cron_lifecycle_apply_default()
        self.assertEqual(self.count_without_stage(), 0)
        self.assertIn("contacts", self.get_done())

    def test_no_contact_at_all(self):
        """A2: then there is nobody to start; the first one does it by itself"""
        self.env["res.users"].search([("share", "=", True)]).active = False
        in_stages = self.Partner.search([("lifecycle_stage_id", "!=", False)])
        (in_stages | self.Partner.search(self.counted)).active = False
        self.assertEqual(self.get_steps()["contacts"]["count"], 0)
        self.assertNotIn("contacts", self.get_done())
        self.make_contacts(1)
        self.assertIn("contacts", self.get_done())

    def test_somebody_has_a_role(self):
        """P1: somebody who is no owner, whatever other roles owners have"""
        self.without_workers()
        self.assertTrue(self.owner.active and self.administrator.active)
        self.assertNotIn("roles", self.get_done())
        self.agent.active = True
        self.assertIn("roles", self.get_done())

    def test_suggested_rules(self):
        """T14: the dry run of a rule that is made for it, once, and that is off until somebody switches it on"""
        Rule = self.env["lifecycle.rule"].with_context(active_test=False)
        Rule.search([]).unlink()
        Steps = self.Steps.with_user(self.owner)
        for name, kind, from_stages, to_stage in (
            ("answers", "connected", self.new_lead, self.hot_lead),
            ("buys", "opportunity", self.Stage, self.customer),
        ):
            with self.subTest(name):
                action = Steps.action_suggest_rule(name)
                self.assertEqual(action["res_model"], "lifecycle.rule.dry.run")
                rule = Rule.search([("kind", "=", kind)])
                self.assertEqual(len(rule), 1)
                self.assertEqual(action["context"]["default_rule_id"], rule.id)
                self.assertEqual((rule.from_stage_ids, rule.to_stage_id), (from_stages, to_stage))
                self.assertFalse(rule.active)
                self.assertEqual(Steps.action_suggest_rule(name)["context"], action["context"])
        self.assertNotIn("rule", self.get_done())
        dry_run = self.env["lifecycle.rule.dry.run"].with_user(self.owner).create({"rule_id": rule.id})
        dry_run.action_switch_on()
        self.assertIn("rule", self.get_done())

    def test_suggestions_follow_the_stages(self):
        """T14: what makes no sense with them is not suggested"""
        self.assertEqual(self.get_suggestions(), ["answers", "buys"])
        self.customer.is_won = False
        self.assertEqual(self.get_suggestions(), ["answers"])
        self.customer.action_set_default()
        self.assertEqual(self.get_suggestions(), [])
        with self.assertRaisesRegex(UserError, "There is no suggested rule “buys” any more: reload"):
            self.Steps.with_user(self.owner).action_suggest_rule("buys")

    def get_suggestions(self):
        return [rule["name"] for rule in self.get_steps()["rule"]["suggestions"]]

    def test_all_done(self):
        """S1: then they are gone, for everybody"""
        Steps = self.Steps.with_user(self.owner)
        Steps.action_keep_stages()
        Steps.action_start_contacts()
        self.assertEqual(self.get_done(), ["stages", "contacts", "roles"])
        Steps.action_suggest_rule("answers")
        self.env["lifecycle.rule"].with_context(active_test=False).search(
            [], order="id desc", limit=1
        ).active = True
        for user in (self.owner, self.manager, self.administrator):
            self.assertEqual(self.get_steps(user), {})

    def test_dismissed(self):
        """S1: by an owner, for everybody"""
        self.assertTrue(self.get_steps(self.manager))
        self.Steps.with_user(self.owner).action_dismiss()
        for user in (self.owner, self.manager):
            self.assertEqual(self.get_steps(user), {})

    def test_stages_are_not_shown(self):
        """S2"""
        self.assertTrue(self.get_steps())
        self.env.ref("base.group_user").implied_ids -= self.env.ref("contact_lifecycle.group_use_lifecycle")
        self.assertEqual(self.get_steps(), {})


@tagged("post_install", "-at_install")
class TestFourStepsQueries(QueriesCase, FourStepsCase):
    def test_queries(self):
        """Decision 7: as many, however many contacts there are"""

        def count(number):
            with self.undone():
                self.make_contacts_without_stage(number)
                return self.count_queries(self.Steps.with_user(self.owner).get_steps)

        self.assertNoQueryPerRecord(count)


class FourStepsTourCase(PatientCase, FourStepsCase):
    """S1: an owner who is no administrator does what is theirs, and reads whom to ask for the rest."""

    def check(self):
        self.manager.active = False
        self.env["lifecycle.rule"].with_context(active_test=False).search([]).unlink()
        self.start_tour("/odoo/lifecycle-dashboard", "contact_lifecycle.first_steps", login=self.owner.login)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
        rule = self.env["lifecycle.rule"].search([])
        self.assertEqual((rule.kind, rule.to_stage_id, rule.active), ("connected", self.hot_lead, True))
        self.assertEqual(self.get_done(), ["stages", "contacts", "rule"])


@tagged("post_install", "-at_install")
class TestFourStepsDesktop(FourStepsTourCase):
    browser_size = "1400x900"

    def test_owner(self):
        """S1"""
        self.check()


@tagged("post_install", "-at_install")
class TestFourStepsPhone(FourStepsTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_owner(self):
        """S1"""
        self.check()
