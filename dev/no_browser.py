"""A pytest plugin: leaves out the tests that need a web server or start processes of their own, and says how many."""

from odoo.tests import HttpCase

TAG = "contact_lifecycle_kill"


def is_left_out(item):
    case = getattr(item, "cls", None) or object
    return issubclass(case, HttpCase) or TAG in getattr(case, "test_tags", ())


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
