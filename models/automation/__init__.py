"""Odoo's own automations, as far as they have to do with stages."""

from . import base_automation
from . import ir_actions_server
from . import lifecycle_stage
