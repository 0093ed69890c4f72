"""The guard before methods of Odoo's models that would come before it.

The guard's methods are those of ``base``, the last in the method order of each model. Some models search what their
caller asks for in methods of their own, as the superuser, and look at the rights afterwards. There it must be asked
before them who the caller is (P2, P5).
"""

import functools
import inspect
import re

from odoo import models
from odoo.fields import Domain

# the methods of every model that take criteria
DOORS = (
    "_read_group",
    "_read_grouping_sets",
    "_search",
    "export_data",
    "formatted_read_group",
    "formatted_read_grouping_sets",
    "name_search",
    "read_group",
    "read_progress_bar",
    "search",
    "search_count",
    "search_fetch",
    "search_panel_select_multi_range",
    "search_panel_select_range",
    "search_read",
    "web_name_search",
    "web_read_group",
    "web_search_read",
)
# the names of their parameters with domains, and with fields and what is made of them, as in "date:month desc, id"
DOMAINS = {"category_domain", "domain", "filter_domain", "search_domain"}
TERMS = {
    "aggregates",
    "field_name",
    "fields_to_export",
    "group_by",
    "groupby",
    "grouping_sets",
    "having",
    "order",
}


def get_paths(terms):
    """:return: iterator over the paths of fields in ``terms``, a text or lists of such; other words come along"""
    if isinstance(terms, str):
        yield from re.findall(r"\w[\w.]*", terms.replace("/.", ".").replace("/", "."))
    elif isinstance(terms, list | tuple):
        for term in terms:
            yield from get_paths(term)


def guard(model_class, door, parameters):
    """Let the model check its caller's criteria before its own method of that name."""
    method = getattr(model_class, door)

    @functools.wraps(method)
    def check_and_call(self, *args, **kwargs):
        if not self.env.su:
            if door == "_search" and args:
                args = (Domain(args[0]), *args[1:])  # so that it is parsed once
            for name, value in [*zip(parameters, args, strict=False), *kwargs.items()]:
                if name in DOMAINS:
                    self._check_search_domain(value or [])
                elif name in TERMS and value:
                    for path in get_paths(value):
                        self._check_search_path(path)
        return method(self, *args, **kwargs)

    check_and_call.is_search_guard = True
    setattr(model_class, door, check_and_call)


class IrModel(models.Model):
    """Sets the guard up once the registry is built. Unlike automations, it stays while a field is added."""

    _inherit = "ir.model"

    def _register_hook(self):
        super()._register_hook()
        base = self.env.registry["base"]
        for door in DOORS:
            parameters = [*inspect.signature(getattr(base, door)).parameters][1:]
            for model_class in self.env.registry.values():
                method = getattr(model_class, door)
                if method is not getattr(base, door) and not hasattr(method, "is_search_guard"):
                    guard(model_class, door, parameters)
