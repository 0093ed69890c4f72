import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { hover, press, queryAllTexts, queryFirst, runAllTimers } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { getStagePalette } from "@contact_lifecycle/stage_picker/stage_palette";
import { STAGE_HOTKEY } from "@contact_lifecycle/stage_picker/stage_picker";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const MARKUP = "<b>Payment</b>";
const PICKER = ".o_contact_lifecycle_stage_picker";
const MENU = ".o_contact_lifecycle_stage_menu";

class Stage extends models.Model {
    _name = "lifecycle.stage";
    _order = "is_lost, sequence, id";

    name = fields.Char();
    sequence = fields.Integer();
    is_lost = fields.Boolean();
    deletion_pending = fields.Boolean();
    description = fields.Text();
    entry_criteria = fields.Text();

    _records = [
        { id: 1, name: "🧊 Cold Lead", sequence: 0, is_lost: true },
        { id: 2, name: MARKUP, sequence: 2, entry_criteria: "<i>An invoice was sent</i>" },
        { id: 3, name: "🔥 Hot Lead", sequence: 1, description: "Wants to <i>buy</i>" },
        { id: 4, name: "Going", sequence: 3, deletion_pending: true },
    ];
}

class Contact extends models.Model {
    name = fields.Char();
    stage_id = fields.Many2one({ relation: "lifecycle.stage", string: "Lifecycle Stage" });
    duration_tracking = fields.Json();

    _records = [
        { id: 1, name: "Ann", stage_id: 2 },
        { id: 2, name: "Ben", stage_id: 1 },
        { id: 3, name: "Cyd" },
    ];
}

defineMailModels();
beforeEach(() => mockEmojiFont());
defineModels([Stage, Contact]);

/** Steps through what is written, as `[ids, stage]`. */
function stepWrites() {
    for (const method of ["web_save", "web_save_multi"]) {
        onRpc("contact", method, ({ args: [ids, changes] }) => {
            expect.step([ids, changes.stage_id]);
        });
    }
}

const mountForm = (attributes = "", resId = 1) =>
    mountView({
        type: "form",
        resModel: "contact",
        resId,
        arch: `<form><field name="stage_id" widget="lifecycle_stage" ${attributes}/></form>`,
    });

const mountList = (attributes = "") =>
    mountView({
        type: "list",
        resModel: "contact",
        arch: `
            <list ${attributes}>
                <field name="name"/>
                <field name="stage_id" widget="lifecycle_stage"/>
            </list>`,
        selectRecord: () => expect.step("record opened"),
    });

const mountKanban = () =>
    mountView({
        type: "kanban",
        resModel: "contact",
        arch: `
            <kanban>
                <templates>
                    <t t-name="card"><field name="stage_id" widget="lifecycle_stage"/></t>
                </templates>
            </kanban>`,
        selectRecord: () => expect.step("record opened"),
    });

describe("desktop", () => {
    describe.current.tags("desktop");
    beforeEach(stepWrites);

    test("shows the stage as a badge of text, lost ones in another colour", async () => {
        await mountList();
        expect(queryAllTexts(".o_contact_lifecycle_stage")).toEqual([MARKUP, "🧊 Cold Lead"]);
        expect(".o_contact_lifecycle_stage.text-bg-danger").toHaveText("🧊 Cold Lead");
        expect(queryAllTexts(PICKER)).toEqual([MARKUP, "🧊 Cold Lead", "Set Stage"]);
        expect(PICKER + ":first").toHaveAttribute("aria-label", `Lifecycle Stage: ${MARKUP}`);
        expect(PICKER + ":last").toHaveAttribute("aria-label", "Lifecycle Stage: Set Stage");
    });

    test("offers both kinds of stages in their order, lost ones under a heading", async () => {
        await mountForm();
        await contains(PICKER).click();
        expect(
            queryAllTexts(`${MENU} .text-truncate:not(small), ${MENU} .dropdown-header`),
        ).toEqual(["🔥 Hot Lead", MARKUP, "Lost", "🧊 Cold Lead"]);
        expect(`${MENU} [role=group][aria-label=Lost] .dropdown-item`).toHaveText("🧊 Cold Lead");
        expect(`${MENU} .selected`).toHaveCount(1);
        expect(`${MENU} .selected`).toHaveAttribute("aria-checked", "true");
        expect(`${MENU} .selected .text-truncate:first`).toHaveText(MARKUP);
    });

    test("says what must be true to enter a stage, as text", async () => {
        await mountForm();
        await contains(PICKER).click();
        expect(`${MENU} small`).toHaveText("<i>An invoice was sent</i>");
        await hover(`${MENU} .dropdown-item:contains(Payment)`);
        await runAllTimers();
        expect(".o-tooltip").toHaveText("Entry Criteria\n<i>An invoice was sent</i>");
        await hover(`${MENU} .dropdown-item:contains(Hot Lead)`);
        await runAllTimers();
        expect(".o-tooltip").toHaveText("Description\nWants to <i>buy</i>");
    });

    test("goes to the stage that begins with what is typed, whatever stands before it", async () => {
        await mountForm();
        await contains(PICKER).click();
        await animationFrame();
        const typeAndSee = async (key, text) => {
            await press(key);
            await animationFrame();
            expect(`${MENU} .dropdown-item:focus`).toHaveCount(1);
            expect(`${MENU} .dropdown-item:focus`).toHaveText(text);
        };
        await typeAndSee("H", "🔥 Hot Lead");
        await typeAndSee("x", "🔥 Hot Lead"); // none begins with "hx"
        await advanceTime(1000);
        await typeAndSee("c", "🧊 Cold Lead");
        await typeAndSee("c", "Clear selection"); // the next one
        await advanceTime(1000);
        await typeAndSee("c", "🧊 Cold Lead");
        await typeAndSee("l", "Clear selection");
        await advanceTime(1000);
        await press(["alt", "h"]);
        await press(" ");
        await animationFrame();
        expect(`${MENU} .dropdown-item:focus`).toHaveText("Clear selection");
        expect(MENU).toHaveCount(1);
        await press("h");
        await press("Enter");
        await animationFrame();
        expect(PICKER).toHaveText("🔥 Hot Lead");
    });

    test("shows the whole of what must be true, also to who does not point at it", async () => {
        onRpc("lifecycle.stage", "search_read", async ({ parent }) =>
            (await parent()).map((stage) => ({ ...stage, entry_criteria: "word ".repeat(60) })),
        );
        await mountForm();
        await contains(PICKER).click();
        const { clientHeight, clientWidth, scrollHeight, scrollWidth } = queryFirst(
            `${MENU} small`,
        );
        expect(scrollHeight).toBe(clientHeight);
        expect(scrollWidth).toBe(clientWidth);
        expect(clientHeight).toBeGreaterThan(30);
    });

    test("opens by its key where it has one", async () => {
        await mountForm(`options="{'has_hotkey': True}"`);
        await press(["alt", STAGE_HOTKEY]);
        await runAllTimers();
        await animationFrame();
        expect(MENU).toHaveCount(1);
    });

    test("choosing saves at once in a list, and does not open the record", async () => {
        await mountList();
        await contains(`.o_data_row:eq(2) ${PICKER}`).click();
        await contains(`${MENU} .dropdown-item:contains(Cold Lead)`).click();
        expect(`.o_data_row:eq(2) ${PICKER} .text-bg-danger`).toHaveText("🧊 Cold Lead");
        expect.verifySteps([[[3], 1]]);
    });

    test("choosing saves at once on a card, and does not open the record", async () => {
        await mountKanban();
        await contains(`.o_kanban_record:first ${PICKER}`).click();
        await contains(`${MENU} .dropdown-item:contains(Hot Lead)`).click();
        expect(`.o_kanban_record:first ${PICKER}`).toHaveText("🔥 Hot Lead");
        expect.verifySteps([[[1], 3]]);
    });

    test("choosing in a form is saved with the form", async () => {
        await mountForm();
        await contains(PICKER).click();
        await contains(`${MENU} .dropdown-item:contains(Hot Lead)`).click();
        expect(PICKER).toHaveText("🔥 Hot Lead");
        expect.verifySteps([]);
        await contains(".o_form_button_save").click();
        expect.verifySteps([[[1], 3]]);
    });

    test("choosing in a form saves at once with the option autosave", async () => {
        await mountForm(`options="{'autosave': True}"`);
        await contains(PICKER).click();
        await contains(`${MENU} .dropdown-item:contains(Hot Lead)`).click();
        expect.verifySteps([[[1], 3]]);
    });

    test("can be cleared only when a stage is set", async () => {
        await mountList();
        await contains(`.o_data_row:first ${PICKER}`).click();
        await contains(`${MENU} .dropdown-item:contains(Clear selection)`).click();
        expect(`.o_data_row:first ${PICKER}`).toHaveText("Set Stage");
        expect.verifySteps([[[1], false]]);
        await contains(`.o_data_row:first ${PICKER}`).click();
        expect(`${MENU} .dropdown-item`).toHaveCount(3);
        expect(`${MENU} .dropdown-item:contains(Clear selection)`).toHaveCount(0);
    });

    test("read-only, it is only the badge", async () => {
        await mountForm(`readonly="1"`);
        expect(".o_field_widget").toHaveText(MARKUP);
        expect(".o_field_widget button").toHaveCount(0);
    });

    test("read-only without a stage, it is empty", async () => {
        await mountForm(`readonly="1"`, 3);
        expect(".o_field_widget").toHaveText("");
        expect(".o_field_widget > *").toHaveCount(0);
    });

    test("a list that may not be edited has no buttons", async () => {
        await mountList(`edit="0"`);
        expect(".o_contact_lifecycle_stage").toHaveCount(2);
        expect(PICKER).toHaveCount(0);
    });

    test("applies to all selected records of a list, once confirmed", async () => {
        await mountList(`multi_edit="1"`);
        await contains(".o_data_row:eq(0) .o_list_record_selector input").click();
        await contains(".o_data_row:eq(2) .o_list_record_selector input").click();
        await contains(`.o_data_row:eq(0) ${PICKER}`).click();
        await contains(`${MENU} .dropdown-item:contains(Hot Lead)`).click();
        expect.verifySteps([]);
        expect(".modal-body").toHaveText(/2 records/);
        expect(".modal-body .o_contact_lifecycle_stage").toHaveText("🔥 Hot Lead");
        await contains(".modal-footer .btn-primary").click();
        expect(queryAllTexts(".o_data_row .o_lifecycle_stage_cell")).toEqual([
            "🔥 Hot Lead",
            "🧊 Cold Lead",
            "🔥 Hot Lead",
        ]);
        expect.verifySteps([[[1, 3], 3]]);
    });

    test("clears all selected records of a list, also when the row is being edited", async () => {
        await mountList(`multi_edit="1"`);
        await contains(".o_data_row:eq(0) .o_list_record_selector input").click();
        await contains(".o_data_row:eq(1) .o_list_record_selector input").click();
        await contains(".o_data_row:eq(0) [name=name]").click();
        await contains(`.o_selected_row ${PICKER}`).click();
        await contains(`${MENU} .dropdown-item:contains(Clear selection)`).click();
        await contains(".modal-footer .btn-primary").click();
        expect(".o_contact_lifecycle_stage").toHaveCount(0);
        expect.verifySteps([[[1, 2], false]]);
    });

    test("in a browser that has no emoji, the bar offers none as an empty box", () => {
        mockEmojiFont(false);
        const palette = getStagePalette([{ display_name: "🔥 Hot Lead" }], false, () => {});
        expect(palette.providers[0].provide()[0].name).toBe("Hot Lead");
    });

    test("the bar of a contact offers all stages by its key, lost ones as well", async () => {
        await mountView({
            type: "form",
            resModel: "contact",
            resId: 1,
            arch: `
                <form>
                    <header><field name="stage_id" widget="lifecycle_stage_bar" options="{'clickable': '1'}"/></header>
                    <field name="name"/>
                </form>`,
        });
        await contains("[name=name] input").click();
        await press(["alt", STAGE_HOTKEY]);
        await runAllTimers();
        await animationFrame();
        expect(queryAllTexts(".o_command")).toEqual([
            "🔥 Hot Lead",
            MARKUP,
            "🧊 Cold Lead",
            "Clear selection",
        ]);
        await contains(".o_command_palette_search input").edit("cold", { confirm: false });
        await runAllTimers();
        await press("Enter");
        await animationFrame();
        expect.verifySteps([[[1], 1]]);
    });

    test("can be used with the keyboard alone", async () => {
        await mountList();
        queryFirst(`.o_data_row:first ${PICKER}`).focus();
        await press("Enter");
        await animationFrame();
        expect(`${MENU} .dropdown-item:contains(Payment)`).toBeFocused();
        await press("ArrowDown");
        await animationFrame();
        expect(`${MENU} .dropdown-item:contains(Cold Lead)`).toBeFocused();
        await press("Escape");
        await animationFrame();
        expect(MENU).toHaveCount(0);
        expect(`.o_data_row:first ${PICKER}`).toBeFocused();

        await press("Enter");
        await animationFrame();
        await press("ArrowUp");
        await animationFrame();
        await press("Enter");
        await animationFrame();
        expect(`.o_data_row:first ${PICKER}`).toHaveText("🔥 Hot Lead");
        expect.verifySteps([[[1], 3]]);
    });

    test("a stage that is required is replaced, but not cleared, by one of the domain", async () => {
        await mountForm(`required="1" domain="[('id', '!=', 3)]"`);
        await contains(PICKER).click();
        expect(queryAllTexts(`${MENU} .text-truncate:not(small)`)).toEqual([
            MARKUP,
            "🧊 Cold Lead",
        ]);
        expect(`${MENU} :contains(Clear selection)`).toHaveCount(0);
    });

    test("fetches the stages once for a whole list", async () => {
        onRpc("lifecycle.stage", "search_read", () => expect.step("fetch"));
        await mountList();
        expect.verifySteps(["fetch"]);
    });
});

describe("mobile", () => {
    describe.current.tags("mobile");
    beforeEach(stepWrites);

    test("a stage is chosen from the bottom sheet", async () => {
        await mountKanban();
        await contains(`.o_kanban_record:eq(2) ${PICKER}`).click();
        await contains(`.o_bottom_sheet .dropdown-item:contains(Cold Lead)`).click();
        expect(`.o_kanban_record:eq(2) ${PICKER}`).toHaveText("🧊 Cold Lead");
        expect.verifySteps([[[3], 1]]);
    });
});
