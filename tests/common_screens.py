"""The screens of the addon, which are found by themselves: nobody has to think of a new one."""

from typing import NamedTuple

from lxml import etree

ADDON = "contact_lifecycle"
# whose records dialogs are opened for
LINKED = ("discuss.channel", "lifecycle.rule", "lifecycle.stage", "res.partner")
# what is opened for administrators alone, as a stage has another action for its owner
FOR_ADMINISTRATORS = (
    f"{ADDON}.base_automation_action_lifecycle",
    "base_automation.view_base_automation_form",
)
# what is seen of a view once there is something in it
SHOWS = {
    "form": ".o_form_view .o_field_widget",
    "graph": ".o_graph_view canvas",
    "kanban": ".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)",
    "lifecycle_inbox": ".o_contact_lifecycle_inbox_row",
    "list": ".o_list_view .o_data_row",
    "pivot": ".o_pivot_view .o_pivot_cell_value",
}
DIALOG_SHOWS = ".modal .o_form_view"
# nothing of the addon is seen on these by itself
SHOW_NOTHING_BY_THEMSELVES = {
    "base.view_server_action_kanban",  # a button of the automations of a stage
    "contact_lifecycle.discuss_channel_action_lifecycle form",  # Odoo's own views
    "contact_lifecycle.res_partner_action_lifecycle activity",
    "contact_lifecycle.lifecycle_lead_request_action list",  # the leads of one rule
    "crm.crm_case_tree_view_leads",  # a column that is hidden at first
    "crm.crm_case_tree_view_oppor",
    "inbox with a chat",  # on a phone that is Odoo's chat window
    "mail.mail_activity_type_view_form",  # a field of calls
    "mail.mail_activity_view_form_popup",
}


class Screen(NamedTuple):
    name: str
    # what the web client is told to do: an external id or an action
    action: object
    options: dict
    # the selector of what is seen once it is open, and not empty
    shows: str
    # of Odoo's screens, the selectors of what the addon adds; of its own ones all counts
    parts: str = ""
    # what is done once it is open, in JavaScript
    script: str = ""


def find_screens(env):
    """:return: list of the ``Screen`` that the user of ``env`` may open"""
    return [
        screen
        for screen in [
            *find_pages(env),
            *find_dialogs(env),
            *find_extended(env),
            *find_conversations(env),
        ]
        if env.user.has_group("base.group_system") or screen.name.split()[0] not in FOR_ADMINISTRATORS
    ]


def get_own(env, model):
    """:return: the records of ``model`` that the addon has made"""
    # sudo: ir.model.data - which screens there are, does not depend on who looks
    data = env["ir.model.data"].sudo().search([("module", "=", ADDON), ("model", "=", model)])
    return env[model].sudo().browse(data.mapped("res_id")).exists()


def may_open(env, action):
    """:return: whether the user may open a window: who opens a dialog makes a record"""
    groups, model = action.group_ids, env[action.res_model]
    is_dialog = model._transient or action.target == "new"
    return (not groups or bool(groups & env.user.all_group_ids)) and model.has_access(
        "create" if is_dialog else "read"
    )


def find_pages(env):
    """:return: list of ``Screen``, one for each view of the addon's actions, and its pages that are no views"""
    visible = env["ir.ui.menu"]._visible_menu_ids()
    in_menus = {menu.action for menu in get_own(env, "ir.ui.menu") if menu.id in visible}
    own_views = get_own(env, "ir.ui.view")
    screens = [
        Screen(action.xml_id, action.xml_id, {}, in_page(get_own_class()))
        for action in get_own(env, "ir.actions.client")
        if action in in_menus
    ]
    for action in get_own(env, "ir.actions.act_window"):
        if not may_open(env, action) or action.target == "new":
            continue
        for view_id, view_type in action.views:
            view = (
                env["ir.ui.view"]
                .sudo()
                .browse(view_id or env["ir.ui.view"].sudo().default_view(action.res_model, view_type))
            )
            is_own = view in own_views or env[action.res_model]._original_module == ADDON
            options = {"viewType": view_type, "additionalContext": get_active(env, action.res_model)}
            if view_type == "form":
                record = get_one(env, action.res_model)
                if not record and not env[action.res_model].has_access("create"):
                    continue
                options["props"] = {"resId": record.id}
            parts = "" if is_own else find_parts(env, action.res_model)
            shows = in_page(parts) if parts else SHOWS[view_type]
            screens.append(Screen(f"{action.xml_id} {view_type}", action.xml_id, options, shows, parts))
    return screens


def find_dialogs(env):
    """:return: list of ``Screen``, one for each dialog, opened by its action where it has one"""
    screens = []
    actions = get_own(env, "ir.actions.act_window")
    for action in actions:
        if action.target == "new" and may_open(env, action):
            context = get_active(env, action.binding_model_id.model or "res.partner")
            context |= get_defaults(env, action.res_model)
            options = {"additionalContext": context}
            screens.append(Screen(action.xml_id, action.xml_id, options, DIALOG_SHOWS))
    for name, model in env.items():
        if (
            model._transient
            and model._original_module == ADDON
            and name not in actions.mapped("res_model")
            and env["ir.ui.view"].sudo().default_view(name, "form")
            and model.has_access("create")
        ):
            action = {
                "type": "ir.actions.act_window",
                "res_model": name,
                "views": [[False, "form"]],
                "target": "new",
                "context": {**get_active(env, "res.partner"), **get_defaults(env, name)},
            }
            screens.append(Screen(name, action, {}, DIALOG_SHOWS))
    return screens


def find_extended(env):
    """:return: list of ``Screen``, one for each view of Odoo that the addon adds something to"""
    own_views = get_own(env, "ir.ui.view")
    roots = env["ir.ui.view"].sudo()
    for view in own_views.filtered(lambda view: view.mode == "extension" and view.type != "search"):
        root = view.inherit_id
        while root.inherit_id and root.mode == "extension":
            root = root.inherit_id
        roots |= root
    screens = []
    for root in roots - own_views:
        if root.model not in env or env[root.model]._transient or not env[root.model].has_access("read"):
            continue
        action = {
            "type": "ir.actions.act_window",
            "name": root.name,
            "res_model": root.model,
            "views": [[root.id, root.type]],
        }
        if root.type == "form":
            action["res_id"] = get_one(env, root.model).id
        parts = find_parts(env, root.model)
        screens.append(Screen(root.xml_id, action, {}, in_page(parts), parts))
    return screens


def find_conversations(env):
    """:return: list of ``Screen`` of what is no view: a live chat on Odoo's own pages, and the inbox once one clicks"""
    if not env.user.has_group(f"{ADDON}.group_agent") or not env["discuss.channel"].has_access("read"):
        return []
    channel = env["discuss.channel"].search([("channel_type", "=", "livechat")], limit=1)
    discuss = {
        "type": "ir.actions.client",
        "tag": "mail.action_discuss",
        "context": {"active_id": f"discuss.channel_{channel.id}"},
    }
    inbox = f"{ADDON}.discuss_channel_action_lifecycle"
    thread = f"{{ model: 'discuss.channel', id: {channel.id} }}"
    open_window = f"person.store.Thread.getOrFetch({thread}).then((thread) => thread.openChatWindow())"
    own = get_own_class()
    window = f".o-mail-ChatWindow {own}"
    chat = ".o_contact_lifecycle_inbox_chat .o-mail-DiscussContent"  # there may be no message yet
    open_chat = click(".o_contact_lifecycle_inbox_open")
    # on a phone the inboxes are in a menu
    save = click(".o_contact_lifecycle_inbox_current", ".o_contact_lifecycle_save_inbox")
    return [
        Screen("discuss", discuss, {}, f".o-mail-Discuss {own}", own),
        Screen("chat window", "contacts.action_contacts", {}, window, own, open_window),
        Screen("inbox with a chat", inbox, {}, chat, "", open_chat),
        Screen("inbox to save", inbox, {}, ".modal #o_contact_lifecycle_inbox_name", "", save),
    ]


def click(*selectors):
    """:return: JavaScript that clicks elements one after the other, those that are seen"""
    steps = [f"person.find('{selector}', '')?.click(); await person.rest();" for selector in selectors]
    return f"(async () => {{ {' '.join(steps)} }})()"


def in_page(parts):
    """:return: the selector of ``parts`` on the page itself, without what is open over it"""
    return f".o_action_manager :is({parts})"


def get_own_class():
    """:return: the selector of elements of the addon's own components"""
    return f"[class*='o_{ADDON}']"


def find_parts(env, model):
    """:return: the selectors of what the addon adds to the views of ``model``"""
    parts = {get_own_class()}
    for view in get_own(env, "ir.ui.view").filtered(lambda view: view.model == model):
        for element in etree.fromstring(view.arch_db).iter("field", "button"):
            if not element.get("position") and not element.xpath("ancestor::xpath[@position='attributes']"):
                name = element.get("name")
                parts.add(f".o_field_widget[name='{name}']")
                parts.add(f"button[name='{name}']")
                parts.add(f"td[name='{name}']")
    return ", ".join(sorted(parts))


def get_one(env, model):
    return env[model].search([], limit=1)


def get_active(env, model):
    """:return: the context of an action that is opened for a record of ``model``"""
    if env[model]._transient or env[model]._abstract or not env[model].has_access("read"):
        return {}
    ids = get_one(env, model).ids
    return {"active_model": model, "active_ids": ids, "active_id": ids and ids[0]}


def get_defaults(env, model):
    """:return: the context in which a dialog is of the first record of each model that it links to"""
    return {
        f"default_{name}": get_one(env, field.comodel_name).ids[0]
        if field.type == "many2one"
        else get_one(env, field.comodel_name).ids
        for name, field in env[model]._fields.items()
        if field.type in ("many2one", "many2many")
        and field.store
        and field.comodel_name in LINKED
        and get_one(env, field.comodel_name)
    }
