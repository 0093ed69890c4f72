from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import LifecycleCase


class ScopeCase(LifecycleCase, CronMixinCase):
    """Sets who has a lifecycle, and when contacts enter the default stage (A1, A2)."""

    def set_default_on(self, trigger):
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", trigger)

    def set_scope(self, domain):
        self.env["ir.config_parameter"].set_param("contact_lifecycle.contact_domain", domain)
