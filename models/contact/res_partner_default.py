import logging

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ...tools.domain_text import read_domain

_logger = logging.getLogger(__name__)

BATCH_SIZE = 1000
PENDING_PARAMETER = "contact_lifecycle.apply_default_after_id"
# People and companies, but not the database's own users nor addresses of somebody else.
SHIPPED_DOMAIN = "[('partner_share', '=', True), ('type', 'in', ['contact', False])]"


class ResPartner(models.Model):
    """Who has a lifecycle, and when a contact enters the default stage (A1, A2)."""

    _inherit = "res.partner"

    lifecycle_in_scope = fields.Boolean(
        string="Has a Lifecycle",
        compute="_compute_lifecycle_in_scope",
        search="_search_lifecycle_in_scope",
        groups="contact_lifecycle.group_agent",
        help="Whether the settings count this contact among those that have a lifecycle.",
    )

    def _compute_lifecycle_in_scope(self):
        in_scope = self.filtered_domain(self._lifecycle_scope_domain())
        for partner in self:
            partner.lifecycle_in_scope = partner in in_scope

    @api.model
    def _search_lifecycle_in_scope(self, operator, value):
        return self._lifecycle_scope_domain() if operator == "in" else NotImplemented

    @api.model
    @tools.ormcache(cache="groups")
    def _lifecycle_is_enabled(self):
        """:return: whether “Show lifecycle stages” is on (S2)"""
        xmlid_to_id = self.env["ir.model.data"]._xmlid_to_res_id
        everybody, feature = map(xmlid_to_id, ("base.group_user", "contact_lifecycle.group_use_lifecycle"))
        return feature in self.env["res.groups"]._get_group_definitions().get_superset_ids([everybody])

    @api.model
    def _lifecycle_scope_domain(self):
        """:return: ``Domain`` of the contacts that have a lifecycle (A2): those that the settings say, but none of
        the database's own companies
        """
        return self._lifecycle_settings_domain() & Domain(
            "id", "not in", self.env["res.company"]._lifecycle_partner_ids()
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _lifecycle_settings_domain(self):
        # sudo: ir.config_parameter - the scope is no secret
        domain = self.env["ir.config_parameter"].sudo().get_param("contact_lifecycle.contact_domain")
        try:
            return read_domain(domain or SHIPPED_DOMAIN)
        except ValueError:
            # written past the settings; no contact may be lost for it
            _logger.warning(
                "contact_lifecycle.contact_domain is not a domain, the shipped one is used: %s", domain
            )
            return read_domain(SHIPPED_DOMAIN)

    @api.model
    def _lifecycle_live_fields(self):
        scope = {
            condition.field_expr.partition(".")[0]
            for condition in self._lifecycle_scope_domain().iter_conditions()
        }
        return scope | {"active", "company_id", "lifecycle_stage_id"}

    @api.model
    def _lifecycle_default_on(self):
        """:return: ``create``, ``message`` or ``never``: when a contact enters the default stage"""
        # sudo: ir.config_parameter - the setting is no secret
        return self.env["ir.config_parameter"].sudo().get_param("contact_lifecycle.default_on", "create")

    def _lifecycle_enter_default_on(self, event, created=None):
        """Let those of these contacts that are in scope and have no stage enter the default one.

        :param str event: ``create`` or ``message``; nothing happens unless it is the one in the settings
        :param dict created: see ``tools.move.Move``
        """
        if (
            self.env.context.get("lifecycle_skip_default")
            or not self
            or self._lifecycle_default_on() != event
        ):
            return
        if self._lifecycle_is_enabled():
            self._lifecycle_enter_default(created)

    def _lifecycle_enter_default(self, created=None):
        # sudo: res.partner - whoever makes a contact starts its lifecycle, agent or not
        in_scope = self.sudo().filtered_domain(self._lifecycle_scope_domain() & Domain("active", "=", True))
        in_scope.filtered(lambda partner: not partner.lifecycle_stage_id)._lifecycle_move_to(
            self.env["lifecycle.stage"]._get_default(), "default", created=created
        )

    @api.model
    def _lifecycle_without_stage_domain(self):
        """:return: ``Domain`` of the contacts in scope that have no stage"""
        return self._lifecycle_scope_domain() & Domain("lifecycle_stage_id", "=", False)

    @api.model
    def _lifecycle_apply_default_later(self):
        """Apply the default stage to all contacts in scope that have none, in the background (A2)."""
        # sudo: ir.config_parameter - only owners reach this method, from the settings
        self.env["ir.config_parameter"].sudo().set_param(PENDING_PARAMETER, "0")
        self.env.ref("contact_lifecycle.ir_cron_apply_default").sudo()._trigger()

    @api.model
    def _cron_lifecycle_apply_default(self):
        """Move on through the contacts, by id and in batches; the parameter remembers how far it came."""
        parameters, cron = self.env["ir.config_parameter"].sudo(), self.env["ir.cron"]
        while (last_id := parameters.get_param(PENDING_PARAMETER)) is not False:
            domain = self._lifecycle_without_stage_domain() & Domain("id", ">", int(last_id))
            partners = self.search(domain, limit=BATCH_SIZE, order="id")
            partners._lifecycle_enter_default()
            parameters.set_param(PENDING_PARAMETER, str(partners[-1:].id) if partners else False)
            remaining = (
                self.search_count(domain & Domain("id", ">", partners[-1:].id or 0)) if partners else 0
            )
            if not cron._commit_progress(len(partners), remaining=remaining):
                return
