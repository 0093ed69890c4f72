from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.domain_text import read_domain
from .contact.res_partner_scope import SHIPPED_DOMAIN


class LifecycleSettingsMixin(models.AbstractModel):
    """What owners set: in the general settings, where they may open them, and on a page of their own (P6)."""

    _name = "lifecycle.settings.mixin"
    _description = "Lifecycle Settings"

    lifecycle_default_on = fields.Selection(
        [
            ("create", "Every new contact"),
            ("message", "On the first message"),
            ("never", "Never"),
        ],
        string="Default Stage",
        default="create",
        config_parameter="contact_lifecycle.default_on",
    )
    lifecycle_contact_domain = fields.Char(
        string="Who Has a Lifecycle",
        default=SHIPPED_DOMAIN,
        config_parameter="contact_lifecycle.contact_domain",
    )
    lifecycle_company_sync = fields.Boolean(
        string="People Follow Their Company", config_parameter="contact_lifecycle.company_sync"
    )
    lifecycle_scope_text = fields.Char(string="In Words", compute="_compute_lifecycle_scope_text")
    lifecycle_apply_text = fields.Char(string="Without a Stage", compute="_compute_lifecycle_apply_text")

    def _valid_field_parameter(self, field, name):
        return name == "config_parameter" or super()._valid_field_parameter(field, name)

    @api.depends("lifecycle_contact_domain")
    def _compute_lifecycle_scope_text(self):
        """Say who that is, and how many of those whom the user sees, as their lists count them (M7)."""
        for settings in self:
            text = (settings.lifecycle_contact_domain or SHIPPED_DOMAIN).replace(" ", "")
            if text == "[]":
                who = self.env._("Every contact")
            elif text == SHIPPED_DOMAIN.replace(" ", ""):
                who = self.env._("Everybody but your own users and delivery or invoice addresses")
            else:
                who = self.env._("The contacts that match the filter")
            count = settings._lifecycle_count_scope()
            settings.lifecycle_scope_text = (
                who if count is None else self.env._("%(who)s (%(count)s)", who=who, count=count)
            )

    def _lifecycle_count_scope(self):
        """:return: how many contacts would have a lifecycle; None while the filter is none, or not the user's to ask"""
        Partner = self.env["res.partner"]
        try:
            domain = read_domain(self.lifecycle_contact_domain or SHIPPED_DOMAIN)
            with self.env.cr.savepoint(flush=False):
                return Partner.search_count(domain & Partner._lifecycle_no_own_company_domain())
        except (TypeError, UserError, ValueError):  # it is refused as it is saved
            return None

    @api.depends("lifecycle_contact_domain")
    def _compute_lifecycle_apply_text(self):
        """Say, as it is saved, whom applying the default stage moves, and where to (A2)."""
        # sudo: res.partner - the count of what the action will do, contacts of other companies included
        count = self.env["res.partner"].sudo().search_count(self._lifecycle_applied_domain())
        stage = self.env["lifecycle.stage"]._get_default().display_name
        for settings in self:
            settings.lifecycle_apply_text = self.env._(
                "Contacts without a stage that would enter %(stage)s: %(count)s", stage=stage, count=count
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
                        "“Who Has a Lifecycle” is not a filter of contacts: edit it with the filter editor."
                    )
                ) from error

    def action_lifecycle_apply_default(self):
        """Apply the default stage in the background to all contacts in scope that have none (A2).

        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.client`` notification
        """
        self.env["lifecycle.stage"].check_access("write")
        if self:  # a page that somebody has open is theirs alone
            self.check_access("write")
        Partner, domain = self.env["res.partner"], self._lifecycle_applied_domain()
        # sudo: res.partner - the count of what the action will do, contacts of other companies included
        count, unseen = Partner.sudo().search_count(domain), Partner._lifecycle_describe_unseen(domain)
        Partner._lifecycle_apply_default_later()
        message = self.env._(
            "Contacts that enter %(stage)s in the background: %(count)s.",
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

    @api.model
    def _lifecycle_applied_domain(self):
        """:return: ``Domain`` of the contacts, of all companies, that applying the default stage moves"""
        return self.env["res.partner"]._lifecycle_without_stage_domain() & Domain("active", "=", True)
