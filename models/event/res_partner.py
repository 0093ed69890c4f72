from odoo import api, models, tools

from ...tools.move import is_bookkeeping, is_silent, plain_sudo
from ...tools.only_people import is_by_automation


class ResPartner(models.Model):
    """Tells rules that contacts have moved, when all that follows a move is written (T1 to T16), and rules on criteria
    that a contact has changed (T8); says which contacts are internal.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if not is_silent(self.env):
            self.env["lifecycle.rule"]._notify_event("contact_changed", partners)
        return partners

    def write(self, vals):
        result = super().write(vals)
        if not is_bookkeeping(self.env) and self._lifecycle_may_meet_criteria(vals):
            self.env["lifecycle.rule"]._notify_event("contact_changed", self)
        return result

    def _lifecycle_moved(self, *args, **kwargs):
        rows = super()._lifecycle_moved(*args, **kwargs)
        if is_bookkeeping(self.env):
            return rows
        entered = ((id_, (rows._name, row_id)) for id_, row_id in zip(self.ids, rows.ids, strict=True))
        # sudo: lifecycle.rule - whoever moves a contact need not know the rules
        plain_sudo(self.env["lifecycle.rule"])._collect_event("stage_entered", entered)
        return rows

    @api.model
    def _lifecycle_may_meet_criteria(self, vals):
        """:return: whether a change of these fields could let a contact meet a rule's condition"""
        names = self._get_criteria_fields()
        return names is None or not names.isdisjoint(vals)

    @api.model
    @tools.ormcache()
    def _get_criteria_fields(self):
        """:return: frozenset of the fields that conditions of active rules on criteria look at; None when any
        field matters, as one of those is computed
        """
        names = set()
        for spec in self.env["lifecycle.rule"]._get_specs():
            if "contact_changed" in spec.events:
                names.update(term.field_expr.split(".")[0] for term in spec.fits.iter_conditions())
        if any(self._fields[name].compute or not self._fields[name].store for name in names):
            return None
        return frozenset(names)

    def _lifecycle_is_internal(self):
        """:return: whether this is the contact of an active internal user, and neither the superuser's nor a customer"""
        return bool(self) and self.active and not self.partner_share

    @api.model
    def _lifecycle_user_is_internal(self):
        """:return: whether an internal user is acting, and neither the superuser, an automation nor a customer"""
        return self.env.user._lifecycle_is_internal() and not is_by_automation()
