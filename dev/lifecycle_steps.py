"""What dev/check-lifecycle does in Odoo's shell; the variable STEP names the function."""

import os

from odoo import Command
from odoo.tests import Form

env = globals()["env"]


def before_install():
    """Contacts, a conversation and an opportunity that were there before the addon."""
    company = env["res.partner"].create({"name": "Example Ltd", "is_company": True})
    env["res.partner"].create([{"name": f"Contact {number}", "parent_id": company.id} for number in range(3)])
    env["res.users"].create(
        {"name": "Agent", "login": "agent", "group_ids": [Command.link(env.ref("base.group_user").id)]}
    )
    env["crm.lead"].create({"name": "Opportunity", "type": "opportunity", "partner_id": company.id})
    env["ir.exports"].create({"name": "Own export", "resource": "res.partner"})
    env["res.config.settings"].create({}).execute()  # writes defaults of other addons


def use():
    """Change all that people may change, shipped records too."""
    new_lead, hot_lead, payment = (
        env.ref(f"contact_lifecycle.lifecycle_stage_{name}") for name in ("new_lead", "hot_lead", "payment")
    )
    company = env["res.partner"].search([("name", "=", "Example Ltd")])
    contacts = env["res.partner"].search([("name", "like", "Contact _")])

    contacts.lifecycle_stage_id = payment
    wizard = env["lifecycle.stage.delete"].create(
        {"stage_id": payment.id, "reassign": True, "target_stage_id": hot_lead.id}
    )
    wizard.action_confirm()
    assert contacts.lifecycle_stage_id == hot_lead, "the contacts of a deleted stage were not moved"
    hot_lead.write({"name": "Warm Lead", "emoji": "🌡️", "description": "Warm.", "sequence": 9})
    hot_lead.action_set_default()
    env.ref("contact_lifecycle.lifecycle_lost_stage_cold_lead").action_delete()
    own_stage = env["lifecycle.stage"].create({"name": "Own", "rotting_threshold_days": 3})
    new_lead.action_convert_to_lost()
    own_stage.segment_ids.unlink()
    env.ref("contact_lifecycle.lifecycle_transition_filter_week").unlink()

    env["lifecycle.stage.set.apply"].create({"stage_set": "lead_pipeline"}).action_apply()
    rules = env["lifecycle.rule"].search([("is_standard", "=", True)])
    assert len(rules) == 2, "the standard rules were not made"
    rules[0].active = False
    rule = env["lifecycle.rule"].create(
        {
            "name": "Own rule",
            "active": True,
            "kind": "criteria",
            "domain": "[('ref', '=', 'A')]",
            "to_stage_id": own_stage.id,
        }
    )
    rule.message_post(body="A comment.")
    contacts[0].ref = "A"
    assert contacts[0].lifecycle_stage_id == hot_lead, "rules run before the transaction ends"
    env.cr.precommit.run()
    assert contacts[0].lifecycle_stage_id == own_stage, "the rule did not move the contact"
    contacts[0].ref = False
    env["base.automation"].create(
        {
            "name": "Own automation",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "trigger": "on_stage_set",
            "trg_field_ref": own_stage.id,
            "filter_domain": f"[('lifecycle_stage_id', '=', {own_stage.id})]",
        }
    )
    env["ir.filters"].create(
        [
            {
                "name": "Own favourite",
                "model_id": "res.partner",
                "domain": "[('lifecycle_is_lost', '=', True)]",
            },
            {
                "name": "Own report",
                "model_id": "lifecycle.transition",
                "domain": "[('source', '=', 'manual')]",
            },
        ]
    )
    export = env["ir.exports"].search([("name", "=", "Own export")])
    export.export_fields = [Command.create({"name": "lifecycle_stage_id"})]
    env["ir.default"].set("lifecycle.stage", "rotting_threshold_days", 5)
    env.ref("contact_lifecycle.ir_cron_make_leads").interval_number = 2
    env["ir.config_parameter"].set_param("contact_lifecycle.rule_log_days", "30")
    env["res.users"].search([("login", "=", "agent")]).group_ids += env.ref("contact_lifecycle.group_manager")
    # Only the settings themselves say what an owner does there.
    with Form(env["res.config.settings"]) as settings:
        settings.lifecycle_default_on = "never"
        settings.lifecycle_contact_domain = "[('is_company', '=', False)]"
        settings.lifecycle_company_sync = True
        settings.group_use_lifecycle = False
    settings.save().execute()
    assert not company.lifecycle_stage_id, "a contact out of scope has a stage"


def open_screens():
    """Load the views of every window action, and read a record by each."""
    for action in env["ir.actions.act_window"].search([]):
        model = env.get(action.res_model)
        # iap.account asks a server on the Internet
        if model is None or action.target == "new" or model._name == "iap.account":
            continue
        views = model.get_views(action.views, {"action_id": action.id, "load_filters": True, "toolbar": True})
        if model._auto and not model._transient:
            fields = views["models"][model._name]["fields"]
            model.web_search_read([], {"display_name": {}} if "display_name" in fields else {}, limit=1)
    settings = env["res.config.settings"].create({})
    settings.execute()


def reinstalled():
    """The addon is what it is on a new database."""
    stages = env["lifecycle.stage"].search([])
    assert stages.mapped("name") == ["New Lead", "Hot Lead", "Payment", "Customer", "Cold Lead"], stages
    contact = env["res.partner"].create({"name": "Contact after"})
    assert contact.lifecycle_stage_id.name == "New Lead", "a new contact has no default stage"
    contact.lifecycle_stage_id = stages[1]
    assert len(contact.lifecycle_transition_ids) == 2, "the moves were not logged"
    assert not env["res.partner"].search([("name", "=", "Contact 1")]).lifecycle_stage_id
    open_screens()


globals()[os.environ["STEP"]]()
env.cr.commit()
