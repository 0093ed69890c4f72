import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { tellChange } from "@contact_lifecycle/../tests/live_test_helpers";
import {
    contains,
    getService,
    makeServerError,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

import { defineDashboard, openDashboard, server } from "./dashboard_test_helpers";

const MODEL = "lifecycle.first.steps";
const STEPS = ".o_contact_lifecycle_first_steps";

defineDashboard();

function showSteps({ isOwner = true, ...changes } = {}) {
    const stepOf = (name, values) => ({
        name,
        is_done: false,
        may: isOwner,
        ...values,
        ...changes[name],
    });
    server.first_steps = {
        is_owner: isOwner,
        owners: "Olga Owner",
        administrators: "Adam Admin",
        steps: [
            stepOf("stages", { stages: "🆕 New Lead → 🔥 Hot Lead" }),
            stepOf("contacts", { count: 1054, is_running: false, stage: "🆕 New Lead" }),
            stepOf("roles", { may: false }),
            stepOf("rule", {
                suggestions: [
                    { name: "answers", text: "Whoever answers moves." },
                    { name: "buys", text: "Whoever buys moves." },
                ],
            }),
        ],
    };
}

function empty() {
    for (const stage of server.metrics.stages) {
        Object.assign(stage, { contacts: 0, open: 0, snoozed: 0, unassigned: 0 });
    }
}

test("each step says what to do, and to whom it is not, whom to ask (S1)", async () => {
    showSteps({ stages: { is_done: true } });
    empty();
    await openDashboard();
    expect(`${STEPS} [aria-live]`).toHaveText("1 of 4 done");
    expect(queryAllTexts(`${STEPS} h3`)).toEqual([
        "Choose your stages",
        "Let 1,054 contacts start in 🆕 New Lead",
        "Who does what",
        "Switch on a first rule",
    ]);
    expect(`${STEPS} [data-step=stages] [aria-label=Done]`).toHaveCount(1);
    expect(`${STEPS} [data-step=stages] button`).toHaveCount(0);
    expect(`${STEPS} [data-step=contacts] [aria-label='To do']`).toHaveCount(1);
    expect(`${STEPS} [data-step=roles]`).toHaveText(/Ask one of them: Adam Admin/);
    expect(`${STEPS} [data-step=roles] button`).toHaveCount(0);
    expect(queryAllTexts(`${STEPS} [data-step=rule] button`)).toEqual(["Dry Run", "Dry Run"]);
    expect(".o_contact_lifecycle_empty").toHaveCount(0);
});

test("a button asks the server, opens what it answers, and shows what has changed (S1)", async () => {
    showSteps();
    onRpc(MODEL, "action_start_contacts", () => {
        showSteps({ contacts: { is_done: true } });
        return { type: "ir.actions.client", tag: "display_notification" };
    });
    onRpc(MODEL, "action_suggest_rule", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", name: "Dry Run" };
    });
    onRpc(MODEL, "action_keep_stages", () => {
        showSteps({ stages: { is_done: true } });
        return false;
    });
    await openDashboard();
    patchWithCleanup(getService("action"), {
        doAction: (action) => expect.step(action.tag ?? action.name ?? action),
    });
    await contains(`${STEPS} [data-step=contacts] button`).click();
    await animationFrame();
    expect(`${STEPS} [data-step=contacts] [aria-label=Done]`).toHaveCount(1);
    await contains(`${STEPS} [data-suggestion=buys]`).click();
    await contains(`${STEPS} [data-step=stages] button:contains(Choose a Stage Set)`).click();
    await contains(`${STEPS} [data-step=stages] button:contains(Keep These Stages)`).click();
    await animationFrame();
    expect(`${STEPS} [data-step=stages] [aria-label=Done]`).toHaveCount(1);
    expect.verifySteps([
        "display_notification",
        ["buys"],
        "Dry Run",
        "contact_lifecycle.lifecycle_stage_set_apply_action",
    ]);
});

test("no contact yet: one is added; many: they are on their way (A2)", async () => {
    showSteps({ contacts: { count: 0 } });
    await openDashboard();
    patchWithCleanup(getService("action"), { doAction: (action) => expect.step(action.res_model) });
    await contains(`${STEPS} [data-step=contacts] button:contains(Add a Contact)`).click();
    expect.verifySteps(["res.partner"]);
    showSteps({ contacts: { count: 3054, is_running: true } });
    tellChange();
    await advanceTime(500);
    await animationFrame();
    expect(`${STEPS} [data-step=contacts]`).toHaveText(/in the background. Still to come: 3,054/);
    expect(`${STEPS} [data-step=contacts] button`).toHaveCount(0);
});

test("an owner dismisses them, and they are not asked for any more (S1)", async () => {
    showSteps();
    onRpc(MODEL, "get_steps", () => expect.step("get_steps"));
    onRpc(MODEL, "action_dismiss", () => {
        server.first_steps = { ...server.first_steps, steps: [] };
        return false;
    });
    await openDashboard();
    await contains(`${STEPS} .o_contact_lifecycle_dismiss`).click();
    await animationFrame();
    expect(STEPS).toHaveCount(0);
    expect(".o_contact_lifecycle_card").toHaveCount(2);
    tellChange();
    await advanceTime(500);
    await animationFrame();
    expect.verifySteps(["get_steps", "get_steps"]);
});

test("the figures do not wait for them, and are there where they fail (S1)", async () => {
    showSteps();
    let fails = true;
    onRpc(MODEL, "get_steps", () => {
        if (fails) {
            throw makeServerError({ type: "ValueError" });
        }
    });
    await openDashboard();
    expect(".o_contact_lifecycle_card").toHaveCount(2);
    expect("[role=alert] span").toHaveText(/^The first steps could not be read/);
    fails = false;
    await contains("[role=alert] button:contains(Try Again)").click();
    await animationFrame();
    expect("[role=alert]").toHaveCount(0);
    expect(`${STEPS} h3`).toHaveCount(4);
});

test("a step that is done says what it was, without a number (S1)", async () => {
    showSteps({ contacts: { is_done: true, count: 0 } });
    await openDashboard();
    expect(`${STEPS} [data-step=contacts] h3`).toHaveText("Let your contacts start in 🆕 New Lead");
});

test("who may do nothing of it does not ask for them while there is something else (S1)", async () => {
    showSteps({ isOwner: false });
    onRpc(MODEL, "get_steps", () => expect.step("get_steps"));
    await openDashboard();
    tellChange();
    await advanceTime(500);
    await animationFrame();
    expect.verifySteps([]);
    empty();
    tellChange();
    await advanceTime(500);
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["get_steps"]);
    expect(STEPS).toHaveCount(1);
});

test("who may do nothing of it sees them while there is nothing else (S1)", async () => {
    showSteps({ isOwner: false });
    empty();
    await openDashboard();
    await animationFrame();
    expect(`${STEPS} button`).toHaveCount(0);
    expect(`${STEPS} [data-step=contacts]`).toHaveText(/Ask one of them: Olga Owner/);
    server.metrics.stages[0].contacts = 1;
    tellChange();
    await advanceTime(500);
    await animationFrame();
    expect(STEPS).toHaveCount(0);
    expect(".o_contact_lifecycle_card").toHaveCount(2);
});
