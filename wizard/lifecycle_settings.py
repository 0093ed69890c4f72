from odoo import api, models


class LifecycleSettings(models.TransientModel):
    """The settings of the lifecycle on a page of their own, for owners who are no administrators (P6)."""

    _name = "lifecycle.settings"
    _inherit = "lifecycle.settings.mixin"
    _description = "Lifecycle Settings of Owners"

    @api.model
    def default_get(self, fields):
        """Show what is set.

        :raises AccessError: when the user is not an owner
        """
        self.check_access("create")
        values = super().default_get(fields)
        # sudo: ir.config_parameter - the parameters are the addon's own
        parameters = self.env["ir.config_parameter"].sudo()
        for name, key in self._get_parameters().items():
            value = parameters.get_param(key)
            if name in fields and value is not False:
                values[name] = bool(value) if self._fields[name].type == "boolean" else value
        return values

    def _compute_display_name(self):
        self.display_name = self.env._("Settings")

    def execute(self):
        """Save the settings; the web client calls it so on every page of settings.

        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.client`` that loads the page again
        """
        self.check_access("write")
        self.ensure_one()
        # sudo: ir.config_parameter - the parameters are the addon's own, and owners set them
        parameters = self.env["ir.config_parameter"].sudo()
        for name, key in self._get_parameters().items():
            value = self[name]
            parameters.set_param(key, value.strip() if isinstance(value, str) else value)
        self.env["lifecycle.live.mixin"]._notify_agents()
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.readonly
    def cancel(self):
        """Show again what is set.

        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.act_window`` dictionary, this page
        """
        self.check_access("write")
        return self._get_own_action()

    @api.model
    def _get_action(self):
        """:return: an ``ir.actions.act_window`` dictionary: the general settings for whoever may open them, which have
        these and whether stages are shown at all; for others this page
        """
        if self.env["res.config.settings"].has_access("create"):
            return self.env["ir.actions.act_window"]._for_xml_id(
                "contact_lifecycle.lifecycle_settings_action"
            )
        return self._get_own_action()

    @api.model
    def _get_own_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.lifecycle_own_settings_action"
        )

    @api.model
    def _get_parameters(self):
        """:return: dict name of a field -> key of the ``ir.config_parameter`` that it is kept in"""
        return {
            name: field.config_parameter
            for name, field in self._fields.items()
            if hasattr(field, "config_parameter")
        }
