import logging
import re

from odoo.tests import tagged

from odoo.addons.web.tests.test_js import HOOTCommon

from .common_patient import PatientCase


class _Passed(logging.Handler):
    """Adds up the numbers in the lines "[HOOT] Passed N tests" that the browser logs."""

    count = 0

    def emit(self, record):
        found = re.search(r"\[HOOT\] Passed (\d+) tests", record.getMessage())
        if found:
            self.count += int(found[1])


class HootCase(PatientCase):
    """Runs this addon's tests of single components in the browser (``static/tests/**/*.test.js``)."""

    def run_hoot(self, preset):
        """Run them with the ``preset`` "desktop" or "mobile" of Odoo's HOOT; there must be at least one."""
        # HOOT given a suite that does not exist runs all of the web client's.
        paths = [path for path, *__ in self.env["ir.asset"]._get_asset_paths("web.assets_unit_tests", {})]
        self.assertTrue(
            any(re.fullmatch(r"/?contact_lifecycle/.*\.test\.js", path) for path in paths),
            "There is no HOOT test of this addon.",
        )
        passed = _Passed()
        self._logger.addHandler(passed)
        self.addCleanup(self._logger.removeHandler, passed)
        suite = HOOTCommon._generate_hash(None, "@contact_lifecycle")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&timeout=60000&id={suite}&preset={preset}",
            "",
            login="admin",
            timeout=1200,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
        # A suite of which no test is for this preset succeeds too.
        self.assertGreater(passed.count, 0, "No HOOT test of this addon was run.")


@tagged("post_install", "-at_install")
class TestHootDesktop(HootCase):
    def test_hoot(self):
        self.run_hoot("desktop")


@tagged("post_install", "-at_install")
class TestHootMobile(HootCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_hoot(self):
        self.run_hoot("mobile")
