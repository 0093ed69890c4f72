"""What dev/check-odoo-suites does in Odoo's shell: runs the tests with the tags in the variable SUITES."""

import os

from odoo.tests.shell import run_tests

env = globals()["env"]

# As Odoo's test runner does: else the first test in the browser waits for the assets.
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
run_tests(env, os.environ["SUITES"])
