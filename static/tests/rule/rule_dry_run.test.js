import { expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";

const PANEL = ".o_contact_lifecycle_rule_dry_run";

class Stage extends models.Model {
    _name = "lifecycle.stage";

    name = fields.Char();

    _records = [
        { id: 1, name: "New Lead" },
        { id: 2, name: "Hot Lead" },
    ];
}

class Rule extends models.Model {
    _name = "lifecycle.rule";

    name = fields.Char();
    active = fields.Boolean({ default: false });
    from_none = fields.Boolean();
    from_stage_ids = fields.Many2many({ relation: "lifecycle.stage" });

    _records = [{ id: 7, name: "Rule", active: false, from_none: false, from_stage_ids: [1] }];
}

defineMailModels();
defineModels([Rule, Stage]);

const mountRule = (resId) =>
    mountView({
        type: "form",
        resModel: "lifecycle.rule",
        resId,
        arch: `
            <form>
                <field name="name"/>
                <field name="active"/>
                <field name="from_none"/>
                <field name="from_stage_ids" widget="many2many_checkboxes"/>
                <widget name="lifecycle_rule_dry_run"/>
            </form>`,
    });

const ANSWER = {
    title: "Contacts that would move now: 3",
    move_count: 3,
    left_count: 1,
    counts: [
        ["acted", 1, 3, "from New Lead to Hot Lead"],
        ["locked", false, 1, "locked by hand"],
    ],
    names: [[5, "Ada"]],
    unseen: "",
};

function answerDryRun(answer = ANSWER) {
    onRpc("lifecycle.rule", "get_dry_run", ({ args }) => {
        expect.step(args);
        return answer;
    });
}

test("a new rule is asked about as it stands in the form", async () => {
    answerDryRun();
    await mountRule();
    await runAllTimers();
    await waitFor(`${PANEL} ul`);
    expect.verifySteps([
        [
            [],
            {
                name: false,
                display_name: false,
                active: false,
                from_none: false,
                from_stage_ids: [],
            },
        ],
    ]);
    expect(PANEL).toHaveText(/Contacts that would move now: 3/);
    expect(`${PANEL} a[href='/odoo/res.partner/5']`).toHaveText("Ada");
    expect(PANEL).toHaveText(/locked by hand/);
});

test("it is asked again once as things change, and not while nothing does", async () => {
    answerDryRun();
    await mountRule(7);
    await runAllTimers();
    expect.verifySteps([[[7], {}]]);
    await contains(".o_field_widget[name=from_none] input").click();
    await contains(".o_field_widget[name=from_stage_ids] input:eq(1)").click();
    await runAllTimers();
    await animationFrame();
    expect.verifySteps([[[7], { from_none: true, from_stage_ids: [[4, 2]] }]]);
    await runAllTimers();
    expect.verifySteps([]);
});

test("what the server refuses is said beside the form, and goes away", async () => {
    let refuses = true;
    onRpc("lifecycle.rule", "get_dry_run", () => {
        if (refuses) {
            throw makeServerError({ message: "It does not say to which stage: choose one." });
        }
        return ANSWER;
    });
    await mountRule();
    await runAllTimers();
    await waitFor(`${PANEL}:contains('choose one')`);
    expect(".modal").toHaveCount(0);
    expect(`${PANEL} ul`).toHaveCount(0);
    refuses = false;
    await contains(".o_field_widget[name=from_none] input").click();
    await runAllTimers();
    await waitFor(`${PANEL} ul`);
    expect(PANEL).not.toHaveText(/choose one/);
});

test("where the server cannot be reached, that is said, and it is asked again", async () => {
    answerDryRun();
    let isLost = true;
    patchWithCleanup(rpc, {
        _rpc(url) {
            return isLost && url.includes("get_dry_run")
                ? Promise.reject(new ConnectionLostError(url))
                : super._rpc(...arguments);
        },
    });
    await mountRule(7);
    await runAllTimers();
    await waitFor(`${PANEL}:contains('cannot be reached')`);
    expect(PANEL).toHaveAttribute("aria-busy", "false");
    isLost = false;
    window.dispatchEvent(new Event("online"));
    await runAllTimers();
    await waitFor(`${PANEL} ul`);
    expect(PANEL).not.toHaveText(/cannot be reached/);
    expect.verifySteps([[[7], {}]]);
    window.dispatchEvent(new Event("online"));
    await runAllTimers();
    expect.verifySteps([]);
});

test("a number opens its contacts, beside the form where that is not saved", async () => {
    answerDryRun();
    onRpc("lifecycle.rule", "action_open_result", ({ args }) => {
        expect.step(args);
        return {
            type: "ir.actions.act_window",
            res_model: "res.partner",
            views: [[false, "list"]],
        };
    });
    mockService("action", {
        doAction: (_action, { newWindow }) => expect.step(newWindow ? "new window" : "here"),
    });
    await mountRule(7);
    await runAllTimers();
    await waitFor(`${PANEL} ul`);
    expect.verifySteps([[[7], {}]]);
    await contains(`${PANEL} li:contains('locked') button`).click();
    await animationFrame();
    expect.verifySteps([[[7], "locked", null, null], "here"]);
    await contains(".o_field_widget[name=from_none] input").click();
    await runAllTimers();
    expect.verifySteps([[[7], { from_none: true }]]);
    await contains(`${PANEL} li:contains('from New Lead') button`).click();
    await animationFrame();
    expect.verifySteps([[[7], "acted", 1, { from_none: true }], "new window"]);
});

test("Switch on saves what stands in the form, asks about that, and goes", async () => {
    let asked = [];
    onRpc("lifecycle.rule", "get_dry_run", ({ args }) => {
        asked.push(args);
        return ANSWER;
    });
    onRpc("lifecycle.rule", "web_save", ({ args }) => {
        expect.step(args[1]);
        asked = [];
    });
    await mountRule(7);
    await runAllTimers();
    await waitFor(`${PANEL} ul`);
    await contains(".o_field_widget[name=from_none] input").click();
    await contains(`${PANEL} button:contains('Switch On')`).click();
    await animationFrame();
    expect.verifySteps([{ active: true, from_none: true }]);
    await runAllTimers();
    await animationFrame();
    expect(asked.at(-1)).toEqual([[7], {}]);
    expect(`${PANEL} button:contains('Switch On')`).toHaveCount(0);
});
