import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { tellChange } from "@contact_lifecycle/../tests/live_test_helpers";
import { contains, makeServerError, onRpc } from "@web/../tests/web_test_helpers";

import {
    choose,
    defineStagesPage,
    enter,
    idsIn,
    LOST_MODEL,
    MODEL,
    openStagesPage,
    row,
    server,
    text,
} from "./stages_page_test_helpers";

const HANDLE = ".o_contact_lifecycle_stage_handle";
const LOST = ".o_contact_lifecycle_stage_rows[data-kind=lost]";

defineStagesPage();

describe("desktop", () => {
    describe.current.tags("desktop");

    test("both kinds are side by side, with what uses each stage (S17)", async () => {
        await openStagesPage();
        expect(idsIn("lifecycle")).toEqual(["1", "2", "3"]);
        expect(idsIn("lost")).toEqual(["9"]);
        expect(`${row(1)} .o_contact_lifecycle_default input`).toBeChecked();
        expect(".o_contact_lifecycle_default input:checked").toHaveCount(1);
        expect(`${row(1)} .o_contact_lifecycle_stage_contacts`).toHaveText("21 contacts");
        expect(`${row(1)} .o_contact_lifecycle_stage_rules`).toHaveText("2 rules");
        expect(`${row(2)} .o_contact_lifecycle_stage_contacts`).toHaveText("1 contact");
        expect(`${row(9)} .o_contact_lifecycle_stage_rules`).toHaveText("1 rule");
        expect(`${row(9)} .o_contact_lifecycle_won`).toHaveCount(0);
        expect(`${row(9)} .o_contact_lifecycle_default`).toHaveCount(0);
    });

    test("texts are saved when one leaves them, and Escape takes them back", async () => {
        await openStagesPage();
        await enter(text(2, "name"), "Warm");
        expect.verifySteps([[MODEL, "write", [2], { name: "Warm" }]]);
        await contains(text(2, "entry criteria")).edit("Asked for a price", { confirm: "blur" });
        expect.verifySteps([[MODEL, "write", [2], { entry_criteria: "Asked for a price" }]]);
        await contains(text(2, "description")).edit("Something else", { confirm: false });
        await press("Escape");
        await animationFrame();
        expect(text(2, "description")).toHaveValue("Warm");
        await contains(text(2, "description")).click();
        await contains(text(2, "name")).click();
        expect.verifySteps([]);
    });

    test("a text is not saved while the window is another one, and once where it is left twice", async () => {
        await openStagesPage();
        await contains(text(2, "name")).edit("Wa", { confirm: false });
        queryFirst(text(2, "name")).dispatchEvent(new FocusEvent("blur"));
        await animationFrame();
        expect.verifySteps([]);
        const saved = new Deferred();
        onRpc(MODEL, "write", ({ args }) => {
            expect.step([MODEL, "write", ...args]);
            return saved;
        });
        await enter(text(2, "name"), "Warm");
        await contains(text(2, "name")).click();
        await contains(text(2, "description")).click();
        saved.resolve(true);
        await animationFrame();
        expect.verifySteps([[MODEL, "write", [2], { name: "Warm" }]]);
    });

    test("what is refused stays as it was typed, with the server's sentence (A12)", async () => {
        expect.errors(1);
        await openStagesPage();
        server.refusal = "There is a stage called “New” already: choose another name.";
        await enter(text(2, "name"), "New");
        expect.verifySteps([[MODEL, "write", [2], { name: "New" }]]);
        await animationFrame();
        expect(".o_dialog").toHaveText(/There is a stage called “New” already/);
        expect.verifyErrors([/There is a stage called/]);
        await contains(".o_dialog .modal-footer button").click();
        expect(text(2, "name")).toHaveValue("New");
        expect(text(2, "name")).toHaveClass("is-invalid");
        tellChange();
        await advanceTime(500);
        await animationFrame();
        expect(text(2, "name")).toHaveValue("New", {
            message: "also after the page was read anew",
        });
        server.refusal = undefined;
        await enter(text(2, "name"), "Newer");
        expect.verifySteps([[MODEL, "write", [2], { name: "Newer" }]]);
        expect(text(2, "name")).not.toHaveClass("is-invalid");
    });

    test("the emoji, the won flag and the default are changed in place", async () => {
        await openStagesPage();
        await contains(`${row(2)} button[aria-label='Remove emoji']`, { visible: false }).click();
        expect.verifySteps([[MODEL, "write", [2], { emoji: false }]]);
        await contains(`${row(2)} button[aria-label^='Change emoji']`).click();
        await contains(".o-Emoji[data-codepoints='😀']").click();
        expect.verifySteps([[MODEL, "write", [2], { emoji: "😀" }]]);
        await contains(`${row(2)} .o_contact_lifecycle_won input`).click();
        expect.verifySteps([[MODEL, "write", [2], { is_won: true }]]);
        await contains(`${row(2)} .o_contact_lifecycle_default input`).click();
        expect.verifySteps([[MODEL, "action_set_default", [2]]]);
    });

    test("a stage is added at the foot of its column; a refused one can be mended", async () => {
        expect.errors(1);
        await openStagesPage();
        await contains("section:eq(1) .o_contact_lifecycle_add_stage button").click();
        expect("section:eq(1) .o_contact_lifecycle_add_stage textarea").toBeFocused();
        server.refusal = "There can be at most 20 stages: delete one first.";
        await enter("section:eq(1) .o_contact_lifecycle_add_stage textarea", "No Budget");
        expect.verifySteps([[LOST_MODEL, "create", [{ name: "No Budget" }]]]);
        await animationFrame();
        expect.verifyErrors([/at most 20 stages/]);
        await contains(".o_dialog .modal-footer button").click();
        expect("section:eq(1) .o_contact_lifecycle_add_stage textarea").toHaveValue("No Budget");
        server.refusal = undefined;
        await contains("section:eq(1) .o_contact_lifecycle_add_stage textarea").click();
        await press("Enter");
        await animationFrame();
        expect.verifySteps([[LOST_MODEL, "create", [{ name: "No Budget" }]]]);
        expect("section:eq(1) .o_contact_lifecycle_add_stage button").toHaveCount(1);
        await contains("section:eq(0) .o_contact_lifecycle_add_stage button").click();
        await press("Escape");
        await animationFrame();
        expect("section:eq(0) .o_contact_lifecycle_add_stage textarea").toHaveCount(0);
        expect.verifySteps([]);
    });

    test("the focus goes to a stage that was added or made lost, unless one is elsewhere", async () => {
        const actions = (id) => `${row(id)} .o_contact_lifecycle_stage_actions`;
        await openStagesPage();
        await contains("section:eq(1) .o_contact_lifecycle_add_stage button").click();
        await enter("section:eq(1) .o_contact_lifecycle_add_stage textarea", "No Budget");
        await animationFrame();
        expect(actions(50)).toBeFocused();
        await choose(2, "Make Lost");
        await contains(".modal-footer .btn-primary").click();
        await animationFrame();
        expect(idsIn("lost")).toInclude("2");
        expect(actions(2)).toBeFocused();
        await contains("section:eq(0) .o_contact_lifecycle_add_stage button").click();
        await contains("section:eq(0) .o_contact_lifecycle_add_stage textarea").edit("Trial", {
            confirm: false,
        });
        await contains(text(1, "name")).click();
        await animationFrame();
        expect(text(1, "name")).toBeFocused();
        expect.verifySteps([
            [LOST_MODEL, "create", [{ name: "No Budget" }]],
            [MODEL, "action_convert_to_lost", [2]],
            [MODEL, "create", [{ name: "Trial" }]],
        ]);
    });

    test("stages are put in order by dragging (S8)", async () => {
        await openStagesPage();
        await contains(`${row(3)} ${HANDLE}`).dragAndDrop(row(1));
        expect.verifySteps([[MODEL, "web_resequence", [3, 1, 2], {}]]);
    });

    test("dragged to the other column, a stage is made lost after a question (S13)", async () => {
        await openStagesPage();
        await contains(`${row(1)} ${HANDLE}`).dragAndDrop(row(9));
        expect(".modal-title").toHaveText("Make 🔥 New a lost stage?");
        expect(".modal-body").toHaveText(
            "21 contacts stay in it. 2 rules name it. New contacts will start in 🔥 Hot instead.",
        );
        await contains(".modal-footer .btn-secondary").click();
        expect.verifySteps([]);
        expect(idsIn("lifecycle")).toEqual(["1", "2", "3"]);
        await contains(`${row(1)} ${HANDLE}`).dragAndDrop(row(9));
        await contains(".modal-footer .btn-primary").click();
        await animationFrame();
        expect.verifySteps([
            [MODEL, "action_convert_to_lost", [1]],
            [MODEL, "web_resequence", [1, 9], {}],
        ]);
    });

    test("a stage can be dragged to a column that is empty", async () => {
        server.stages.pop();
        await openStagesPage();
        await contains(`${row(2)} ${HANDLE}`).dragAndDrop(LOST);
        expect(".modal-body").toHaveText("One contact stays in it. No rule names it.");
        await contains(".modal-footer .btn-primary").click();
        await animationFrame();
        expect.verifySteps([
            [MODEL, "action_convert_to_lost", [2]],
            [MODEL, "web_resequence", [2], {}],
        ]);
    });

    test("all of it is in the menu as well, for the keyboard", async () => {
        await openStagesPage();
        await contains(`${row(2)} .o_contact_lifecycle_stage_actions`).click();
        expect(queryAllTexts(".o-dropdown-item")).toEqual([
            "Automations (3)",
            "New Segment",
            "More Settings",
            "Move Up",
            "Move Down",
            "Make Lost",
            "Delete",
        ]);
        await press("Escape");
        await animationFrame();
        await choose(2, "Move Down");
        await animationFrame();
        expect.verifySteps([[MODEL, "web_resequence", [1, 3, 2], {}]]);
        expect("[aria-live]:contains(place 3 of 3)").toHaveCount(1);
        expect(`${row(2)} .o_contact_lifecycle_stage_actions`).toBeFocused();
        await choose(9, "Make Lifecycle Stage");
        expect(".modal-title").toHaveText("Make 🔥 Cold a lifecycle stage?");
        expect(".modal-body").toHaveText("No contact is in it. One rule names it.");
        await contains(".modal-footer .btn-primary").click();
        expect.verifySteps([[LOST_MODEL, "action_convert_to_lifecycle", [90]]]);
    });

    test("who may not change stages reads them", async () => {
        server.is_editable = false;
        for (const stage of server.stages) {
            delete stage.automation_count;
        }
        await openStagesPage();
        expect("textarea").toHaveCount(0);
        expect(HANDLE).toHaveCount(0);
        expect(".o_contact_lifecycle_add_stage").toHaveCount(0);
        expect(row(2)).toHaveText(/Hot[^]*Warm[^]*1 contact/);
        expect(`${row(1)} .badge`).toHaveText("Default");
        expect(`${row(3)} .badge`).toHaveText("Won");
        await contains(`${row(2)} .o_contact_lifecycle_stage_actions`).click();
        expect(queryAllTexts(".o-dropdown-item")).toEqual(["New Segment", "More Settings"]);
    });

    test("who may not count gets no numbers", async () => {
        server.is_editable = false;
        server.stages = server.stages.map(({ contact_count, rule_count, ...stage }) => stage);
        await openStagesPage();
        expect(".o_contact_lifecycle_figure").toHaveCount(0);
        await contains(`${row(2)} .o_contact_lifecycle_stage_actions`).click();
        expect(queryAllTexts(".o-dropdown-item")).toEqual(["More Settings"]);
    });

    test("a stage that is being deleted is left alone", async () => {
        server.stages[1].deletion_pending = true;
        await openStagesPage();
        expect(`${row(2)} textarea`).toHaveCount(0);
        expect(`${row(2)} .badge`).toHaveText("Being Deleted");
        await contains(`${row(2)} .o_contact_lifecycle_stage_actions`).click();
        expect(queryAllTexts(".o-dropdown-item")).toEqual(["More Settings"]);
    });

    test("an answer that does not come is said, and asked for again", async () => {
        let error = { message: "Only agents may read stages." };
        onRpc(MODEL, "get_page", () => {
            if (error) {
                throw makeServerError(error);
            }
        });
        await openStagesPage();
        expect("[role=alert]").toHaveText(/Only agents may read stages/);
        expect("section").toHaveCount(0);
        error = { type: "ValueError" };
        await contains("[role=alert] button:contains(Try Again)").click();
        await animationFrame();
        expect("[role=alert] span").toHaveText(
            "The stages could not be read. Try again; if that does not help, tell your administrator.",
        );
        error = undefined;
        await contains("[role=alert] button:contains(Try Again)").click();
        await animationFrame();
        expect("[role=alert]").toHaveCount(0);
        expect(idsIn("lifecycle")).toEqual(["1", "2", "3"]);
        error = { type: "ValueError" };
        tellChange();
        await advanceTime(500);
        await animationFrame();
        expect("[role=alert] span").toHaveText(/The stages below are from before\.$/);
        expect(idsIn("lifecycle")).toEqual(["1", "2", "3"]);
    });

    test("in a browser that has no emoji, none is an empty box", async () => {
        mockEmojiFont(false);
        await openStagesPage();
        expect(`${row(2)} button[aria-haspopup=dialog]`).toHaveText("");
        expect(`${row(2)} [aria-label^='Hot: ']`).toHaveCount(4);
        await choose(2, "Make Lost");
        expect(".modal-title").toHaveText("Make Hot a lost stage?");
    });

    test("what changes elsewhere is shown without a reload (M2)", async () => {
        await openStagesPage();
        queryFirst(text(2, "name")).focus();
        server.stages[0] = { ...server.stages[0], contact_count: 22 };
        tellChange();
        await advanceTime(500);
        await animationFrame();
        expect(`${row(1)} .o_contact_lifecycle_stage_contacts`).toHaveText("22 contacts");
        expect(text(2, "name")).toBeFocused();
    });
});

describe("mobile", () => {
    describe.current.tags("mobile");

    test("the two kinds are two tabs", async () => {
        await openStagesPage();
        expect("section.col").toHaveCount(1);
        expect(queryAllTexts("[role=tab]")).toEqual(["Lifecycle (3)", "Lost (1)"]);
        expect(idsIn("lifecycle")).toEqual(["1", "2", "3"]);
        await choose(2, "Make Lost");
        await contains(".modal-footer .btn-primary").click();
        await animationFrame();
        expect("[role=tab][aria-selected=true]").toHaveText("Lost (2)", {
            message: "where the stage has gone",
        });
        expect(`${row(2)} .o_contact_lifecycle_stage_actions`).toBeFocused();
        expect.verifySteps([[MODEL, "action_convert_to_lost", [2]]]);
        await contains("[role=tab]:contains(Lifecycle)").click();
        await contains("[role=tab]:contains(Lost)").click();
        expect("[role=tab][aria-selected=true]").toHaveText("Lost (2)");
        expect(idsIn("lifecycle")).toEqual([]);
        expect(idsIn("lost")).toEqual(["2", "9"]);
    });
});
