"""Where to begin: ``lifecycle_stage.py``, ``res_partner.py`` (the gate that every move passes),
``lifecycle_transition.py`` (the log), ``discuss_channel.py`` (conversations), ``lifecycle_rule.py`` with
``lifecycle_rule_engine.py``, and ``search_guard.py`` (who may filter by what).

A file is named after its model. A model with several topics has a file for each, ``<model>_<topic>.py``, and what
the rules have to do with a model is in ``<model>_rules.py``. ``alike.py``, ``given.py``, ``lifecycle_rule_spec.py``
and ``only_people.py`` are no models.
"""

from . import lifecycle_live, lifecycle_protected  # others inherit them
from . import lifecycle_stage  # lost stages delegate to it

# isort: split
from . import (
    base_automation,
    base_load,
    calendar_attendee,
    calendar_event,
    chatbot_script_step,
    crm_lead,
    crm_lead_rules,
    digest_digest,
    discuss_channel,
    discuss_channel_command,
    discuss_channel_inbox,
    discuss_channel_member,
    discuss_channel_rules,
    discuss_channel_status,
    discuss_channel_store,
    ir_actions_server,
    ir_filters,
    ir_websocket,
    lifecycle_dashboard,
    lifecycle_dashboard_actions,
    lifecycle_dashboard_funnel,
    lifecycle_lead_request,
    lifecycle_lost_stage,
    lifecycle_rule,
    lifecycle_rule_circle,
    lifecycle_rule_company,
    lifecycle_rule_condition,
    lifecycle_rule_dry_run,
    lifecycle_rule_engine,
    lifecycle_rule_fitting,
    lifecycle_rule_inactivity,
    lifecycle_rule_lead,
    lifecycle_rule_log,
    lifecycle_rule_standard,
    lifecycle_stage_automation,
    lifecycle_stage_deletion,
    lifecycle_stage_mention,
    lifecycle_stage_name,
    lifecycle_stage_ready_made,
    lifecycle_stage_rules,
    lifecycle_stage_segment,
    lifecycle_transition,
    mail_activity,
    mail_message,
    mail_thread,
    mail_thread_rules,
    res_company,
    res_config_settings,
    res_partner,
    res_partner_chatter,
    res_partner_conversations,
    res_partner_default,
    res_partner_lock,
    res_partner_rules,
    res_partner_stale,
    res_users,
    search_guard,
    search_guard_doors,
)
