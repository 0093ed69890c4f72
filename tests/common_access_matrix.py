"""Who may use the stage of contacts in criteria: one row a path, each a name and a call made as somebody.

The rows are tried in ``test_search_guard.py``.
"""

STAGE, LOST, CHANGED, STALE, LOCKED, LOCKED_ON = (
    "lifecycle_stage_id",
    "lifecycle_is_lost",
    "date_last_stage_update",
    "is_rotting",
    "lifecycle_locked",
    "lifecycle_locked_date",
)
MOMENT = "2020-01-01 00:00:00"


def conditions(stage):
    """Every operator on every guarded field."""
    name = stage.name
    for operator in ("=", "!=", "=?"):
        yield (STAGE, operator, stage.id)
    for operator in ("=", "!="):
        yield (STAGE, operator, False)
    for operator in ("in", "not in"):
        yield (STAGE, operator, [stage.id])
        yield (STAGE, operator, [stage.id, False])
    for operator in ("any", "not any"):
        yield (STAGE, operator, [("name", "=", name)])
    for operator in ("like", "not like", "ilike", "not ilike", "=like", "not =like", "=ilike", "not =ilike"):
        yield (STAGE, operator, name)
    for field in (LOST, STALE, LOCKED):
        for operator in ("=", "!="):
            yield (field, operator, True)
            yield (field, operator, False)
        yield (field, "in", [True])
        yield (field, "not in", [True])
    for operator in ("=", "!=", "<", "<=", ">", ">="):
        yield (CHANGED, operator, MOMENT)
    for operator in ("=", "!="):
        yield (CHANGED, operator, False)
    yield (LOCKED_ON, ">", MOMENT)
    yield (CHANGED, "in", [MOMENT])
    yield (CHANGED, "not in", [MOMENT])


def paths(stage):
    """(model, condition): the same from elsewhere, and back from conversations."""
    is_stage = (STAGE, "=", stage.id)
    for path in ("name", "is_lost", "is_won", "sequence", "id"):
        yield "res.partner", (f"{STAGE}.{path}", "!=", False)
    for path in ("parent_id", "child_ids", "commercial_partner_id", "user_ids", "user_ids.partner_id"):
        yield "res.partner", (f"{path}.{STAGE}", "=", stage.id)
        yield "res.partner", (path, "any", [is_stage])
        yield "res.partner", (path, "not any", ["|", is_stage, ("name", "=", "x")])
    yield "res.partner", ("id", "any", [is_stage])
    yield "res.users", is_stage
    yield "res.users", (LOST, "=", True)
    yield "res.users", (CHANGED, ">", MOMENT)
    for model, path in (
        ("res.users", "partner_id"),
        ("res.company", "partner_id"),
        ("crm.lead", "partner_id"),
        ("crm.lead", "user_id"),
        ("crm.lead", "user_id.partner_id"),
        ("discuss.channel", "lifecycle_partner_id"),
        ("discuss.channel", "channel_partner_ids"),
        ("discuss.channel", "channel_member_ids.partner_id"),
        ("discuss.channel.member", "partner_id"),
        ("mail.message", "author_id"),
        ("mail.message", "partner_ids"),
        ("mail.followers", "partner_id"),
    ):
        yield model, (f"{path}.{STAGE}", "=", stage.id)
        yield model, (f"{path}.{STAGE}.name", "ilike", "hot")
        yield model, (f"{path}.{CHANGED}", ">", MOMENT)
        yield model, (path, "any", [is_stage])
        yield model, (path, "not any", [("parent_id", "any", [is_stage])])
    yield "crm.lead", is_stage
    yield "crm.lead", (STAGE, "ilike", "hot")
    for model, path in (
        ("res.partner", "channel_ids"),
        ("res.partner", "child_ids.channel_ids"),
        ("res.partner", "opportunity_ids.origin_channel_id"),
        ("res.users", "channel_ids"),
        ("res.users", "partner_id.channel_ids"),
        ("crm.lead", "partner_id.channel_ids"),
        ("mail.message", "author_id.channel_ids"),
        ("discuss.channel.member", "partner_id.channel_ids"),
        ("discuss.channel", "lifecycle_partner_id.channel_ids"),
        ("crm.lead", "origin_channel_id"),
        ("discuss.channel", "channel_member_ids.channel_id"),
        ("discuss.channel.member", "channel_id"),
        ("im_livechat.channel.member.history", "channel_id"),
    ):
        yield model, (f"{path}.{STAGE}", "=", stage.id)
        yield model, (f"{path}.{STAGE}.name", "ilike", "hot")
        yield model, (path, "any", [is_stage])
        yield model, (path, "not any", [(f"{STAGE}.name", "ilike", "hot")])
    yield "res.partner", ("id", "any", [("channel_ids", "any", [is_stage])])
    yield "res.partner", ("channel_ids.channel_member_ids.channel_id", "any", [is_stage])


def orders():
    for field in (STAGE, CHANGED, LOST, LOCKED, LOCKED_ON):
        for direction in ("", " desc", " asc nulls last"):
            for model in ("res.partner", "res.users"):
                yield model, f"{field}{direction}"
                yield model, f"name, {field}{direction}"


def groups():
    """(model, groupby, aggregates, having, order)"""
    for model in ("res.partner", "res.users"):
        yield model, [STAGE], ["__count"], [], None
        yield model, [LOST], ["__count"], [], None
        yield model, ["company_id", STAGE], ["__count"], [], None
        yield model, [f"{CHANGED}:month"], ["__count"], [], None
        yield model, [f"{CHANGED}:day_of_week"], ["__count"], [], None
        yield model, [], [f"{CHANGED}:max"], [], None
        yield model, ["company_id"], [f"{STAGE}:count_distinct"], [], None
        yield model, ["company_id"], [f"{STAGE}:array_agg"], [], None
        yield model, ["company_id"], [f"{STAGE}:recordset"], [], None
        yield model, ["company_id"], [f"{CHANGED}:min"], [(f"{CHANGED}:min", ">", MOMENT)], None
        yield model, ["company_id"], ["__count"], [], f"{CHANGED}:max desc"
    yield "res.partner", [f"parent_id.{STAGE}"], ["__count"], [], None
    for model, path in (
        ("res.users", "partner_id"),
        ("crm.lead", "partner_id"),
        ("discuss.channel", "lifecycle_partner_id"),
        ("discuss.channel.member", "partner_id"),
        ("mail.message", "author_id"),
    ):
        yield model, [f"{path}.{STAGE}"], ["__count"], [], None
        yield model, [f"{path}.{LOST}"], ["__count"], [], None
        yield model, [f"{path}.{CHANGED}:month"], ["__count"], [], None
    for model, path in (
        ("crm.lead", "origin_channel_id"),
        ("discuss.channel.member", "channel_id"),
        ("im_livechat.channel.member.history", "channel_id"),
    ):
        yield model, ["partner_id", f"{path}.{STAGE}"], ["__count"], [], None


def web_client_calls(stage):
    """The methods that the web client calls with criteria."""
    domain = [(STAGE, "=", stage.id)]
    yield from {
        "search": lambda P: P.search(domain),
        "search_count": lambda P: P.search_count(domain),
        "search_read": lambda P: P.search_read(domain, ["name"]),
        "search_fetch": lambda P: P.search_fetch(domain, ["name"]),
        "web_search_read": lambda P: P.web_search_read(domain, {"name": {}}),
        "name_search": lambda P: P.name_search("", domain),
        "web_read_group, domain": lambda P: P.web_read_group(domain, ["company_id"], ["__count"]),
        "web_read_group": lambda P: P.web_read_group([], [STAGE], ["__count"]),
        "web_read_group, aggregate": lambda P: P.web_read_group([], ["company_id"], [f"{CHANGED}:max"]),
        "formatted_read_group": lambda P: P.formatted_read_group(domain, ["company_id"], ["__count"]),
        "formatted_read_grouping_sets": lambda P: P.formatted_read_grouping_sets(
            [], [[], ["company_id"], [STAGE]], ["__count"]
        ),
        "read_progress_bar": lambda P: P.read_progress_bar(
            [], STAGE, {"field": "activity_state", "colors": {"today": "warning"}}
        ),
        "read_progress_bar, domain": lambda P: P.read_progress_bar(
            domain, "company_id", {"field": "activity_state", "colors": {"today": "warning"}}
        ),
        "search_panel_select_range": lambda P: P.search_panel_select_range(STAGE, enable_counters=True),
        "search_panel_select_range, domain": lambda P: P.search_panel_select_range(
            "company_id", enable_counters=True, search_domain=domain
        ),
        "search_panel_select_multi_range": lambda P: P.search_panel_select_multi_range(
            STAGE, enable_counters=True
        ),
        "search_panel_select_multi_range, group_by": lambda P: P.search_panel_select_multi_range(
            "category_id", enable_counters=True, group_by="name", search_domain=domain
        ),
        "search_panel_select_range, no counters": lambda P: P.search_panel_select_range(STAGE),
        "search_panel_select_multi_range, group_by the stage": lambda P: P.env[
            "crm.lead"
        ].search_panel_select_multi_range("partner_id", group_by=STAGE, enable_counters=True),
        "search_panel_select_multi_range, group_by the date": lambda P: P.env[
            "crm.lead"
        ].search_panel_select_multi_range("partner_id", group_by=CHANGED),
        "activity view": lambda P: P.env["mail.activity"].get_activity_data("res.partner", domain),
    }.items()


def guarded_rows(stage):
    """(name, call) for all that only managers and owners may do; ``call`` takes an environment."""
    for condition in conditions(stage):
        yield f"res.partner: {condition}", lambda env, c=condition: env["res.partner"].search([c], limit=1)
    for prefix in (["!"], ["|", ("name", "=", "x")], ["&", "!", ("name", "=", "x")]):
        domain = [*prefix, (STAGE, "=", stage.id)]
        yield f"res.partner: {domain}", lambda env, d=domain: env["res.partner"].search(d, limit=1)
    for model, condition in paths(stage):
        yield f"{model}: {condition}", lambda env, m=model, c=condition: env[m].search([c], limit=1)
    for model, order in orders():
        yield f"{model}: order {order}", lambda env, m=model, o=order: env[m].search([], order=o, limit=1)
    for model, groupby, aggregates, having, order in groups():
        name = f"{model}: group by {groupby}, {aggregates}, {having}, {order}"
        yield (
            name,
            lambda env, m=model, args=(groupby, aggregates, having), o=order: env[m].formatted_read_group(
                [], *args, order=o, limit=5
            ),
        )
    for name, call in web_client_calls(stage):
        yield f"res.partner.{name}", lambda env, c=call: c(env["res.partner"])
    # Odoo reads this as the field alone
    yield (
        "group by a line",
        lambda env: env["res.partner"]._read_group([], [f"{STAGE}\n"], ["__count"], order="__count"),
    )
    for fields in (
        [STAGE],
        [f"{STAGE}/name"],
        [f"{STAGE}/.id"],
        ["child_ids/lifecycle_stage_id/id"],
        [CHANGED],
        ["duration_tracking"],
        ["user_ids/duration_tracking"],
        ["opportunity_ids/lifecycle_summary"],
        ["channel_ids/lifecycle_stage_id"],
    ):
        yield f"export {fields}", lambda env, f=fields: env["res.partner"].search([], limit=1).export_data(f)
    yield (
        "export from conversations",
        lambda env: env["discuss.channel"].search([], limit=1).export_data([f"lifecycle_partner_id/{STAGE}"]),
    )


def free_rows(stage):
    """(name, call) for what agents may do as well: conversations, and reading."""
    is_stage = (STAGE, "=", stage.id)
    for condition in (is_stage, (STAGE, "in", [stage.id]), (f"{STAGE}.name", "ilike", "hot")):
        yield f"discuss.channel: {condition}", lambda env, c=condition: env["discuss.channel"].search([c])
    yield "conversations in order", lambda env: env["discuss.channel"].search([], order=STAGE, limit=1)
    yield (
        "conversations in groups",
        lambda env: env["discuss.channel"].formatted_read_group([], [STAGE], ["__count"]),
    )
    yield "inboxes", lambda env: env["discuss.channel"].search_panel_select_range(STAGE, enable_counters=True)
    yield (
        "export conversations",
        lambda env: env["discuss.channel"].search([], limit=1).export_data(["name", STAGE]),
    )
    yield "contacts by name", lambda env: env["res.partner"].search([("name", "=", "x")], order="name")
    yield (
        "contacts in scope",
        lambda env: env["res.partner"].search([("lifecycle_in_scope", "=", True)], limit=1),
    )
    yield (
        "contacts by conversation",
        lambda env: env["res.partner"].search([("channel_ids.lifecycle_status", "=", "open")]),
    )
    yield "leads by their own stage", lambda env: env["crm.lead"].search([("stage_id.is_won", "=", True)])
    yield (
        "read contacts",
        lambda env: (
            env["res.partner"]
            .search([], limit=5)
            .read([STAGE, LOST, CHANGED, STALE, "rotting_days", "duration_tracking"])
        ),
    )
    yield "read leads", lambda env: env["crm.lead"].search([], limit=5).read([STAGE, "lifecycle_summary"])
    yield (
        "export other fields",
        lambda env: env["res.partner"].search([], limit=1).export_data(["name", "parent_id/id"]),
    )
    yield "sudo", lambda env: env["res.partner"].sudo().search([is_stage], order=CHANGED, limit=1)
