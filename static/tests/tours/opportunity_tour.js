import { registry } from "@web/core/registry";

const badge = ".o_field_widget[name=lifecycle_stage_id] button";

const choose = (stage) => ({
    trigger: `.o_contact_lifecycle_stage_menu .dropdown-item:contains('${stage}')`,
    run: "click",
});

registry.category("web_tour.tours").add("contact_lifecycle.opportunity", {
    steps: () => [
        {
            content: "the card shows the stage of the contact",
            trigger: `.o_kanban_record:contains('Engine') ${badge}:contains('New Lead')`,
            run: "click",
        },
        choose("Hot Lead"),
        {
            trigger: `.o_kanban_record:contains('Engine') ${badge}:contains('Hot Lead')`,
        },
        {
            content: "so does the form",
            trigger: ".o_kanban_record:contains('Engine')",
            run: "click",
        },
        {
            trigger: `.o_form_view ${badge}:contains('Hot Lead')`,
            run: "click",
        },
        choose("Customer"),
        {
            trigger: `.o_form_view ${badge}:contains('Customer')`,
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_form_status_indicator_buttons.invisible:not(:visible)",
        },
    ],
});
