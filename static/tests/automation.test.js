import { describe, expect, test } from "@odoo/hoot";

import { TRIGGER_FILTERS } from "@base_automation/utils";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Stage extends models.Model {
    _name = "lifecycle.stage";

    name = fields.Char();

    _records = [{ id: 7, name: "Hot Lead" }];
}

class Contact extends models.Model {
    _name = "test.contact";

    name = fields.Char();
    lifecycle_stage_id = fields.Many2one({ relation: "lifecycle.stage" });
    other_stage_id = fields.Many2one({ relation: "lifecycle.stage" });

    _records = [{ id: 1, name: "Ada", lifecycle_stage_id: 7, other_stage_id: 7 }];
}

defineMailModels();
defineModels([Stage, Contact]);

describe.current.tags("desktop");

async function openAutomationsOfColumn(groupBy) {
    mockService("action", {
        doAction: (action, options) => {
            expect.step(action);
            if (options) {
                expect.step(options.additionalContext);
            }
        },
    });
    onRpc("ir.model", "search", () => [42]);
    await mountView({
        type: "kanban",
        resModel: "test.contact",
        arch: `<kanban><templates><t t-name="card"><field name="name"/></t></templates></kanban>`,
        groupBy: [groupBy],
    });
    await contains(".o_kanban_group .o_group_config .dropdown-toggle", { visible: false }).click();
    await contains(".o-dropdown--menu .o_column_automations").click();
}

test("the column of a lifecycle stage leads to its automations", async () => {
    onRpc("lifecycle.stage", "action_automations", ({ args }) => `the automations of ${args[0]}`);
    await openAutomationsOfColumn("lifecycle_stage_id");
    expect.verifySteps(["the automations of 7"]);
});

test("columns of anything else make those of Odoo", async () => {
    await openAutomationsOfColumn("other_stage_id");
    expect.verifySteps([
        "base_automation.base_automation_act",
        {
            active_test: false,
            default_model_id: 42,
            search_default_model_id: 42,
            default_trigger: "on_create_or_write",
        },
    ]);
});

test("the stages of other apps are stages for all that", () => {
    const isStage = TRIGGER_FILTERS.on_stage_set;
    expect(isStage({ name: "stage_id", ttype: "many2one", relation: "crm.stage" })).toBe(true);
    expect(isStage({ name: "stage_id", ttype: "char" })).toBe(false);
    expect(isStage({ name: "lifecycle_stage_id", ttype: "many2one", relation: "x" })).toBe(false);
});
