import { registry } from "@web/core/registry";

const ROW = ".o_contact_lifecycle_inbox_row";
const OPEN = ".o_contact_lifecycle_inbox_open";
const TAB = ".o_contact_lifecycle_inbox_tabs button";
const CHAT = ".o_contact_lifecycle_inbox_chat";
const HEADER = `${CHAT} .o-mail-DiscussContent-header`;
const INBOX = ".o_search_panel_category_value";

registry.category("web_tour.tours").add("contact_lifecycle.inbox", {
    steps: () => [
        {
            content: "what nobody takes care of, and how much it is",
            trigger: `${INBOX}:contains('Unassigned'):contains('2') header`,
            run: "click",
        },
        { trigger: `.o_contact_lifecycle_inbox:not(:has(${ROW}:contains('Theirs')))` },
        {
            content: "read one without leaving the page",
            trigger: `${OPEN}:contains('Waiting')`,
            run: "click",
        },
        { trigger: `${CHAT} .o-mail-Message:contains('Is anybody there?')` },
        {
            content: "take it over",
            trigger: ".o_contact_lifecycle_inbox_take_over:enabled",
            run: "click",
        },
        {
            content: "it is not among the unassigned ones any more",
            trigger: `${INBOX}:contains('Unassigned'):contains('1')`,
        },
        {
            trigger: `${INBOX}:contains('Mine') header`,
            run: "click",
        },
        {
            content: "answer",
            trigger: `${CHAT} .o-mail-Composer-input`,
            run: "edit How can I help?",
        },
        {
            trigger: `${CHAT} .o-mail-Composer-input`,
            run: "press Enter",
        },
        {
            content: "the answer is the last message in the list as well, without a reload",
            trigger: `${ROW}:contains('Waiting'):contains('How can I help?')`,
        },
        {
            content: "back to the list, and set the stage by the keyboard",
            trigger: `${CHAT} .o-mail-Composer-input`,
            run: "press Escape",
        },
        {
            trigger: `${OPEN}:contains('Waiting'):focus`,
            run: "press s",
        },
        {
            trigger: ".o_contact_lifecycle_stage_menu .o-dropdown-item:contains('Hot Lead')",
            run: "click",
        },
        { trigger: `${HEADER} .o_contact_lifecycle_stage:contains('Hot Lead')` },
        {
            content: "keep the hot ones as an inbox",
            trigger: `${INBOX}:contains('Hot Lead'):contains('1') header`,
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_save_inbox",
            run: "click",
        },
        {
            trigger: ".modal #o_contact_lifecycle_inbox_name",
            run: "edit Mine and hot",
        },
        {
            trigger: ".modal .btn-primary:enabled",
            run: "click",
        },
        {
            trigger:
                ".o_contact_lifecycle_saved_inboxes button.active:contains('Mine and hot'):contains('1')",
        },
        {
            content: "snooze it",
            trigger: ".o_contact_lifecycle_inbox_snooze:enabled",
            run: "click",
        },
        {
            trigger: ".modal .o_contact_lifecycle_snooze_preset:contains('Tomorrow')",
            run: "click",
        },
        {
            content: "the tab has it, in the same inbox",
            trigger: `${TAB}:contains('Snoozed 1')`,
            run: "click",
        },
        { trigger: `${ROW}:contains('Waiting') .o_contact_lifecycle_inbox_snoozed` },
        {
            content: "hand another one over",
            trigger: `${TAB}:contains('Open')`,
            run: "click",
        },
        {
            trigger: `${INBOX} header:contains('All')`,
            run: "click",
        },
        {
            trigger: `${ROW}:contains('Next one') input`,
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_assign",
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_assign_menu .o-dropdown-item:contains('colleague')",
            run: "click",
        },
        { trigger: `${INBOX}:contains('Unassigned'):contains('0')` },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.inbox_beside", {
    steps: () => [
        {
            trigger: `${ROW}:contains('Waiting') input`,
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_inbox_take_over:enabled",
            run: "click",
        },
        { trigger: `${INBOX}:contains('Mine'):contains('1')` },
    ],
});
