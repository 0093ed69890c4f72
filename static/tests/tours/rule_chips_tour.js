import { registry } from "@web/core/registry";

const chip = (text) => `.o_contact_lifecycle_chip:contains('${text}')`;
const field = (name, rest) => `.o_field_widget[name=${name}] ${rest}`;
const DRY_RUN = ".o_contact_lifecycle_rule_dry_run[aria-busy=false]";

registry.category("web_tour.tours").add("contact_lifecycle.rule_chips", {
    steps: () => [
        {
            content: "make a rule",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: field("name", "input"),
            run: "edit We wrote",
        },
        {
            content: "the sentence says what is missing",
            trigger: `.o_contact_lifecycle_missing${chip("choose what happens")}`,
            run: "click",
        },
        {
            content: "and leads there",
            trigger: field("on_email_sent", "input:focus"),
            run: "check",
        },
        {
            content: "it is said now",
            trigger: `.o_contact_lifecycle_chip:not(.o_contact_lifecycle_missing):contains('sends an email')`,
        },
        {
            trigger: `.o_contact_lifecycle_missing${chip("choose a stage")}`,
            run: "click",
        },
        {
            trigger: field("to_stage_id", "input:focus"),
            run: "edit Hot",
        },
        {
            trigger: field("to_stage_id", ".o-autocomplete--dropdown-item:contains('Hot Lead')"),
            run: "click",
        },
        {
            content: "nothing is missing",
            trigger: `.o_form_view:not(:has(.o_contact_lifecycle_missing)) ${chip("Hot Lead")}`,
        },
        {
            trigger: field("from_stage_ids", "input"),
            run: "edit New",
        },
        {
            trigger: field("from_stage_ids", ".o-autocomplete--dropdown-item:contains('New Lead')"),
            run: "click",
        },
        {
            content: "what narrows it down is a chip as well",
            trigger: chip("New Lead"),
            run: "click",
        },
        {
            trigger: field("from_stage_ids", "input:focus"),
        },
        {
            trigger: `${DRY_RUN} li:contains('New Lead'):contains('Hot Lead')`,
        },
        {
            trigger: `${DRY_RUN} button:contains('Switch On')`,
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            trigger: field("active", "input:checked"),
        },
        {
            content: "in the list it is a sentence",
            trigger: ".o_back_button a, .o_back_button",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:has(.o_contact_lifecycle_chip)) .o_data_row:contains('When one of us sends an email and the contact is in 🆕 New Lead, move it to 🔥 Hot Lead.')",
        },
    ],
});
