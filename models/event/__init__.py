"""What happens in Odoo that rules hear of, and who is heard."""

from . import mail_message
from . import mail_thread
from . import mail_thread_outreach
from . import mail_activity
from . import calendar_event
from . import calendar_attendee
from . import res_partner  # around the gate: a rule hears of what has passed it
from . import crm_lead
from . import discuss_channel
