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
