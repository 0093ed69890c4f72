from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import ormcache


@ormcache("self._ids", "groups")
def _has_one(self, groups):
    """Say whether a user is in one of the groups, which each search asks.

    Kept as long as Odoo keeps the groups of a user and what the external IDs stand for.

    :param self: recordset of a user, under the name that the decorator goes by
    :param str groups: comma-separated external IDs of groups
    """
    return any(map(self._has_group, groups.split(",")))


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
        if env.su:
            return True
        groups = self.search_groups or self.groups
        elsewhere_groups = elsewhere and self.search_groups_elsewhere
        return (not groups or _has_one(env.user, groups)) and (
            not elsewhere_groups or _has_one(env.user, elsewhere_groups)
        )

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
