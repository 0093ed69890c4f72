"""The external ids of the last release are all kept, and name the records that they named."""

# external id -> why the upgrade takes it away
GONE = {
    "constraint_calendar_event_lifecycle_held_idx": "its column is called by another name, and so is the index",
    "constraint_lifecycle_lost_stage_reengage_after_is_positive": "it has an upper bound too, and is called so",
    "constraint_lifecycle_transition_partner_moves_idx": "no move is looked up by the one before any more",
    "constraint_lifecycle_rule_delay_is_positive": "it has an upper bound too, and is called so",
    "constraint_lifecycle_stage_rotting_threshold_is_positive": "it has an upper bound too, and is called so",
    "field_lifecycle_conversation_snooze__preset": "the moment is chosen as in the conversation itself, in the browser",
    "field_lifecycle_lost_stage_suggest__description": "several are suggested, each in a line",
    "field_lifecycle_lost_stage_suggest__is_present": "several are suggested, each in a line",
    "field_lifecycle_lost_stage_suggest__suggestion": "several are suggested, each in a line",
    "field_lifecycle_rule_dry_run__summary": "each number of the dialog opens its contacts",
    "field_lifecycle_stage_delete__automation_count": "the dialog names what it counted",
    "field_lifecycle_transition__create_uid": "by whom a move is stands in another field",
    "field_lifecycle_transition__write_date": "nobody writes a move again",
    "field_lifecycle_transition__write_uid": "nobody writes a move again",
    "lifecycle_lost_stage_action_new": "stages are added where they are",
    "lifecycle_lost_stage_menu": "both kinds of stages are on one page",
    "lifecycle_rule_dry_run_summary": "each number of the dialog opens its contacts",
    "lifecycle_stage_action_new": "stages are added where they are",
    "field_mail_notification__display_name": "the addon does not extend this model of Odoo's any more",
    "field_mail_notification__id": "the addon does not extend this model of Odoo's any more",
    "model_mail_notification": "the addon does not extend this model of Odoo's any more",
    "selection__lifecycle_conversation_snooze__preset__date": "the preset is chosen in the browser",
    "selection__lifecycle_conversation_snooze__preset__later": "the preset is chosen in the browser",
    "selection__lifecycle_conversation_snooze__preset__next_week": "the preset is chosen in the browser",
    "selection__lifecycle_conversation_snooze__preset__tomorrow": "the preset is chosen in the browser",
}
# external id -> what it is called now: the record is the same
RENAMED = {
    "field_calendar_event__lifecycle_held": "field_calendar_event__lifecycle_meeting_reported",
    "field_crm_lead__lifecycle_story": "field_crm_lead__lifecycle_summary",
}


def read(env):
    env.cr.execute("SELECT name, model, res_id FROM ir_model_data WHERE module = 'contact_lifecycle'")
    return {name: [model, res_id] for name, model, res_id in env.cr.fetchall()}


def make(env):
    return {"external_ids": read(env)}


def check(env, made):
    before, after = made["external_ids"], read(env)
    before = {RENAMED.get(name, name): record for name, record in before.items()}
    assert len(before) > 100, "there are hardly any external ids"
    gone = before.keys() - after.keys()
    assert gone == GONE.keys(), f"gone, unlike what is written down: {sorted(gone ^ GONE.keys())}"
    other = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    assert not other, f"of another record now: {sorted(other)}"
