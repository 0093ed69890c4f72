"""Whoever has moved contacts already is not shown the first steps (S1)."""


def make(env):
    contact = env["res.partner"].create({"name": "Moved before the upgrade"})
    contact.lifecycle_stage_id = env.ref("contact_lifecycle.lifecycle_stage_hot_lead")
    return {}


def check(env, made):
    owner = env.ref("base.user_admin")
    assert env["lifecycle.first.steps"].with_user(owner).get_steps()["steps"] == []
