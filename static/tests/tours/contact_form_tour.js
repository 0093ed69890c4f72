import { registry } from "@web/core/registry";

/** The status bar shows `stage` as the one that the contact is in. */
function inStage(stage) {
    return {
        content: `the contact is in ${stage}`,
        trigger: `.o_field_widget[name=lifecycle_stage_id] .o_arrow_button_current:contains('${stage}')`,
    };
}

/** The chatter has a line of `author` about the move, newest first. */
function loggedMove(from, to, author) {
    return {
        content: `the chatter says that ${author} moved it from ${from} to ${to}`,
        trigger: [
            ".o-mail-Message:first",
            `:has(.o-mail-Message-author:contains('${author}'))`,
            `:has(.o-mail-Message-tracking:contains('${from}'):contains('${to}'))`,
        ].join(""),
    };
}

registry.category("web_tour.tours").add("contact_lifecycle.contact_form", {
    steps: () => [
        {
            content: "make a contact",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=name] input, .o_form_view .o_field_widget[name=name] textarea",
            run: "edit Ada Byron",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        inStage("New Lead"),
        {
            content: "move it on with the status bar",
            trigger:
                ".o_field_widget[name=lifecycle_stage_id] button:contains('Hot Lead'):not(.o_arrow_button_current)",
            run: "click",
        },
        inStage("Hot Lead"),
        loggedMove("New Lead", "Hot Lead", "lifecycle_agent"),
        {
            content: "it is lost: ask to which lost stage it goes",
            trigger: ".o_statusbar_buttons button:contains('Lost')",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=lost_stage_id] .o_selection_badge:contains('No Budget')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=description]:contains('Cannot pay for it')",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "the ribbon says that it is lost",
            trigger: ".o_form_view .ribbon:contains('Lost')",
        },
        inStage("No Budget"),
        {
            content: "its lost stage is no step after the last one: it is red, and apart",
            trigger: ".o_field_lifecycle_stage_bar.text-danger:has(.o_arrow_button_current)",
            run() {
                const stage = this.anchor.querySelector(".o_arrow_button_current");
                const { marginInlineStart } = getComputedStyle(stage);
                if (parseFloat(marginInlineStart) <= 0) {
                    console.error(`the lost stage follows the last one: ${marginInlineStart}`);
                }
            },
        },
        {
            content: "a lost contact cannot be lost again",
            trigger: ".o_form_view:not(:has(.o_statusbar_buttons button:contains('Lost')))",
        },
        {
            content: "take it out of the lifecycle",
            trigger: ".o_statusbar_buttons button[name=action_lifecycle_clear]",
            run: "click",
        },
        {
            content: "it is in no stage, and there is nothing left to clear",
            trigger:
                ".o_form_view:not(:has([name=lifecycle_stage_id] .o_arrow_button_current, .ribbon, button[name=action_lifecycle_clear]))",
        },
        loggedMove("No Budget", "None", "lifecycle_agent"),
    ],
});
