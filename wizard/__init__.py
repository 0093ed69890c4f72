from . import (
    base_partner_merge,
    lifecycle_contact_lost,
    lifecycle_contact_stage,
    lifecycle_conversation_snooze,
    lifecycle_lost_stage_suggest,
    lifecycle_rule_dry_run,
    lifecycle_settings,
    lifecycle_stage_delete,
    lifecycle_stage_set_apply,
    lifecycle_stage_set_apply_line,
    lifecycle_stage_set_apply_preview,
    sms_composer,
)
