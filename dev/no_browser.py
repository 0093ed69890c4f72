"""A pytest plugin: leaves out the tests that need a web server, start processes or take long, and says how many."""

from odoo.tests import HttpCase

TAGS = {"contact_lifecycle_generated", "contact_lifecycle_kill", "contact_lifecycle_walker"}


def is_left_out(item):
    case = getattr(item, "cls", None) or object
    return issubclass(case, HttpCase) or not TAGS.isdisjoint(getattr(case, "test_tags", ()))


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
