import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fieldInput,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class LifecycleConversationSnooze extends models.Model {
    _name = "lifecycle.conversation.snooze";

    until = fields.Datetime();
}

defineMailModels();
defineModels([LifecycleConversationSnooze]);

async function openDialog() {
    mockDate("2030-05-15 08:20:00", +2); // a Wednesday
    onRpc("lifecycle.conversation.snooze", "web_save", ({ args }) => {
        expect.step(args[1].until);
    });
    onRpc("/web/dataset/call_button/lifecycle.conversation.snooze/action_confirm", () => {
        expect.step("action_confirm");
        return false;
    });
    await mountView({
        resModel: "lifecycle.conversation.snooze",
        type: "form",
        arch: /* xml */ `
            <form>
                <field name="until" widget="lifecycle_snooze_until" nolabel="1" required="1"/>
                <button name="action_confirm" type="object" string="Snooze"/>
            </form>`,
    });
}

test("the dialog of several conversations offers the presets of one (I4)", async () => {
    await openDialog();
    expect(queryAllTexts(".o_contact_lifecycle_snooze_preset span")).toEqual([
        "Later today",
        "Tomorrow",
        "Next week",
    ]);
});

test("a preset snoozes at once (I4)", async () => {
    await openDialog();
    await click(".o_contact_lifecycle_snooze_preset:contains(Next week)");
    await animationFrame();
    expect.verifySteps(["2030-05-20 07:00:00", "action_confirm"]);
});

test("a date and time of one's own is confirmed by the button (I4)", async () => {
    await openDialog();
    await fieldInput("until").edit("06/01/2030 14:30:00");
    await animationFrame();
    expect.verifySteps([]);
    await click("button[name='action_confirm']");
    await animationFrame();
    expect.verifySteps(["2030-06-01 12:30:00", "action_confirm"]);
});
