"""A pytest plugin: leaves out the tests that need a web server, and says how many."""

from odoo.tests import HttpCase


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if issubclass(getattr(item, "cls", None) or object, HttpCase)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
