import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";

import { click, contains, openDiscuss, start, startServer } from "@mail/../tests/mail_test_helpers";
import {
    createLivechat,
    defineLifecycleModels,
    openLivechat,
    stepCalls,
} from "@contact_lifecycle/../tests/discuss/lifecycle_test_helpers";
import { mockService } from "@web/../tests/web_test_helpers";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";

describe.current.tags("desktop");
defineLifecycleModels();

const PANEL = ".o_contact_lifecycle_info";

test("leads to the contact behind the conversation (I6)", async () => {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({ name: "Ann" });
    const channelId = createLivechat(pyEnv, { lifecycle_partner_id: partnerId });
    mockService("action", {
        doAction(action) {
            if (action?.res_model === "res.partner") {
                expect.step(["open contact", action.res_id]);
                return;
            }
            return super.doAction(...arguments);
        },
    });
    await start();
    await openDiscuss(channelId);
    await contains(`${PANEL}:contains(Ann)`);
    await click(`${PANEL} button`, { text: "View Contact" });
    expect.verifySteps([["open contact", partnerId]]);
});

test("sets the contact of an unknown visitor (A7)", async () => {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({ name: "Ann" });
    const channelId = createLivechat(pyEnv);
    stepCalls(expect.step, "action_lifecycle_set_contact");
    mockService("dialog", {
        add(component, props) {
            if (component === SelectCreateDialog) {
                expect(props.resModel).toBe("res.partner");
                return props.onSelected([partnerId]);
            }
            return super.add(...arguments);
        },
    });
    await start();
    await openDiscuss(channelId);
    await contains(`${PANEL} button`, { text: "Set as Contact" });
    await contains(`${PANEL} button`, { text: "View Contact", count: 0 });
    await click(`${PANEL} button`, { text: "Set as Contact" });
    await contains(`${PANEL} button`, { text: "Change Contact" });
    await contains(`${PANEL}:contains(Ann)`);
    expect.verifySteps([["action_lifecycle_set_contact", [channelId], partnerId]]);
});

test("asks for the name of a contact that somebody else has set (P5)", async () => {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({ name: "Ann" });
    const channelId = createLivechat(pyEnv);
    await start();
    await openDiscuss(channelId);
    await contains(`${PANEL} button`, { text: "Set as Contact" });
    pyEnv["discuss.channel"].write([channelId], { lifecycle_partner_id: partnerId });
    const [channel] = pyEnv["discuss.channel"].browse(channelId);
    pyEnv["bus.bus"]._sendone(channel, "mail.record/insert", {
        "discuss.channel": [{ id: channelId, lifecycle_partner_id: partnerId }],
        "res.partner": [{ id: partnerId }],
    });
    await contains(`${PANEL}:contains(Ann)`);
});

test("wakes a snoozed conversation (I4)", async () => {
    stepCalls(expect.step, "action_lifecycle_wake");
    const { channelId } = await openLivechat({
        lifecycle_snoozed_until: "2099-01-01 12:00:00",
        lifecycle_status: "snoozed",
    });
    await contains(".o_contact_lifecycle_snoozed_text:contains(Snoozed until Jan 1, 2099)");
    await click(`${PANEL} button`, { text: "Wake" });
    await contains(`${PANEL} button`, { text: "Snooze" });
    // the buttons say it by themselves
    expect(queryAllTexts(`${PANEL} h6`)).toEqual(["Lifecycle Stage"]);
    await contains(".o_contact_lifecycle_snoozed_text", { count: 0 });
    expect.verifySteps([["action_lifecycle_wake", [channelId]]]);
});
