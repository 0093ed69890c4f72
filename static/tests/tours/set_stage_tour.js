import { registry } from "@web/core/registry";

const DIALOG = ".modal:has(.o_field_widget[name=stage_id])";

registry.category("web_tour.tours").add("contact_lifecycle.set_stage", {
    steps: () => [
        ...[0, 1, 2, 3].map((number) => ({
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
            content: "there is nothing to confirm before a stage is chosen",
            trigger: `${DIALOG}:contains('4 contacts are selected'):not(:has(button[name=action_confirm]))`,
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=stage_id] button`,
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_stage_menu .dropdown-item:contains('Payment')",
            run: "click",
        },
        { trigger: `${DIALOG}:contains('2 contacts go forward.')` },
        { trigger: `${DIALOG}:contains('1 contact goes back: rules leave it alone')` },
        { trigger: `${DIALOG}:contains('1 contact is in this stage already.')` },
        {
            trigger: `${DIALOG} button[name=action_confirm]`,
            run: "click",
        },
        { trigger: ".o_notification:contains('3 contacts moved to'):contains('Payment')" },
        {
            content: "the list shows it",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains('Contact 2') .o_field_widget[name=lifecycle_stage_id]:contains('Payment')",
        },
    ],
});
