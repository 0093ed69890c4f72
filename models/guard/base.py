from odoo import api, models
from odoo.fields import Domain
from odoo.models import fix_import_export_id_paths, parse_read_group_spec
from odoo.orm.utils import parse_field_expr

from ...tools.domain_text import RELATIONAL_OPERATORS
from ...tools.guarded_fields import SearchGuard

MODULE = "contact_lifecycle"


# The ways of a field into a query, but for conditions on the field itself: those are in the field. Models with methods
# of their own in the way are in ir_model.py. Not a docstring, as Odoo would take it for what each mixin is.
class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        # a model that has a way of its own was asked before that, see ir_model.py
        if not self.env.su and not hasattr(type(self)._search, "is_search_guard"):
            domain = Domain(domain)
            # a guarded field asks itself when its condition is made into SQL: not twice
            self._check_search_domain(domain, own_fields=False)
        return super()._search(domain, offset, limit, order, **kwargs)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if not self.env.su:
            self._check_search_path(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_search_spec(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "__count":
            self._check_search_spec(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def search_panel_select_range(self, field_name, **kwargs):
        self._check_search_path(field_name)
        return super().search_panel_select_range(field_name, **kwargs)

    @api.model
    def search_panel_select_multi_range(self, field_name, **kwargs):
        # Odoo reads the values and puts them into groups itself
        self._check_search_path(
            f"{field_name}.{kwargs['group_by']}" if kwargs.get("group_by") else field_name
        )
        return super().search_panel_select_multi_range(field_name, **kwargs)

    def export_data(self, fields_to_export):
        for path in fields_to_export:
            self._check_search_path(".".join(part.strip(".") for part in fix_import_export_id_paths(path)))
        return super().export_data(fields_to_export)

    @api.model
    def _check_search_domain(self, domain, elsewhere=False, own_fields=True):
        """Check what the conditions of a domain reach from here, however deep.

        :param domain: ``Domain``, or a list
        :param bool elsewhere: whether the criteria are on other records, from which a path leads here
        :param bool own_fields: whether the guarded fields of this model are asked, too, not only what lies behind them
        :raises AccessError: when the user may not use one of the fields in criteria
        """
        for condition in Domain(domain).iter_conditions():
            comodel = self._check_search_path(condition.field_expr, elsewhere, own_fields)
            is_deeper = comodel and condition.operator in RELATIONAL_OPERATORS
            if is_deeper and isinstance(condition.value, Domain | list | tuple):
                self.env[comodel]._check_search_domain(condition.value, elsewhere=True)

    @api.model
    def _check_search_spec(self, spec):
        """Check what is grouped by or aggregated, read as Odoo reads it: it is lenient."""
        if not self.env.su:
            name, path, _function = parse_read_group_spec(spec)
            self._check_search_path(f"{name}.{path}" if path else name)

    @api.model
    def _check_search_path(self, path, elsewhere=False, first=True):
        """Check each field of a path, and of what these fields are related to.

        :param str path: field names, separated by dots
        :param bool elsewhere: whether the criteria are on other records, from which a path leads here
        :param bool first: whether the first field is asked, too, if it is a guarded one
        :return: the name of the model that the path leads to, or None
        :raises AccessError: when the user may not use one of the fields in criteria
        """
        model = self
        while path and not self.env.su:
            name, path = parse_field_expr(path)
            field = model._fields.get(name)
            if field is None:
                return None
            if isinstance(field, SearchGuard):
                if first:
                    field._check_search(model, elsewhere)
            elif field.groups and MODULE in field._modules:
                # Odoo asks for the groups of those with a column alone, and not where it searches as the superuser
                model._check_field_access(field, "read")
            if field.related:
                model._check_search_path(field.related, elsewhere)
            comodel = model._name if name == "id" else field.comodel_name
            if not path or not comodel:
                return comodel
            elsewhere = first = True
            model = self.env[comodel]
        return None
