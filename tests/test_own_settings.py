from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from ..models.contact.res_partner_scope import SHIPPED_DOMAIN
from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestOwnSettings(LifecycleCase):
    """P6: owners who are no administrators have the settings on a page of their own."""

    def open_settings(self, user=None):
        """:return: the page as the menu opens it"""
        server_action = self.env.ref("contact_lifecycle.lifecycle_settings_menu").action
        action = server_action.with_user(user or self.owner).run()
        return Form(self.env[action["res_model"]].with_user(user or self.owner))

    def test_each_gets_their_page(self):
        """P6"""
        self.assertEqual(self.open_settings().save()._name, "lifecycle.settings")
        self.assertEqual(self.open_settings(self.administrator).save()._name, "res.config.settings")

    def test_owner_changes_what_administrators_see(self):
        """P6: and the other way round"""
        with self.open_settings() as form:
            self.assertEqual(form.lifecycle_default_on, "create")
            self.assertEqual(form.lifecycle_contact_domain, SHIPPED_DOMAIN)
            self.assertFalse(form.lifecycle_company_sync)
            form.lifecycle_default_on = "never"
            form.lifecycle_contact_domain = " [('is_company', '=', True)]"
            form.lifecycle_company_sync = True
        form.record.execute()
        self.env.invalidate_all()
        self.assertFalse(self.make_contacts(1).lifecycle_stage_id)
        with self.open_settings(self.administrator) as general:
            self.assertEqual(general.lifecycle_default_on, "never")
            self.assertEqual(general.lifecycle_contact_domain, "[('is_company', '=', True)]")
            self.assertTrue(general.lifecycle_company_sync)
            general.lifecycle_company_sync = False
            general.lifecycle_contact_domain = False
        general.record.execute()
        form = self.open_settings()
        self.assertEqual(form.lifecycle_default_on, "never")
        self.assertEqual(form.lifecycle_contact_domain, SHIPPED_DOMAIN, "emptied, it is the shipped one")
        self.assertFalse(form.lifecycle_company_sync)

    def test_every_setting_is_on_both_pages(self):
        """P6: the fields have one definition, and each page shows them all in the same words"""
        mixin = self.env["lifecycle.settings.mixin"]
        names = {name for name, field in mixin._fields.items() if name.startswith("lifecycle_")}
        own, general = (
            {
                node.get("id"): etree.tostring(node, method="c14n")
                for node in etree.fromstring(
                    self.env[model].with_user(user).get_view(view_type="form")["arch"]
                ).xpath("//setting[starts-with(@id, 'lifecycle_')]")
                if [node.attrib.pop("invisible", None)]
            }
            for model, user in (
                ("lifecycle.settings", self.owner),
                ("res.config.settings", self.administrator),
            )
        )
        self.assertEqual(general, {**own, "lifecycle_show": general["lifecycle_show"]})
        for name in names:
            self.assertIn(f'name="{name}"'.encode(), b"".join(own.values()))

    def test_only_owners(self):
        """P1, P6: nobody else reads or writes them here, with a record or without"""
        Settings = self.env["lifecycle.settings"]
        saved = Settings.with_user(self.owner).create({})
        for user in (self.internal, self.agent, self.manager, self.portal):
            own = Settings.with_user(user)
            for call in (
                lambda own=own: own.create({}),
                lambda own=own: own.default_get(["lifecycle_contact_domain"]),
                lambda own=own: own.execute(),
                lambda own=own: own.cancel(),
                lambda own=own: saved.with_env(own.env).execute(),
                lambda own=own: own.action_lifecycle_apply_default(),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_what_is_no_filter_is_refused(self):
        """A2, P6"""
        with self.assertRaisesRegex(UserError, "is not a filter of contacts"):
            self.env["lifecycle.settings"].with_user(self.owner).create(
                {"lifecycle_contact_domain": "nonsense"}
            )

    def test_scope_in_words(self):
        """A2, M7, P6: with as many as have a lifecycle once it is saved"""
        Partner = self.Partner.with_user(self.owner)
        for domain, who in (
            (SHIPPED_DOMAIN, "Everybody but your own users and delivery or invoice addresses"),
            (
                "[('partner_share','=',True),('type','in',['contact',False])]",
                "Everybody but your own users and delivery or invoice addresses",
            ),
            ("[]", "Every contact"),
            ("[('name', 'ilike', 'Contact')]", "The contacts that match the filter"),
        ):
            with self.subTest(domain), self.undone():
                form = self.open_settings()
                form.lifecycle_contact_domain = domain
                text = form.lifecycle_scope_text
                form.save().execute()
                count = Partner.search_count(Domain("lifecycle_in_scope", "=", True))
                self.assertEqual(text, f"{who} ({count})")
        form = self.open_settings()
        own_companies = self.env["res.company"].search([]).partner_id
        form.lifecycle_contact_domain = "[]"
        every = self.Partner.with_user(self.owner).search_count([("id", "not in", own_companies.ids)])
        self.assertEqual(form.lifecycle_scope_text, f"Every contact ({every})")
        # which a page shows while it is typed, and says nothing about
        form.lifecycle_contact_domain = "[('no_such_field', '=', 1)]"
        self.assertEqual(form.lifecycle_scope_text, "The contacts that match the filter")

    def test_who_would_enter_the_default_stage(self):
        """A2, P6: said before and after, with the stage"""
        self.make_contacts_without_stage(1)
        form = self.open_settings()
        self.assertRegex(form.lifecycle_apply_text, r"would enter 🆕 New Lead: [0-9]+$")
        action = form.save().action_lifecycle_apply_default()
        self.assertEqual(
            form.lifecycle_apply_text.rpartition(" ")[2],
            action["params"]["message"].partition(": ")[2].partition(".")[0],
        )
        self.assertIn("Contacts that enter 🆕 New Lead in the background: ", action["params"]["message"])
