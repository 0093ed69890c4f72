import logging
import re
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.web.tests.test_js import HOOTCommon

from .common_patient import PatientCase

SOURCE = Path(__file__).parents[1] / "static" / "src"


class _Told(logging.Handler):
    """Adds up the numbers in the lines "[HOOT] Passed N tests" that the browser logs, and the templates of ours that
    ``static/tests/drawn_components.js`` names there.
    """

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.drawn = set()

    def emit(self, record):
        message = record.getMessage()
        found = re.search(r"\[HOOT\] Passed (\d+) tests", message)
        if found:
            self.passed += int(found[1])
        self.drawn.update(re.findall(r"\[contact_lifecycle\] drawn: (\S+)", message))


def find_components():
    """:return: dict the template of each component of ours -> the file that has it"""
    return {
        template: path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.js")
        for template in re.findall(r'static template = "(contact_lifecycle\.[\w.]+)"', path.read_text())
    }


class HootCase(PatientCase):
    """Runs this addon's tests of single components in the browser (``static/tests/**/*.test.js``)."""

    def run_hoot(self, preset):
        """Run them with the ``preset`` "desktop" or "mobile" of Odoo's HOOT; there must be at least one.

        :return: set of the templates of our components that they have drawn
        """
        # HOOT given a suite that does not exist runs all of the web client's.
        paths = [path for path, *__ in self.env["ir.asset"]._get_asset_paths("web.assets_unit_tests", {})]
        self.assertTrue(
            any(re.fullmatch(r"/?contact_lifecycle/.*\.test\.js", path) for path in paths),
            "There is no HOOT test of this addon.",
        )
        told = _Told()
        self._logger.addHandler(told)
        self.addCleanup(self._logger.removeHandler, told)
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
        self.assertGreater(told.passed, 0, "No HOOT test of this addon was run.")
        return told.drawn


@tagged("post_install", "-at_install")
class TestHootDesktop(HootCase):
    def test_hoot(self):
        """and each component in static/src is drawn by one of them, without an exception"""
        components = find_components()
        self.assertGreater(len(components), 40)
        drawn = self.run_hoot("desktop")
        self.assertFalse(
            {name: path for name, path in components.items() if name not in drawn},
            "No HOOT test draws these components.",
        )


@tagged("post_install", "-at_install")
class TestHootMobile(HootCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_hoot(self):
        self.run_hoot("mobile")
