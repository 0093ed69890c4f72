from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.models import fix_import_export_id_paths, parse_read_group_spec
from odoo.orm.utils import parse_field_expr

from ..tools.domain_text import RELATIONAL_OPERATORS

MODULE = "contact_lifecycle"


class SearchGuard(fields.Field):
    """A field that everybody may read who may read it, but only some may filter, sort, group, aggregate or export by.

    Odoo has ``groups=``, which it checks for reading and for criteria alike; these two parameters are for criteria alone
    (P2). Superuser code is not concerned. Whoever redeclares such a field declares it with such a class again, and a
    field that copies one (``related=`` with ``store=True``) is guarded with no more.

    :param str search_groups: comma-separated external IDs of the groups that may use the field in criteria, all of
        which may read it
    :param str search_groups_elsewhere: the same for criteria on other records, which reach the field by a path: as
        what a conversation shows is free in criteria on conversations, but not a way to find anything else by
    """

    search_groups = None
    search_groups_elsewhere = None

    # What a field that is related to this one, or inherited from it, takes over: to that one, this one is elsewhere.
    _related_search_groups = property(lambda self: self.search_groups or self.search_groups_elsewhere)

    def get_description(self, env, attributes=None):
        """Tell the web client not to offer what would be refused."""
        description = super().get_description(env, attributes)
        if not self._may_search(env):
            for attribute in ("searchable", "sortable", "groupable", "exportable"):
                if attribute in description:
                    description[attribute] = False
            description.pop("aggregator", None)
        return description

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        self._check_search(model)
        return super().condition_to_sql(field_expr, operator, value, model, alias, query)

    def determine_domain(self, records, operator, value):
        self._check_search(records)
        return super().determine_domain(records, operator, value)

    def _may_search(self, env, elsewhere=False):
        # the groups of the field are asked for here too: Odoo does not where it searches as the superuser
        groups = (self.search_groups or self.groups, elsewhere and self.search_groups_elsewhere)
        return env.su or all(env.user.has_groups(group) for group in groups if group)

    def _check_search(self, model, elsewhere=False):
        """
        :param model: the recordset whose field this is
        :param bool elsewhere: whether the criteria are on other records, from which a path leads here
        :raises AccessError: when the user may not use this field in criteria
        """
        if not self._may_search(model.env, elsewhere):
            # Odoo's own refusal, to whom may not even know of the field
            model._check_field_access(self, "read")
            raise AccessError(
                model.env._(
                    "You may not filter, sort, group or export by “%(field)s”: ask an administrator for the role of "
                    "a lifecycle manager.",
                    field=self._description_string(model.env),
                )
            )


class GuardedBoolean(SearchGuard, fields.Boolean):
    pass


class GuardedDatetime(SearchGuard, fields.Datetime):
    pass


class GuardedHtml(SearchGuard, fields.Html):
    pass


class GuardedInteger(SearchGuard, fields.Integer):
    pass


class GuardedJson(SearchGuard, fields.Json):
    pass


class GuardedMany2one(SearchGuard, fields.Many2one):
    pass


class GuardedOne2many(SearchGuard, fields.One2many):
    pass


# The ways of a field into a query, but for conditions on the field itself: those are in the field. Models with methods
# of their own in the way are in search_guard_doors.py. Not a docstring, as Odoo would take it for what each mixin is.
class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        # a model that has a way of its own was asked before that, see search_guard_doors.py
        if not self.env.su and not hasattr(self._search, "is_search_guard"):
            domain = Domain(domain)
            self._check_search_domain(domain)
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
    def _check_search_domain(self, domain, elsewhere=False):
        """Check what the conditions of a domain reach from here, however deep.

        :param domain: ``Domain``, or a list
        :param bool elsewhere: whether the criteria are on other records, from which a path leads here
        :raises AccessError: when the user may not use one of the fields in criteria
        """
        for condition in Domain(domain).iter_conditions():
            model = self._check_search_path(condition.field_expr, elsewhere)
            subdomain = condition.operator in RELATIONAL_OPERATORS and condition.value
            if model is not None and isinstance(subdomain, Domain | list | tuple):
                model._check_search_domain(subdomain, elsewhere=True)

    @api.model
    def _check_search_spec(self, spec):
        """Check what is grouped by or aggregated, read as Odoo reads it: it is lenient."""
        if not self.env.su:
            name, path, _function = parse_read_group_spec(spec)
            self._check_search_path(f"{name}.{path}" if path else name)

    @api.model
    def _check_search_path(self, path, elsewhere=False):
        """Check each field of a path, and of what these fields are related to.

        :param str path: field names, separated by dots
        :param bool elsewhere: whether the criteria are on other records, from which a path leads here
        :return: the model that the path leads to, or None
        :raises AccessError: when the user may not use one of the fields in criteria
        """
        model = self
        while path and model is not None and not self.env.su:
            name, path = parse_field_expr(path)
            field = model._fields.get(name)
            if field is None:
                return None
            if isinstance(field, SearchGuard):
                field._check_search(model, elsewhere)
            elif field.groups and MODULE in field._modules:
                # Odoo asks for the groups of those with a column alone, and not where it searches as the superuser
                model._check_field_access(field, "read")
            if field.related:
                model._check_search_path(field.related, elsewhere)
            elsewhere = True
            if field.relational:
                model = self.env[field.comodel_name]
            elif name != "id":
                model = None
        return model
