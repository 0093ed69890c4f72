from odoo.tests import HttpCase, tagged

from .common import NeighboursCase

CLICK = "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader').startClickEverywhere(%s, %s)"
APPS = (
    "contact_lifecycle.lifecycle_menu_root",
    "contacts.menu_contacts",
    "crm.crm_menu_root",
    "im_livechat.menu_livechat_root",
    "mail.menu_root_discuss",
)


class ClickCase(HttpCase, NeighboursCase):
    """Odoo's own click-everywhere: every menu, every view and every filter of an app, with no error dialog."""

    def click(self, user, app=None):
        """:param app: a menu's XML id; without one, each app is opened, and no more than that"""
        self.browser_js(
            "/odoo",
            CLICK % ((f"'{app}'", "false") if app else ("undefined", "true")),
            "odoo.isReady === true",
            login=user.login,
            timeout=600,
            success_signal="clickbot test succeeded",
        )

    def click_apps(self, user, apps=APPS):
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        shown = {menus[menu]["xmlid"] for menu in menus["root"]["children"]}
        for app in sorted(shown.intersection(apps) if apps else shown):
            with self.subTest(user=user.login, app=app):
                self.click(user, app)


@tagged("post_install", "-at_install")
class TestClicks(ClickCase):
    def test_administrator_opens_every_app(self):
        self.click(self.admin)

    def test_manager_clicks_everywhere(self):
        self.click_apps(self.sales_manager)


@tagged("post_install", "-at_install", "-standard", "contact_lifecycle_clicks")
class TestMoreClicks(ClickCase):
    def test_agent_clicks_everywhere(self):
        self.click_apps(self.salesman)

    def test_owner_clicks_everywhere(self):
        self.click_apps(self.sales_owner)

    def test_administrator_clicks_everywhere(self):
        self.click_apps(self.admin, apps=None)
