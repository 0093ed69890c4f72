import re

from odoo import api, fields, models
from odoo.tools.i18n import format_list

UNKNOWN = "…"  # what the form does not say yet
# what of a text comes from a field: words in brackets, and a placeholder
CHIP = re.compile(r"\[([^\]]+)\]|%\((\w+)\)s")


class LifecycleRule(models.Model):
    """What a rule does, said in words: one text for each kind and shape of rule, so that each language has its own order
    of words, and a sentence of its own for what else limits or widens it (T1). The form shows it with chips, each the way
    to the field that it comes from.
    """

    _inherit = "lifecycle.rule"

    sentence = fields.Char(string="What It Does", compute="_compute_sentence")
    # of dicts: ``text``; ``field``, the name of the field that it comes from, or False; ``is_missing``
    sentence_parts = fields.Json(string="What It Does, in Parts", compute="_compute_sentence")

    @api.depends_context("lang")
    @api.depends(lambda self: self._get_sentence_fields())
    def _compute_sentence(self):
        for rule in self:
            parts = rule._say_rule()
            for text, *about in rule._get_limits():
                parts += [rule._make_part(" "), *rule._split(text, *about)]
            rule.sentence_parts = parts
            rule.sentence = "".join(UNKNOWN if part["is_missing"] else part["text"] for part in parts)

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
        """:return: list of the parts of the sentence of this kind of rule; addons that add a kind say theirs"""
        self.ensure_one()
        text = self._get_sentences().get(self._get_shape())
        if not text:
            kind = dict(self._fields["kind"]._description_selection(self.env)).get(self.kind)
            return [self._make_part(kind or self.env._("choose a kind"), not kind and "kind", not kind)]
        marked = {"criteria": "domain", "inactivity": "inactivity_days"}.get(self.kind, "lead_kind")
        return self._split(text, marked, self._get_chips())

    def _get_chips(self):
        """:return: dict name of a placeholder -> what it is filled with, the field that says so, and what is asked for
        where that says nothing
        """
        events = [f"on_{event}" for event in self._kind_events().get(self.kind, ())]
        ticked = [name for name in events if self[name]]
        labels = [self._fields[name]._description_string(self.env) for name in ticked]
        a_stage = self.env._("choose a stage")
        return {
            "events": (
                self._join(labels),
                (ticked or events or [False])[0],
                self.env._("choose what happens"),
            ),
            "from_stages": (
                self._join(self.from_stage_ids.mapped("display_name")),
                "from_stage_ids",
                a_stage,
            ),
            "to_stage": (self.to_stage_id.display_name, "to_stage_id", a_stage),
            "days": (
                self.inactivity_days and str(self.inactivity_days),
                "inactivity_days",
                self.env._("how many"),
            ),
            "entered_stages": (
                self._join(self.entered_stage_ids.mapped("display_name")),
                "entered_stage_ids",
                a_stage,
            ),
            "reasons": (
                self._join(self.lost_reason_ids.mapped("name")),
                "lost_reason_ids",
                self.env._("choose a reason"),
            ),
        }

    def _split(self, text, marked, chips=None):
        """Split a text, whose order of words is its language's, into what stands in it and what comes from fields.

        :param str text: with words in brackets, and placeholders
        :param str marked: name of the field that the words in brackets are about
        :param dict chips: see ``_get_chips``
        :return: list of parts
        """
        parts, end = [], 0
        for found in CHIP.finditer(text):
            parts.append(self._make_part(text[end : found.start()]))
            words, name = found.groups()
            if words:
                is_missing = self.kind == "criteria" and marked == "domain" and not self._has_condition()
                parts.append(
                    self._make_part(
                        self.env._("choose a condition") if is_missing else words, marked, is_missing
                    )
                )
            else:
                value, field, missing = chips[name]
                parts.append(self._make_part(value or missing, field, not value))
            end = found.end()
        parts.append(self._make_part(text[end:]))
        return [part for part in parts if part["text"]]

    @api.model
    def _make_part(self, text, field=False, is_missing=False):
        return {"text": text, "field": field, "is_missing": is_missing}

    def _has_condition(self):
        return (self.domain or "[]").replace(" ", "") != "[]"

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
        """:return: dict shape -> text with placeholders, and in brackets the words for what else is chosen"""
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
            "criteria": self.env._("When a contact meets [the condition], move it to %(to_stage)s."),
            "criteria stages": self.env._(
                "When a contact meets [the condition] and is in %(from_stages)s, move it to %(to_stage)s."
            ),
            "inactivity": self.env._(
                "When nothing happens with a contact for %(days)s days, move it to %(to_stage)s."
            ),
            "inactivity stages": self.env._(
                "When nothing happens for %(days)s days with a contact in %(from_stages)s, move it to %(to_stage)s."
            ),
            "day": self.env._("When nothing happens with a contact for [one day], move it to %(to_stage)s."),
            "day stages": self.env._(
                "When nothing happens for [one day] with a contact in %(from_stages)s, move it to %(to_stage)s."
            ),
            "lead lead": self.env._("When a contact enters %(entered_stages)s, make [a lead]."),
            "lead opportunity": self.env._(
                "When a contact enters %(entered_stages)s, make [an opportunity]."
            ),
            "follow_up lead stages": self.env._(
                "When a contact is lost to %(entered_stages)s, make [a lead] to follow up."
            ),
            "follow_up opportunity stages": self.env._(
                "When a contact is lost to %(entered_stages)s, make [an opportunity] to follow up."
            ),
            "follow_up lead reasons": self.env._(
                "When an opportunity is lost for %(reasons)s, make [a lead] to follow up."
            ),
            "follow_up opportunity reasons": self.env._(
                "When an opportunity is lost for %(reasons)s, make [another one] to follow up."
            ),
            "follow_up lead stagesreasons": self.env._(
                "When a contact is lost to %(entered_stages)s, or an opportunity for %(reasons)s, make [a lead] to "
                "follow up."
            ),
            "follow_up opportunity stagesreasons": self.env._(
                "When a contact is lost to %(entered_stages)s, or an opportunity for %(reasons)s, make [an "
                "opportunity] to follow up."
            ),
        }

    def _get_limits(self):
        """:return: list of what ``_split`` makes sentences of, on what else decides whom this rule is for"""
        limits = []
        if self.kind != "criteria" and self._has_condition():
            limits.append((self.env._("Only contacts that meet [the condition]."), "domain"))
        if self._makes_leads():
            if self.delay_days:
                days = (str(self.delay_days), "delay_days", "")
                limits.append((self.env._("Delay in days: %(days)s."), False, {"days": days}))
            return limits
        if self.from_none:
            limits.append((self.env._("Also contacts [without a stage]."), "from_none"))
        if self.allow_backward:
            limits.append((self.env._("Also [backwards]."), "allow_backward"))
        return limits

    def _join(self, names):
        return format_list(self.env, [name or "" for name in names], "or") if names else ""
