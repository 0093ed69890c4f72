"""Stages that have one name, and numbers of days that no date can stand (A12, I4)."""

HUGE = 2**31 - 1


def make(env):
    Stage = env["lifecycle.stage"]
    first, second, third = Stage.create(
        [{"name": name} for name in ("Double", "double ", "Double")],
    )
    first.rotting_threshold_days = HUGE
    env.flush_all()
    return {
        "stages": [first.id, second.id, third.id],
        "changes": {"lifecycle_stage": [first.id, second.id, third.id]},
    }


def check(env, made):
    stages = env["lifecycle.stage"].browse(made["stages"])
    names = stages.mapped("name")
    assert names == ["Double", "double (2)", "Double (3)"], names
    assert stages[0].rotting_threshold_days == 36500, stages[0].rotting_threshold_days
    stages.write({"description": "It can be written again."})
    env.flush_all()
