import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { StageBoardArchParser } from "@contact_lifecycle/stage_board/stage_board";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchTranslations,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { parseXML } from "@web/core/utils/xml";

class Chat extends models.Model {
    name = fields.Char();
    stage = fields.Many2one({ relation: "chat.stage", falsy_value_label: "No stage" });
    lifecycle_stage_id = fields.Many2one({ relation: "lifecycle.stage" });

    _records = [
        { id: 1, name: "Ann", stage: 1, lifecycle_stage_id: 1 },
        { id: 2, name: "Ben", stage: 2 },
        { id: 3, name: "Cem", stage: false },
    ];
}

class ChatStage extends models.Model {
    _name = "chat.stage";

    name = fields.Char();

    _records = [
        { id: 1, name: "New Lead" },
        { id: 2, name: "Hot Lead" },
    ];
}

class LifecycleStage extends models.Model {
    _name = "lifecycle.stage";

    name = fields.Char();

    _records = [{ id: 1, name: "🔥 Hot Lead" }];
}

defineMailModels();
defineModels([Chat, ChatStage, LifecycleStage]);

const BOARDS = ["lifecycle_inbox_kanban", "lifecycle_pipeline_kanban"];

async function getTitles(board, groupBy = "stage") {
    await mountView({
        type: "kanban",
        resModel: "chat",
        groupBy: [groupBy],
        arch: `
            <kanban js_class="${board}">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
    });
    return queryAllTexts(".o_kanban_group .o_column_title").map((title) =>
        title.replace(/\s*\(\d+\)/, ""),
    );
}

test("who finds nothing reads that nothing matches, not what the page is for", async () => {
    await mountView({
        type: "kanban",
        resModel: "res.partner",
        arch: `
            <kanban js_class="lifecycle_pipeline_kanban">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
        searchViewArch: `
            <search>
                <filter name="nobody" string="Nobody" domain="[('name', '=', 'Nobody')]"/>
            </search>`,
        domain: [["id", "=", 0]],
        noContentHelp: "See where every contact stands",
    });
    expect(".o_nocontent_help").toHaveText("See where every contact stands");
    await toggleSearchBarMenu();
    await toggleMenuItem("Nobody");
    expect(".o_nocontent_help").toHaveText(/^No contact matches\s+Search for something else/);
});

for (const board of BOARDS) {
    test.tags("mobile");
    test(`${board} on a phone: what has no stage comes last (I1)`, async () => {
        expect(await getTitles(board)).toEqual(["New Lead", "Hot Lead", "No stage"]);
    });

    test.tags("desktop");
    test(`${board}: what has no stage comes first (I1)`, async () => {
        expect(await getTitles(board)).toEqual(["No stage", "New Lead", "Hot Lead"]);
    });
}

for (const isThere of [true, false]) {
    const name = isThere ? "🔥 Hot Lead" : "Hot Lead";
    test(`a column is called “${name}” where a browser has ${isThere ? "" : "no "}emoji (I5)`, async () => {
        mockEmojiFont(isThere);
        expect(await getTitles("lifecycle_pipeline_kanban", "lifecycle_stage_id")).toInclude(name);
    });
}

test("what a column says of its stage is in the user's language (S6)", async () => {
    patchTranslations({ contact_lifecycle: { "Entry Criteria": "Eintrittskriterien" } });
    const arch = parseXML(`
        <kanban>
            <field name="lifecycle_stage_id"/>
            <templates><t t-name="card"><field name="lifecycle_stage_id"/></t></templates>
        </kanban>`);
    const field = { name: "lifecycle_stage_id", type: "many2one", relation: "chat.stage" };
    const models = { chat: { fields: { lifecycle_stage_id: field } } };
    const { tooltipInfo } = new StageBoardArchParser().parse(arch, models, "chat");
    expect(`${tooltipInfo.lifecycle_stage_id.entry_criteria}`).toBe("Eintrittskriterien");
});
