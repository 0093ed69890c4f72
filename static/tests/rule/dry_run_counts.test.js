import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

class Rule extends models.Model {
    _name = "lifecycle.rule";

    name = fields.Char();

    _records = [{ id: 7, name: "Called" }];
}

class DryRun extends models.Model {
    _name = "lifecycle.rule.dry.run";

    rule_id = fields.Many2one({ relation: "lifecycle.rule" });
    counts = fields.Json();

    _records = [
        {
            id: 1,
            rule_id: 7,
            counts: [
                ["acted", 3, 12, "from New Lead to Hot Lead"],
                ["acted", false, 2, "from no stage to Hot Lead"],
                ["locked", false, 1, "locked by hand"],
            ],
        },
        { id: 2, rule_id: 7, counts: [["acted", 3, 12, "from New Lead to Hot Lead"]] },
        { id: 3, rule_id: 7, counts: [] },
    ];
}

defineMailModels();
defineModels([Rule, DryRun]);

const mountDialog = (resId) =>
    mountView({
        type: "form",
        resModel: "lifecycle.rule.dry.run",
        resId,
        arch: `<form>
            <field name="rule_id" invisible="1"/>
            <field name="counts" widget="lifecycle_dry_run_counts"/>
        </form>`,
    });

test("each number opens its contacts", async () => {
    onRpc("lifecycle.rule", "action_open_result", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", res_model: "res.partner" };
    });
    await mountDialog(1);
    patchWithCleanup(getService("action"), {
        doAction: (action) => expect.step(action.res_model),
    });
    expect("li").toHaveCount(3);
    expect("li:eq(0)").toHaveText("12\nfrom New Lead to Hot Lead");
    expect("p").toHaveText("The others are left alone:");
    expect("p ~ ul li").toHaveText("1\nlocked by hand");
    for (const index of [0, 1, 2]) {
        await contains(`li:eq(${index}) button`).click();
        await animationFrame();
    }
    expect.verifySteps([
        [7, "acted", 3],
        "res.partner",
        [7, "acted", false],
        "res.partner",
        [7, "locked", null],
        "res.partner",
    ]);
});

test("nobody is left alone", async () => {
    await mountDialog(2);
    expect("li").toHaveCount(1);
    expect("p").toHaveCount(0);
});

test("there is nobody at all", async () => {
    await mountDialog(3);
    expect("li").toHaveCount(0);
    expect("p").toHaveCount(0);
});
