from odoo import fields, models


class ResConfigSettings(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "lifecycle.settings.mixin"]

    group_use_lifecycle = fields.Boolean(
        string="Show Lifecycle Stages", implied_group="contact_lifecycle.group_use_lifecycle"
    )

    def set_values(self):
        """Show or hide the figures on the open dashboards, and count again with another scope (M2).

        :raises AccessError: when the user may not change settings, also with no record, which Odoo does not check
        """
        self.check_access("write")
        result = super().set_values()
        self.env["lifecycle.live.mixin"]._notify_agents()
        return result
