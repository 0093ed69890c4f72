from odoo import api, fields, models
from odoo.exceptions import UserError

from .lifecycle_stage import MAX_DAYS


class LifecycleLostStage(models.Model):
    """What a stage has in addition when contacts in it are lost: it may be time to re-engage them.
    A lost stage *is* a stage by delegation, so contacts point to ``stage_id``.
    """

    _name = "lifecycle.lost.stage"
    _description = "Lost Stage"
    _inherits = {"lifecycle.stage": "stage_id"}
    _order = "sequence, id"

    stage_id = fields.Many2one("lifecycle.stage", required=True, ondelete="cascade", index=True)
    reengage_after_days = fields.Integer(
        string="Re-engage After (days)",
        help="After this number of days it is worth approaching the contacts in this stage again. 0: never.",
    )

    _one_per_stage = models.UniqueIndex("(stage_id)", "This stage is a lost stage already.")
    _reengage_after_in_range = models.Constraint(
        f"CHECK (reengage_after_days BETWEEN 0 AND {MAX_DAYS})",
        "The number of days before re-engaging is 36,500 (a hundred years) at most and not negative: enter 0 to switch "
        "it off.",
    )

    @api.model
    def default_get(self, fields):
        """A stage that is lost from the start is folded, like one that becomes it."""
        defaults = {"fold": True} if "fold" in fields else {}
        return {**defaults, **super().default_get(fields)}

    @api.model_create_multi
    def create(self, vals_list):
        """Add lost stages, new ones or, where ``stage_id`` is given, lifecycle stages made lost (S5, S13).

        :raises UserError: when a new one is marked as default, or no lifecycle stage would remain (S12)
        """
        self.check_access("create")
        if any(vals.get("is_default") for vals in vals_list):
            raise UserError(self.env._("A lost stage cannot be the default: choose a lifecycle stage."))
        converted = self.env["lifecycle.stage"].browse(
            [vals["stage_id"] for vals in vals_list if vals.get("stage_id")]
        )
        if converted:
            converted._check_lifecycle_stage_remains()
            converted._hand_over_default()
            converted.write({"is_won": False, "fold": True, "sequence": converted._default_sequence()})
            converted.flush_recordset()
        lost_stages = super().create(vals_list)
        converted._tell_mentions()
        return lost_stages

    def write(self, vals):
        """:raises UserError: when another stage is given in ``stage_id``"""
        self.check_access("write")
        if any(lost_stage.stage_id.id != vals["stage_id"] for lost_stage in self if "stage_id" in vals):
            raise UserError(
                self.env._("A lost stage stays itself: use “Make Lifecycle Stage” and “Make Lost” instead.")
            )
        return super().write(vals)

    def unlink(self):
        stages = self.stage_id
        super().unlink()
        return stages.unlink()

    def copy(self, default=None):
        """Call a copy what it is; see ``lifecycle.stage``."""
        copies = [
            super(LifecycleLostStage, lost_stage).copy(
                {"name": lost_stage.stage_id._get_copy_name(), **(default or {})}
            )
            for lost_stage in self
        ]
        return self.browse().concat(*copies)

    def action_convert_to_lifecycle(self):
        """Turn these lost stages into lifecycle stages, placed before the first won one (S16); contacts and history
        stay (S13).

        :raises AccessError: when the user is not an owner
        """
        self.check_access("unlink")
        if not self:
            return True
        stages = self.sorted().stage_id
        stages._lock_structure()
        super().unlink()
        stages.write({"fold": False})
        stages._place_before_won()
        return True

    @api.readonly
    def action_delete(self):
        """Ask where the contacts of this lost stage go, then delete it (S11); see ``lifecycle.stage``."""
        self.ensure_one()
        return self.stage_id.action_delete()

    @api.readonly
    def action_contacts(self):
        """Open the contacts in this lost stage (P3); see ``lifecycle.stage``."""
        self.ensure_one()
        return self.stage_id.action_contacts()

    @api.readonly
    def action_rules(self):
        """Open the rules that use this lost stage (S17); see ``lifecycle.stage``."""
        self.ensure_one()
        return self.stage_id.action_rules()

    @api.readonly
    def action_new_segment(self):
        """Ask for a new favourite of the contacts in this lost stage (P3); see ``lifecycle.stage``."""
        self.ensure_one()
        return self.stage_id.action_new_segment()

    @api.readonly
    def action_automations(self):
        """Open what runs as contacts enter this lost stage (T11); see ``lifecycle.stage``."""
        self.ensure_one()
        return self.stage_id.action_automations()
