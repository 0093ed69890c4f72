import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    mockService,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";

const NEXT = { type: "ir.actions.act_window_close" };
const UNDO = { type: "ir.actions.act_window", res_model: "lifecycle.batch.undo" };

defineMailModels();

/** As the client does with what the server answers; what is done afterwards is a step. */
async function show() {
    mockService("action", {
        doAction: (action, { onClose } = {}) => {
            expect.step(action);
            onClose?.();
        },
    });
    await mountWithCleanup(WebClient);
    expect.verifySteps([]);
    const env = {
        services: { action: getService("action"), notification: getService("notification") },
    };
    const params = {
        message: "20 contacts moved to Payment.",
        type: "success",
        undo: UNDO,
        next: NEXT,
    };
    const next = registry.category("actions").get("lifecycle_batch_notice")(env, { params });
    await animationFrame();
    return next;
}

test("what happened is said, long enough to be read, and the action goes on (D5)", async () => {
    expect(await show()).toBe(NEXT);
    expect(".o_notification").toHaveText(/20 contacts moved to Payment\./);
    expect(".o_notification_bar").toHaveClass("bg-success");
    await advanceTime(14000);
    expect(".o_notification").toHaveCount(1);
    await advanceTime(2000);
    expect(".o_notification").toHaveCount(0);
    expect.verifySteps([]);
});

test("one button opens the dialog that takes it back, after which the page is read anew, and the notice is gone (D5)", async () => {
    await show();
    await contains(".o_notification button:contains(Undo)").click();
    expect.verifySteps([UNDO, "soft_reload"]);
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
});
