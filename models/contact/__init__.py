"""The stage of a contact: the gate that every move passes (``res_partner.py``), the lock, the log and the chatter."""

from . import res_partner  # the gate; the topics below own fields of their own
from . import res_partner_lock
from . import res_partner_scope
from . import res_partner_default
from . import res_partner_chatter
from . import mail_message
from . import lifecycle_traces_mixin
from . import mail_tracking_value
from . import res_partner_stale
from . import res_partner_story
from . import res_partner_card
from . import lifecycle_transition
from . import lifecycle_transition_history
from . import res_partner_history
from . import lifecycle_batch
from . import base
from . import res_company
from . import res_users
from . import lifecycle_stage
from . import crm_lead
