"""Conversations: whose they are, their stage, status and inboxes."""

from . import discuss_channel  # the others below wrap its methods
from . import discuss_channel_status
from . import discuss_channel_customer
from . import discuss_channel_contact
from . import discuss_channel_housekeeping
from . import discuss_channel_inbox
from . import discuss_channel_board
from . import discuss_channel_inboxes
from . import discuss_channel_assign
from . import discuss_channel_command
from . import discuss_channel_store
from . import discuss_channel_member
from . import ir_actions_act_window_view
from . import ir_ui_view
from . import ir_websocket
from . import chatbot_script_step
from . import crm_lead
from . import res_partner
from . import res_partner_customer
