from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.orm.utils import parse_field_expr
from odoo.tools import OrderedSet

from ...tools.domain_text import RELATIONAL_OPERATORS
from ...tools.remote_input import shorten

COLLECTIONS = (list, tuple, set, frozenset, OrderedSet)
COMPARISONS = ("=", "!=", "in", "not in")
SCALARS = (bool, int, float, str)


class LifecycleRule(models.Model):
    """What the condition of a rule may be: a filter of contacts that looks at nothing its author may not read.

    Rules and dry runs search for contacts of every company as the superuser, who may read every field. What comes of it
    tells whoever wrote the condition what is in the fields it looks at (P5).
    """

    _inherit = "lifecycle.rule"

    @api.model
    def _get_columns(self, domain):
        """:return: frozenset of the names of the columns of contacts that decide whether they meet a condition, or
        None where the day, the user or other records have a say in it, or a field is gone
        """
        conditions = [condition for condition in domain.iter_conditions() if condition.field_expr != "id"]
        if not all(self._is_plain(condition) for condition in conditions):
            return None
        return frozenset(condition.field_expr for condition in conditions)

    @api.model
    def _is_plain(self, condition):
        """:return: whether a condition compares a column of contacts with what is written in it, and with no more"""
        field = self.env["res.partner"]._fields.get(condition.field_expr)
        if not (field and field.store and field.column_type) or field.company_dependent or field.translate:
            return False
        values = condition.value if isinstance(condition.value, COLLECTIONS) else [condition.value]
        if field.relational:
            return condition.operator in COMPARISONS and all(isinstance(value, int) for value in values)
        return field.type not in ("date", "datetime") and all(isinstance(value, SCALARS) for value in values)

    # ------------------------------------------------------------
    # What the condition may be
    # ------------------------------------------------------------

    @api.constrains("domain")
    def _check_domain(self):
        # Odoo checks in superuser mode, also what a user writes
        Partner = self.env["res.partner"].sudo(False)
        for rule in self:
            try:
                domain = rule._get_domain()
                hidden_path = self._find_hidden_path(Partner, domain)
                if not hidden_path:
                    # sudo: res.partner - only whether the filter can be searched with matters
                    Partner.sudo().search(domain, limit=1)
            except Exception as error:  # whatever a typed filter can raise
                raise ValidationError(
                    self.env._(
                        "The condition of “%(rule)s” is not a filter of contacts: edit it with the filter editor.",
                        rule=shorten(rule.name),
                    )
                ) from error
            if hidden_path:
                raise AccessError(
                    self.env._(
                        "The condition of “%(rule)s” looks at “%(path)s”, which you may not read: leave it out.",
                        rule=shorten(rule.name),
                        path=shorten(hidden_path),
                    )
                )

    @api.model
    def _find_hidden_path(self, model, domain):
        """Find what a user may not read of all that a filter looks at, however deep.

        :param model: the model that it filters, an empty recordset, in the environment of that user
        :param domain: ``Domain``
        :return: the path of the first field that the user may not read, or None
        """
        for condition in domain.iter_conditions():
            comodel, path = model, condition.field_expr
            while path and comodel is not None:
                name, path = parse_field_expr(path)
                field = comodel._fields[name]
                if not (comodel.has_access("read") and comodel._has_field_access(field, "read")):
                    return condition.field_expr
                if field.relational:
                    comodel = comodel.env[field.comodel_name]
                elif name != "id":
                    comodel = None
            value = condition.value
            if comodel is None:
                continue
            if condition.operator in RELATIONAL_OPERATORS and isinstance(value, Domain | list | tuple):
                if hidden := self._find_hidden_path(comodel, Domain(value)):
                    return f"{condition.field_expr}.{hidden}"
            elif isinstance(value, str) and not comodel.has_access("read"):  # looked up by name
                return condition.field_expr
        return None
