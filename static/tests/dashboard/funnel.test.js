import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { periodFromAddress, periodToAddress } from "@contact_lifecycle/dashboard/period";
import { contains, getService, onRpc } from "@web/../tests/web_test_helpers";
import { router } from "@web/core/browser/router";

import {
    defineDashboard,
    MODEL,
    openDashboard,
    server,
    stepActions,
} from "./dashboard_test_helpers";

defineDashboard();

test.tags("desktop");
test("the table has the figures of the funnel, each opens its contacts (M3)", async () => {
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_funnel thead th")).toEqual([
        "Stage",
        "Entered",
        "Passed Through",
        "Converted",
        "Conversion",
        "Median Days",
        "Mean Days",
        "Still There",
        "Returned",
        "Lost",
        "Cleared",
    ]);
    expect(queryAllTexts(".o_contact_lifecycle_funnel tbody tr:first > *")).toEqual([
        "🔥 Hot Lead",
        "8",
        "1",
        "2",
        "25%",
        "1.3",
        "2.0",
        "5\n63%",
        "0",
        "1",
        "0",
    ]);
    // the last stage converts to nothing
    expect(queryAllTexts(".o_contact_lifecycle_funnel tbody tr:last > *")).toEqual([
        "Customer",
        "2",
        "0",
        "0",
        "–",
        "–",
        "–",
        "2\n100%",
        "0",
        "0",
        "0",
    ]);
    stepActions();
    for (const outcome of ["entered", "passed", "converted", "remaining", "lost"]) {
        await contains(`tr:first-child > [data-figure=${outcome}] button`).click();
        await animationFrame();
        expect.verifySteps([
            ["action_open_stays", 1, outcome, "2026-03-02", "2026-03-31"],
            "action_open_stays",
        ]);
    }
});

test.tags("mobile");
test("on a phone, the table has what there is room for (M3)", async () => {
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_funnel thead th:visible")).toEqual([
        "Stage",
        "Entered",
        "Converted",
        "Conversion",
    ]);
    const around = queryOne(".table-responsive:has(.o_contact_lifecycle_funnel)");
    expect(around.scrollWidth).toBe(around.clientWidth);
});

test.tags("desktop");
test("a stage that was deleted shows where it happened (M3)", async () => {
    server.funnel.stages[0].deleted = 2;
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_funnel thead th").at(-1)).toBe("Stage Deleted");
});

test.tags("desktop");
test("every way out of a stage has a colour of its own, merged contacts too (M3, H5)", async () => {
    Object.assign(server.funnel.stages[0], { deleted: 2, merged: 1 });
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_funnel thead th").at(-1)).toBe("Merged");
    const { datasets } = Chart.getChart(queryOne("canvas")).data;
    expect(new Set(datasets.map(({ backgroundColor }) => backgroundColor)).size).toBe(7);
});

test.tags("desktop");

test("the chart shows what the bars are made up of, and opens it (M3)", async () => {
    await openDashboard();
    stepActions();
    const chart = Chart.getChart(queryOne("canvas"));
    expect(chart.data.labels).toEqual(["🔥 Hot Lead", "Customer"]);
    expect(chart.data.datasets.map(({ label, data }) => [label, [...data]])).toEqual([
        ["Converted", [2, 0]],
        ["Still There", [5, 2]],
        ["Returned", [0, 0]],
        ["Lost", [1, 0]],
        ["Cleared", [0, 0]],
    ]);
    expect("canvas").toHaveAttribute("aria-label", /table below/);
    const { x, y } = chart.getDatasetMeta(1).data[0].getCenterPoint();
    await contains("canvas").click({ position: { x, y }, relative: true });
    await animationFrame();
    expect.verifySteps([
        ["action_open_stays", 1, "remaining", "2026-03-02", "2026-03-31"],
        "action_open_stays",
    ]);
});

test("drop-off says from where to where, and whom to re-engage (M4)", async () => {
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_drop_off tbody td")).toEqual([
        "🔥 Hot Lead",
        "🧊 Cold Lead",
        "4",
        "100%",
        "Re-engage 3",
    ]);
    expect(".o_contact_lifecycle_drop_off tfoot").toHaveCount(0);
    stepActions();
    await contains(".o_contact_lifecycle_reengage").click();
    await animationFrame();
    expect.verifySteps([["action_reengage", 1, 9, "2026-03-02", "2026-03-31"], "action_reengage"]);
});

test("each number of the drop-off opens its moves, the total all of them (M4, M7)", async () => {
    const [row] = server.funnel.drop_off;
    server.funnel.drop_off.push({ ...row, from_id: 2, from_name: "Customer", count: 12 });
    await openDashboard();
    const table = ".o_contact_lifecycle_drop_off";
    expect(queryAllTexts(`${table} tbody td:nth-child(4)`)).toEqual(["25%", "75%"]);
    expect(`${table} tfoot button`).toHaveText("16");
    stepActions();
    for (const [button, ids] of [
        [`${table} tbody tr:last td:nth-child(3) button`, [2, 9]],
        [`${table} tfoot button`, [false, false]],
    ]) {
        await contains(button).click();
        await animationFrame();
        expect.verifySteps([
            ["action_open_lost_moves", ...ids, "2026-03-02", "2026-03-31"],
            "action_open_lost_moves",
        ]);
    }
});

test("the period is in the address, and comes back from there (M7)", async () => {
    await openDashboard();
    expect(router.current.period).toBe(undefined);
    await contains(".o_contact_lifecycle_period").click();
    await contains(".o-dropdown-item:contains(Last 90 Days)").click();
    await advanceTime(100);
    expect(router.current.period).toBe("last_90");
    // as the page does that is loaded anew: nothing is known of before
    await getService("action").doAction(
        { type: "ir.actions.client", tag: "contact_lifecycle.dashboard" },
        { clearBreadcrumbs: true },
    );
    await animationFrame();
    expect(".o_contact_lifecycle_period").toHaveText("Last 90 Days");
});

test("what an address can say of a period (M7)", async () => {
    const custom = { name: "custom", from: "2026-01-01", to: "2026-02-28" };
    for (const period of [{ name: "this_quarter" }, custom]) {
        expect(periodFromAddress(periodToAddress(period))).toEqual(period);
    }
    expect(periodToAddress({ name: "last_30" })).toBe(undefined);
    for (const text of [
        undefined,
        7,
        "custom",
        "always",
        "2026-02-01_2026-01-01",
        "2026-02-31_x",
    ]) {
        expect(periodFromAddress(text)).toBe(undefined);
    }
});

test("periods of the user's days (M3)", async () => {
    onRpc(MODEL, "get_funnel", ({ args }) => {
        expect.step(args);
    });
    await openDashboard();
    expect.verifySteps([["2026-03-02", "2026-03-31"]]);
    for (const [label, from, to] of [
        ["Last 7 Days", "2026-03-25", "2026-03-31"],
        ["Last 90 Days", "2026-01-01", "2026-03-31"],
        ["This Month", "2026-03-01", "2026-03-31"],
        ["Last Month", "2026-02-01", "2026-02-28"],
        ["This Quarter", "2026-01-01", "2026-03-31"],
        ["This Year", "2026-01-01", "2026-03-31"],
        ["Custom Period", "2026-01-01", "2026-03-31"],
    ]) {
        await contains(".o_contact_lifecycle_period").click();
        await contains(`.o-dropdown-item:contains(${label})`).click();
        await animationFrame();
        expect(".o_contact_lifecycle_period").toHaveText(label);
        expect.verifySteps([[from, to]]);
    }
});

test.tags("desktop");

test("a custom period that would end before it begins is one day (M3)", async () => {
    await openDashboard();
    await contains(".o_contact_lifecycle_period").click();
    await contains(".o-dropdown-item:contains(Custom Period)").click();
    onRpc(MODEL, "get_funnel", ({ args }) => {
        expect.step(args);
    });
    for (const [field, date, dates] of [
        ["from", "03/10/2026", ["2026-03-10", "2026-03-31"]],
        ["to", "03/05/2026", ["2026-03-05", "2026-03-05"]],
    ]) {
        await contains(`#o_contact_lifecycle_${field}`).click();
        await contains(`#o_contact_lifecycle_${field}`).edit(date, { confirm: "Enter" });
        await animationFrame();
        expect.verifySteps([dates]);
    }
});
