import { registry } from "@web/core/registry";

const STEPS = ".o_contact_lifecycle_first_steps";
const isDone = (step) => `${STEPS} [data-step=${step}] .fa-check-circle`;

/** What an owner who is no administrator does on the dashboard of a database in which nothing has been done. */
registry.category("web_tour.tours").add("contact_lifecycle.first_steps", {
    steps: () => [
        {
            content: "nothing is done",
            trigger: `${STEPS}:contains('0 of 4 done')`,
        },
        {
            content: "roles are given by others, who are named",
            trigger: `${STEPS} [data-step=roles]:contains('Ask one of them'):not(:has(button))`,
        },
        {
            trigger: `${STEPS} [data-step=stages] button:contains('Keep These Stages')`,
            run: "click",
        },
        { trigger: isDone("stages") },
        {
            trigger: `${STEPS} [data-step=contacts] button:contains('Let Them Start')`,
            run: "click",
        },
        {
            content: "it can be taken back where one is",
            trigger:
                ".o_notification:contains('Contacts that have started in') button:contains('Undo')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "and so can that",
            trigger:
                "body:not(:has(.modal)) .o_notification:contains('gone back') button:contains('Undo')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
        { trigger: isDone("contacts") },
        {
            content: "the figures are there at once",
            trigger: ".o_contact_lifecycle_card:contains('New Lead')",
        },
        {
            trigger: `${STEPS} [data-step=rule] [data-suggestion=answers]`,
            run: "click",
        },
        {
            trigger: ".modal button[name=action_switch_on]",
            run: "click",
        },
        { trigger: isDone("rule") },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "an owner need not wait for the administrators",
            trigger: `${STEPS}:contains('3 of 4 done') .o_contact_lifecycle_dismiss`,
        },
    ],
});
