import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const DIALOG = ".modal:has(.o_field_widget[name=stage_id])";
const UNDO = ".modal:has(button[name=action_confirm]:contains('Undo'))";

registry.category("web_tour.tours").add("contact_lifecycle.undo_notice", {
    steps: () => [
        ...[0, 1, 2].map((number) => ({
            content: "tick the contacts",
            trigger: `.o_data_row:contains('Contact ${number}') .o_list_record_selector input`,
            run: "click",
        })),
        {
            trigger: ".o_cp_action_menus button:contains('Actions')",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Set Stage...')",
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=stage_id] button`,
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_stage_menu .dropdown-item:contains('Hot Lead')",
            run: "click",
        },
        {
            trigger: `${DIALOG} button[name=action_confirm]`,
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_notification:contains('3 contacts moved to') button:contains('Undo')",
            run: "click",
        },
        { trigger: `${UNDO}:contains('2 contacts go back to 🆕 New Lead.')` },
        { trigger: `${UNDO}:contains('1 contact goes back to 🤩 Customer.')` },
        {
            content: "agents do not have the history",
            trigger: `${UNDO}:not(:has(button[name=action_open_left]))`,
        },
        {
            trigger: `${UNDO} button[name=action_confirm]`,
            run: "click",
        },
        {
            trigger:
                ".o_notification:contains('3 contacts have gone back.') button:contains('Undo')",
        },
        {
            content: "the list shows it",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains('Contact 2') .o_field_widget[name=lifecycle_stage_id]:contains('Customer')",
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.batches", {
    steps: () => [
        ...stepUtils.goToAppSteps("contact_lifecycle.lifecycle_menu_root", "open the app"),
        {
            trigger: "[data-menu-xmlid='contact_lifecycle.lifecycle_menu_reporting']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='contact_lifecycle.lifecycle_batch_menu']",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains('Several at Once: 💵 Payment') .o_data_cell[name=display_name]",
            run: "click",
        },
        {
            content: "its moves, with what has happened since",
            trigger:
                ".o_form_view .o_field_widget[name=move_ids] .o_data_row:contains('Manual: 🤩 Customer')",
        },
        {
            trigger: ".o_form_view button[name=action_undo]",
            run: "click",
        },
        { trigger: `${UNDO}:contains('2 contacts go back to 🔥 Hot Lead.')` },
        { trigger: `${UNDO}:contains('1 contact has moved on since.')` },
        {
            trigger: `${UNDO} button[name=action_open_left]`,
            run: "click",
        },
        {
            content: "the one that stays",
            trigger:
                ".o_list_view:not(:has(.o_data_row ~ .o_data_row)) .o_data_row:contains('Manual: 🤩 Customer')",
        },
        {
            content: "back to the batch",
            trigger: ".o_breadcrumb a:contains('Several at Once')",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_undo]",
            run: "click",
        },
        {
            trigger: `${UNDO} button[name=action_confirm]`,
            run: "click",
        },
        { trigger: ".o_notification:contains('2 contacts have gone back.')" },
        {
            content: "the batch says that it was undone",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=undone_by_ids]:contains('Undo')",
        },
    ],
});
