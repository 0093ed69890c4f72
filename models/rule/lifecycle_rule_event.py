from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.remote_input import shorten
from .engine import RuleEngine
from .prefilter import CONDITION_ERRORS
from .spec import Spec


class LifecycleRule(models.Model):
    """What a rule listens to, and the one call for whoever knows of an event. What follows is in ``engine.py``."""

    _inherit = "lifecycle.rule"

    # one for each event that is ticked; an addon that brings an event adds its own
    on_email_sent = fields.Boolean(string="sends an email")
    on_message_sent = fields.Boolean(string="writes in a conversation")
    on_sms_sent = fields.Boolean(string="sends a text message (SMS)")
    on_call_made = fields.Boolean(string="makes a call")
    on_meeting_scheduled = fields.Boolean(string="schedules a meeting")
    on_email_reply = fields.Boolean(string="replies by email")
    on_conversation_reply = fields.Boolean(string="writes in a conversation with us")
    on_portal_reply = fields.Boolean(string="comments in the portal")
    on_meeting_held = fields.Boolean(string="attends a meeting")
    on_call_connected = fields.Boolean(
        string="is reached by a call",
        help="A call is done whose activity says “Reached the contact”, or whose feedback is “Connected”, or begins "
        "with it and a comma or a full stop.",
    )
    on_opportunity_created = fields.Boolean(string="is created")
    on_opportunity_won = fields.Boolean(string="is won")
    on_opportunity_lost = fields.Boolean(string="is lost")

    @api.model
    def _kind_events(self):
        """The events that rules of each kind may listen to; addons that bring an event add it here.

        :return: dict kind -> list of the names of events; each has a field ``on_NAME``
        """
        return {
            "outreach": ["email_sent", "message_sent", "sms_sent", "call_made", "meeting_scheduled"],
            "connected": [
                "email_reply",
                "conversation_reply",
                "portal_reply",
                "meeting_held",
                "call_connected",
            ],
            "opportunity": ["opportunity_created", "opportunity_won", "opportunity_lost"],
        }

    def _check_events(self):
        """Not a constraint of fields, as addons add events.

        :raises ValidationError: when a rule that needs an event has none ticked
        """
        for rule in self:
            events = self._kind_events().get(rule.kind)
            if events and not any(rule[f"on_{event}"] for event in events):
                raise ValidationError(
                    self.env._("“%(rule)s” never runs: tick at least one event.", rule=shorten(rule.name))
                )

    def _get_events(self):
        """:return: list of the names of the events that this rule listens to"""
        self.ensure_one()
        if self.kind == "criteria":
            return ["contact_changed"]
        if self.kind == "lead":
            return ["stage_entered"]
        if self.kind == "follow_up":
            return ["stage_entered"] * bool(self.entered_stage_ids) + ["opportunity_lost"] * bool(
                self.lost_reason_ids
            )
        return [event for event in self._kind_events().get(self.kind, ()) if self[f"on_{event}"]]

    @api.model
    def _get_event_names(self):
        """:return: dict of all that sets rules off, as the run log has it -> what it is called, in the user's language"""
        subjects = {
            "outreach": self.env._("One of us"),
            "connected": self.env._("The contact"),
            "opportunity": self.env._("An opportunity of the contact"),
        }
        names = {
            event: f"{subjects[kind]} {self._fields[f'on_{event}']._description_string(self.env)}"
            for kind, events in self._kind_events().items()
            if kind in subjects
            for event in events
            if f"on_{event}" in self._fields
        }
        return {
            "contact_changed": self.env._("The contact changes"),
            "stage_entered": self.env._("The contact enters a stage"),
            "delay": self.env._("The delay of the lead is over"),
            "inactivity": self.env._("Nothing happens"),
            "criteria": self.env._("The rule is applied"),
            **names,
        }

    # ------------------------------------------------------------
    # Something happens
    # ------------------------------------------------------------

    @api.model
    def _notify_event(self, event, partners, origin=None):
        """Say that something happened to contacts: the one call for whoever knows of an event.

        The rules that listen move the contacts before the transaction commits. It does not matter how
        often the same event is reported in a transaction. Another addon's event needs a boolean
        ``on_NAME`` on this model and its name in ``_kind_events``.

        :param str event: name of the event
        :param partners: ``res.partner`` to whom it happened; internal users are left out
        :param origin: the record it came from, if any: a ``discuss.channel`` is noted in the log of the moves
        """
        key = (origin._name, origin.id) if origin else None
        self._collect_event(event, [(partner_id, key) for partner_id in partners.ids])

    @api.model
    def _collect_event(self, event, happened):
        """:param happened: iterable of (contact id, (model, id) of the record it came from or None)"""
        if self._is_awaited(event):
            RuleEngine(self.env).collect(event, happened)

    @api.model
    def _is_awaited(self, event):
        """:return: whether anything could come of this event; costs no query"""
        if event not in self._get_awaited_events() and not (
            event == "stage_entered" and self._company_sync_is_on()
        ):
            return False
        return self.env["lifecycle.stage"]._are_shown()

    @api.model
    def _company_sync_is_on(self):
        """:return: whether people follow their company (T16)"""
        # sudo: ir.config_parameter - the setting is no secret
        return self.env["ir.config_parameter"].sudo().get_param("contact_lifecycle.company_sync") == "True"

    # ------------------------------------------------------------
    # Who listens
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_awaited_events(self):
        """:return: frozenset of the names of the events that some active rule listens to"""
        return frozenset(event for spec in self._get_specs() for event in spec.events)

    @api.model
    @tools.ormcache()
    def _get_specs(self):
        """:return: tuple of ``Spec``, the active rules in order"""
        # sudo: lifecycle.rule - rules concern everybody, whoever may read them
        rules = self.sudo().search([("active", "=", True)])
        return tuple(
            rule._get_spec()
            for rule in rules
            if rule._makes_leads() or (rule.to_stage_id and not rule.to_stage_id.deletion_pending)
        )

    @api.model
    @tools.ormcache()
    def _get_distinct_checks(self):
        """Make ready whom the active rules are for: each message needs it, and rules look at much the same.

        :return: tuple of a list of ``Domain``, and dict rule id -> tuple of (reason, place of its domain in that list)
        """
        places, checks = {}, {}
        for spec in self._get_specs():
            checks[spec.id] = tuple(
                (reason, places.setdefault(repr(domain), (len(places), domain))[0])
                for reason, domain in spec.checks
            )
        return [self._get_optimized(domain) for _place, domain in places.values()], checks

    @api.model
    @tools.ormcache("rule_id")
    def _get_reason_sql(self, rule_id):
        """:return: ``SQL`` of the first reason for which this rule is not for a contact, or NULL; ``check_N`` says whether
        the contact is in the domain at place N of ``_get_distinct_checks``
        """
        _domains, checks = self._get_distinct_checks()
        cases = [
            SQL("WHEN NOT %s THEN %s", SQL.identifier(f"check_{place}"), reason)
            for reason, place in checks[rule_id]
        ]
        return SQL("CASE %s END", SQL(" ").join(cases))

    @api.model
    def _get_optimized(self, domain):
        try:
            return domain.optimize(self.env["res.partner"])
        except CONDITION_ERRORS:  # whoever evaluates it hears of it again
            return domain

    def _get_spec(self):
        self.ensure_one()
        checks = self._get_fit_checks()
        return Spec(
            id=self.id,
            kind=self.kind,
            events=frozenset(self._get_events()),
            fits=self._get_stage_domain() & self._get_domain(),
            checks=tuple(checks),
            columns=self._get_columns(Domain.AND(domain for _reason, domain in checks)),
            entered_ids=frozenset(self.entered_stage_ids.ids),
            lost_reason_ids=frozenset(self.lost_reason_ids.ids),
        )

    @api.model
    def _as_superuser(self):
        """:return: this model for the superuser, without what the caller's context would do to moves"""
        # sudo: lifecycle.rule - rules move contacts whoever triggers them
        context = {"tz": self.env.context.get("tz")}
        return self.with_env(self.env(user=SUPERUSER_ID, su=True, context=context))
