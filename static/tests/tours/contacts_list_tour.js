import { registry } from "@web/core/registry";

const selectContact = (name) => ({
    trigger: `.o_data_row:contains('${name}') .o_list_record_selector input`,
    run: "click",
});

registry.category("web_tour.tours").add("contact_lifecycle.list", {
    steps: () => [
        selectContact("Contact 0"),
        selectContact("Contact 1"),
        selectContact("Contact 2"),
        {
            content: "change the stage of one of the selected contacts",
            trigger:
                ".o_data_row:contains('Contact 1') .o_field_widget[name=lifecycle_stage_id] button",
            run: "click",
        },
        {
            trigger: ".o_contact_lifecycle_stage_menu .dropdown-item:contains('Payment')",
            run: "click",
        },
        {
            content: "all of them move",
            trigger: ".modal:contains('3') .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains('Contact 0') .o_field_widget[name=lifecycle_stage_id]:contains('Payment')",
        },
        {
            trigger:
                ".o_data_row:contains('Contact 2') .o_field_widget[name=lifecycle_stage_id]:contains('Payment')",
        },
        {
            content: "the one that was not selected stays",
            trigger:
                ".o_data_row:contains('Contact 3') .o_field_widget[name=lifecycle_stage_id]:contains('New Lead')",
        },
    ],
});
