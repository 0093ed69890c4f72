import { registry } from "@web/core/registry";

const ROW = ".o_contact_lifecycle_inbox_row";
const CURRENT = ".o_contact_lifecycle_inbox_current";
const CHAT = ".o-mail-ChatWindow";
const MENU = ".o_contact_lifecycle_stage_menu";

const card = (name) => `.o_kanban_record:not(.o_kanban_ghost):contains('${name}')`;

const isNarrow = {
    content: "nothing lies beside the screen",
    trigger: "body",
    run() {
        const { scrollWidth } = document.documentElement;
        if (scrollWidth > window.innerWidth) {
            console.error(`the page is ${scrollWidth} px wide`);
        }
    },
};

registry.category("web_tour.tours").add("contact_lifecycle.inbox_phone", {
    steps: () => [
        {
            content: "one button says which inbox this is, and how much is in it",
            trigger: `${CURRENT}:contains('All'):contains('3')`,
            run: "click",
        },
        {
            trigger: ".o_search_panel_category_value header:contains('Unassigned')",
            run: "click",
        },
        { trigger: `${CURRENT}:contains('Unassigned'):contains('2')` },
        {
            content: "the list has the whole screen",
            trigger: `.o_contact_lifecycle_inbox:not(:has(${ROW}:contains('Theirs'))):not(:has(.o_contact_lifecycle_inbox_chat))`,
        },
        isNarrow,
        {
            content: "the chat comes after it",
            trigger: `${ROW}:contains('Waiting') .o_contact_lifecycle_inbox_open`,
            run: "click",
        },
        { trigger: `${CHAT} .o-mail-Message:contains('Is anybody there?')` },
        {
            content: "its head says the stage by its name, and sets it",
            trigger: `${CHAT}-header .o_contact_lifecycle_stage_picker`,
            run: "click",
        },
        {
            trigger: `${MENU} .o-dropdown-item:contains('Hot Lead')`,
            run: "click",
        },
        { trigger: `${CHAT}-header .o_contact_lifecycle_stage_compact:contains('Hot Lead')` },
        isNarrow,
        {
            content: "answer",
            trigger: `${CHAT} .o-mail-Composer-input`,
            run: "edit How can I help?",
        },
        {
            trigger: `${CHAT} .o-mail-Composer button[title='Send']:enabled`,
            run: "click",
        },
        { trigger: `${CHAT} .o-mail-Message[data-persistent]:contains('How can I help?')` },
        {
            content:
                "back to the list: whoever answers takes part, so it is not unassigned any more",
            trigger: `${CHAT}-header button[title='Fold']`,
            run: "click",
        },
        {
            trigger: `${CURRENT}:contains('Unassigned'):contains('1')`,
            run: "click",
        },
        {
            trigger: ".o_search_panel_category_value header:contains('Mine')",
            run: "click",
        },
        {
            trigger: `${ROW}:contains('Waiting'):contains('How can I help?'):has([aria-label$='Hot Lead'])`,
        },
        isNarrow,
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.pipeline_phone", {
    steps: () => [
        {
            content: "the first column is a stage, open, with its cards",
            trigger: `.o_kanban_group:first-child:not(.o_column_folded):contains('New Lead') ${card("Contact 0")}`,
            run: "click",
        },
        {
            content: "the bar is a list that drops down",
            trigger: ".o_field_widget[name=lifecycle_stage_id] button:contains('New Lead')",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('Hot Lead')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=lifecycle_stage_id] button:contains('Hot Lead')",
        },
        isNarrow,
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "the card has moved on",
            trigger: `.o_kanban_group:contains('Hot Lead') ${card("Contact 0")}`,
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.set_stage_phone", {
    steps: () => [
        {
            content: "a long touch selects the first one",
            trigger: card("Contact 0"),
            run() {
                this.anchor.dispatchEvent(new Event("touchstart", { bubbles: true }));
            },
        },
        { trigger: ".o_kanban_record.o_record_selected:contains('Contact 0')" },
        {
            content: "the others by a touch",
            trigger: card("Contact 1"),
            run: "click",
        },
        {
            trigger: card("Contact 2"),
            run: "click",
        },
        {
            trigger:
                "body:has(.o_record_selected:contains('Contact 2')) .o_cp_action_menus .fa-cog",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Set Stage...')",
            run: "click",
        },
        {
            trigger:
                ".modal:contains('3 contacts are selected') .o_field_widget[name=stage_id] button",
            run: "click",
        },
        {
            content: "the stages come from the bottom, with what they say",
            trigger: `body ${MENU} .o-dropdown-item:contains('Payment')`,
            run: "click",
        },
        { trigger: ".modal:contains('2 contacts go forward.')" },
        { trigger: ".modal:contains('1 contact goes back: rules leave it alone')" },
        isNarrow,
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        { trigger: ".o_notification:contains('3 contacts moved to'):contains('Payment')" },
        {
            trigger: `body:not(:has(.modal)) ${card("Contact 2")}:contains('Payment')`,
        },
    ],
});
