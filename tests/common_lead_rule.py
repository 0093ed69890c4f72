from .common_rule import RuleCase


class LeadRuleCase(RuleCase):
    """Short ways to make rules that make leads, and to look at what becomes of their promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Lead, cls.Request = cls.env["crm.lead"], cls.env["lifecycle.lead.request"]
        cls.lost = cls.cold_lead.stage_id

    def enter(self, stage, contact=None, source="manual"):
        (contact or self.contact)._lifecycle_move_to(stage, source)
        self.commit()

    def make_lead_rule(self, **vals):
        return self.make_rule("lead", **{"entered_stage_ids": self.hot_lead.ids, "lead_kind": "lead", **vals})

    def make_follow_up_rule(self, **vals):
        return self.make_rule("follow_up", **{"entered_stage_ids": self.lost.ids, **vals})

    def get_leads(self, rule):
        """:return: the leads that a rule has made"""
        return self.Request.search([("rule_id", "=", rule.id)]).lead_id

    def get_states(self, rule):
        """:return: list of the states of the requests of a rule, oldest first"""
        return self.Request.search([("rule_id", "=", rule.id)]).sorted("id").mapped("state")
