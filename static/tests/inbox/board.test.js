import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { mockChanges, tellChange } from "@contact_lifecycle/../tests/live_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Chat extends models.Model {
    name = fields.Char();
    stage = fields.Selection({
        selection: [
            ["new", "New Lead"],
            ["hot", "Hot Lead"],
        ],
    });

    _records = [
        { id: 1, name: "Ann", stage: "new" },
        { id: 2, name: "Ben", stage: "hot" },
    ];
}

defineMailModels();
defineModels([Chat]);

beforeEach(mockChanges);

/** Somebody else moves Ann, and the server says that something changed, several times. */
async function moveAnn() {
    MockServer.env["chat"].write([1], { stage: "hot" });
    for (let i = 0; i < 3; i++) {
        tellChange();
    }
    await advanceTime(500);
    await animationFrame();
}

const mountKanban = () =>
    mountView({
        type: "kanban",
        resModel: "chat",
        groupBy: ["stage"],
        arch: `
            <kanban js_class="lifecycle_inbox_kanban">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
    });

const mountList = () =>
    mountView({
        type: "list",
        resModel: "chat",
        arch: `<list js_class="lifecycle_inbox_list" multi_edit="1"><field name="name"/><field name="stage"/></list>`,
    });

test("a move by somebody else shows in the kanban, several in one go (A7, I1)", async () => {
    await mountKanban();
    expect(".o_kanban_group:eq(0) .o_kanban_record").toHaveCount(1);
    onRpc("chat", "web_read_group", () => expect.step("read"));
    await moveAnn();
    expect(".o_kanban_group:eq(1) .o_kanban_record").toHaveCount(2);
    expect.verifySteps(["read"]);
});

test("a move by somebody else shows in the list (A7, I1)", async () => {
    await mountList();
    await moveAnn();
    expect(queryAllTexts(".o_data_row [name=stage]")).toEqual(["Hot Lead", "Hot Lead"]);
});

test.tags("desktop");
test("a selection in the list is not taken away", async () => {
    await mountList();
    await contains(".o_data_row:eq(0) .o_list_record_selector input").click();
    await moveAnn();
    expect(".o_data_row.o_data_row_selected").toHaveCount(1);
    expect(queryAllTexts(".o_data_row [name=stage]")).toEqual(["New Lead", "Hot Lead"]);
    await contains(".o_data_row:eq(0) .o_list_record_selector input").click();
    await advanceTime(500);
    await animationFrame();
    expect(queryAllTexts(".o_data_row [name=stage]")).toEqual(["Hot Lead", "Hot Lead"]);
});
