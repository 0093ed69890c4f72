from . import lifecycle_stage  # first: lost stages delegate to it
from . import (
    crm_lead,
    discuss_channel,
    discuss_channel_member,
    lifecycle_lost_stage,
    lifecycle_stage_deletion,
    lifecycle_transition,
    mail_thread,
    merge_partner,
    res_config_settings,
    res_partner,
    res_partner_lifecycle_default,
    res_users,
)
