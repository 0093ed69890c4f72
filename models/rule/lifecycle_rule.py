from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.remote_input import join_names, shorten
from .loop import find_loop, get_steps
from .spec import MAX_MOVES_A_DAY


class LifecycleRule(models.Model):
    """What moves contacts by itself: when something happens to a contact that is in certain stages and
    meets a condition, it enters a stage, or a lead is made for it (T1, T2, T5 to T9).

    Each kind of rule listens to events, see ``_kind_events`` in ``lifecycle_rule_event.py``. How rules run is told in ``engine.py``; people edit each
    other's rules, so each carries its discussion (T12).
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

    loop_warning = fields.Char(compute="_compute_loop_warning")

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

    def _check_no_loop(self):
        """Refuse the loops that are certain: a contact that one of the rules moves is moved by all of them, as they have
        one condition or none. What others may do is said by ``loop_warning``, and stopped by the check ``too_often``.

        :raises ValidationError: naming the active rules that would move a contact in a loop
        """
        active = self.search([("active", "=", True)])
        if not (active & self):
            return
        steps = get_steps(active)
        conditions = {rule: rule._get_domain() for rule in active}
        for rule in active & self:
            own = conditions[rule]
            for condition in conditions.values() if own.is_true() else [own]:
                alike = active.filtered(lambda r, c=condition: conditions[r].is_true() or conditions[r] == c)
                if loop := find_loop(steps, rule, alike):
                    raise ValidationError(
                        self.env._(
                            "These rules would move a contact in a loop: %(rules)s. Give them conditions that "
                            "exclude each other or other stages, or leave one of them off.",
                            rules=loop._join_names(),
                        )
                    )

    @api.depends("active", "kind", "from_stage_ids", "from_none", "to_stage_id", "allow_backward")
    def _compute_loop_warning(self):
        active = self.search([("active", "=", True)])
        for rule in self:
            rules = active - rule._origin | rule
            loop = find_loop(get_steps(rules), rule, rules)
            rule.loop_warning = bool(loop) and self.env._(
                "A contact that meets the conditions of these rules is moved in a loop: %(rules)s. Once rules have moved "
                "it %(limit)s times within 24 hours, they leave it where it is.",
                rules=loop._join_names(),
                limit=MAX_MOVES_A_DAY,
            )

    def _join_names(self):
        return ", ".join(f"“{shorten(name)}”" for name in self.mapped("name"))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add rules.

        :raises ValidationError: when a rule is incomplete, or active rules move contacts in a loop
        """
        rules = super().create([self._lifecycle_without_protected(vals) for vals in vals_list])
        if rules:
            rules._check_saved()
        return rules

    def write(self, vals):
        """Change rules; of a standard one nothing but whether it is on and its place in the order (T3).

        :raises UserError: when a standard rule would be changed
        :raises ValidationError: when a rule is incomplete, or active rules move contacts in a loop
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
        self._check_no_loop()
        self.env.registry.clear_cache()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.readonly
    def action_dry_run(self):
        """Open the dialog that says what this rule would do now (T14).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not read rules
        """
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry Run of %(rule)s", rule=self.name),
            "res_model": "lifecycle.rule.dry.run",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_rule_id": self.id},
        }

    # ------------------------------------------------------------
    # What a rule does
    # ------------------------------------------------------------

    def _makes_leads(self):
        self.ensure_one()
        return self.kind in ("lead", "follow_up")

    def _act(self, partners, happened, batch=None):
        """Do what this rule does to contacts that it fits.

        :param dict happened: contact id -> set of (event, (model, id) of the record it came from or None)
        :param batch: ``lifecycle.batch`` of the moves, or none
        :return: list of (contact, error message) for whom it failed without an error
        """
        if self._makes_leads():
            return self._request_leads(partners, happened)
        self._move(partners, happened, batch)
        return []

    def _move(self, partners, happened=None, batch=None):
        """Move contacts to the stage of this rule, noting the conversation it came from.

        :return: the ``lifecycle.batch`` of the moves
        """
        channel_ids = {
            partner_id: origin[1]
            for partner_id, origins in (happened or {}).items()
            for _event, origin in origins
            if origin and origin[0] == "discuss.channel"
        }
        return partners._lifecycle_move_to(
            self.to_stage_id, "rule", rule=self, channel_ids=channel_ids, batch=batch
        )
