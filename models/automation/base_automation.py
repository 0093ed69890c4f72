from odoo import api, fields, models

from odoo.addons.base_automation.models.base_automation import TIME_TRIGGERS

from ...tools.domain_text import read_conditions
from ...tools.move import is_silent
from ..contact.gathering import Gathering

ADMINISTRATOR = "base.group_system"


class BaseAutomation(models.Model):
    """Automations of a lifecycle stage: run as a contact enters it, or some time after (T11).

    Odoo lets only administrators edit automations, as these may run any code. Owners see those of the
    stages and comment on them (T12).
    """

    _name = "base.automation"
    _inherit = ["base.automation", "lifecycle.live.mixin"]
    _mail_post_access = "read"

    lifecycle_stage_id = fields.Many2one(
        "lifecycle.stage",
        compute="_compute_lifecycle_stage_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        help="The automation runs on contacts that enter this stage, or that have been in it for some time.",
    )
    # Contacts may have a stage of another addon too.
    lifecycle_trigger = fields.Boolean(
        string="About the Lifecycle Stage", compute="_compute_lifecycle_trigger", store=True, readonly=False
    )
    lifecycle_steps = fields.Char(string="Steps", compute="_compute_lifecycle_steps", compute_sudo=True)
    # Odoo serves the URL of any automation, whatever its trigger, to whoever knows it.
    webhook_uuid = fields.Char(groups=ADMINISTRATOR)
    url = fields.Char(groups=ADMINISTRATOR)

    @api.model
    def _lifecycle_live_fields(self):
        """Open pages say how many there are of a stage (S17)."""
        return super()._lifecycle_live_fields() | {"active", "lifecycle_stage_id"}

    @api.depends("model_id", "trigger", "lifecycle_trigger", "trg_field_ref", "filter_domain")
    def _compute_lifecycle_stage_id(self):
        for automation in self:
            stage_id = False
            if automation.model_name == "res.partner":
                if automation.trigger == "on_stage_set":
                    if automation._get_trigger_specific_field().relation == "lifecycle.stage":
                        stage_id = automation.trg_field_ref
                elif automation.trigger in TIME_TRIGGERS:
                    stage_id = automation._lifecycle_stage_in_condition()
            automation.lifecycle_stage_id = self.env["lifecycle.stage"].browse(stage_id or ()).exists()

    @api.depends("model_id", "trigger")
    def _compute_lifecycle_trigger(self):
        """Not where the model has another stage: the automations of ours say that they are about it."""
        for automation in self:
            automation.lifecycle_trigger = False
            field = automation._get_trigger_specific_field()
            automation.lifecycle_trigger = (
                automation.trigger == "on_stage_set" and field.relation == "lifecycle.stage"
            )

    @api.depends("action_server_ids.name", "action_server_ids.sequence")
    def _compute_lifecycle_steps(self):
        for automation in self:
            automation.lifecycle_steps = ", ".join(automation.action_server_ids.sorted().mapped("name"))

    def _lifecycle_stage_in_condition(self):
        """:return: id of the one stage that the condition is about, or False"""
        try:
            conditions = read_conditions(self.filter_domain or "[]")
        except ValueError:  # it has expressions in it, or is being typed
            return False
        for condition in conditions:
            if condition.field_expr == "lifecycle_stage_id" and condition.operator in ("=", "in"):
                ids = condition.value if condition.operator == "in" else [condition.value]
                return next((value for value in ids if isinstance(value, int)), False)
        return False

    def _get_trigger_specific_field(self):
        """“Stage is set to” is about the lifecycle stage where a model has no other stage, or is said to be (T11)."""
        field = super()._get_trigger_specific_field()
        if self.trigger == "on_stage_set" and (self.lifecycle_trigger or not field):
            domain = [
                ("model_id", "=", self.model_id.id),
                ("name", "=", "lifecycle_stage_id"),
                ("relation", "=", "lifecycle.stage"),
                ("store", "=", True),
            ]
            return field.search(domain, limit=1) or field
        return field

    def _process(self, records, domain_post=None, **kwargs):
        """Run once for each time that a contact enters the stage: Odoo comes back with those that an
        automation has moved on meanwhile, and with new contacts that have entered the default stage. The history of
        the contacts is written before.
        """
        if records._name != "res.partner":
            return super()._process(records, domain_post=domain_post, **kwargs)
        if records:
            Gathering.write_waiting(self.env)
        if is_silent(records.env):
            return None
        automation = self.sudo()  # sudo: base.automation - whoever moves a contact sets it off
        if automation.trigger == "on_stage_set" and automation.lifecycle_stage_id:
            records -= self._lifecycle_already_run(records.filtered(self._check_trigger_fields))
        return super()._process(records, domain_post=domain_post, **kwargs)

    def _lifecycle_already_run(self, entering):
        """:return: those of these contacts for whose last move this automation has run in this transaction"""
        if not entering:
            return entering
        # sudo: lifecycle.transition - the last move tells one entry from the next
        moves = self.env["lifecycle.transition"].sudo()
        last_moves = moves._read_group([("partner_id", "in", entering.ids)], ["partner_id"], ["id:max"])
        runs = self.env.cr.cache.setdefault("contact_lifecycle.automation_runs", {}).setdefault(self.id, {})
        already_run = {partner.id for partner, move in last_moves if runs.get(partner.id) == move}
        runs.update((partner.id, move) for partner, move in last_moves)
        return entering.filtered(lambda partner: partner.id in already_run)

    @api.readonly
    def action_lifecycle_add_delayed(self):
        """Open a new automation that runs some time after contacts have entered the stage (T11).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not make automations
        """
        self.check_access("create")
        stage = self.env["lifecycle.stage"].browse(self.env.context.get("lifecycle_stage_id")).exists()
        date_field = self.env["ir.model.fields"]._get("res.partner", "date_last_stage_update")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_model_id": date_field.model_id.id,
                "default_name": self.env._("Some time after entering %(stage)s", stage=stage.display_name),
                "default_trigger": "on_time",
                "default_trg_date_id": date_field.id,
                "default_trg_date_range": 1,
                "default_trg_date_range_type": "day",
                "default_trg_date_range_mode": "after",
                "default_filter_domain": repr([("lifecycle_stage_id", "=", stage.id)]),
            },
        }
