import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

export const row = (name) => `.o_data_row:has(.o_data_cell[name=name]:contains('${name}'))`;

/** From the apps menu to one of the two lists of stages. */
export function openStages(menu) {
    return [
        ...stepUtils.goToAppSteps("contact_lifecycle.lifecycle_menu_root", "open the app"),
        {
            trigger: "[data-menu-xmlid='contact_lifecycle.lifecycle_menu_configuration']",
            run: "click",
        },
        {
            trigger: `.o-dropdown--menu [data-menu-xmlid='contact_lifecycle.${menu}']`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("contact_lifecycle.stages", {
    steps: () => [
        ...openStages("lifecycle_stage_menu"),
        {
            content: "lifecycle stages are apart from lost ones",
            trigger: `.o_list_view:has(${row("Customer")}):not(:has(${row("Cold Lead")}))`,
        },
        {
            content: "add a stage",
            trigger: ".o_control_panel button:contains('Add stage')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=emoji] button",
            run: "click",
        },
        {
            trigger: ".o-EmojiPicker .o-Emoji:contains('😀')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=emoji]:contains('😀')",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Negotiation",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "make it the default",
            trigger: `${row("Negotiation")} button:contains('Set as default')`,
            run: "click",
        },
        {
            trigger: `${row("Negotiation")} button:contains('Default'):disabled`,
        },
        {
            content: "there is one default only",
            trigger: `${row("New Lead")} button:contains('Set as default')`,
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
        ...openStages("lifecycle_stage_menu"),
        {
            content: "delete the stage",
            trigger: `${row("Negotiation")} button[name=action_delete]`,
            run: "click",
        },
        {
            content: "the dialog says how many contacts are in it",
            trigger: ".modal:contains('One contact')",
        },
        {
            content: "and which stage becomes the default",
            trigger: ".modal .o_field_widget[name=next_default_id]:contains('New Lead')",
        },
        {
            trigger: ".modal .o_field_widget[name=reassign] input",
            run: "check",
        },
        {
            trigger: ".modal .o_field_widget[name=target_stage_id] input",
            run: "edit Hot Lead",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Hot Lead')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: `.o_list_view:has(${row("New Lead")}):not(:has(${row("Negotiation")}))`,
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
            trigger: `.o_data_row:first:contains('Customer')`,
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.lost_stages", {
    steps: () => [
        ...openStages("lifecycle_lost_stage_menu"),
        {
            content: "lost stages are apart from lifecycle stages",
            trigger: `.o_list_view:has(${row("Cold Lead")}):not(:has(${row("New Lead")}))`,
        },
        {
            content: "add one that is offered ready-made",
            trigger: ".o_control_panel button:contains('suggested')",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=suggestion] .o_radio_item:contains('No Response') input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=description]:contains('Never answered')",
        },
        {
            trigger: ".modal button[name=action_add]",
            run: "click",
        },
        {
            trigger: row("No Response"),
        },
        {
            content: "add one of our own",
            trigger: ".o_control_panel button:contains('Add stage')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Moved Abroad",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: row("Moved Abroad"),
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.convert_stages", {
    steps: () => [
        ...openStages("lifecycle_stage_menu"),
        {
            content: "make a lifecycle stage lost",
            trigger: `${row("Hot Lead")} button[name=action_convert_to_lost]`,
            run: "click",
        },
        {
            trigger: ".modal:contains('history stay') .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: `.o_list_view:has(${row("New Lead")}):not(:has(${row("Hot Lead")}))`,
        },
        ...openStages("lifecycle_lost_stage_menu"),
        {
            content: "and another one back",
            trigger: `.o_list_view:has(${row("Hot Lead")}) ${row("Cold Lead")} button[name=action_convert_to_lifecycle]`,
            run: "click",
        },
        {
            trigger: `.o_list_view:has(${row("Hot Lead")}):not(:has(${row("Cold Lead")}))`,
        },
    ],
});
