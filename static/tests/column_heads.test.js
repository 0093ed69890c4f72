import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { Deferred, advanceTime } from "@odoo/hoot-mock";

import { mockChanges, tellChange } from "@contact_lifecycle/../tests/live_test_helpers";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
    patchTranslations,
    patchWithCleanup,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { ORM } from "@web/core/orm_service";

const HEAD = ".o_contact_lifecycle_column_head";

class ResPartner extends mailModels.ResPartner {
    lifecycle_stage_id = fields.Many2one({
        relation: "lifecycle.stage",
        falsy_value_label: "No stage",
    });

    _records = [
        ...mailModels.ResPartner._records,
        { id: 101, name: "Ann", lifecycle_stage_id: 1 },
        { id: 102, name: "Ben", lifecycle_stage_id: 2 },
        { id: 103, name: "Cem", lifecycle_stage_id: 2 },
        { id: 104, name: "Dan", lifecycle_stage_id: false },
    ];
}

class LifecycleStage extends models.Model {
    _name = "lifecycle.stage";

    name = fields.Char();

    _records = [
        { id: 1, name: "New Lead" },
        { id: 2, name: "Hot Lead" },
    ];
}

defineModels({ ...mailModels, ResPartner, LifecycleStage });

const head = (id, amount, conversion) => ({ id, amount, currency_id: 1, conversion });

let answer;

beforeEach(() => {
    mockChanges();
    answer = () => [head(1, 12300.4, 0.45), head(2, 0, 0), head(false, 70, null)];
    onRpc("lifecycle.dashboard", "get_column_heads", ({ args, kwargs }) => {
        expect.step(args[0].length);
        return answer(args[0], kwargs.context);
    });
});

const show = (params) =>
    mountView({
        type: "kanban",
        resModel: "res.partner",
        groupBy: ["lifecycle_stage_id"],
        domain: [["id", ">", 100]],
        arch: `
            <kanban js_class="lifecycle_pipeline_kanban">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
        searchViewArch: `
            <search>
                <filter name="ann" string="Ann" domain="[('name', '=', 'Ann')]"/>
            </search>`,
        ...params,
    });

/** What is at the heads of the columns, without the mark that holds the place of a line */
const getHeads = () => queryAllTexts(HEAD).map((text) => text.replace("\u200b", ""));

test.tags("desktop");
test("the head of a column has the amount in it, and how many went on (M7)", async () => {
    await show();
    await animationFrame();
    expect(getHeads()).toEqual(["$ 12,300 · 45% went on", "0% went on"]);
    expect(`${HEAD}:eq(0) span:first`).toHaveAttribute(
        "title",
        "Expected revenue of the open opportunities: $\u00a012,300.40",
    );
    expect(`${HEAD}:eq(0) span:last`).toHaveAttribute("title", /^Of all contacts that came here/);
    expect.verifySteps([1]);
});

test.tags("desktop");
test("a folded column says nothing (M7)", async () => {
    await show();
    await animationFrame();
    await contains(".o_kanban_group:eq(1) .o_group_config .dropdown-toggle", {
        visible: false,
    }).click();
    await contains(".o_kanban_toggle_fold").click();
    expect(getHeads()).toEqual(["0% went on"]);
    expect.verifySteps([1]);
});

test.tags("desktop");
test("cards do not wait for it, nor move as it comes (M7)", async () => {
    const asked = new Deferred();
    const later = answer;
    answer = () => asked.then(later);
    await show();
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(3);
    expect(getHeads()).toEqual(["", ""]);
    const getTop = () => queryFirst(".o_kanban_record").getBoundingClientRect().top;
    const before = getTop();
    asked.resolve();
    await animationFrame();
    await animationFrame();
    expect(getHeads()[1]).toBe("0% went on");
    expect(getTop()).toBe(before);
    expect.verifySteps([1]);
});

test.tags("desktop");
test("once for each search, and of what is searched for; an old answer is dropped (M7)", async () => {
    const first = new Deferred();
    answer = (domain) =>
        domain.length === 1 ? first.then(() => [head(1, 5, null)]) : [head(1, 8, null)];
    await show();
    await toggleSearchBarMenu();
    await toggleMenuItem("Ann");
    await animationFrame();
    expect(getHeads()).toEqual(["$ 8"]);
    first.resolve();
    await animationFrame();
    expect(getHeads()).toEqual(["$ 8"]);
    expect.verifySteps([1, 3]);
});

test.tags("desktop");
test("what was said of another search is gone at once (M7)", async () => {
    const second = new Deferred();
    const first = answer;
    answer = (domain) => (domain.length === 1 ? first() : second.then(() => [head(1, 8, null)]));
    await show();
    await animationFrame();
    expect(getHeads()).toEqual(["$ 12,300 · 45% went on", "0% went on"]);
    await toggleSearchBarMenu();
    await toggleMenuItem("Ann");
    await animationFrame();
    expect(getHeads()).toEqual([""]);
    second.resolve();
    await animationFrame();
    await animationFrame();
    expect(getHeads()).toEqual(["$ 8"]);
    expect.verifySteps([1, 3]);
});

test.tags("desktop");
test("no amount while some of the cards are hidden (M7)", async () => {
    await show({
        arch: `
            <kanban js_class="lifecycle_pipeline_kanban">
                <progressbar field="name" colors='{"Ann": "success"}'/>
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
    });
    await animationFrame();
    expect(getHeads()).toEqual(["$ 12,300 · 45% went on", "0% went on"]);
    await contains(".o_column_progress .bg-success").click();
    await animationFrame();
    expect(getHeads()).toEqual(["45% went on", "0% went on"]);
    await contains(".o_column_progress .bg-success").click();
    await animationFrame();
    expect(getHeads()).toEqual(["$ 12,300 · 45% went on", "0% went on"]);
    expect.verifySteps([1]);
});

test.tags("desktop");
test("once more when the server tells of the change, as a replica may lag behind (M9)", async () => {
    await show();
    await animationFrame();
    const tell = async () => {
        tellChange();
        await advanceTime(1000);
        await animationFrame();
    };
    await tell();
    expect.verifySteps([1]);
    await contains(".o_kanban_group:eq(1) .o_kanban_record").dragAndDrop(".o_kanban_group:eq(2)");
    await animationFrame();
    expect.verifySteps([1]);
    answer = () => [head(2, 90, null)];
    await tell();
    expect(getHeads()).toEqual(["", "$ 90"]);
    expect.verifySteps([1]);
    await tell();
    expect.verifySteps([]);
});

test.tags("desktop");
test("once more after a card was dragged, and not before it is saved (M7)", async () => {
    onRpc("res.partner", "web_save", () => {
        expect.step("saved");
    });
    await show();
    await animationFrame();
    expect.verifySteps([1]);
    answer = () => [head(2, 90, null)];
    await contains(".o_kanban_group:eq(1) .o_kanban_record").dragAndDrop(".o_kanban_group:eq(2)");
    await animationFrame();
    expect(getHeads()).toEqual(["", "$ 90"]);
    expect.verifySteps(["saved", 1]);
});

test.tags("desktop");
test("once more after an error that nobody has foreseen (M7)", async () => {
    patchWithCleanup(ORM.prototype, {
        async call(model, method) {
            const answered = await super.call(...arguments);
            if (method === "get_column_heads" && !answered.length) {
                throw new Error("unforeseen");
            }
            return answered;
        },
    });
    expect.errors(1);
    answer = () => [];
    await show();
    await animationFrame();
    expect.verifyErrors(["unforeseen"]);
    answer = () => [head(2, 90, null)];
    await contains(".o_kanban_group:eq(1) .o_kanban_record").dragAndDrop(".o_kanban_group:eq(2)");
    await animationFrame();
    expect(getHeads()).toEqual(["", "$ 90"]);
    expect.verifySteps([1, 1]);
});

test.tags("desktop");
test("who may not see it, or cannot reach the server, has the board without it (P1)", async () => {
    answer = () => {
        throw makeServerError({ type: "AccessError" });
    };
    await show();
    await animationFrame();
    expect(getHeads()).toEqual(["", ""]);
    expect(".o_error_dialog").toHaveCount(0);
    expect.verifySteps([1]);
});

test.tags("desktop");
test("columns of something else have no such line, and nothing is asked (M7)", async () => {
    await show({ groupBy: ["name"] });
    await animationFrame();
    expect(HEAD).toHaveCount(0);
    expect.verifySteps([]);
});

test.tags("desktop");
test("in the user's language (S6)", async () => {
    patchTranslations({ contact_lifecycle: { "%(share)s went on": "%(share)s weiter" } });
    await show();
    await animationFrame();
    expect(getHeads()[1]).toBe("0% weiter");
    expect.verifySteps([1]);
});

test.tags("mobile");
test("on a phone, too (M7)", async () => {
    await show();
    await animationFrame();
    expect(getHeads()).toEqual(["$ 12,300 · 45% went on", "0% went on", "$ 70"]);
    expect.verifySteps([1]);
});
