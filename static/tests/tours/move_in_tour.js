import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** The files that the test has left for the tour, as the owner would have them on the disk. */
async function getFiles() {
    const found = await rpc("/web/dataset/call_kw/ir.attachment/search_read", {
        model: "ir.attachment",
        method: "search_read",
        args: [[["description", "=", "for the tour"]], ["name"]],
        kwargs: {},
    });
    return Promise.all(
        found.map(async ({ id, name }) => {
            const response = await fetch(`/web/content/${id}?download=true`);
            return new File([await response.blob()], name);
        }),
    );
}

const attach = {
    trigger: ".o_field_widget[name=attachment_ids] .o_file_input",
    async run() {
        const transfer = new DataTransfer();
        for (const file of await getFiles()) {
            transfer.items.add(file);
        }
        const input = this.anchor.querySelector("input[type=file]");
        input.files = transfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    },
};

const open = (source) => [
    stepUtils.showAppsMenuItem(),
    {
        trigger: ".o_app[data-menu-xmlid='contact_lifecycle.lifecycle_menu_root']",
        run: "click",
    },
    {
        trigger: "button[data-menu-xmlid='contact_lifecycle.lifecycle_menu_configuration']",
        run: "click",
    },
    {
        trigger: "a[data-menu-xmlid='contact_lifecycle.lifecycle_import_menu']",
        run: "click",
    },
    {
        trigger: ".o_list_button_add",
        run: "click",
    },
    {
        trigger: `.o_field_widget[name=source] input[data-value=${source}]`,
        run: "click",
    },
];

const readAndMoveIn = (count, choose = []) => [
    {
        content: "what would happen is said before it does",
        trigger: "button[name=action_read]:contains('Read and Try')",
        run: "click",
    },
    {
        trigger: `.o_field_widget[name=row_count]:contains('${count}')`,
    },
    ...choose,
    {
        trigger: "button[name=action_start]",
        run: "click",
    },
    {
        trigger: ".o_statusbar_status button[aria-checked=true]:contains('Done')",
    },
];

/** Leave the number of what a person has done for the test; the menu is one thing, whatever one clicks to get there. */
const tellSteps = (steps) => ({
    trigger: ".o_form_view",
    async run() {
        const menu = steps.findIndex(({ trigger }) => trigger === ".o_list_button_add");
        const played = 1 + steps.slice(menu).filter(({ run }) => run).length;
        await rpc("/web/dataset/call_kw/ir.attachment/create", {
            model: "ir.attachment",
            method: "create",
            args: [{ name: "steps played", description: String(played) }],
            kwargs: {},
        });
    },
});

const add = (name, steps) =>
    registry
        .category("web_tour.tours")
        .add(`contact_lifecycle.move_in_${name}`, { steps: () => [...steps, tellSteps(steps)] });

const attached = (count) => ({
    content: "the files are there",
    trigger: `.o_field_widget[name=attachment_ids]:has(.o_attachment:nth-of-type(${count}))`,
});

for (const [source, files] of [
    ["respondio", 2],
    ["hubspot", 1],
    ["file", 1],
]) {
    add(source, [...open(source), attach, attached(files), ...readAndMoveIn(200)]);
}

add("partner_stage", [...open("partner_stage"), ...readAndMoveIn(2)]);

const label =
    ".o_field_widget[name=stage_ids] .o_data_row:has(.o_data_cell[name=label]:contains('VIP'))";

add("chatwoot", [
    ...open("chatwoot"),
    attach,
    attached(1),
    ...readAndMoveIn(200, [
        {
            trigger: ".o_notebook .nav-link[name=stages]",
            run: "click",
        },
        {
            content: "a label that has no stage of its name becomes a lost one",
            trigger: `${label} .o_data_cell[name=outcome]`,
            run: "click",
        },
        {
            trigger: `${label} .o_data_cell[name=outcome] input`,
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Make a lost stage')",
            run: "click",
        },
        {
            trigger: "button[name=action_try]",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link[name=trial]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=stages_made]:contains('1')",
        },
    ]),
]);

/** Nothing of the form is wider than the phone, but for its tabs, which Odoo lets one draw sideways. */
const isNarrow = {
    trigger: ".o_form_view .o_notebook",
    run() {
        const wide = [...document.querySelectorAll(".o_form_view, .o_form_view *")].filter(
            (el) =>
                !el.matches(".o_notebook_headers") &&
                el.scrollWidth > el.clientWidth + 1 &&
                ["auto", "scroll"].includes(getComputedStyle(el).overflowX) &&
                el.checkVisibility(),
        );
        if (wide.length) {
            throw new Error(`It scrolls sideways: ${wide.map((el) => el.className).join(", ")}`);
        }
    },
};

const openPage = (name) => ({
    trigger: `.o_notebook .nav-link[name=${name}]`,
    run: "click",
});

/** On a phone a line is a card, which opens as a form of its own; what there is to choose comes up over that. */
const changeCard = (lines, name, field, option, more = []) => {
    const card = `.o_field_widget[name=${lines}] .o_kanban_record:contains('${name}')`;
    return [
        {
            trigger: card,
            run: "click",
        },
        {
            trigger: `.modal .o_field_widget[name=${field}] input`,
            run: "click",
        },
        {
            trigger: `body .o_select_menu_item:contains('${option}')`,
            run: "click",
        },
        ...more,
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: `${card}:contains('${option}')`,
        },
    ];
};

registry.category("web_tour.tours").add("contact_lifecycle.move_in_phone", {
    steps: () => [
        {
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=source] input[data-value=chatwoot]",
            run: "click",
        },
        attach,
        attached(1),
        {
            trigger: "button[name=action_read]:contains('Read and Try')",
            run: "click",
        },
        openPage("stages"),
        ...changeCard("stage_ids", "VIP", "outcome", "Make a lost stage"),
        isNarrow,
        openPage("contacts"),
        ...changeCard("choice_ids", "person1@", "choice", "This contact", [
            {
                trigger: ".modal .o_field_widget[name=partner_id] input",
                run: "click",
            },
            {
                trigger: ".o_kanban_record:contains('Second Twin')",
                run: "click",
            },
        ]),
        isNarrow,
        openPage("columns"),
        {
            trigger:
                ".o_field_widget[name=column_ids] .o_kanban_record:contains('Stage among labels')",
        },
        isNarrow,
        {
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_try]",
            run: "click",
        },
        openPage("trial"),
        {
            trigger: ".o_field_widget[name=stages_made]:contains('1')",
        },
        isNarrow,
        {
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status:contains('Done')",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Chatwoot'):contains('Done')",
        },
    ],
});
