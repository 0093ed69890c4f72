import { registry } from "@web/core/registry";
import { add, choose, column, inColumn, openStages, PAGE, row } from "./stages_tour";

registry.category("web_tour.tours").add("contact_lifecycle.lost_stages", {
    steps: () => [
        ...openStages(),
        {
            content: "add some that are offered ready-made",
            trigger: "button:contains('Add Suggested Lost Stages')",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Never answered') .o_data_cell[name=is_chosen]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Never answered') input:checked",
        },
        {
            trigger: ".modal .o_data_row:contains('Unqualified') .o_data_cell[name=is_chosen]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Unqualified') input:checked",
        },
        {
            trigger: ".modal button[name=action_add]",
            run: "click",
        },
        {
            trigger: `${PAGE}${inColumn("lost", "No Response", "Unqualified")}`,
        },
        ...add("lost", "Moved Abroad"),
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.convert_stages", {
    steps: () => [
        ...openStages(),
        {
            content: "drag a lifecycle stage to the lost ones",
            trigger: `${row("Hot Lead")} .o_row_handle`,
            run: `drag_and_drop (${row("Cold Lead")})`,
        },
        {
            content: "what stays in it is said before",
            trigger:
                ".modal:contains('Hot Lead a lost stage?'):contains('One contact stays in it. One rule names it.') .modal-footer button:contains('Cancel')",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${column("lifecycle")} ${row("Hot Lead")} .o_row_handle`,
            run: `drag_and_drop (${row("Cold Lead")})`,
        },
        {
            trigger: ".modal .modal-footer button:contains('Make Lost')",
            run: "click",
        },
        {
            trigger: `${column("lost")} ${row("Hot Lead")}:first-child`,
        },
        {
            trigger: `${column("lost")} ${row("Cold Lead")}:nth-child(2)`,
        },
        ...choose("Cold Lead", "Make Lifecycle Stage"),
        {
            trigger:
                ".modal:contains('No contact is in it.') .modal-footer button:contains('Make Lifecycle Stage')",
            run: "click",
        },
        {
            trigger: `${PAGE}${inColumn("lifecycle", "Cold Lead")}`,
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.stages_phone", {
    steps: () => [
        {
            content: "one kind at a time",
            trigger: `${PAGE}${inColumn("lifecycle", "Customer")}:not(:has(${column("lost")}))`,
        },
        {
            trigger: ".nav-tabs button:contains('Lost (1)')",
            run: "click",
        },
        {
            trigger: `${PAGE}${inColumn("lost", "Cold Lead")}:not(:has(${column("lifecycle")}))`,
        },
        ...add("lost", "No Budget"),
        {
            trigger: ".nav-tabs .active:contains('Lost (2)')",
        },
        ...choose("No Budget", "Make Lifecycle Stage"),
        {
            trigger: ".modal .modal-footer button:contains('Make Lifecycle Stage')",
            run: "click",
        },
        {
            trigger: ".nav-tabs button:contains('Lifecycle (5)')",
            run: "click",
        },
        {
            trigger: `${PAGE}${inColumn("lifecycle", "No Budget")}`,
        },
    ],
});
