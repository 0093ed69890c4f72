import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";

import { contains } from "@web/../tests/web_test_helpers";

import { defineDashboard, openDashboard, server, stepActions } from "./dashboard_test_helpers";

defineDashboard();

test("cohorts: who has reached which stage, the share and the median days (M3)", async () => {
    await openDashboard();
    const table = ".o_contact_lifecycle_cohorts";
    expect(queryAllTexts(`${table} thead th`)).toEqual([
        "First entered",
        "Contacts",
        "🔥 Hot Lead",
        "Customer",
    ]);
    expect(queryAllTexts(`${table} tbody tr:first > *`)).toEqual([
        "Jan 2026",
        "200",
        "150\n75% · 0.0 days",
        "50\n25% · 12.5 days",
    ]);
    expect(queryAllTexts(`${table} tbody tr:last > *`)).toEqual(["Mar 2026", "4", "0", "0"]);
    stepActions();
    for (const [cell, args] of [
        [2, ["2026-01-01", false]],
        [4, ["2026-01-01", 2]],
    ]) {
        await contains(`${table} tbody tr:first > :nth-child(${cell}) button`).click();
        await animationFrame();
        expect.verifySteps([["action_open_cohort", ...args], "action_open_cohort"]);
    }
});

test("cohorts: nobody", async () => {
    server.cohorts.cohorts = [];
    await openDashboard();
    expect("p:contains(Nobody entered a first stage)").toHaveCount(1);
});
