import { registry } from "@web/core/registry";
import { choose, openStages } from "./stages_tour";

const step = (name) =>
    `.o_field_widget[name=action_server_ids] .o_kanban_record:contains('${name}')`;

/** From the list of stages to a stage and its automations. */
const openAutomations = (count) => [
    ...openStages(),
    ...choose("Hot Lead", "More Settings"),
    {
        content: "the stage says how many automations there are",
        trigger: `.o_form_view button[name=action_automations]:contains('${count}')`,
        run: "click",
    },
];

const comment = [
    {
        trigger: ".o-mail-Chatter button:contains('Log note')",
        run: "click",
    },
    {
        trigger: ".o-mail-Chatter .o-mail-Composer-input",
        run: "edit Why only one?",
    },
    {
        trigger: ".o-mail-Chatter .o-mail-Composer-send:enabled",
        run: "click",
    },
    {
        trigger: ".o-mail-Message:contains('Why only one?')",
    },
];

registry.category("web_tour.tours").add("contact_lifecycle.stage_automations", {
    steps: () => [
        ...openAutomations(1),
        {
            content: "open the full editor",
            trigger: ".o_kanban_record:contains('Welcome')",
            run: "click",
        },
        {
            content: "delete a step and all that follow",
            trigger: `${step("Step 2")} button[name=action_delete_with_following]`,
            run: "click",
        },
        {
            trigger: ".modal:contains('all that follow') .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: `.o_form_view:has(${step("Step 1")}):not(:has(${step("Step 2")})):not(:has(${step("Step 3")}))`,
        },
        ...comment,
        {
            trigger: ".breadcrumb-item:contains('Automations')",
            run: "click",
        },
        {
            content: "add another one with one click",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "it is about this stage",
            trigger: ".o_form_view .o_field_widget[name=trg_field_ref] input:value('🔥 Hot Lead')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            trigger: ".breadcrumb-item:contains('Automations')",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Entering')",
        },
        {
            content: "and one that waits",
            trigger: ".o_control_panel button:contains('New After a Delay')",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=trg_date_id] input:value('Last Stage Change')",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input",
            run: "edit A day later",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.automation_comment", {
    steps: () => [
        ...openAutomations(1),
        {
            content: "an owner who is no administrator is offered nothing to change",
            trigger:
                ".o_list_view:not(:has(.o_list_button_add)) .o_data_row:contains('Welcome') .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert:contains('Only administrators')",
        },
        {
            trigger:
                ".o_form_view:not(:has(.o_form_button_create)) .o_field_widget[name=name]:contains('Welcome')",
        },
        ...comment,
    ],
});
