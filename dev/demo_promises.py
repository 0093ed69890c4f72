"""What the demo data promises, for Odoo's shell: see dev/check-demo. The variable WELCOME is what dev/welcome prints."""

import os
import re
import sys

env = globals()["env"]
problems = []


def check(is_so, promise, *found):
    if not is_so:
        problems.append(" ".join(map(str, (promise, *found))))


def demo(model):
    ids = env["ir.model.data"].search(
        [("module", "=", "contact_lifecycle"), ("model", "=", model), ("name", "like", "demo")]
    )
    return env[model].with_context(active_test=False).browse(ids.mapped("res_id")).exists()


def check_contacts():
    contacts = demo("res.partner") - demo("res.users").partner_id
    check(len(contacts) >= 15, "there are contacts:", len(contacts))
    for contact in contacts:
        first = min(contact.lifecycle_transition_ids.mapped("date"))
        made = contact.message_ids.sorted("id")[:1]
        check(contact.create_date < first, contact.name, "is made before the first move")
        check(made.date < first, contact.name, "is noted as made before the first move:", made.date, first)
        check(contact.email.endswith("example.com"), contact.name, "has an address of nobody")
    sources = set(contacts.lifecycle_transition_ids.mapped("source"))
    wanted = {"bulk", "conversation", "default", "import", "manual", "rule"}
    check(wanted <= sources, "contacts move in each way:", sources)
    batch = contacts.lifecycle_transition_ids.batch_id.filtered(lambda batch: batch.source == "import")
    check(
        len(batch) == 1 and batch.move_count == 3, "three of them moved together:", batch.mapped("move_count")
    )
    check(batch.mapped("date") == batch.move_ids[:1].mapped("date"), "when they did:", batch.date)
    check(len(contacts.filtered("lifecycle_locked")) >= 2, "somebody is locked")
    check(len(contacts.filtered("phone")) > 10 and contacts.category_id, "contacts have phones and tags")


def check_company():
    company = env.ref("contact_lifecycle.res_partner_demo_company")
    people = company.child_ids
    channels = env["discuss.channel"].search([("lifecycle_partner_id", "in", people.ids)])
    check(len(people) >= 2 and len(channels.lifecycle_partner_id) >= 2, "two people of a company write to us")
    leads = demo("crm.lead")
    check(len(leads.filtered(lambda lead: lead.won_status == "won")) == 1, "one opportunity is won")
    is_open = leads.filtered(lambda lead: lead.won_status == "pending")
    check(
        len(is_open) >= 3 and all(lead.expected_revenue for lead in is_open), "others are open, with amounts"
    )
    check(len(leads.source_id) >= 3, "they come from several sources")


def check_rules():
    rules = env.ref("contact_lifecycle.lifecycle_rule_demo_interested") + env.ref(
        "contact_lifecycle.lifecycle_rule_demo_won"
    )
    runs = env["lifecycle.rule.log"].search([("rule_id", "in", rules.ids)])
    check(8 <= len(runs) <= 10, "two rules have run:", runs.mapped("result"))
    check(
        {"acted", "locked"} <= set(runs.mapped("result")),
        "they moved some and left one:",
        runs.mapped("result"),
    )
    check(all(rule.active and rule.last_run for rule in rules), "both are on")
    check(any(rule.has_failed for rule in demo("lifecycle.rule")), "one has failed")
    stages = {
        name: env.ref(f"contact_lifecycle.res_partner_demo_{name}").lifecycle_stage_id
        for name in ("bruno", "chiara", "hugo")
    }
    check(
        stages
        == {
            "bruno": env.ref("contact_lifecycle.lifecycle_stage_new_lead"),
            "chiara": env.ref("contact_lifecycle.lifecycle_stage_hot_lead"),
            "hugo": env.ref("contact_lifecycle.lifecycle_stage_customer"),
        },
        "what happened today was heard by the rules:",
        stages,
    )


def check_conversations():
    channels = env["discuss.channel"].search([("channel_type", "=", "livechat")])
    check(
        len(channels.filtered(lambda channel: channel.lifecycle_status == "snoozed")) == 1, "one is snoozed"
    )
    is_open = channels.filtered(lambda channel: channel.lifecycle_status == "open")
    check(8 <= len(is_open) <= 14, "some are open:", len(is_open))
    check(all(is_open.mapped("lifecycle_stage_id")), "all that are open are in a stage")
    first = is_open.sorted("last_interest_dt", reverse=True)[:5]
    check(first <= demo("discuss.channel"), "the story's own conversations come first:", first.mapped("name"))
    karin = env.ref("contact_lifecycle.discuss_channel_demo_karin")
    check(karin.lifecycle_stage_id.is_lost, "a conversation that is over shows where its contact went")
    check(any(channel.lifecycle_is_unassigned for channel in is_open), "one waits for somebody")


def check_users():
    logins = dict(re.findall(r"^  (\w+) +(\w+) +an? ", os.environ["WELCOME"], re.M))
    check(set(logins) == {"admin", "agent", "demo", "owner"}, "dev/run says who can log in:", logins)
    pages = {"agent": "conversations", "demo": "lifecycle-dashboard", "owner": "lifecycle-dashboard"}
    for login, password in logins.items():
        credential = {"type": "password", "login": login, "password": password}
        user = env["res.users"].browse(
            env["res.users"].authenticate(credential, {"interactive": False})["uid"]
        )
        action = user.action_id and env[user.action_id.type].browse(user.action_id.id)
        check(
            (action and action.path) == pages.get(login, action), login, "first sees", action and action.path
        )
    with_page = env["res.users"].with_context(active_test=False).search([("action_id", "!=", False)])
    check(set(with_page.mapped("login")) == set(pages), "nobody else's first page is ours:", with_page)
    roles = {
        login: [
            role
            for role in ("agent", "manager", "owner")
            if env["res.users"].search([("login", "=", login)]).has_group(f"contact_lifecycle.group_{role}")
        ][-1]
        for login in logins
    }
    check(
        roles == {"admin": "owner", "agent": "agent", "demo": "manager", "owner": "owner"},
        "each role can log in:",
        roles,
    )
    owner = env["res.users"].search([("login", "=", "owner")])
    check(not owner.has_group("base.group_system"), "the owner is no administrator")
    check(
        not env["lifecycle.first.steps"].with_user(owner).get_steps()["steps"], "nobody needs the first steps"
    )
    for login in ("agent", "owner"):
        mine = env["discuss.channel"].with_user(env["res.users"].search([("login", "=", login)]))
        check(mine.search_count([("lifecycle_is_conversation", "=", True)]), login, "sees conversations")


for promise in (check_contacts, check_company, check_rules, check_conversations, check_users):
    promise()
for problem in problems:
    print("error: in the demo data it is not so that", problem, file=sys.stderr)
print(f"demo data: {len(problems)} promises are broken")
sys.exit(bool(problems))
