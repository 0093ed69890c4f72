"""Where contacts have been moved, nobody is shown the first steps (S1).

It starts from any state, and a second run changes nothing.
"""

from odoo import SUPERUSER_ID, api

PARAMETER = "contact_lifecycle.first_steps"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    parameters = env["ir.config_parameter"]
    if not parameters.get_param(PARAMETER) and env["lifecycle.transition"].search_count([], limit=1):
        parameters.set_param(PARAMETER, "dismissed")
