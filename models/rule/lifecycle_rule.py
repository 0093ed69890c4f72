from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.domain_text import read_domain
from ...tools.remote_input import join_names, shorten


class LifecycleRule(models.Model):
    """What moves contacts by itself: when something happens to a contact that is in certain stages and
    meets a condition, it enters a stage, or a lead is made for it (T1, T2, T5 to T9).

    Each kind of rule listens to events, see ``_kind_events``. How rules are evaluated is in
    ``lifecycle_rule_engine.py``; people edit each other's rules, so each carries its discussion (T12).
    """

    _name = "lifecycle.rule"
    _description = "Lifecycle Rule"
    _inherit = ["mail.thread", "lifecycle.protected.mixin"]
    _mail_post_access = "read"  # managers comment on what owners make
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(
        string="On",
        default=False,
        tracking=True,
        help="Whether this rule runs. Start a dry run before you switch it on.",
    )
    sequence = fields.Integer(default=10, help="Rules run in this order.")
    kind = fields.Selection(
        [
            ("outreach", "We reach out"),
            ("connected", "Contact connects"),
            ("opportunity", "Opportunity moves"),
            ("criteria", "Condition is met"),
            ("inactivity", "Nothing happens"),
            ("lead", "Create a lead"),
            ("follow_up", "Create a follow-up lead"),
        ],
        required=True,
        default="outreach",
        tracking=True,
    )
    is_standard = fields.Boolean(
        string="Standard Rule",
        readonly=True,
        copy=False,
        help="Comes with a set of stages: it can be switched off, but neither changed nor deleted.",
    )
    from_stage_ids = fields.Many2many(
        "lifecycle.stage",
        string="From",
        relation="lifecycle_rule_from_stage_rel",
        domain="[('deletion_pending', '=', False)]",
        help="Only contacts in these stages move. None chosen: contacts in any stage.",
    )
    from_none = fields.Boolean(
        string="Also without a stage", help="Contacts that have no stage move as well."
    )
    to_stage_id = fields.Many2one(
        "lifecycle.stage",
        string="To",
        index="btree_not_null",
        ondelete="set null",
        domain="[('deletion_pending', '=', False)]",
        tracking=True,
    )
    domain = fields.Char(
        string="Condition",
        default="[]",
        tracking=True,
        help="Only contacts that match this filter are concerned.",
    )
    allow_backward = fields.Boolean(
        string="Also backwards",
        tracking=True,
        help="Without it, contacts only move forward: to a later lifecycle stage, out of a lost one, or into "
        "the lost stage that the rule names.",
    )

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

    def _makes_leads(self):
        self.ensure_one()
        return self.kind in ("lead", "follow_up")

    def _get_domain(self):
        """:return: ``Domain`` of the contacts that meet the condition"""
        self.ensure_one()
        return read_domain(self.domain or "[]")

    @api.model
    def _get_scope(self):
        """:return: ``Domain`` of the contacts that rules move: in scope, and none of our own people (A2)"""
        return self.env["res.partner"]._lifecycle_scope_domain() & Domain(
            [("active", "=", True), ("partner_share", "=", True)]
        )

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("name", "kind", "to_stage_id", "from_stage_ids", "active")
    def _check_complete(self):
        """A rule says what it listens to and where contacts go; while it is off, its stage may be missing."""
        for rule in self:
            if not rule.name.strip():
                raise ValidationError(self.env._("A rule needs a name: enter one."))
            if not rule._makes_leads() and not rule.to_stage_id and rule.active:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” does not say to which stage contacts move: choose one.",
                        rule=shorten(rule.name),
                    )
                )
            if rule.from_stage_ids == rule.to_stage_id and rule.to_stage_id and not rule._makes_leads():
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” moves contacts to the stage they are in: choose another one.",
                        rule=shorten(rule.name),
                    )
                )
            pending = (rule.from_stage_ids | rule.to_stage_id).filtered("deletion_pending")
            if pending and rule.active:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” names %(stages)s, which is being deleted: choose another stage.",
                        rule=shorten(rule.name),
                        stages=", ".join(pending.mapped("display_name")),
                    )
                )

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

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add rules.

        :raises ValidationError: when a rule is incomplete, or active rules move contacts in a circle
        """
        rules = super().create([self._lifecycle_without_protected(vals) for vals in vals_list])
        if rules:
            rules._check_saved()
        return rules

    def write(self, vals):
        """Change rules; of a standard one nothing but whether it is on and its place in the order (T3).

        :raises UserError: when a standard rule would be changed
        :raises ValidationError: when a rule is incomplete, or active rules move contacts in a circle
        """
        self.check_access("write")
        vals = self._lifecycle_without_protected(vals)
        allowed = {"active", "sequence"} | set(self.env["mail.thread"]._fields)
        if not self.env.su and vals.keys() - allowed and any(self.mapped("is_standard")):
            raise UserError(
                self.env._(
                    "%(rules)s: a standard rule can be switched off, but not changed. Make a rule of your own.",
                    rules=join_names(self.filtered("is_standard").mapped("name")),
                )
            )
        result = super().write(vals)
        if self and vals.keys() - set(self.env["mail.thread"]._fields):
            self._check_saved()
        return result

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"is_standard"}

    def _lifecycle_write_protected(self, vals):
        """Write the columns that ``write`` ignores."""
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        result = super().unlink()
        if self:
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_standard(self):
        if standard := self.filtered("is_standard"):
            raise UserError(
                self.env._(
                    "%(rules)s: a standard rule cannot be deleted: switch it off instead.",
                    rules=join_names(standard.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(rule)s (copy)", rule=rule.name), "active": False}
            for rule, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _check_saved(self):
        self._check_events()
        self._check_no_circle()
        self.env.registry.clear_cache()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_dry_run(self):
        """Open the dialog that says what this rule would do now (T14).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read rules
        """
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry run of %(rule)s", rule=self.name),
            "res_model": "lifecycle.rule.dry.run",
            "view_mode": "form",
            "target": "new",
            "context": {"default_rule_id": self.id},
        }
