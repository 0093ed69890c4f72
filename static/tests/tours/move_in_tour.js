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
