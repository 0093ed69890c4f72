from odoo import api, fields, models
from odoo.tools.i18n import format_list

UNKNOWN = "…"  # what the form does not say yet


class LifecycleRule(models.Model):
    """What a rule does, said in words: one text for each kind and shape of rule, so that each language has its own order
    of words, and a sentence of its own for what else limits or widens it (T1).
    """

    _inherit = "lifecycle.rule"

    sentence = fields.Char(string="What It Does", compute="_compute_sentence")

    @api.depends_context("lang")
    @api.depends(lambda self: self._get_sentence_fields())
    def _compute_sentence(self):
        for rule in self:
            sentences = [rule._say_rule(), *rule._say_limits()]
            rule.sentence = " ".join(filter(None, sentences))

    @api.model
    def _get_sentence_fields(self):
        """:return: list of what the sentence is made of: of stages also what they are called"""
        return [
            "kind",
            "domain",
            "from_none",
            "from_stage_ids.display_name",
            "to_stage_id.display_name",
            "allow_backward",
            "inactivity_days",
            "entered_stage_ids.display_name",
            "lost_reason_ids.name",
            "lead_kind",
            "delay_days",
            *(name for name in self._fields if name.startswith("on_")),
        ]

    def _say_rule(self):
        """:return: the sentence of this kind of rule; addons that add a kind say theirs"""
        self.ensure_one()
        texts = self._get_sentences()
        values = {
            "events": self._join(self._say_events()),
            "from_stages": self._join(self.from_stage_ids.mapped("display_name")),
            "to_stage": self.to_stage_id.display_name or UNKNOWN,
            "days": self.inactivity_days,
            "entered_stages": self._join(self.entered_stage_ids.mapped("display_name")),
            "reasons": self._join(self.lost_reason_ids.mapped("name")),
        }
        text = texts.get(self._get_shape())
        return (
            text % values
            if text
            else dict(self._fields["kind"]._description_selection(self.env)).get(self.kind, UNKNOWN)
        )

    def _get_shape(self):
        """:return: text, a key of ``_get_sentences``"""
        if self.kind == "lead":
            return f"{self.kind} {self.lead_kind}"
        if self.kind == "follow_up":
            on_reasons = "reasons" if self.lost_reason_ids else ""
            on_stages = bool(self.entered_stage_ids) or not on_reasons
            return f"{self.kind} {self.lead_kind} {'stages' * on_stages + on_reasons}"
        kind = "day" if self.kind == "inactivity" and self.inactivity_days == 1 else self.kind
        return f"{kind} stages" if self.from_stage_ids else kind

    def _get_sentences(self):
        """:return: dict shape -> text with placeholders"""
        return {
            "outreach": self.env._("When one of us %(events)s, move the contact to %(to_stage)s."),
            "outreach stages": self.env._(
                "When one of us %(events)s and the contact is in %(from_stages)s, move it to %(to_stage)s."
            ),
            "connected": self.env._("When a contact %(events)s, move it to %(to_stage)s."),
            "connected stages": self.env._(
                "When a contact %(events)s and is in %(from_stages)s, move it to %(to_stage)s."
            ),
            "opportunity": self.env._("When an opportunity %(events)s, move its contact to %(to_stage)s."),
            "opportunity stages": self.env._(
                "When an opportunity %(events)s and its contact is in %(from_stages)s, move the contact to "
                "%(to_stage)s."
            ),
            "criteria": self.env._("When a contact meets the condition, move it to %(to_stage)s."),
            "criteria stages": self.env._(
                "When a contact meets the condition and is in %(from_stages)s, move it to %(to_stage)s."
            ),
            "inactivity": self.env._(
                "When nothing happens with a contact for %(days)s days, move it to %(to_stage)s."
            ),
            "inactivity stages": self.env._(
                "When nothing happens for %(days)s days with a contact in %(from_stages)s, move it to %(to_stage)s."
            ),
            "day": self.env._("When nothing happens with a contact for one day, move it to %(to_stage)s."),
            "day stages": self.env._(
                "When nothing happens for one day with a contact in %(from_stages)s, move it to %(to_stage)s."
            ),
            "lead lead": self.env._("When a contact enters %(entered_stages)s, make a lead."),
            "lead opportunity": self.env._("When a contact enters %(entered_stages)s, make an opportunity."),
            "follow_up lead stages": self.env._(
                "When a contact is lost to %(entered_stages)s, make a lead to follow up."
            ),
            "follow_up opportunity stages": self.env._(
                "When a contact is lost to %(entered_stages)s, make an opportunity to follow up."
            ),
            "follow_up lead reasons": self.env._(
                "When an opportunity is lost for %(reasons)s, make a lead to follow up."
            ),
            "follow_up opportunity reasons": self.env._(
                "When an opportunity is lost for %(reasons)s, make another one to follow up."
            ),
            "follow_up lead stagesreasons": self.env._(
                "When a contact is lost to %(entered_stages)s, or an opportunity for %(reasons)s, make a lead to "
                "follow up."
            ),
            "follow_up opportunity stagesreasons": self.env._(
                "When a contact is lost to %(entered_stages)s, or an opportunity for %(reasons)s, make an "
                "opportunity to follow up."
            ),
        }

    def _say_events(self):
        """:return: list of what the events that this rule listens to are called in its form"""
        names = [f"on_{event}" for event in self._kind_events().get(self.kind, ())]
        return [self._fields[name]._description_string(self.env) for name in names if self[name]]

    def _say_limits(self):
        """:return: list of sentences on what else decides whom this rule is for"""
        sentences = []
        if self.kind != "criteria" and (self.domain or "[]").replace(" ", "") != "[]":
            sentences.append(self.env._("Only contacts that meet the condition."))
        if self._makes_leads():
            if self.delay_days:
                sentences.append(self.env._("Delay in days: %(days)s.", days=self.delay_days))
            return sentences
        if self.from_none:
            sentences.append(self.env._("Also contacts without a stage."))
        if self.allow_backward:
            sentences.append(self.env._("Also backwards."))
        return sentences

    def _join(self, names):
        names = [name or "" for name in names]
        return format_list(self.env, names, "or") if names else UNKNOWN
