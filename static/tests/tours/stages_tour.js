import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

export const PAGE = ".o_contact_lifecycle_stages";
export const column = (kind) => `.o_contact_lifecycle_stage_rows[data-kind=${kind}]`;
export const row = (stage) => `.o_contact_lifecycle_stage_row[data-name='${stage}']`;

/** What the page has, with stages in one of its columns. */
export const inColumn = (kind, ...stages) =>
    stages.map((stage) => `:has(${column(kind)} ${row(stage)})`).join("");

/** From the apps menu to the page of stages. */
export function openStages() {
    return [
        ...stepUtils.goToAppSteps("contact_lifecycle.lifecycle_menu_root", "open the app"),
        {
            trigger: "[data-menu-xmlid='contact_lifecycle.lifecycle_menu_configuration']",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu [data-menu-xmlid='contact_lifecycle.lifecycle_stage_menu']",
            run: "click",
        },
    ];
}

/** Opens the menu of a stage, and chooses in it. */
export function choose(stage, action) {
    return [
        {
            trigger: `${row(stage)} .o_contact_lifecycle_stage_actions`,
            run: "click",
        },
        {
            trigger: `.o-dropdown--menu .o-dropdown-item:contains('${action}')`,
            run: "click",
        },
    ];
}

/** Adds a stage at the foot of a column. */
export function add(kind, stage) {
    const foot = `section:has(${column(kind)}) .o_contact_lifecycle_add_stage`;
    return [
        {
            trigger: `${foot} button`,
            run: "click",
        },
        {
            trigger: `${foot} textarea`,
            run: `edit ${stage} && press Enter`,
        },
        {
            trigger: `${column(kind)} ${row(stage)}`,
        },
    ];
}

registry.category("web_tour.tours").add("contact_lifecycle.stages", {
    steps: () => [
        ...openStages(),
        {
            content: "both kinds are there, each in its column",
            trigger: `${PAGE}${inColumn("lifecycle", "Customer")}${inColumn("lost", "Cold Lead")}`,
        },
        ...add("lifecycle", "Negotiation"),
        {
            trigger: `${row("Negotiation")} button[aria-label='Choose emoji']`,
            run: "click",
        },
        {
            trigger: ".o-EmojiPicker .o-Emoji:contains('😀')",
            run: "click",
        },
        {
            trigger: `${row("Negotiation")} button[aria-label*='😀']`,
        },
        {
            trigger: `${row("Negotiation")} .o_contact_lifecycle_default input`,
            run: "click",
        },
        {
            trigger: `${row("Negotiation")} .o_contact_lifecycle_default input:checked`,
        },
        {
            content: "there is one default only",
            trigger: `${row("New Lead")} .o_contact_lifecycle_default input:not(:checked)`,
        },
        ...stepUtils.goToAppSteps("contacts.menu_contacts", "the next contact"),
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=name] input, .o_form_view .o_field_widget[name=name] textarea",
            run: "edit Next Contact",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "is in the new default stage",
            trigger:
                ".o_field_widget[name=lifecycle_stage_id] .o_arrow_button_current:contains('Negotiation')",
        },
        ...openStages(),
        {
            content: "the number opens its contacts",
            trigger: `${row("Negotiation")} .o_contact_lifecycle_stage_contacts:contains('1 contact')`,
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Next Contact')",
        },
        {
            trigger: ".breadcrumb-item:contains('Lifecycle Stages')",
            run: "click",
        },
        ...choose("Negotiation", "Delete"),
        {
            content: "the dialog says how many contacts are in it",
            trigger: ".modal:contains('One contact')",
        },
        {
            content: "and which stage becomes the default",
            trigger: ".modal .o_field_widget[name=next_default_id]:contains('New Lead')",
        },
        {
            content: "the stage before it is chosen already",
            trigger:
                ".modal:has([name=reassign] input:checked) .o_contact_lifecycle_stage_picker:contains('Payment')",
            run: "click",
        },
        {
            content: "another one is chosen from those that stay",
            trigger:
                ".o_contact_lifecycle_stage_menu:not(:contains('Negotiation')):not(:contains('Clear selection')) .o-dropdown-item:contains('Hot Lead')",
            run: "click",
        },
        {
            trigger: ".modal .o_contact_lifecycle_stage_picker:contains('Hot Lead')",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "what happened is said",
            trigger: ".o_notification:contains('is deleted, one contact is in 🔥 Hot Lead now')",
        },
        {
            trigger: `${PAGE}${inColumn("lifecycle", "New Lead")}:not(:has(${row("Negotiation")}))`,
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.stage_edited", {
    steps: () => [
        {
            trigger: `${row("Hot Lead")} textarea[aria-label$='name']`,
            run: "edit Warm Lead && press Enter",
        },
        {
            trigger: `${row("Warm Lead")} textarea[aria-label$='description']`,
            run: "edit Has asked for a price.",
        },
        {
            content: "what is typed is saved when one leaves it",
            trigger: `${row("Warm Lead")} textarea[aria-label$='entry criteria']`,
            run: "edit We know the budget.",
        },
        {
            trigger: `${row("Warm Lead")} .o_contact_lifecycle_won input`,
            run: "check",
        },
        {
            trigger: `${row("Warm Lead")} .o_contact_lifecycle_won input:checked`,
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.stage_order", {
    steps: () => [
        {
            content: "drag the last stage to the top by its handle",
            trigger: `${row("Customer")} .o_row_handle`,
            run: `drag_and_drop (${row("New Lead")})`,
        },
        {
            trigger: `${row("Customer")}:first-child`,
        },
        ...choose("Customer", "Move Down"),
        {
            content: "with the keyboard, where it is now is said, and the focus stays",
            trigger: ".o_contact_lifecycle_stages [aria-live]:contains('Customer: place 2 of 4')",
        },
        {
            trigger: `${row("Customer")}:nth-child(2) .o_contact_lifecycle_stage_actions:focus`,
        },
    ],
});
