"""Contacts that were moved, merged, locked, moved by rules and by the deletion of their stage."""


def make(env):
    stages = env["lifecycle.stage"].search([("is_lost", "=", False)])
    doomed = env["lifecycle.stage"].create({"name": "Deleted before the upgrade"})
    contacts = env["res.partner"].create([{"name": f"Upgraded {number}"} for number in range(6)])
    for stage in (stages[1], doomed, stages[0]):
        contacts[:4].write({"lifecycle_stage_id": stage.id})
    contacts[4].lifecycle_stage_id = doomed
    wizard = env["lifecycle.stage.delete"].create(
        {"stage_id": doomed.id, "reassign": True, "target_stage_id": stages[1].id}
    )
    wizard.action_confirm()
    contacts[1].lifecycle_stage_id = stages[2]
    merge = env["base.partner.merge.automatic.wizard"].create({})
    merge._merge(contacts[:2].ids, contacts[0])
    contacts[5].action_lifecycle_clear()
    remaining = contacts - contacts[1]
    env.flush_all()
    return {
        "contacts": remaining.ids,
        "stages": [contact.lifecycle_stage_id.id for contact in remaining],
        # it is in its stage since the first of those who were, and no more since the merge
        "changes": {"res_partner": [contacts[0].id]},
    }


def check(env, made):
    contacts = env["res.partner"].browse(made["contacts"])
    assert [contact.lifecycle_stage_id.id for contact in contacts] == made["stages"]
    log = env["lifecycle.transition"].search([("partner_id", "in", contacts.ids)])
    assert {"bulk", "merge", "stage_deletion"} <= set(log.mapped("source")), log.mapped("source")
    contact = env["res.partner"].create({"name": "After the upgrade"})
    contact.lifecycle_stage_id = made["stages"][0]
    moves = env["lifecycle.transition"].search([("partner_id", "=", contact.id)])
    assert made["stages"][0] in moves.to_stage_id.ids, "moves are not logged"
