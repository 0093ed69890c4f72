import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("contact_lifecycle.pipeline", {
    steps: () => [
        ...stepUtils.goToAppSteps("contact_lifecycle.lifecycle_menu_root", "open the app"),
        {
            content: "open the pipeline",
            trigger: "[data-menu-xmlid='contact_lifecycle.res_partner_menu_lifecycle']",
            run: "click",
        },
        {
            content: "an empty stage has its column",
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Payment')):not(:has(.o_kanban_record:not(.o_kanban_ghost)))",
        },
        {
            content: "a lost stage is folded",
            trigger: ".o_kanban_group.o_column_folded:contains('Cold Lead')",
        },
        {
            content: "the column says what must be true of a contact to enter it",
            trigger: ".o_kanban_group:has(.o_column_title:contains('Hot Lead')) .o_column_title",
            run: "hover",
        },
        {
            trigger: ".o-tooltip:contains('Entry Criteria'):contains('Asked for a price')",
        },
        {
            content: "move a card on",
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('New Lead')) .o_kanban_record:contains('Contact 0')",
            run: "drag_and_drop (.o_kanban_group:has(.o_column_title:contains('Hot Lead')))",
        },
        {
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Hot Lead')) .o_kanban_record:contains('Contact 0')",
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.no_pipeline", {
    steps: () => [
        ...stepUtils.goToAppSteps("contact_lifecycle.lifecycle_menu_root", "open the app"),
        {
            content: "an agent has no pipeline of contacts, no reports and no configuration",
            trigger:
                ".o_main_navbar:has(.o_menu_brand:contains('Lifecycle'))" +
                ":not(:has([data-menu-xmlid$='res_partner_menu_lifecycle']," +
                " [data-menu-xmlid$='lifecycle_menu_reporting'], [data-menu-xmlid$='lifecycle_menu_configuration']))",
        },
        ...stepUtils.goToAppSteps("contacts.menu_contacts", "open Contacts"),
        {
            content: "but sees in which stage each contact is",
            trigger:
                ".o_data_row:contains('Contact 0') .o_field_widget[name=lifecycle_stage_id]:contains('New Lead')",
        },
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "and is not offered to group by it",
            trigger:
                ".o_group_by_menu:not(:has(.o_menu_item:not(select):contains('Lifecycle Stage')))",
        },
    ],
});
