from pathlib import Path

from lxml import etree

from odoo.tests import tagged

from .common import LifecycleCase

ADDON = Path(__file__).parents[1]

SAYS = ("string", "aria-label", "t-att-aria-label", "t-attf-aria-label", "t-out", "t-esc")


def is_silent(button):
    """:return: whether a screen reader has nothing to say of a button: no text, no field, nothing that is written into it"""
    return not any(
        (element.text or "").strip()
        or (element is not button and (element.tail or "").strip())
        or element.tag in ("field", "t", "t-slot")
        or any(element.get(name) for name in SAYS)
        for element in button.iter(etree.Element)
    )


@tagged("post_install", "-at_install")
class TestAccessibility(LifecycleCase):
    """Who does not see a button is told what it does."""

    def test_buttons_of_views_have_a_name(self):
        ids = self.env["ir.model.data"].search(
            [("module", "=", "contact_lifecycle"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(ids.mapped("res_id"))
        buttons = [
            (view.name, button) for view in views for button in etree.fromstring(view.arch).iter("button")
        ]
        self.assertGreater(len(buttons), 50)
        self.assertEqual(
            [(name, etree.tostring(button)) for name, button in buttons if is_silent(button)], []
        )

    def test_buttons_of_templates_have_a_name(self):
        silent, count = [], 0
        for path in sorted(ADDON.glob("static/src/**/*.xml")):
            for button in etree.parse(path).iter("button", "a"):
                count += 1
                if is_silent(button):
                    silent.append((path.name, etree.tostring(button)))
        self.assertGreater(count, 15)
        self.assertEqual(silent, [])
