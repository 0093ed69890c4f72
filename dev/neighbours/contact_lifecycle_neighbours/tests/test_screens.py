from odoo.tests import tagged

from odoo.addons.contact_lifecycle_beside.tests.common_screens import ScreensCase

from .common import NeighboursCase


@tagged("post_install", "-at_install")
class TestScreens(ScreensCase, NeighboursCase):
    def test_every_screen_opens(self):
        """For each role, with all of these apps installed."""
        self.check_every_screen()

    def test_settings_are_saved(self):
        self.env["res.config.settings"].with_user(self.admin).create({}).execute()
