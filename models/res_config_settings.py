from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.domain_text import read_domain
from .contact.res_partner_scope import SHIPPED_DOMAIN


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_use_lifecycle = fields.Boolean(
        string="Show lifecycle stages", implied_group="contact_lifecycle.group_use_lifecycle"
    )
    lifecycle_default_on = fields.Selection(
        [
            ("create", "Every new contact"),
            ("message", "On the first message"),
            ("never", "Never"),
        ],
        string="Default stage",
        default="create",
        config_parameter="contact_lifecycle.default_on",
    )
    lifecycle_contact_domain = fields.Char(
        string="Who has a lifecycle",
        default=SHIPPED_DOMAIN,
        config_parameter="contact_lifecycle.contact_domain",
    )

    lifecycle_company_sync = fields.Boolean(
        string="People follow their company", config_parameter="contact_lifecycle.company_sync"
    )

    @api.constrains("lifecycle_contact_domain")
    def _check_lifecycle_contact_domain(self):
        for settings in self:
            try:
                domain = read_domain(settings.lifecycle_contact_domain or SHIPPED_DOMAIN)
                # sudo: res.partner - only whether the domain can be searched with matters
                self.env["res.partner"].sudo().search(domain, limit=1)
            except Exception as error:  # whatever a typed domain can raise
                raise UserError(
                    self.env._(
                        "“Who has a lifecycle” is not a filter of contacts: edit it with the filter editor."
                    )
                ) from error

    def set_values(self):
        """Show or hide the figures on the open dashboards, and count again with another scope (M2).

        :raises AccessError: when the user may not change settings, also with no record, which Odoo does not check
        """
        self.check_access("write")
        result = super().set_values()
        self.env["lifecycle.live.mixin"]._notify_agents()
        return result

    def action_lifecycle_apply_default(self):
        """Apply the default stage in the background to all contacts in scope that have none (A2).

        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.client`` notification
        """
        self.env["lifecycle.stage"].check_access("write")
        Partner = self.env["res.partner"]
        # sudo: res.partner - the count of what the action will do, contacts of other companies included
        domain = Partner._lifecycle_without_stage_domain() & Domain("active", "=", True)
        count, unseen = Partner.sudo().search_count(domain), Partner._lifecycle_describe_unseen(domain)
        Partner._lifecycle_apply_default_later()
        message = self.env._(
            "%(count)s contacts are entering %(stage)s in the background.",
            count=count,
            stage=self.env["lifecycle.stage"]._get_default().display_name,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": f"{message} {unseen}".strip(),
            },
        }
