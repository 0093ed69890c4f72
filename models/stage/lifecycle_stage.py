from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MAX_STAGES = 20
MAX_SEQUENCE = 2**31 - 1  # PostgreSQL's
MAX_DAYS = 36500  # a hundred years: dates with a time zone end in the year 9999


class LifecycleStage(models.Model):
    """A place in the sales process that a contact can be in: a lifecycle stage, or, when a
    ``lifecycle.lost.stage`` delegates to it, a lost one. Both kinds share one table, so that a
    contact points to either and one list offers both (S3, S4).
    """

    _name = "lifecycle.stage"
    _inherit = ["lifecycle.live.mixin", "lifecycle.protected.mixin"]
    _description = "Lifecycle Stage"
    _order = "is_lost, sequence, id"

    def _default_sequence(self):
        return min(self.search([], order="sequence desc", limit=1).sequence + 1, MAX_SEQUENCE)

    name = fields.Char(required=True, translate=True)
    emoji = fields.Char(help="One emoji, shown before the name wherever the stage is seen.")
    description = fields.Text(translate=True, help="What it means to be in this stage.")
    entry_criteria = fields.Text(
        translate=True,
        help="What must be true of a contact before it enters this stage. Shown where the stage is chosen.",
    )
    sequence = fields.Integer(default=lambda self: self._default_sequence())
    fold = fields.Boolean(
        string="Folded in Pipeline",
        help="The column of this stage is folded in the contacts pipeline.",
    )
    is_default = fields.Boolean(
        string="Default",
        copy=False,
        help="New contacts enter the lifecycle in this stage. There is always exactly one.",
    )
    is_won = fields.Boolean(string="Won", help="Contacts in this stage have bought: they are customers.")
    lost_stage_ids = fields.One2many("lifecycle.lost.stage", "stage_id")
    is_lost = fields.Boolean(
        string="Lost", compute="_compute_is_lost", store=True, help="Whether this is a lost stage."
    )
    rotting_threshold_days = fields.Integer(
        string="Stuck After (days)",
        help="Contacts that stay in this stage longer than this number of days are stuck. 0: never.",
    )

    _one_default = models.UniqueIndex(
        "(is_default) WHERE is_default",
        "There is exactly one default stage: set another one as default instead of adding one.",
    )
    _default_is_not_lost = models.Constraint(
        "CHECK (NOT (is_default AND is_lost))",
        "A lost stage cannot be the default: choose a lifecycle stage.",
    )
    _rotting_threshold_in_range = models.Constraint(
        f"CHECK (rotting_threshold_days BETWEEN 0 AND {MAX_DAYS})",
        "The number of days after which contacts are stuck is 36,500 (a hundred years) at most and not negative: enter 0 "
        "to switch it off.",
    )

    @api.depends("name", "emoji")
    def _compute_display_name(self):
        for stage in self:
            stage.display_name = " ".join(filter(None, (stage.emoji, stage.name)))

    @api.depends("lost_stage_ids")
    def _compute_is_lost(self):
        for stage in self:
            stage.is_lost = bool(stage.lost_stage_ids)

    @api.model_create_multi
    def create(self, vals_list):
        """Add stages, the last of those marked as default becoming it.

        :raises UserError: when there would be more than twenty stages (S7), or ``is_lost`` is given
        """
        self.check_access("create")
        if not vals_list:
            return self.browse()
        self._refuse_typed_is_lost(vals_list)
        self._lock_structure()
        # sudo: lifecycle.stage - the limit counts every stage, seen by the user or not
        count = self.sudo().search_count([])
        if count + len(vals_list) > MAX_STAGES:
            raise UserError(
                self.env._(
                    "There can be at most %(max)s stages, lifecycle and lost ones together, and there are "
                    "%(count)s: delete one first.",
                    max=MAX_STAGES,
                    count=count,
                )
            )
        stages = super().create(
            [{**self._lifecycle_without_protected(vals), "is_default": False} for vals in vals_list]
        )
        defaults = [stage for stage, vals in zip(stages, vals_list, strict=True) if vals.get("is_default")]
        if defaults:
            defaults[-1]._make_default()
        return stages

    def write(self, vals):
        """Change stages; setting ``is_default`` replaces the former default in the same step (S10).

        :raises UserError: when the default would be lost, removed or set on several stages, or
            ``is_lost`` is given
        """
        self.check_access("write")
        self._refuse_typed_is_lost([vals])
        vals = self._lifecycle_without_protected(vals)
        if not self or "is_default" not in vals:
            return super().write(vals)
        if vals.pop("is_default"):
            if len(self) > 1:
                raise UserError(self.env._("Only one stage can be the default: choose one."))
            self._make_default()
        elif any(self.mapped("is_default")):
            raise UserError(
                self.env._("There is always one default stage: set another stage as default instead.")
            )
        return super().write(vals)

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"is_lost"}

    def _lifecycle_write_protected(self, vals):
        """Write the columns that ``write`` ignores."""
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        if lost_stages := self.lost_stage_ids:
            # not by the database, which would leave their external ids behind; they take their stages along
            (self - lost_stages.stage_id).unlink()
            return lost_stages.unlink()
        self._get_locked_for_entry().difference_update(self.ids)
        result = super().unlink()
        if self:
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        self._check_lifecycle_stage_remains()
        # sudo: res.partner - archived contacts and those of other companies hold the stage as well
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        count = Partner.search_count([("lifecycle_stage_id", "in", self.ids)])
        if count:
            raise UserError(
                self.env._(
                    "There are contacts in %(stages)s: %(count)s. Delete it with its “Delete” button, which "
                    "offers to move them.",
                    stages=", ".join(self.mapped("display_name")),
                    count=count,
                )
            )
        self._hand_over_default()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_set_default(self):
        """Make this lifecycle stage the one new contacts start in (S10).

        :raises UserError: when it is a lost stage
        :raises AccessError: when the user is not an owner
        """
        self.ensure_one()
        self._make_default()

    def action_convert_to_lost(self):
        """Turn these lifecycle stages into lost ones; their contacts and history stay (S13).

        :raises UserError: when no lifecycle stage would remain (S12)
        :raises AccessError: when the user is not an owner
        """
        self.env["lifecycle.lost.stage"].create(
            [{"stage_id": stage.id} for stage in self if not stage.is_lost]
        )

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    def _lifecycle_live_fields(self):
        return {"deletion_pending", "emoji", "is_lost", "name", "rotting_threshold_days", "sequence"}

    @api.model
    @tools.ormcache(cache="groups")
    def _are_shown(self):
        """:return: whether “Show Lifecycle Stages” is on (S2)"""
        xmlid_to_id = self.env["ir.model.data"]._xmlid_to_res_id
        everybody, feature = map(xmlid_to_id, ("base.group_user", "contact_lifecycle.group_use_lifecycle"))
        return feature in self.env["res.groups"]._get_group_definitions().get_superset_ids([everybody])

    @api.model
    @tools.ormcache()
    def _get_default_id(self):
        # sudo: lifecycle.stage - whoever makes a contact starts it in the default stage
        return self.sudo().search([("is_default", "=", True)], limit=1).id

    @api.model
    def _get_default(self):
        """:return: the default stage, or an empty ``lifecycle.stage`` recordset"""
        stage = self.browse(self._get_default_id() or ())
        # another worker may have deleted it, and this one not have heard of it yet: looked up once a transaction
        seen = self.env.cr.precommit.data.setdefault("contact_lifecycle.default_seen", set())
        if stage.id not in seen:
            stage = stage.exists()
            seen.update(stage.ids)
        # sudo: lifecycle.stage - whoever makes a contact starts it in the default stage
        return stage or self.sudo().search([("is_default", "=", True)], limit=1).sudo(self.env.su)

    @api.model
    def _check_manager(self):
        """:raises AccessError: when the user is no manager (P1)"""
        if not (self.env.su or self.env.user.has_group("contact_lifecycle.group_manager")):
            raise AccessError(
                self.env._("Only lifecycle managers see these figures: ask an administrator for the role.")
            )

    @api.model
    def _lock_structure(self):
        """Let one transaction at a time add, delete, convert or set as default.

        Whoever comes second fails to serialize and is run again by Odoo, seeing what the first
        one did; a plain lock would let it count stages in its older snapshot (S7, S10, S12).
        """
        self.flush_model()
        self.env.cr.execute(SQL("UPDATE lifecycle_stage SET write_date = write_date"))

    def _lock_for_entry(self):
        """Keep this stage from being deleted until the end of the transaction, as contacts enter it.

        :raises UserError: when it is gone, or on its way out
        """
        if not self or self.id in self._get_locked_for_entry():
            return
        self.flush_recordset(["deletion_pending"])
        self.env.cr.execute(
            SQL("SELECT deletion_pending FROM lifecycle_stage WHERE id = %s FOR KEY SHARE", self.id)
        )
        if self.env.cr.fetchone() not in ((False,), (None,)):
            raise UserError(self.env._("This stage has been deleted: choose another one."))
        self._get_locked_for_entry().add(self.id)

    def _get_locked_for_entry(self):
        """:return: set of the ids of the stages that this transaction has locked; undoing a savepoint empties it"""
        return self.env.cr.precommit.data.setdefault("contact_lifecycle.locked_stages", set())

    def _make_default(self):
        self.check_access("write")
        if self.is_lost or self.deletion_pending:
            raise UserError(
                self.env._(
                    "%(stage)s cannot be the default: choose a lifecycle stage that is neither lost nor "
                    "being deleted.",
                    stage=self.display_name,
                )
            )
        self._lock_structure()
        former = self.search([("is_default", "=", True)]) - self
        super(LifecycleStage, former).write({"is_default": False})
        former.flush_recordset(["is_default"])  # two defaults at once break the unique index
        self.env.registry.clear_cache()
        return super().write({"is_default": True})

    def _hand_over_default(self):
        """Make the first other lifecycle stage the default when the default one goes (S10)."""
        if any(self.mapped("is_default")):
            self._remaining_lifecycle_stages()[:1]._make_default()

    def _remaining_lifecycle_stages(self):
        """:return: the lifecycle stages that are left without these, in order"""
        return self.search(
            [("is_lost", "=", False), ("deletion_pending", "=", False), ("id", "not in", self.ids)]
        )

    def _check_lifecycle_stage_remains(self):
        """:raises UserError: when the last lifecycle stage is among these (S12)"""
        self._lock_structure()
        if not all(self.mapped("is_lost")) and not self._remaining_lifecycle_stages():
            raise UserError(
                self.env._(
                    "%(stages)s is the last lifecycle stage and contacts need one to start in: add another "
                    "lifecycle stage first.",
                    stages=", ".join(self.mapped("display_name")),
                )
            )

    def _refuse_typed_is_lost(self, vals_list):
        if any("is_lost" in vals for vals in vals_list):
            raise UserError(
                self.env._(
                    "Whether a stage is lost cannot be typed in: use “Make Lost” or “Make Lifecycle Stage”."
                )
            )
