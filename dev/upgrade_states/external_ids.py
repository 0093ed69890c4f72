"""The external ids of the last release are all kept, and name the records that they named."""

# external id -> why the upgrade takes it away
GONE = {
    "constraint_lifecycle_lost_stage_reengage_after_is_positive": "it has an upper bound too, and is called so",
    "constraint_lifecycle_rule_delay_is_positive": "it has an upper bound too, and is called so",
    "constraint_lifecycle_stage_rotting_threshold_is_positive": "it has an upper bound too, and is called so",
    "field_lifecycle_stage_delete__automation_count": "the dialog names what it counted",
    "field_mail_notification__display_name": "the addon does not extend this model of Odoo's any more",
    "field_mail_notification__id": "the addon does not extend this model of Odoo's any more",
    "model_mail_notification": "the addon does not extend this model of Odoo's any more",
}


def read(env):
    env.cr.execute("SELECT name, model, res_id FROM ir_model_data WHERE module = 'contact_lifecycle'")
    return {name: [model, res_id] for name, model, res_id in env.cr.fetchall()}


def make(env):
    return {"external_ids": read(env)}


def check(env, made):
    before, after = made["external_ids"], read(env)
    assert len(before) > 100, "there are hardly any external ids"
    gone = before.keys() - after.keys()
    assert gone == GONE.keys(), f"gone, unlike what is written down: {sorted(gone ^ GONE.keys())}"
    other = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    assert not other, f"of another record now: {sorted(other)}"
