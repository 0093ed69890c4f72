from odoo import api, fields, models


class LifecycleStage(models.Model):
    """What Odoo's automations do as contacts enter a stage, or some time after (T11)."""

    _inherit = "lifecycle.stage"

    automation_count = fields.Integer(
        string="Automations",
        compute="_compute_automation_count",
        compute_sudo=True,
        groups="contact_lifecycle.group_owner",
    )

    def _compute_automation_count(self):
        counts = dict(
            self.env["base.automation"]._read_group(
                [("lifecycle_stage_id", "in", self.ids)], ["lifecycle_stage_id"], ["__count"]
            )
        )
        for stage in self:
            stage.automation_count = counts.get(stage, 0)

    @api.model
    def _get_page_fields(self):
        return [*super()._get_page_fields(), "automation_count"]

    def _find_mentions(self):
        """Add the automations of these stages that are on."""
        mentions = super()._find_mentions()
        # sudo: base.automation - owners who are no administrators delete stages as well
        automations = self.env["base.automation"].sudo()
        mentions["base.automation"] |= automations.search([("lifecycle_stage_id", "in", self.ids)])
        return mentions

    @api.readonly
    def action_automations(self):
        """Open what runs as contacts enter this stage; a new one is made for it (T11).

        Administrators get Odoo's editor, other owners a list to read and comment on (T12, T13).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is not an owner
        """
        self.ensure_one()
        Automation = self.env["base.automation"]
        Automation.check_access("read")
        kind = "" if Automation.has_access("write") else "_read"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"contact_lifecycle.base_automation_action_lifecycle{kind}"
        )
        return {
            **action,
            "display_name": self.env._("Automations: %(stage)s", stage=self.display_name),
            "domain": [("lifecycle_stage_id", "=", self.id)],
            "context": {
                "active_test": False,
                "lifecycle_stage_id": self.id,
                "default_model_id": self.env["ir.model"]._get_id("res.partner"),
                "default_name": self.env._("Entering %(stage)s", stage=self.display_name),
                "default_trigger": "on_stage_set",
                "default_lifecycle_trigger": True,
                "default_trg_field_ref": self.id,
            },
        }
