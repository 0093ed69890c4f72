import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** Tick or untick “Show Lifecycle Stages” and save, after which the page is loaded again. */
function switchLifecycle(action) {
    return [
        {
            trigger: ".settings_tab .tab[data-key='contact_lifecycle']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=group_use_lifecycle] input",
            run: action,
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

const openContact = [
    {
        trigger: ".o_app[data-menu-xmlid='contacts.menu_contacts']",
        run: "click",
    },
    {
        trigger: ".o_data_row .o_data_cell:contains('Contact 0')",
        run: "click",
    },
];

registry.category("web_tour.tours").add("contact_lifecycle.switch_off", {
    steps: () => [
        ...switchLifecycle("uncheck"),
        stepUtils.showAppsMenuItem(),
        {
            content: "the app is gone",
            trigger:
                ".o-dropdown--menu:has(.o_app[data-menu-xmlid='contacts.menu_contacts'])" +
                ":not(:has(.o_app[data-menu-xmlid='contact_lifecycle.lifecycle_menu_root']))",
        },
        {
            trigger: ".o_app[data-menu-xmlid='contacts.menu_contacts']",
            run: "click",
        },
        {
            content: "so is the stage in the list",
            trigger: ".o_list_view:has(.o_data_row):not(:has([name=lifecycle_stage_id]))",
        },
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "and in the search",
            trigger:
                ".o_group_by_menu:not(:has(.o_menu_item:not(select):contains('Lifecycle Stage')))",
        },
        {
            trigger: ".o_data_row .o_data_cell:contains('Contact 0')",
            run: "click",
        },
        {
            content: "and in the form",
            trigger:
                ".o_form_view:has([name=name]):not(:has([name=lifecycle_stage_id]," +
                " [name=action_lifecycle_clear], [name=action_lifecycle_history]))",
        },
        {
            content: "a new contact",
            trigger: ".o_form_button_create",
            run: "click",
        },
        {
            trigger: ".o_last_breadcrumb_item:contains('New')",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=name] input, .o_form_view .o_field_widget[name=name] textarea",
            run: "edit Made While Off",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger:
                "body:has(.o_last_breadcrumb_item:contains('Made While Off')) .o_form_status_indicator_buttons.invisible:not(:visible)",
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.switch_on", {
    steps: () => [
        ...switchLifecycle("check"),
        stepUtils.showAppsMenuItem(),
        {
            content: "the app is back",
            trigger: ".o_app[data-menu-xmlid='contact_lifecycle.lifecycle_menu_root']",
        },
        ...openContact,
        {
            content: "and the contact is where it was",
            trigger:
                ".o_field_widget[name=lifecycle_stage_id] .o_arrow_button_current:contains('Hot Lead')",
        },
        {
            trigger: "[name=action_lifecycle_history]:contains('2')",
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.own_settings", {
    steps: () => [
        {
            trigger:
                ".o_setting_box .o_field_widget[name=lifecycle_scope_text]:contains('Everybody but')",
        },
        {
            trigger: ".o_field_widget[name=lifecycle_company_sync] input:not(:checked)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=lifecycle_default_on] label:contains('Never')",
            run: "click",
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page is read anew",
            trigger: ".o_field_widget[name=lifecycle_company_sync] input:checked",
        },
        {
            trigger: ".o_field_widget[name=lifecycle_default_on] input:checked",
        },
    ],
});
