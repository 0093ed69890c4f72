import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { SPLITS } from "@contact_lifecycle/dashboard/funnel_split";
import { tellChange } from "@contact_lifecycle/../tests/live_test_helpers";
import { contains, onRpc } from "@web/../tests/web_test_helpers";

import { defineDashboard, MODEL, openDashboard, stepActions } from "./dashboard_test_helpers";

defineDashboard();

const DATES = ["2026-03-02", "2026-03-31"];
const ROWS = ".o_contact_lifecycle_split_rows";
const DROP_OFF = ".o_contact_lifecycle_split_drop_off";

const rowOf = (value, name, values) => ({
    value,
    name,
    entered: 0,
    converted: 0,
    lost: 0,
    remaining: 0,
    merged: 0,
    conversion: null,
    median_days: null,
    drop_off: {},
    ...values,
});

let answer;

beforeEach(() => {
    answer = {
        lost_stages: [
            { id: 9, name: "Cold Lead", emoji: "🧊" },
            { id: 10, name: "No Response", emoji: false },
        ],
        rows: [
            rowOf(57, "Germany", {
                entered: 5,
                converted: 2,
                lost: 2,
                remaining: 1,
                conversion: 0.5,
                median_days: 3.25,
                drop_off: { 9: 2, 10: 1 },
            }),
            rowOf(false, "None", { entered: 2, remaining: 2 }),
            rowOf("others", "Others (3)", {
                entered: 1,
                converted: 1,
                conversion: 1,
                drop_off: { 10: 4 },
            }),
        ],
    };
    onRpc(MODEL, "get_funnel_split", ({ args }) => {
        expect.step(args);
        return answer;
    });
});

async function choose(button, item) {
    await contains(`.o_contact_lifecycle_split_${button}`).click();
    await contains(`.o-dropdown-item:contains(${item})`).click();
    await animationFrame();
}

test("nothing is split, nor asked for, unless chosen (M3)", async () => {
    await openDashboard();
    expect(".o_contact_lifecycle_split_by").toHaveText("Split by");
    expect(".o_contact_lifecycle_split_stage").toHaveCount(0);
    expect(ROWS).toHaveCount(0);
    await contains(".o_contact_lifecycle_split_by").click();
    // there is one company
    expect(queryAllTexts(".o-dropdown-item")).toEqual([
        "Do not split",
        ...SPLITS.slice(0, -1).map(({ label }) => label.toString()),
    ]);
    expect.verifySteps([]);
});

test.tags("desktop");
test("the funnel of the first stage, and then of another, is split (M3, M4)", async () => {
    await openDashboard();
    await choose("by", "Country");
    expect.verifySteps([[...DATES, 1, "country_id"]]);
    expect(".o_contact_lifecycle_split_by").toHaveText("Split by: Country");
    expect(".o_contact_lifecycle_split_stage").toHaveText("Stage: 🔥 Hot Lead");
    expect(queryAllTexts(`${ROWS} thead th`)).toEqual([
        "Country",
        "Entered",
        "Converted",
        "Conversion",
        "Lost",
        "Still There",
        "Median Days",
    ]);
    expect(queryAllTexts(`${ROWS} tbody tr:first > *`)).toEqual([
        "Germany",
        "5",
        "2",
        "50%",
        "2",
        "1",
        "3.3",
    ]);
    expect(queryAllTexts(`${ROWS} tbody th`)).toEqual(["Germany", "None", "Others (3)"]);
    expect(queryAllTexts(`${DROP_OFF} tr > *`)).toEqual([
        ...["Country", "🧊 Cold Lead", "No Response"],
        ...["Germany", "2", "1"],
        ...["Others (3)", "0", "4"],
    ]);
    await choose("stage", "Customer");
    expect.verifySteps([[...DATES, 2, "country_id"]]);
    await choose("by", "Do not split");
    expect(ROWS).toHaveCount(0);
    expect.verifySteps([]);
});

test.tags("desktop");
test("each number of the split opens its records (M3, M4, M7)", async () => {
    await openDashboard();
    stepActions();
    onRpc(MODEL, "action_open_lost_stays", ({ args }) => {
        expect.step(["action_open_lost_stays", ...args]);
        return { type: "ir.actions.act_window", name: "action_open_lost_stays" };
    });
    await choose("by", "Country");
    expect.verifySteps([[...DATES, 1, "country_id"]]);
    for (const [row, value, figures] of [
        ["first", 57, ["entered", "converted", "lost", "remaining"]],
        ["last", "others", ["entered", "converted"]],
    ]) {
        for (const figure of figures) {
            await contains(`${ROWS} tbody tr:${row}-child [data-figure=${figure}] button`).click();
            await animationFrame();
            expect.verifySteps([
                ["action_open_stays", 1, figure, ...DATES, "country_id", value],
                "action_open_stays",
            ]);
        }
        await contains(`${DROP_OFF} tbody tr:${row}-child td:last-child button`).click();
        await animationFrame();
        expect.verifySteps([
            ["action_open_lost_stays", 1, 10, ...DATES, "country_id", value],
            "action_open_lost_stays",
        ]);
    }
});

test("the split follows changes and the period (M2, M3)", async () => {
    await openDashboard();
    await choose("by", "Salesperson");
    expect.verifySteps([[...DATES, 1, "salesperson_id"]]);
    answer.rows[0].entered = 6;
    tellChange();
    await advanceTime(500);
    await animationFrame();
    expect(`${ROWS} tbody tr:first-child [data-figure=entered]`).toHaveText("6");
    expect.verifySteps([[...DATES, 1, "salesperson_id"]]);
    await contains(".o_contact_lifecycle_period").click();
    await contains(".o-dropdown-item:contains(Last Month)").click();
    await animationFrame();
    await animationFrame();
    expect.verifySteps([["2026-02-01", "2026-02-28", 1, "salesperson_id"]]);
});

test("a split without anybody says so (M3)", async () => {
    answer.rows = [];
    await openDashboard();
    await choose("by", "UTM Source");
    expect(".o_contact_lifecycle_split").toHaveText(/No contact entered or left this stage/);
    expect.verifySteps([[...DATES, 1, "utm_source_id"]]);
});

test.tags("mobile");
test("on a phone, the split has what there is room for (M3)", async () => {
    await openDashboard();
    await choose("by", "Country");
    expect(queryAllTexts(`${ROWS} thead th:visible`)).toEqual(["Country", "Entered", "Conversion"]);
    const around = queryOne(`.table-responsive:has(${ROWS})`);
    expect(around.scrollWidth).toBe(around.clientWidth);
    expect.verifySteps([[...DATES, 1, "country_id"]]);
});
