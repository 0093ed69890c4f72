import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";

import { Component, xml } from "@odoo/owl";

import {
    listeners,
    tellChange,
    tellReconnected,
} from "@contact_lifecycle/../tests/live_test_helpers";
import {
    contains,
    getService,
    makeServerError,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

import {
    contactsOnCards,
    defineDashboard,
    MODEL,
    openDashboard,
    server,
} from "./dashboard_test_helpers";

class Elsewhere extends Component {
    static template = xml`<div/>`;
    static props = ["*"];
}

defineDashboard();

test("several changes are shown by one reload, without a click (M2)", async () => {
    await openDashboard();
    onRpc(MODEL, "get_metrics", () => {
        expect.step("read");
    });
    server.metrics.stages[1].contacts = 501;
    server.funnel.stages[0].entered = 9;
    tellChange();
    await advanceTime(300);
    tellChange();
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
        return { ...server.metrics, stages: server.metrics.stages.slice(0, 1) };
    });
    tellChange();
    await advanceTime(500);
    expect.verifySteps(["asked"]);
    tellChange();
    await advanceTime(1500);
    expect.verifySteps([]);
    answer.resolve();
    answer = new Deferred();
    await animationFrame();
    expect(".o_contact_lifecycle_card").toHaveCount(1);
    await advanceTime(500);
    expect.verifySteps(["asked"]);
});

test("once the connection is back, it asks again by itself (M2)", async () => {
    let isLost = false;
    patchWithCleanup(rpc, {
        _rpc(url) {
            return isLost && url.includes(MODEL)
                ? Promise.reject(new ConnectionLostError(url))
                : super._rpc(...arguments);
        },
    });
    await openDashboard();
    for (const comeBack of [tellReconnected, () => window.dispatchEvent(new Event("online"))]) {
        isLost = true;
        tellChange();
        await advanceTime(500);
        await animationFrame();
        expect(".o_contact_lifecycle_error:contains(The server cannot be reached)").toHaveCount(3);
        isLost = false;
        server.metrics.stages[0].contacts++;
        comeBack();
        await animationFrame();
        await animationFrame();
        expect(".o_contact_lifecycle_error").toHaveCount(0);
        expect(contactsOnCards()[0]).toBe(
            server.metrics.stages[0].contacts.toLocaleString("en-US"),
        );
    }
});

test("an error that is none of the connection waits for people (M2)", async () => {
    onRpc(MODEL, "get_metrics", () => {
        expect.step("asked");
        throw makeServerError();
    });
    await openDashboard();
    expect.verifySteps(["asked"]);
    tellReconnected();
    await animationFrame();
    expect.verifySteps([]);
});

test("what takes long to count is counted less often (M2, M8)", async () => {
    await openDashboard();
    const answer = new Deferred();
    onRpc(MODEL, "get_cohorts", async () => {
        expect.step("counted");
        await answer;
    });
    tellChange();
    await advanceTime(500);
    expect.verifySteps(["counted"]);
    await advanceTime(4000);
    answer.resolve();
    await animationFrame();
    tellChange();
    await advanceTime(35_000);
    expect.verifySteps([]);
    await advanceTime(10_000);
    expect.verifySteps(["counted"]);
    await advanceTime(10_000);
    expect.verifySteps([]);
});

test("the answer to a period that is no longer chosen is dropped (M2, M3)", async () => {
    await openDashboard();
    const answer = new Deferred();
    const [stage] = server.funnel.stages;
    onRpc(MODEL, "get_funnel", async ({ args: [date_from, date_to] }) => {
        expect.step(date_from);
        if (date_from === "2026-03-25") {
            await answer;
        }
        const entered = date_from === "2026-03-25" ? 7 : 90;
        return { date_from, date_to, stages: [{ ...stage, entered }], drop_off: [] };
    });
    for (const label of ["Last 7 Days", "Last 90 Days"]) {
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
    // figures, funnel, cohorts, and what notes for the whole page what it was told
    expect(listeners.size).toBe(5);
    registry.category("actions").add("elsewhere", Elsewhere);
    await getService("action").doAction({ type: "ir.actions.client", tag: "elsewhere" });
    await animationFrame();
    expect(".o_contact_lifecycle_dashboard").toHaveCount(0);
    expect(listeners.size).toBe(1);
});

test("an error says what to do, and one can try again", async () => {
    let isBroken = true;
    onRpc(MODEL, "get_metrics", () => {
        if (isBroken) {
            throw makeServerError({ type: "UserError", message: "Choose another day." });
        }
    });
    await openDashboard();
    expect("[role=alert]").toHaveText(/Choose another day.\s*Try Again/);
    expect(".o_contact_lifecycle_placeholder").toHaveCount(0);
    isBroken = false;
    await contains("[role=alert] button").click();
    await animationFrame();
    expect("[role=alert]").toHaveCount(0);
    expect(".o_contact_lifecycle_card").toHaveCount(2);
});

test("who may not see the figures is told, and offered nothing that does not help", async () => {
    onRpc(MODEL, "get_metrics", () => {
        throw makeServerError({ type: "AccessError", message: "Ask for the role." });
    });
    await openDashboard();
    expect("[role=alert]").toHaveText("Ask for the role.");
    expect("[role=alert] button").toHaveCount(0);
});

test("what cannot be refreshed stays, and is said to be old (M2)", async () => {
    await openDashboard();
    onRpc(MODEL, "get_funnel", () => {
        throw makeServerError({ type: "ValueError", message: "Secret" });
    });
    tellChange();
    await advanceTime(500);
    await animationFrame();
    expect("[role=alert]").toHaveCount(1);
    expect("[role=alert]").toHaveText(
        /The figures could not be read. Try again; .* The figures below are from before./,
    );
    expect("tr:first-child > [data-figure=entered]").toHaveText("8");
    expect(".o_contact_lifecycle_card").toHaveCount(2);
});
