"""Stays in stages, of contacts with every kind of move: every figure is what it was, but that nobody came or went by a merge.

The moves are of 2020, when nobody else moved.
"""

import random
from datetime import datetime, timedelta

PERIODS = (("2020-01-01", "2020-12-31"), ("2020-02-01", "2020-03-15"), ("2020-04-01", "2020-04-30"))
START = datetime(2020, 1, 5, 12)


def get_figures(env):
    """:return: list of the funnel's stages and drop-off, for each period"""
    env.flush_all()
    env.invalidate_all()
    figures = []
    for period in PERIODS:
        funnel = env["lifecycle.dashboard"].get_funnel(*period)
        for row in (*funnel["stages"], *funnel["drop_off"]):
            for name in (
                "name",
                "from_name",
                "to_name",
            ):  # another migration tells apart what is called alike
                row.pop(name, None)
        figures.append([funnel["stages"], funnel["drop_off"]])
    return figures


def get_times(env, contacts):
    """:return: list of (contact, stage, first and last entered, times entered) of the contacts that are not merged"""
    times = env["lifecycle.stage.time.report"].search([("partner_id", "in", contacts)])
    return sorted(
        [
            row.partner_id.id,
            str(row.stage_id.id or row.stage_name),
            str(row.date_first_entered),
            str(row.date_last_entered),
            row.times_entered,
        ]
        for row in times
    )


def make(env):
    env.user.group_ids += env.ref("contact_lifecycle.group_owner")
    choice = random.Random(2020)
    Stage = env["lifecycle.stage"]
    doomed = Stage.create([{"name": f"Deleted in 2020, {number}"} for number in range(2)])
    stages = Stage.search([])
    contacts = (
        env["res.partner"]
        .with_context(lifecycle_skip_default=True)
        .create(
            [{"name": f"Stayed {number}", "email": f"stayed{number}@example.com"} for number in range(60)]
        )
    )
    for contact in contacts:
        moment = START + timedelta(hours=choice.randrange(2000))
        for _move in range(choice.randrange(1, 8)):
            stage = choice.choice([*stages, Stage]) - contact.lifecycle_stage_id
            contact._lifecycle_move_at(stage.id, moment)
            moment += timedelta(seconds=choice.choice([0, 0, choice.randrange(40 * 86400)]))
    for stage in doomed:
        env["lifecycle.stage.delete"].create(
            {"stage_id": stage.id, "reassign": True, "target_stage_id": stages[0].id}
        ).action_confirm()
    figures = get_figures(env)
    # two by two, and three of them at once
    pairs = [contacts[number : number + 2] for number in range(0, 30, 2)] + [contacts[30:33]]
    for pair in pairs:
        env["base.partner.merge.automatic.wizard"].create({})._merge(pair.ids, pair[choice.randrange(2)])
    merged = env["res.partner"].union(*pairs).exists()
    rest = contacts[33:]
    # one that goes on after its merge
    lead, customer = (
        env["res.partner"]
        .with_context(lifecycle_skip_default=True)
        .create([{"name": "Went on"}, {"name": "Went on too"}])
    )
    new_lead, won = Stage.search([("is_lost", "=", False)])[0], Stage.search([("is_won", "=", True)])[0]
    lead._lifecycle_move_at(new_lead.id, datetime(2010, 1, 1))
    customer._lifecycle_move_at(won.id, datetime(2010, 3, 1))
    env["base.partner.merge.automatic.wizard"].create({})._merge((lead | customer).ids, lead)
    lead.lifecycle_stage_id = Stage.search([("is_lost", "=", True)])[0]
    env.flush_all()
    last_move = env["lifecycle.transition"].search([("partner_id", "=", lead.id)], limit=1)
    return {
        "figures": figures,
        "rest": rest.ids,
        "times": get_times(env, rest.ids),
        "went_on": lead.id,
        "changes": {"res_partner": merged.ids, "lifecycle_transition": last_move.ids},
    }


def check(env, made):
    assert sum(stage["entered"] for stage in made["figures"][0][0]) > 100, "there are hardly any stays"
    merged = 0
    for (before, drop_off_before), (after, drop_off_after) in zip(
        made["figures"], get_figures(env), strict=True
    ):
        for drop in drop_off_before + drop_off_after:
            drop.pop("reengage")  # the one person may not be lost any more
        assert drop_off_before == drop_off_after, (drop_off_before, drop_off_after)
        for stage_before, stage_after in zip(before, after, strict=True):
            stayed = stage_after.pop("merged")
            stage_after["remaining"] += stayed
            merged += stayed
            stage_before.pop("conversion")  # it was of those who had entered, and is of those who left
            left = stage_after["entered"] - stage_after["remaining"]
            assert stage_after["conversion"] == (stage_after["converted"] / left if left else None), (
                stage_after
            )
            assert stage_after.items() >= stage_before.items(), (stage_before, stage_after)
    assert merged > 5, "hardly any stay ended by a merge"
    assert get_times(env, made["rest"]) == made["times"]
    stays = env["lifecycle.funnel.report"].search(
        [("partner_id", "=", made["went_on"]), ("is_passed", "=", False)], order="date_entered"
    )
    assert [(str(stay.date_entered)[:7], stay.outcome) for stay in stays[:2]] == [
        ("2010-01", "merged"),
        ("2010-03", "lost"),
    ], [(stay.date_entered, stay.outcome) for stay in stays]
    assert len(stays) == 3 and stays[2].outcome == "remaining"
    env.cr.execute(
        "SELECT count(*) FROM lifecycle_transition WHERE (from_stage_name IS NULL) != (date_entered IS NULL)"
    )
    assert env.cr.fetchone()[0] == 0, "a move that leaves a stage does not say when that had been entered"
