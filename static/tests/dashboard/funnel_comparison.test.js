import { beforeEach, expect, test } from "@odoo/hoot";
import { hover, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { compare, COUNT, DAYS, SHARE } from "@contact_lifecycle/dashboard/funnel_comparison";
import { makeMockEnv, onRpc } from "@web/../tests/web_test_helpers";

import { defineDashboard, MODEL, openDashboard, server } from "./dashboard_test_helpers";

const ROW = ".o_contact_lifecycle_funnel tbody tr:first";
const CELLS = `${ROW} td:has(.o_contact_lifecycle_comparison)`;

defineDashboard();

beforeEach(() => {
    server.funnel.before = { date_from: "2026-01-31", date_to: "2026-03-01" };
    const [hot, customer] = server.funnel.stages;
    hot.before = { entered: 6, converted: 3, conversion: 0.5, median_days: 2, lost: 0 };
    customer.before = { entered: 2, converted: 0, conversion: null, median_days: null, lost: 0 };
});

test.tags("desktop");
test("the main figures say how they differ from the period before (M3)", async () => {
    onRpc(MODEL, "get_funnel", ({ kwargs }) => {
        expect.step(kwargs.compare);
    });
    await openDashboard();
    expect.verifySteps([true]);
    const shown = (selector) => queryAllTexts(`${CELLS} ${selector}`);
    expect(shown(".o_contact_lifecycle_comparison > span:first-child")).toEqual([
        "2",
        "1",
        "25 pp",
        "0.7",
        "1",
    ]);
    expect(shown(".visually-hidden")).toEqual([
        "2 more than in the period before",
        "1 less than in the period before",
        "25 pp less than in the period before",
        "0.7 less than in the period before",
        "1 more than in the period before",
    ]);
    for (const [figure, icon, color] of [
        ["entered", "fa-caret-up", "text-success"],
        ["converted", "fa-caret-down", "text-danger"],
        ["conversion", "fa-caret-down", "text-danger"],
        ["median_days", "fa-caret-down", "text-success"],
        ["lost", "fa-caret-up", "text-danger"],
    ]) {
        const comparison = `${ROW} [data-figure=${figure}] .o_contact_lifecycle_comparison`;
        expect(comparison).toHaveClass(color);
        expect(`${comparison} i`).toHaveClass(icon);
    }
    // what is the same as before, or was not there, says nothing
    expect(".o_contact_lifecycle_comparison").toHaveCount(5);
});

test.tags("desktop");
test("the hint says with which period, and what it was then (M3)", async () => {
    await openDashboard();
    for (const [figure, hint] of [
        ["entered", "01/31/2026 – 03/01/2026: 6"],
        ["conversion", "01/31/2026 – 03/01/2026: 50%"],
        ["median_days", "01/31/2026 – 03/01/2026: 2.0"],
    ]) {
        expect(`${ROW} [data-figure=${figure}] .o_contact_lifecycle_comparison`).toHaveAttribute(
            "data-tooltip",
            hint,
        );
    }
    await hover(`${ROW} [data-figure=lost] .o_contact_lifecycle_comparison`);
    await advanceTime(1000);
    await animationFrame();
    expect(".o-tooltip").toHaveText("01/31/2026 – 03/01/2026: 0");
});

test("where there is nothing before, nothing is compared (M3)", async () => {
    server.funnel.before = null;
    for (const stage of server.funnel.stages) {
        stage.before = null;
    }
    await openDashboard();
    expect(".o_contact_lifecycle_funnel").toHaveCount(1);
    expect(".o_contact_lifecycle_comparison").toHaveCount(0);
});

test.tags("mobile");
test("on a phone, the table with the comparison has its room (M3)", async () => {
    await openDashboard();
    const around = queryOne(".table-responsive:has(.o_contact_lifecycle_funnel)");
    expect(around.scrollWidth).toBe(around.clientWidth);
    expect(".o_contact_lifecycle_comparison:visible").toHaveCount(3);
});

test("a difference is that of the figures as they are shown (M3)", async () => {
    await makeMockEnv();
    const difference = (...args) => compare(...args)?.difference;
    expect(difference(1500, 400, COUNT)).toBe("1,100");
    expect(difference(4, 4, COUNT)).toBe(undefined);
    // 25 % and 20 %
    expect(difference(0.254, 0.196, SHARE)).toBe("5 pp");
    expect(difference(0.254, 0.251, SHARE)).toBe(undefined);
    expect(difference(null, 0.5, SHARE)).toBe(undefined);
    expect(difference(0.5, null, SHARE)).toBe(undefined);
    expect(difference(0, 0.5, SHARE)).toBe("50 pp");
    expect(difference(2.04, 1.96, DAYS)).toBe(undefined);
    expect(difference(1.04, 2.06, DAYS)).toBe("1.1");
});
