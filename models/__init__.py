from . import lifecycle_live  # others inherit it
from . import lifecycle_stage  # lost stages delegate to it

# isort: split
from . import (
    base_automation,
    chatbot_script_step,
    crm_lead,
    digest_digest,
    discuss_channel,
    discuss_channel_command,
    discuss_channel_inbox,
    discuss_channel_member,
    discuss_channel_status,
    discuss_channel_store,
    ir_actions_server,
    ir_filters,
    lifecycle_dashboard,
    lifecycle_dashboard_actions,
    lifecycle_dashboard_funnel,
    lifecycle_lost_stage,
    lifecycle_stage_automation,
    lifecycle_stage_deletion,
    lifecycle_stage_ready_made,
    lifecycle_stage_segment,
    lifecycle_transition,
    mail_thread,
    res_config_settings,
    res_partner,
    res_partner_conversations,
    res_partner_lifecycle_default,
    res_users,
    search_guard,
)
