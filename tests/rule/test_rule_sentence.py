from odoo.tests import Form, tagged

from ..common_queries import QueriesCase
from ..common_rule import RuleCase

CLERKS = "[('function', '=', 'Clerk')]"


@tagged("post_install", "-at_install")
class TestRuleSentence(QueriesCase, RuleCase):
    """Each rule says in words what it does (T1)."""

    def say(self, kind="outreach", events=(), to_stage=None, from_stages=None, **vals):
        return self.make_rule(kind, events, to_stage, from_stages, active=False, **vals).sentence

    def test_sentences(self):
        """T1: the shapes"""
        lost, reason = self.cold_lead.stage_id, self.env["crm.lost.reason"].create({"name": "Too dear"})
        for args, vals, expected in (
            (
                ("connected", ["email_reply"], self.hot_lead, self.new_lead),
                {},
                "When a contact replies by email and is in 🆕 New Lead, move it to 🔥 Hot Lead.",
            ),
            (
                ("outreach", ["email_sent", "call_made"], self.hot_lead),
                {"domain": CLERKS, "from_none": True, "allow_backward": True},
                "When one of us sends an email or makes a call, move the contact to 🔥 Hot Lead. Only contacts that "
                "meet the condition. Also contacts without a stage. Also backwards.",
            ),
            (
                ("opportunity", ["opportunity_won"], self.customer),
                {},
                "When an opportunity is won, move its contact to 🤩 Customer.",
            ),
            (
                ("criteria", (), self.hot_lead, self.new_lead | self.payment),
                {"domain": CLERKS},
                "When a contact meets the condition and is in 🆕 New Lead or 💵 Payment, move it to 🔥 Hot Lead.",
            ),
            (
                ("inactivity", (), self.hot_lead),
                {"inactivity_days": 1},
                "When nothing happens with a contact for one day, move it to 🔥 Hot Lead.",
            ),
            (
                ("inactivity", (), self.hot_lead, self.new_lead),
                {"inactivity_days": 30},
                "When nothing happens for 30 days with a contact in 🆕 New Lead, move it to 🔥 Hot Lead.",
            ),
            (
                ("lead",),
                {"entered_stage_ids": self.payment.ids, "lead_kind": "opportunity", "delay_days": 3},
                "When a contact enters 💵 Payment, make an opportunity. Delay in days: 3.",
            ),
            (
                ("follow_up",),
                {"entered_stage_ids": lost.ids, "lost_reason_ids": reason.ids, "lead_kind": "lead"},
                f"When a contact is lost to {lost.display_name}, or an opportunity for Too dear, make a lead to follow "
                "up.",
            ),
        ):
            with self.subTest(*args[:1]):
                self.assertEqual(self.say(*args, **vals), expected)

    def test_every_shape_has_a_sentence_of_its_own(self):
        """T1: every kind, limited or not, and what its placeholders are filled with"""
        texts = self.Rule._get_sentences()
        self.assertEqual(len(set(texts.values())), len(texts))
        shapes = set()
        for kind, label in self.Rule._fields["kind"]._description_selection(self.env):
            for stages in (self.Stage, self.new_lead):
                for lead_kind, _label in self.Rule._fields["lead_kind"].selection:
                    for reasons in (
                        self.env["crm.lost.reason"],
                        self.env["crm.lost.reason"].search([], limit=1),
                    ):
                        for days in (1, 2):
                            rule = self.Rule.new(
                                {
                                    "kind": kind,
                                    "from_stage_ids": stages.ids,
                                    "entered_stage_ids": stages.ids,
                                    "lost_reason_ids": reasons.ids,
                                    "lead_kind": lead_kind,
                                    "inactivity_days": days,
                                }
                            )
                            shapes.add(rule._get_shape())
                            self.assertIn(rule._get_shape(), texts, label)
                            self.assertNotIn("%(", rule.sentence)
                            self.assertTrue(rule.sentence.endswith("."), rule.sentence)
        self.assertEqual(shapes, set(texts), "there is none that no rule says")

    def test_every_event_is_in_the_sentence(self):
        """T1: of each kind, also those of other addons"""
        for kind, events in self.Rule._kind_events().items():
            for event in events:
                rule = self.Rule.new({"kind": kind, f"on_{event}": True})
                self.assertIn(self.Rule._fields[f"on_{event}"].string, rule.sentence)

    def test_form(self):
        """T1: follows what one edits, and says what is still missing"""
        with Form(self.Rule.with_user(self.owner)) as form:
            self.assertEqual(form.sentence, "When one of us …, move the contact to ….")
            form.name = "Rule"
            form.on_call_made = True
            form.to_stage_id = self.hot_lead
            self.assertEqual(form.sentence, "When one of us makes a call, move the contact to 🔥 Hot Lead.")
            form.from_stage_ids.add(self.new_lead)
            self.assertIn("the contact is in 🆕 New Lead", form.sentence)

    def test_parts(self):
        """T1: of one text, each with the field that it comes from, or what is missing"""
        rule = self.Rule.new(
            {
                "kind": "connected",
                "on_email_reply": True,
                "from_stage_ids": self.new_lead.ids,
                "domain": CLERKS,
            }
        )
        self.assertEqual(
            [(part["text"], part["field"], part["is_missing"]) for part in rule.sentence_parts],
            [
                ("When a contact ", False, False),
                ("replies by email", "on_email_reply", False),
                (" and is in ", False, False),
                ("🆕 New Lead", "from_stage_ids", False),
                (", move it to ", False, False),
                ("choose a stage", "to_stage_id", True),
                (".", False, False),
                (" ", False, False),
                ("Only contacts that meet ", False, False),
                ("the condition", "domain", False),
                (".", False, False),
            ],
        )
        for values, missing in (
            ({"kind": "outreach"}, {"choose what happens": "on_email_sent", "choose a stage": "to_stage_id"}),
            ({"kind": "criteria"}, {"choose a condition": "domain", "choose a stage": "to_stage_id"}),
            (
                {"kind": "inactivity", "inactivity_days": 0, "to_stage_id": self.payment.id},
                {"how many": "inactivity_days"},
            ),
            ({"kind": "lead"}, {"choose a stage": "entered_stage_ids"}),
        ):
            with self.subTest(**values):
                parts = self.Rule.new(values).sentence_parts
                self.assertEqual(
                    {part["text"]: part["field"] for part in parts if part["is_missing"]}, missing
                )

    def test_text_of_a_stage_is_no_mark(self):
        """T1: whatever it is called"""
        self.hot_lead.name = "%(days)s [one]"
        rule = self.Rule.new({"kind": "connected", "on_email_reply": True, "to_stage_id": self.hot_lead.id})
        self.assertEqual(rule.sentence, "When a contact replies by email, move it to 🔥 %(days)s [one].")

    def test_every_chip_leads_to_a_field_of_the_form(self):
        """T1: of its kind, whatever is chosen"""
        for kind, _label in self.Rule._fields["kind"]._description_selection(self.env):
            for more in (
                {},
                {
                    "from_stage_ids": self.new_lead.ids,
                    "from_none": True,
                    "allow_backward": True,
                    "delay_days": 2,
                    "domain": CLERKS,
                },
            ):
                rule = self.Rule.with_user(self.owner).new({"kind": kind, **more})
                fields = {part["field"] for part in rule.sentence_parts} - {False}
                self.assertTrue(fields)
                with Form(self.Rule.with_user(self.owner)) as form:
                    form.name = kind
                    form.kind = kind
                    for name in fields:
                        with self.subTest(kind=kind, field=name):
                            self.assertIn(name, set(form._view["fields"]))
                            self.assertFalse(form._get_modifier(name, "invisible"))
                    form.kind = "outreach"
                    form.on_call_made = True
                    form.to_stage_id = self.hot_lead

    def test_queries(self):
        """T1: as many for twice the rules"""

        def count():
            self.env.invalidate_all()
            rules = self.Rule.with_user(self.manager).with_context(active_test=False).search([])
            return self.count_queries(lambda: rules.mapped("sentence"))

        def make():
            for stage in (self.hot_lead, self.payment, self.customer):
                self.make_rule("outreach", ["call_made"], stage, self.new_lead, active=False)
                self.make_rule("lead", entered_stage_ids=stage.ids, active=False)

        counts = []
        for _time in range(2):
            make()
            count()  # a new rule empties Odoo's caches
            counts.append(count())
        self.assertEqual(*counts)
