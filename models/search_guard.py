from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.models import fix_import_export_id_paths
from odoo.orm.utils import parse_field_expr

RELATIONAL_OPERATORS = ("any", "any!", "not any", "not any!")


class SearchGuard(fields.Field):
    """A field that everybody may read who may read it, but only some may filter, sort, group, aggregate or export by.

    Odoo has ``groups=``, which it checks for reading and for criteria alike; these two parameters are for criteria alone
    (P2). Superuser code is not concerned. Whoever redeclares such a field declares it with such a class again, and a
    field that copies one (``related=`` with ``store=True``) is guarded with no more.

    :param str search_groups: comma-separated external IDs of the groups that may use the field in criteria
    :param dict search_groups_from: model name -> the same for criteria on that model which reach the field
        through others; on its own model it is free
    """

    search_groups = None
    search_groups_from = None

    # what a field that is related to this one, or inherited from it, takes over
    _related_search_groups = property(lambda self: self.search_groups)

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

    def _may_search(self, env, origins=()):
        groups = [self.search_groups]
        groups += [group for origin, group in (self.search_groups_from or {}).items() if origin in origins]
        return env.su or all(env.user.has_groups(group) for group in groups if group)

    def _check_search(self, model, origins=()):
        """
        :param model: the recordset whose field this is
        :param tuple origins: names of the models that the search has come through
        :raises AccessError: when the user may not use this field in criteria
        """
        if not self._may_search(model.env, origins):
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


class GuardedInteger(SearchGuard, fields.Integer):
    pass


class GuardedMany2one(SearchGuard, fields.Many2one):
    pass


# The ways of a field into a query, but for conditions on the field itself: those are in the field. Not a docstring, as
# Odoo would take it for what each mixin is.
class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su:
            domain = Domain(domain)
            for condition in domain.iter_conditions():
                self._check_search_condition(condition, ())
        return super()._search(domain, *args, **kwargs)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if not self.env.su:
            self._check_search_path(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_search_path(groupby_spec.partition(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "__count":
            self._check_search_path(aggregate_spec.partition(":")[0])
        return super()._read_group_select(aggregate_spec, query)

    def export_data(self, fields_to_export):
        for path in fields_to_export:
            self._check_search_path(".".join(part.strip(".") for part in fix_import_export_id_paths(path)))
        return super().export_data(fields_to_export)

    @api.model
    def _check_search_condition(self, condition, origins):
        """Check what a condition reaches from here, however deep.

        :param condition: ``DomainCondition``
        :param tuple origins: names of the models that the search has come through
        :raises AccessError: when the user may not use one of the fields in criteria
        """
        model, origins = self._check_search_path(condition.field_expr, origins)
        subdomain = condition.operator in RELATIONAL_OPERATORS and condition.value
        if model is not None and isinstance(subdomain, Domain | list | tuple):
            for subcondition in Domain(subdomain).iter_conditions():
                model._check_search_condition(subcondition, origins)

    @api.model
    def _check_search_path(self, path, origins=()):
        """Check each field of a path, and of what these fields are related to.

        :param str path: field names, separated by dots
        :param tuple origins: names of the models that the search has come through
        :return: the model that the path leads to, or None, and the names of the models come through
        :raises AccessError: when the user may not use one of the fields in criteria
        """
        model = self
        while path and model is not None and not self.env.su:
            name, path = parse_field_expr(path)
            field = model._fields.get(name)
            if field is None:
                return None, origins
            if isinstance(field, SearchGuard):
                field._check_search(model, origins)
            origins = (*origins, model._name)
            if field.related:
                _model, origins = model._check_search_path(field.related, origins)
            if field.relational:
                model = self.env[field.comodel_name]
            elif name != "id":
                model = None
        return model, origins
