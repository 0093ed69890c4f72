"""Rules, what they owe, and the log of what they did."""

from . import lifecycle_rule  # the others below add to it
from . import lifecycle_rule_condition
from . import lifecycle_rule_fit
from . import lifecycle_rule_result
from . import lifecycle_rule_draft
from . import lifecycle_rule_sentence
from . import lifecycle_rule_event
from . import lifecycle_rule_inactivity
from . import lifecycle_rule_lead
from . import lifecycle_rule_standard
from . import lifecycle_rule_live
from . import lifecycle_rule_log
from . import lifecycle_lead_request
from . import lifecycle_stage
from . import res_partner
