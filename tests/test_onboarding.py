from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import LifecycleCase
from .common_patient import PatientCase

# Clicks where the tour points to, as people do: it must have moved on after each click, and not gone back.
BY_HAND = """
    (async () => {
        console.warn = () => {}; // Odoo warns of each step that is there for tests alone
        const until = async (isThere, what) => {
            for (let i = 0; i < 600; i++) {
                const found = isThere();
                if (found) {
                    return found;
                }
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
            throw new Error(`The tour by hand waited in vain for ${what}`);
        };
        const step = () => localStorage.getItem("current_tour.index");
        const find = (selector) =>
            [...document.querySelectorAll(selector)].find((el) => el.checkVisibility() && !el.disabled);
        // What the tour points to it listens to: before that, it would not see the click
        const pointed = new Set();
        for (const [method, note] of [["addEventListener", "add"], ["removeEventListener", "delete"]]) {
            const original = EventTarget.prototype[method];
            EventTarget.prototype[method] = function (type, ...args) {
                if (type === "mouseenter") {
                    pointed[note](this);
                }
                return original.call(this, type, ...args);
            };
        }
        const findPointed = (selector) => {
            const el = find(selector);
            return [...pointed].some((anchor) => anchor.contains(el)) && el;
        };
        // what to click, and what people see before they do
        for (const [selector, seen = "body"] of [
            [".o_navbar_apps_menu button", ".o_tour_pointer"],
            [".o_app[data-menu-xmlid='contact_lifecycle.lifecycle_menu_root']"],
            ["[data-menu-xmlid='contact_lifecycle.res_partner_menu_lifecycle']"],
            [".o-kanban-button-new"],
            [".o_field_widget[name=name] textarea, .o_field_widget[name=name] input"],
            [".o_form_button_save"],
            [
                ".o_field_widget[name=lifecycle_stage_id] .o_arrow_button:has(+ .o_arrow_button_current)",
                ".o_form_saved",
            ],
            [
                "[data-menu-xmlid='contact_lifecycle.lifecycle_menu_configuration']",
                ".o_form_saved .o_arrow_button_current + .o_arrow_button",
            ],
            ["[data-menu-xmlid='contact_lifecycle.lifecycle_stage_menu']"],
        ]) {
            await until(() => find(seen), seen);
            const el = await until(() => findPointed(selector), selector);
            const before = step();
            if (el.matches("input, textarea")) {
                el.value = "Ada Example";
                el.dispatchEvent(new Event("input", { bubbles: true }));
                el.dispatchEvent(new Event("change", { bubbles: true }));
            } else {
                el.click();
            }
            await until(() => step() !== before, `the step after ${selector}`);
        }
        await until(() => document.querySelector(".o_reward"), "the end");
        // the contact is saved as its form is left, which Odoo wants to see before the test ends
        await until(() => !document.querySelector(".o_form_view"), "the stages");
        console.log("test successful");
    })();
"""


@tagged("post_install", "-at_install")
class TestFirstSteps(PatientCase, LifecycleCase):
    """What leads a newcomer through the addon."""

    def test_tour(self):
        """S1, A3: an owner adds a contact and moves it on."""
        self.start_tour("/odoo", "contact_lifecycle_tour", login=self.administrator.login)

        contact = self.Partner.search([("name", "=", "Ada Example")])
        first, second = self.get_log(contact)
        self.assertEqual(first.to_stage_id, self.new_lead)
        self.assertEqual(second.from_stage_id, self.new_lead)
        self.assertEqual(second.to_stage_id, self.hot_lead)

    def test_tour_by_hand(self):
        """S1, A3: it waits for whoever follows it, and does not go back to a step that is done."""
        self.administrator.with_user(self.administrator).switch_tour_enabled(True)
        self.browser_js("/odoo?tour=contact_lifecycle_tour", BY_HAND, login=self.administrator.login)
        contact = self.Partner.search([("name", "=", "Ada Example")])
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)

    def test_tour_is_offered(self):
        """Odoo offers the tours that are records to administrators of databases without demo data."""
        tour = self.env.ref("contact_lifecycle.contact_lifecycle_tour")
        administrator = self.administrator.with_user(self.administrator)
        administrator.switch_tour_enabled(True)
        others = self.env["web_tour.tour"].search([("id", "!=", tour.id)])
        others.user_consumed_ids += self.administrator

        offered = self.env["web_tour.tour"].with_user(self.administrator).get_current_tour()
        self.assertEqual(offered["name"], "contact_lifecycle_tour")
        self.assertIn("Well done", offered["rainbowManMessage"])


@tagged("post_install", "-at_install")
class TestHelp(LifecycleCase):
    def test_empty_screens_have_help(self):
        """Who comes to a screen with nothing on it reads what it is for."""
        own = self.env["ir.model.data"].search(
            [("module", "=", "contact_lifecycle"), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(own.mapped("res_id"))
        screens = actions.filtered(lambda action: action.view_mode != "form" and action.target != "new")
        self.assertGreater(len(screens), 5)
        for screen in screens:
            with self.subTest(screen=screen.name):
                self.check_help(screen.help)

    def test_empty_lists_behind_numbers_have_help(self):
        """M3, M4"""
        dashboard = self.env["lifecycle.dashboard"].with_user(self.manager)
        period = ("2026-01-01", "2026-01-31")
        for action in (
            dashboard.action_open_stays(self.new_lead.id, "lost", *period),
            dashboard.action_reengage(self.new_lead.id, self.cold_lead.stage_id.id, *period),
        ):
            self.check_help(action["help"])

    def check_help(self, text):
        self.assertIn('class="o_view_nocontent_', text or "")
        self.assertGreater(len(html2plaintext(text)), 40)
