from unittest.mock import patch

from odoo.tests import tagged

from ...models.batch import lifecycle_stage
from ...tools.domain_text import MAX_LENGTH, iter_conditions
from ..common_automation import AutomationCase

# As people can write them, or worse: no page may fail for it.
UNREADABLE = [
    "nonsense[",
    "[]" + "+[]" * 3000,
    "-" * 5000 + "1",
    "[" * 3000 + "]" * 3000,
    "x" * (MAX_LENGTH + 1),
]


@tagged("post_install", "-at_install")
class TestStageMention(AutomationCase):
    """What names a stage in a condition hears of its end (S11): rules, automations, favourites."""

    def add_rule(self, domain, **vals):
        return self.env["lifecycle.rule"].create(
            {
                "name": "Fits",
                "kind": "criteria",
                "active": True,
                "to_stage_id": self.customer.id,
                "domain": domain if isinstance(domain, str) else repr(domain),
                **vals,
            }
        )

    def add_favourite(self, domain, model="res.partner", users=(), **vals):
        return self.env["ir.filters"].create(
            {
                "name": "Favourite",
                "model_id": model,
                "domain": domain if isinstance(domain, str) else repr(domain),
                "user_ids": [user.id for user in users],
                **vals,
            }
        )

    def add_automation(self, model="res.partner", **domains):
        return self.Automation.create(
            {
                "name": "Tells",
                "model_id": self.env["ir.model"]._get_id(model),
                "trigger": "on_create_or_write",
                **{name: repr(domain) for name, domain in domains.items()},
            }
        )

    def get_dialog(self, stage, user=None):
        wizard = self.env["lifecycle.stage.delete"].with_user(user or self.owner)
        return wizard.create({"stage_id": stage.id}).mentions or ""

    def get_messages(self, call):
        """:return: what pops up at the user's"""
        with patch.object(type(self.env["res.users"]), "_bus_send", autospec=True) as send:
            call()
        return [
            call.args[2]["message"] for call in send.call_args_list if call.args[1] == "simple_notification"
        ]

    def test_which_conditions_name_a_stage(self):
        """By id and by name, on whatever way from whatever model; not the stage of another model by the same id"""
        stage, other = self.hot_lead, self.payment
        self.env["res.lang"]._activate_lang("de_DE")
        stage.with_context(lang="de_DE").name = "Heißer Lead"
        named = [
            ("res.partner", [("lifecycle_stage_id", "=", stage.id)]),
            ("res.partner", [("phone", "!=", False), ("lifecycle_stage_id", "in", [other.id, stage.id])]),
            ("res.partner", ["!", ("lifecycle_stage_id", "not in", (stage.id,))]),
            ("res.partner", [("lifecycle_stage_id", "!=", stage.id)]),
            ("res.partner", [("lifecycle_stage_id.id", "=", stage.id)]),
            ("res.partner", [("lifecycle_stage_id", "=", "hot  lead")]),
            ("res.partner", [("lifecycle_stage_id", "in", ["x", "🔥Hot Lead"])]),
            ("res.partner", [("lifecycle_stage_id.name", "=", "Heißer Lead")]),
            ("res.partner", [("lifecycle_stage_id", "ilike", "hot")]),
            ("res.partner", [("parent_id.lifecycle_stage_id", "=", stage.id)]),
            ("res.partner", [("parent_id", "any", [("lifecycle_stage_id", "=", stage.id)])]),
            ("res.partner", [("lifecycle_transition_ids.from_stage_id", "=", stage.id)]),
            (
                "res.partner",
                f"[('create_date', '<', context_today()), ('lifecycle_stage_id', '=', {stage.id})]",
            ),
            ("res.partner", f"['|', ('id', '=', uid)] + [('lifecycle_stage_id', 'in', [{stage.id}])]"),
            ("crm.lead", [("lifecycle_stage_id", "=", stage.id)]),
            ("crm.lead", [("partner_id.lifecycle_stage_id", "=", stage.id)]),
            ("discuss.channel", [("lifecycle_stage_id", "=", stage.id)]),
            ("lifecycle.transition", [("to_stage_id", "=", stage.id)]),
            ("lifecycle.stage", [("id", "=", stage.id)]),
        ]
        not_named = [
            ("res.partner", []),
            ("res.partner", [("lifecycle_stage_id", "=", other.id)]),
            ("res.partner", [("lifecycle_stage_id", "=", True)]),
            ("res.partner", [("lifecycle_stage_id", "ilike", "lead")]),  # others too
            ("res.partner", [("lifecycle_stage_id", "=", "Lead")]),
            ("res.partner", [("lifecycle_stage_id.description", "=", "Hot Lead")]),
            ("res.partner", [("lifecycle_stage_id", "=", "uid")]),
            ("res.partner", [("name", "=", "Hot Lead"), ("color", "=", stage.id)]),
            ("res.partner", [("no_such_field.lifecycle_stage_id", "=", stage.id)]),
            ("res.partner", [("opportunity_ids.stage_id", "=", stage.id)]),
            ("crm.lead", [("stage_id", "=", stage.id)]),
            *(("res.partner", text) for text in UNREADABLE),
        ]
        favourites = {self.add_favourite(domain, model): domain for model, domain in named + not_named}
        found = stage._find_mentions()["ir.filters"]
        for number, (favourite, domain) in enumerate(favourites.items()):
            self.assertEqual(favourite in found, number < len(named), str(domain)[:200])

    def test_rules_are_switched_off(self):
        """T13: with a note that says why, as those that name the stage in From or To"""
        rule = self.add_rule([("lifecycle_stage_id", "=", self.hot_lead.id), ("phone", "!=", False)])
        excluding = self.add_rule([("lifecycle_stage_id", "!=", self.hot_lead.id)])
        by_name = self.add_rule([("lifecycle_stage_id", "=", "Hot Lead")])
        target = self.add_rule([], to_stage_id=self.hot_lead.id)
        other = self.add_rule([("lifecycle_stage_id", "=", self.payment.id)])
        off = self.add_rule([("lifecycle_stage_id", "=", self.hot_lead.id)], active=False)
        self.delete_stage(self.hot_lead, self.payment)
        for switched_off in (rule, excluding, by_name, target):
            self.assertFalse(switched_off.active)
            notes = switched_off.message_ids.mapped("preview")
            self.assertIn("Switched off, as its stage was deleted: 🔥 Hot Lead.", notes)
        self.assertTrue(other.active)
        self.assertNotIn("Switched off", "".join(off.message_ids.mapped("preview")), "it was off before")

    def test_rules_are_switched_off_after_the_contacts_have_left(self):
        """S11: in the background; the stage is offered no more, and is known by its name all the same"""
        self.startPatcher(patch.object(lifecycle_stage, "BATCH_SIZE", 1))
        self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress", autospec=True, return_value=1.0)
        )
        self.make_contacts(3, self.hot_lead)
        rule = self.add_rule([("lifecycle_stage_id", "ilike", "hot lead")])
        self.delete_stage(self.hot_lead, self.payment)
        self.assertTrue(self.hot_lead.deletion_pending)
        self.env.invalidate_all()
        self.Stage._cron_delete_stages()
        self.assertFalse(self.hot_lead.exists())
        self.assertFalse(rule.active)

    def test_automations_are_switched_off(self):
        """T11: of whatever model, and whichever of their two conditions it is"""
        condition = [("lifecycle_stage_id", "=", self.hot_lead.id)]
        automations = (
            self.add_automation(filter_domain=condition)
            | self.add_automation(filter_pre_domain=condition)
            | self.add_automation(
                "crm.lead", filter_domain=[("partner_id.lifecycle_stage_id", "=", self.hot_lead.id)]
            )
            | self.make_automation(self.hot_lead, self.make_activity_step())
        )
        other = self.add_automation("crm.lead", filter_domain=[("stage_id", "=", self.hot_lead.id)])
        self.hot_lead.with_user(self.owner).unlink()
        self.assertFalse(any(automations.mapped("active")))
        for automation in automations:
            self.assertIn("its stage was deleted: 🔥 Hot Lead", automation.message_ids[0].preview)
        self.assertTrue(other.active)

    def test_favourites_that_would_find_nobody_are_archived(self):
        """P3: whosesoever they are; those that choose other stages too, or leave this one out, go on"""
        stage, other = self.hot_lead, self.payment
        archived = (
            self.add_favourite([("lifecycle_stage_id", "=", stage.id), ("country_id.code", "=", "BR")])
            | self.add_favourite([("lifecycle_stage_id", "in", [stage.id])], users=self.manager)
            | self.add_favourite([("lifecycle_stage_id", "=", "Hot Lead")])
        )
        kept = (
            self.add_favourite([("lifecycle_stage_id", "in", [stage.id, other.id])])
            | self.add_favourite([("lifecycle_stage_id", "!=", stage.id)])
            | self.add_favourite([("lifecycle_stage_id", "=", other.id)])
        )
        segment = stage.segment_ids
        self.delete_stage(stage, other)
        self.assertFalse(segment.exists())
        self.assertEqual(archived.mapped("active"), [False] * 3)
        self.assertEqual(kept.mapped("active"), [True] * 3)
        shown = self.env["ir.filters"].with_user(self.manager).get_filters("res.partner")
        self.assertFalse({favourite["id"] for favourite in shown} & set(archived.ids))

    def test_dialog_says_what_names_the_stage(self):
        """S11: before anything is deleted; of what the owner may not read, the number alone"""
        self.assertFalse(self.get_dialog(self.hot_lead))
        condition = [("lifecycle_stage_id", "=", self.hot_lead.id)]
        self.add_rule(condition, name="By condition")
        self.add_rule([], name="By target <b>", to_stage_id=self.hot_lead.id)
        self.add_automation(filter_domain=condition).name = "Not to be read by owners"
        self.make_automation(self.hot_lead, self.make_activity_step(), name="Greets")
        self.add_favourite(condition, name="Hot in Brazil")
        self.add_favourite(condition, name="My secret", users=self.manager)
        dialog = self.get_dialog(self.hot_lead)
        for text in (
            "<li>Rules: By condition, By target &lt;b&gt;</li>",
            "Automations: Greets, 1 that you do not see",
            "Favourites: Hot in Brazil, 1 that you do not see",
        ):
            self.assertIn(text, dialog)
        for text in ("Not to be read", "My secret", "Mailings"):
            self.assertNotIn(text, dialog)

    def test_stage_that_is_made_lost(self):
        """S13: its contacts stay and so do the rules; whoever does it is told what to look at, on every way"""
        rule = self.add_rule([("lifecycle_stage_id", "=", self.hot_lead.id)], name="By condition")
        favourite = self.add_favourite([("lifecycle_stage_id", "=", self.hot_lead.id)], name="Hot in Brazil")
        stage = self.hot_lead.with_user(self.owner)
        for make_lost in (
            stage.action_convert_to_lost,
            lambda: self.LostStage.with_user(self.owner).create({"stage_id": stage.id}),
        ):
            [message] = self.get_messages(make_lost)
            for text in (
                "Lost from now on: 🔥 Hot Lead.",
                "Rules: By condition",
                "Favourites: Hot in Brazil.",
            ):
                self.assertIn(text, message)
            self.assertTrue(stage.is_lost and rule.active and favourite.active)
            stage.lost_stage_ids.action_convert_to_lifecycle()
        self.assertFalse(self.get_messages(self.payment.with_user(self.owner).action_convert_to_lost))
        self.assertFalse(self.get_messages(lambda: self.LostStage.create({"name": "Gone"})))

    def test_as_many_queries_for_many_favourites(self):
        """However many there are, and whatever they filter by"""

        def count(number):
            self.add_favourite([("lifecycle_stage_id", "=", self.hot_lead.id)])
            for index in range(number):
                domain = [("lifecycle_stage_id", "in", [self.hot_lead.id, self.payment.id + index])]
                self.add_favourite(domain, model=("res.partner", "crm.lead")[index % 2])
                self.add_rule(domain)
            stage = self.hot_lead.with_user(self.owner)
            stage._describe_mentions()  # what Odoo remembers beyond the records is forgotten at times
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            stage._describe_mentions()
            return self.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(20), count(40))


@tagged("post_install", "-at_install")
class TestConditionsOfText(AutomationCase):
    """Domains written as text are read without evaluating them, and within bounds."""

    def test_conditions(self):
        self.assertEqual(
            sorted(
                iter_conditions(
                    "['|', ('a', '=', 1), '&', ('b.c', 'in', [1, 'x']), ['d', '!=', uid]]"
                    " + [('e', 'any', ['!', ('f', 'any!', [('g', '>', -1.5)])])]"
                ),
                key=str,
            ),
            [("a", "=", 1), ("b.c", "in", [1, "x"]), ("d", "!=", None), ("e.f.g", ">", -1.5)],
        )
        self.assertEqual(list(iter_conditions(" [] ")), [])
        self.assertEqual(list(iter_conditions("user.id")), [])

    def test_what_cannot_be_read(self):
        for text in (*UNREADABLE, "", "[('a', '=', 1)"):
            with self.subTest(text=text[:20]), self.assertRaises(ValueError):
                list(iter_conditions(text))
