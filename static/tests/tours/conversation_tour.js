import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const PANEL = ".o_contact_lifecycle_info .o_contact_lifecycle_stage_picker";
const HEADER = ".o-mail-DiscussContent-header .o_contact_lifecycle_stage_picker";
const SIDEBAR = ".o-mail-DiscussSidebarChannel .o_contact_lifecycle_stage_mark";

function choose(picker, name) {
    return [
        {
            content: `open the list of stages to choose ${name}`,
            trigger: picker,
            run: "click",
        },
        {
            trigger: `.o_contact_lifecycle_stage_menu .o-dropdown-item:contains('${name}')`,
            run: "click",
        },
    ];
}

function seen(name) {
    return [
        { content: `the panel shows ${name}`, trigger: `${PANEL}:contains('${name}')` },
        { content: `the header shows ${name}`, trigger: `${HEADER}:contains('${name}')` },
    ];
}

function call(method, ...args) {
    const params = { model: "discuss.channel", method, args, kwargs: {} };
    return rpc(`/web/dataset/call_kw/discuss.channel/${method}`, params);
}

/** Sets the stage of the agent's only conversation past the page, as somebody else would. */
async function setStage(name) {
    const mine = [
        ["lifecycle_assignment", "=", "mine"],
        ["lifecycle_is_conversation", "=", true],
    ];
    await call("action_lifecycle_set_stage", await call("search", mine), name);
}

function open(stage) {
    return [
        {
            content: "open the conversation from its card",
            trigger: `.o_kanban_group:has(.o_column_title:contains('${stage}')) .o_kanban_record:not(.o_kanban_ghost)`,
            run: "click",
        },
        {
            content: "the visitor's message is there",
            trigger: ".o-mail-Message:contains('Good morning')",
        },
    ];
}

registry.category("web_tour.tours").add("contact_lifecycle.conversation", {
    steps: () => [
        ...open("Secretstage"),
        ...seen("Secretstage"),
        { content: "the sidebar has the emoji", trigger: `${SIDEBAR}[aria-label*='🦄']` },
        ...choose(PANEL, "Secretother"),
        ...seen("Secretother"),
        { trigger: `${SIDEBAR}[aria-label*='🐙']` },
        ...choose(HEADER, "Secretlost"),
        ...seen("Secretlost"),
        {
            content: "set it without the mouse",
            trigger: ".o-mail-Composer-input",
            run: "edit /stage Secretother",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "press Enter",
        },
        {
            content: "the answer is private",
            trigger: ".o-mail-Message:contains('now in 🐙 Secretother')",
        },
        ...seen("Secretother"),
        {
            content: "or by the command palette, where it comes first",
            trigger: ".o-mail-Composer-input",
            run: "press control+k",
        },
        {
            trigger: ".o_command_palette_search input",
            run: "edit stage",
        },
        {
            trigger: "#o_command_0.focused:contains('Set the lifecycle stage')",
        },
        {
            trigger: ".o_command_palette_search input",
            run: "press Enter",
        },
        {
            trigger: ".o_command:contains('Secretlost')",
            run: "click",
        },
        ...seen("Secretlost"),
        ...choose(PANEL, "Secretother"),
        ...seen("Secretother"),
        ...choose(PANEL, "Clear selection"),
        { trigger: `${PANEL}:contains('Set Stage')` },
        {
            content: "nothing is left to clear",
            trigger: PANEL,
            run: "click",
        },
        {
            trigger:
                ".o_contact_lifecycle_stage_menu:contains('Secretother'):not(:contains('Clear selection'))",
            run: "press Escape",
        },
        {
            content: "somebody else sets the stage",
            trigger: HEADER,
            run: () => setStage("Secretstage"),
        },
        {
            content: "which is seen, without a reload",
            trigger: `${HEADER}:contains('Secretstage')`,
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit How can I help?",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "press Enter",
        },
        { trigger: ".o-mail-Message[data-persistent]:contains('How can I help?')" },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.conversation_drag", {
    steps: () => [
        {
            content: "drag the conversation to another stage",
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Secretstage')) .o_kanban_record:not(.o_kanban_ghost)",
            run: "drag_and_drop (.o_kanban_group:has(.o_column_title:contains('Secretother')))",
        },
        {
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Secretother')) .o_kanban_record:not(.o_kanban_ghost)",
        },
        {
            content: "the inboxes are counted again",
            trigger: ".o_search_panel_category_value:contains('Secretother'):contains('1')",
        },
        {
            content: "somebody else moves it back and forth",
            trigger: ".o_kanban_view",
            run: () => setStage("Secretstage"),
        },
        {
            content: "which is seen, without a reload",
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Secretstage')) .o_kanban_record:not(.o_kanban_ghost)",
        },
        {
            trigger: ".o_search_panel_category_value:contains('Secretstage'):contains('1')",
            run: () => setStage("Secretother"),
        },
        {
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Secretother')) .o_kanban_record:not(.o_kanban_ghost)",
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.conversation_take_over", {
    steps: () => [
        {
            trigger: ".o_search_panel_category_value:contains('Unassigned') header",
            run: "click",
        },
        {
            content: "only what nobody takes care of is left",
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains('Taken')))",
        },
        {
            trigger: ".o_kanban_record:contains('Waiting') button:contains('Take Over')",
            run: "click",
        },
        {
            content: "it opens, as one of the agent's own",
            trigger: ".o-mail-DiscussSidebarChannel:contains('Waiting')",
        },
        { trigger: ".o-mail-Message:contains('Is anybody there?')" },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.conversation_snooze", {
    steps: () => [
        ...open("Secretother"),
        {
            trigger: ".o_contact_lifecycle_info .o_contact_lifecycle_snooze",
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_snooze_preset:contains('Tomorrow')",
            run: "click",
        },
        { trigger: ".o_contact_lifecycle_info .o_contact_lifecycle_snoozed_text" },
        { trigger: ".o-mail-DiscussSidebarChannel .o_contact_lifecycle_snoozed_mark" },
    ],
});
