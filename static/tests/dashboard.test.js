import { beforeEach, expect, mockDate, test } from "@odoo/hoot";
import { press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";

import { Component, xml } from "@odoo/owl";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";

const MODEL = "lifecycle.dashboard";

class Elsewhere extends Component {
    static template = xml`<div/>`;
    static props = ["*"];
}

defineMailModels();
preloadBundle("web.chartjs_lib");

let listeners, metrics, stuck, funnel;

const stageOf = (id, name, emoji, values) => ({ id, name, emoji, ...values });

beforeEach(() => {
    mockDate("2026-03-31 12:00:00");
    listeners = new Set();
    mockService("bus_service", {
        addChannel() {},
        addEventListener() {},
        deleteChannel() {},
        removeEventListener() {},
        start() {},
        subscribe: (type, listener) =>
            type === "contact_lifecycle/changed" && listeners.add(listener),
        unsubscribe: (type, listener) => listeners.delete(listener),
    });
    metrics = {
        stages: [
            stageOf(1, "Hot Lead", "🔥", { contacts: 1500, open: 4, snoozed: 2, unassigned: 1 }),
            stageOf(2, "Customer", false, { contacts: 500, open: 0, snoozed: 0, unassigned: 0 }),
        ],
    };
    stuck = [stageOf(1, "Hot Lead", "🔥", { count: 3, days: 14 })];
    const nothing = { passed: 0, returned: 0, cleared: 0, deleted: 0, lost: 0, lost_stages: [] };
    funnel = {
        stages: [
            stageOf(1, "Hot Lead", "🔥", {
                ...nothing,
                entered: 8,
                converted: 2,
                passed: 1,
                lost: 1,
                remaining: 5,
                conversion: 0.25,
                median_days: 1.25,
                mean_days: 2,
            }),
            stageOf(2, "Customer", false, {
                ...nothing,
                entered: 2,
                converted: 0,
                remaining: 2,
                conversion: 0,
                median_days: null,
                mean_days: null,
            }),
        ],
        drop_off: [
            {
                from_id: 1,
                from_name: "Hot Lead",
                from_emoji: "🔥",
                to_id: 9,
                to_name: "Cold Lead",
                to_emoji: "🧊",
                count: 4,
                reengage: 3,
            },
        ],
    };
    onRpc(MODEL, "get_metrics", () => metrics);
    onRpc(MODEL, "get_stuck", () => stuck);
    onRpc(MODEL, "get_funnel", ({ args: [date_from, date_to] }) => ({
        date_from,
        date_to,
        ...funnel,
    }));
});

async function openDashboard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "contact_lifecycle.dashboard",
    });
    await animationFrame();
}

/** Opens an action for each click: what was asked for, and what the server answered, are steps. */
function stepActions() {
    for (const method of ["action_open", "action_open_stays", "action_reengage"]) {
        onRpc(MODEL, method, ({ args }) => {
            expect.step([method, ...args]);
            return { type: "ir.actions.act_window", name: method };
        });
    }
    patchWithCleanup(getService("action"), {
        doAction: (action, { newWindow }) =>
            expect.step(`${action.name}${newWindow ? " in a new window" : ""}`),
    });
}

const change = () => listeners.forEach((listener) => listener());
const contactsOnCards = () =>
    queryAllTexts(
        ".o_contact_lifecycle_card h3 + div .o_contact_lifecycle_figure span:first-child",
    );

test("a card shows contacts, their share and conversations (M1)", async () => {
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_card h3")).toEqual(["🔥 Hot Lead", "Customer"]);
    expect(".o_contact_lifecycle_card:first").toHaveText(/1,500\s+contacts\s+75% of all/);
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
        [`${card} button:first`, "🔥 Hot Lead, contacts: 1,500", "contacts"],
        [`${card} [data-figure=open] button`, "🔥 Hot Lead, open conversations: 4", "open"],
        [
            `${card} [data-figure=snoozed] button`,
            "🔥 Hot Lead, snoozed conversations: 2",
            "snoozed",
        ],
        [
            `${card} [data-figure=unassigned] button`,
            "🔥 Hot Lead, unassigned conversations: 1",
            "unassigned",
        ],
        [
            ".o_contact_lifecycle_stuck button",
            "🔥 Hot Lead, contacts for more than 14 days: 3",
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

test("the table has the figures of the funnel, each opens its contacts (M3)", async () => {
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_funnel thead th")).toEqual([
        "Stage",
        "Entered",
        "Passed through",
        "Converted",
        "Conversion",
        "Median days",
        "Mean days",
        "Still there",
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
        "5",
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
        "2",
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

test("a stage that was deleted shows where it happened (M3)", async () => {
    funnel.stages[0].deleted = 2;
    await openDashboard();
    expect(queryAllTexts(".o_contact_lifecycle_funnel thead th").at(-1)).toBe("Stage deleted");
});

test.tags("desktop");
test("the chart shows what the bars are made up of, and opens it (M3)", async () => {
    await openDashboard();
    stepActions();
    const chart = Chart.getChart(queryOne("canvas"));
    expect(chart.data.labels).toEqual(["🔥 Hot Lead", "Customer"]);
    expect(chart.data.datasets.map(({ label, data }) => [label, [...data]])).toEqual([
        ["Converted", [2, 0]],
        ["Still there", [5, 2]],
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
        "Re-engage 3",
    ]);
    stepActions();
    await contains(".o_contact_lifecycle_drop_off button").click();
    await animationFrame();
    expect.verifySteps([["action_reengage", 1, 9, "2026-03-02", "2026-03-31"], "action_reengage"]);
});

test("periods of the user's days (M3)", async () => {
    onRpc(MODEL, "get_funnel", ({ args }) => {
        expect.step(args);
    });
    await openDashboard();
    expect.verifySteps([["2026-03-02", "2026-03-31"]]);
    for (const [label, from, to] of [
        ["Last 7 days", "2026-03-25", "2026-03-31"],
        ["Last 90 days", "2026-01-01", "2026-03-31"],
        ["This month", "2026-03-01", "2026-03-31"],
        ["Last month", "2026-02-01", "2026-02-28"],
        ["This quarter", "2026-01-01", "2026-03-31"],
        ["This year", "2026-01-01", "2026-03-31"],
        ["Custom period", "2026-01-01", "2026-03-31"],
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
    await contains(".o-dropdown-item:contains(Custom period)").click();
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

test("several changes are shown by one reload, without a click (M2)", async () => {
    await openDashboard();
    onRpc(MODEL, "get_metrics", () => {
        expect.step("read");
    });
    metrics.stages[1].contacts = 501;
    funnel.stages[0].entered = 9;
    change();
    await advanceTime(300);
    change();
    expect.verifySteps([]);
    await advanceTime(200);
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(contactsOnCards()).toEqual(["1,500", "501"]);
    expect("tr:first-child > [data-figure=entered]").toHaveText("9");
    await advanceTime(5000);
    expect.verifySteps([]);
});

test("there are never two reloads at once (M2)", async () => {
    await openDashboard();
    let answer = new Deferred();
    onRpc(MODEL, "get_metrics", async () => {
        expect.step("asked");
        await answer;
        return { stages: metrics.stages.slice(0, 1) };
    });
    change();
    await advanceTime(500);
    expect.verifySteps(["asked"]);
    change();
    await advanceTime(1500);
    expect.verifySteps([]);
    answer.resolve();
    answer = new Deferred();
    await animationFrame();
    expect(".o_contact_lifecycle_card").toHaveCount(1);
    await advanceTime(500);
    expect.verifySteps(["asked"]);
});

test("the answer to a period that is no longer chosen is dropped (M2, M3)", async () => {
    await openDashboard();
    const answer = new Deferred();
    const [stage] = funnel.stages;
    onRpc(MODEL, "get_funnel", async ({ args: [date_from, date_to] }) => {
        expect.step(date_from);
        if (date_from === "2026-03-25") {
            await answer;
        }
        const entered = date_from === "2026-03-25" ? 7 : 90;
        return { date_from, date_to, stages: [{ ...stage, entered }], drop_off: [] };
    });
    for (const label of ["Last 7 days", "Last 90 days"]) {
        await contains(".o_contact_lifecycle_period").click();
        await contains(`.o-dropdown-item:contains(${label})`).click();
    }
    expect.verifySteps(["2026-03-25"]);
    expect("tr:first-child > [data-figure=entered]").toHaveText("8");
    answer.resolve();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["2026-01-01"]);
    expect("tr:first-child > [data-figure=entered]").toHaveText("90");
});

test("a closed dashboard listens no more (M2)", async () => {
    await openDashboard();
    expect(listeners.size).toBe(2);
    registry.category("actions").add("elsewhere", Elsewhere);
    await getService("action").doAction({ type: "ir.actions.client", tag: "elsewhere" });
    await animationFrame();
    expect(".o_contact_lifecycle_dashboard").toHaveCount(0);
    expect(listeners.size).toBe(0);
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
    for (const stage of metrics.stages) {
        Object.assign(stage, { contacts: 0, open: 0, snoozed: 0, unassigned: 0 });
    }
    funnel.stages = funnel.stages.map((stage) => ({ ...stage, entered: 0 }));
    funnel.drop_off = [];
    await openDashboard();
    expect(".o_contact_lifecycle_empty").toHaveText(/No contact has a stage yet/);
    expect(".o_contact_lifecycle_card").toHaveCount(0);
    expect(".o_contact_lifecycle_period").toHaveCount(0);
    metrics.stages[0].contacts = 1;
    change();
    await advanceTime(500);
    await animationFrame();
    expect(".o_contact_lifecycle_card").toHaveCount(2);
    expect(".o_contact_lifecycle_no_moves").toHaveText(/No contact entered a stage in this period/);
    expect("canvas").toHaveCount(0);
});

test("stages are switched off (S2)", async () => {
    metrics.stages = [];
    funnel.stages = [];
    funnel.drop_off = [];
    await openDashboard();
    expect(".o_contact_lifecycle_empty").toHaveText(/Lifecycle stages are not shown/);
});

test("nobody is lost, and no stage marks contacts as stale (M4, M5)", async () => {
    stuck = [];
    funnel.drop_off = [];
    await openDashboard();
    expect("p:contains(Nobody was lost in this period.)").toHaveCount(1);
    expect("p:contains(Days to Rot)").toHaveCount(1);
});

test("an error says what to do, and one can try again", async () => {
    let isBroken = true;
    onRpc(MODEL, "get_metrics", () => {
        if (isBroken) {
            throw makeServerError({ type: "AccessError", message: "Ask for the role." });
        }
    });
    await openDashboard();
    expect("[role=alert]").toHaveText(/Ask for the role.\s*Try again/);
    expect(".o_contact_lifecycle_placeholder").toHaveCount(0);
    isBroken = false;
    await contains("[role=alert] button").click();
    await animationFrame();
    expect("[role=alert]").toHaveCount(0);
    expect(".o_contact_lifecycle_card").toHaveCount(2);
});

test("what cannot be refreshed stays, and is said to be old (M2)", async () => {
    await openDashboard();
    onRpc(MODEL, "get_funnel", () => {
        throw makeServerError({ type: "ValueError", message: "Secret" });
    });
    change();
    await advanceTime(500);
    await animationFrame();
    expect("[role=alert]").toHaveCount(1);
    expect("[role=alert]").toHaveText(
        /The figures could not be read. Try again; .* The figures below are from before./,
    );
    expect("tr:first-child > [data-figure=entered]").toHaveText("8");
    expect(".o_contact_lifecycle_card").toHaveCount(2);
});
