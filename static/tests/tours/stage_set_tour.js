import { registry } from "@web/core/registry";
import { openStages, row } from "./stages_tour";

const line = (stage) => `.modal .o_data_row:has(.o_data_cell[name=name]:contains('${stage}'))`;

/** Click on what happens to a stage, and choose something else. */
const choose = (stage, outcome) => [
    {
        trigger: `${line(stage)} .o_data_cell[name=outcome]:contains('Left as it is')`,
        run: "click",
    },
    {
        trigger: `${line(stage)} .o_data_cell[name=outcome] input`,
        run: "click",
    },
    {
        trigger: `.o_select_menu_item:contains('${outcome}')`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("contact_lifecycle.stage_set", {
    steps: () => [
        ...openStages(),
        {
            trigger: ".o_control_panel button:contains('Apply a Stage Set')",
            run: "click",
        },
        {
            content: "the first set is explained",
            trigger: ".modal .o_field_widget[name=stage_names]:contains('Hot Lead')",
        },
        {
            trigger: ".modal .o_radio_item:contains('Lead pipeline') input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=stage_names]:contains('Attempting')",
        },
        {
            trigger: ".modal .o_field_widget[name=lost_stage_names]:contains('Disqualified')",
        },
        {
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            content: "the preview says what will be added",
            trigger: `${line("Attempting")} .o_data_cell[name=outcome]:contains('Will be added')`,
        },
        {
            content: "and how many contacts are in the others",
            trigger: `${line("Hot Lead")} .o_data_cell[name=contact_count]:contains('1')`,
        },
        ...choose("Payment", "Deleted"),
        {
            content: "an empty stage has nothing to move",
            trigger: `${line("Payment")} .o_data_cell[name=target_line_id]:not(:contains('Qualified'))`,
        },
        ...choose("Hot Lead", "Contacts move, then deleted"),
        {
            content: "a stage of the set is suggested, and another one can be chosen",
            trigger: `${line("Hot Lead")} .o_data_cell[name=target_line_id] input:value('Attempting')`,
            run: "edit Conn",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Connected')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=set_default] input:checked",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: `.o_contact_lifecycle_stages:has(${row("Attempting")}):has(${row("Customer")}):not(:has(${row("Payment")})):not(:has(${row("Hot Lead")}))`,
        },
    ],
});
