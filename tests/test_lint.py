"""Those checks of Odoo's own ``test_lint`` that concern an addon, on this addon only."""

from unittest.mock import patch

from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.tests import tagged

# Modules and not classes: a class that is imported here is a test here.
from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_naming,
    test_override_signatures,
    test_pofile,
    test_routes,
    test_test_holes,
)

ADDON = "contact_lifecycle"


class LintCase:
    """Has Odoo's runner collect the tests that a class inherits; it does not by itself."""

    allow_inherited_tests_method = True


class OnlyThisAddon(LintCase):
    """For the checks that look at every addon on the path."""

    def setUp(self):
        super().setUp()
        own = [Manifest.for_addon(ADDON)]
        self.startPatcher(patch.object(Manifest, "all_addon_manifests", lambda: own))


class OnlyItsModels(LintCase):
    """For the checks that look at every model."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(Registry, "items", lambda registry: self.own_models(registry)))

    def own_models(self, registry):
        own = [
            (name, registry[name])
            for name in registry
            if any(base.__module__.startswith(f"odoo.addons.{ADDON}.") for base in registry[name].mro())
        ]
        self.assertTrue(own)
        return own


@tagged("post_install", "-at_install")
class TestManifest(OnlyThisAddon, test_manifests.ManifestLinter):
    def setUp(self):
        super().setUp()
        # The shop of apps reads the first, the OCA's tools the second; Odoo's own addons have neither.
        known = test_manifests.MANIFEST_KEYS | {"support", "development_status"}
        self.startPatcher(patch.object(test_manifests, "MANIFEST_KEYS", known))


@tagged("post_install", "-at_install")
class TestDunderInit(OnlyThisAddon, test_dunderinit.TestDunderinit):
    pass


@tagged("post_install", "-at_install")
class TestTemplateTranslations(OnlyThisAddon, test_i18n.TestI18n):
    pass


@tagged("post_install", "-at_install")
class TestJsTranslations(OnlyThisAddon, test_jstranslate.TestJsTranslations):
    pass


@tagged("post_install", "-at_install")
class TestPot(OnlyThisAddon, test_pofile.PotLinter):
    pass


@tagged("post_install", "-at_install")
class TestTestHoles(OnlyThisAddon, test_test_holes.TestTestHoles):
    pass


@tagged("post_install", "-at_install")
class TestIndex(LintCase, test_index.TestIndex):
    pass


@tagged("post_install", "-at_install")
class TestNaming(OnlyItsModels, test_naming.TestNaming):
    pass


@tagged("post_install", "-at_install")
class TestOverrideSignatures(OnlyItsModels, test_override_signatures.TestLintOverrideSignatures):
    pass


@tagged("post_install", "-at_install")
class TestRoutes(LintCase, test_routes.RoutesLinter):
    pass
