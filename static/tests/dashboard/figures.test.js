import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";

import { tellChange } from "@contact_lifecycle/../tests/live_test_helpers";
import { contains, onRpc } from "@web/../tests/web_test_helpers";

import {
    defineDashboard,
    MODEL,
    openDashboard,
    server,
    stepActions,
} from "./dashboard_test_helpers";

defineDashboard();

test("a card shows contacts, their share and conversations (M1)", async () => {
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_card h3")).toEqual(["🔥 Hot Lead", "Customer"]);
    expect(".o_contact_lifecycle_card:first").toHaveText(
        /1,500\s+contacts\s+75% of those in lifecycle stages/,
    );
    expect(queryAllTexts(".o_contact_lifecycle_card:first li span:first-child")).toEqual([
        "4",
        "2",
        "1",
    ]);
    expect("[aria-live=polite]:first").toHaveText(
        "2,000 contacts; conversations: 4 open, 2 snoozed, 1 unassigned",
    );
    expect(".o_contact_lifecycle_placeholder").toHaveCount(0);
});

test("each number says what it counts, and opens it (M1, M5)", async () => {
    await openDashboard();
    stepActions();
    const card = ".o_contact_lifecycle_card:first";
    for (const [selector, label, figure] of [
        [`${card} button:first`, "1,500 contacts, 🔥 Hot Lead", "contacts"],
        [`${card} [data-figure=open] button`, "4 Open, 🔥 Hot Lead, open conversations", "open"],
        [
            `${card} [data-figure=snoozed] button`,
            "2 Snoozed, 🔥 Hot Lead, snoozed conversations",
            "snoozed",
        ],
        [
            `${card} [data-figure=unassigned] button`,
            "1 Unassigned, 🔥 Hot Lead, unassigned conversations",
            "unassigned",
        ],
        [
            ".o_contact_lifecycle_stuck button",
            "3, 🔥 Hot Lead, contacts for more than 14 days",
            "stuck",
        ],
    ]) {
        expect(selector).toHaveAttribute("aria-label", label);
        await contains(selector).click();
        await animationFrame();
        expect.verifySteps([["action_open", 1, figure], "action_open"]);
    }
});

test.tags("desktop");

test("a number is opened by keyboard, and in a new window (M1)", async () => {
    await openDashboard();
    stepActions();
    queryOne("[data-figure=snoozed] button:first").focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([["action_open", 1, "snoozed"], "action_open"]);
    await contains("[data-figure=open] button:first").click({ ctrlKey: true });
    await animationFrame();
    expect.verifySteps([["action_open", 1, "open"], "action_open in a new window"]);
});

test("a number that opens nothing is no stop for the keyboard", async () => {
    server.metrics.stages[0].snoozed = 0;
    await openDashboard();
    expect("[data-figure=snoozed]:first").toHaveText(/0\s+Snoozed/);
    expect("[data-figure=snoozed]:first button").toHaveCount(0);
    expect("[data-figure=open]:first button").toHaveCount(1);
});

test("while the first figures are on their way, their places are shown", async () => {
    const answer = new Deferred();
    onRpc(MODEL, "get_metrics", async () => {
        await answer;
    });
    await openDashboard();
    expect(".o_contact_lifecycle_placeholder").toHaveCount(4);
    expect("[role=status]:contains(Loading the figures)").toHaveCount(1);
    answer.resolve();
    await animationFrame();
    await animationFrame();
    expect(".o_contact_lifecycle_placeholder").toHaveCount(0);
    expect(".o_contact_lifecycle_card").toHaveCount(2);
});

test("no contact yet: what to do", async () => {
    for (const stage of server.metrics.stages) {
        Object.assign(stage, { contacts: 0, open: 0, snoozed: 0, unassigned: 0 });
    }
    server.funnel.stages = server.funnel.stages.map((stage) => ({ ...stage, entered: 0 }));
    server.funnel.drop_off = [];
    await openDashboard();
    expect(".o_contact_lifecycle_empty").toHaveText(/No contact has a stage yet/);
    expect(".o_contact_lifecycle_card").toHaveCount(0);
    expect(".o_contact_lifecycle_period").toHaveCount(0);
    server.metrics.stages[0].contacts = 1;
    tellChange();
    await advanceTime(500);
    await animationFrame();
    expect(".o_contact_lifecycle_card").toHaveCount(2);
    expect(".o_contact_lifecycle_no_moves").toHaveText(/No contact entered a stage in this period/);
    expect("canvas").toHaveCount(0);
});

test("stages are switched off (S2)", async () => {
    server.metrics.stages = [];
    server.funnel.stages = [];
    server.funnel.drop_off = [];
    await openDashboard();
    expect(".o_contact_lifecycle_empty").toHaveText(/Lifecycle stages are not shown/);
});

test("what the cards leave out is said, and opens (M7)", async () => {
    await openDashboard();
    stepActions();
    const parts = ".o_contact_lifecycle_left_out button";
    expect(queryAllTexts(parts)).toEqual([
        "Contacts without a stage: 1,037",
        "Lost contacts: 3",
        "Conversations without a stage: 14",
    ]);
    await contains(`${parts}:first`).click();
    await animationFrame();
    expect.verifySteps([["action_open_left_out", "contacts_without"], "action_open_left_out"]);
});

test("where nothing is left out, nothing is said of it (M7)", async () => {
    for (const part of Object.keys(server.metrics.left_out)) {
        server.metrics.left_out[part] = 0;
    }
    await openDashboard();
    expect(".o_contact_lifecycle_card").toHaveCount(2);
    expect(".o_contact_lifecycle_left_out").toHaveCount(0);
});

test("nobody is lost, and in no stage contacts count as stuck (M4, M5)", async () => {
    server.stuck = [];
    server.funnel.drop_off = [];
    await openDashboard();
    expect("p:contains(Nobody was lost in this period.)").toHaveCount(1);
    expect("p:contains(Days until Stuck)").toHaveCount(1);
});
