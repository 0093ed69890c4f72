import { describe, expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";

import {
    click,
    contains,
    insertText,
    setupChatHub,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import {
    createLivechat,
    defineLifecycleModels,
    openLivechat,
    stepCalls,
} from "@contact_lifecycle/../tests/discuss/lifecycle_test_helpers";
import { onRpc } from "@web/../tests/web_test_helpers";

defineLifecycleModels();

const SNOOZE = ".o-mail-DiscussContent-header button[name='lifecycle-snooze']";
const ITEM = ".o-dropdown-item";

describe("presets", () => {
    describe.current.tags("desktop");

    for (const [now, label, until] of [
        // moments in UTC, where the user is two hours ahead; the first one is a Wednesday
        ["2030-05-15 08:20:00", "Later today", "2030-05-15 11:20:00"],
        ["2030-05-15 20:20:00", "In three hours", "2030-05-15 23:20:00"],
        ["2030-05-15 08:20:00", "Tomorrow", "2030-05-16 07:00:00"],
        ["2030-05-14 22:30:00", "Tomorrow", "2030-05-16 07:00:00"], // after the user's midnight
        ["2030-05-15 08:20:00", "Next week", "2030-05-20 07:00:00"],
        ["2030-05-19 08:20:00", "Next week", "2030-05-20 07:00:00"], // a Sunday
        ["2030-05-20 06:00:00", "Next week", "2030-05-27 07:00:00"], // a Monday
    ]) {
        test(`${label}: at ${now} until ${until} (I4)`, async () => {
            mockDate(now, +2);
            stepCalls(expect.step, "action_lifecycle_snooze");
            const { channelId } = await openLivechat();
            await click(SNOOZE);
            await click(`${ITEM}:contains(${label})`);
            await contains(".o-mail-DiscussSidebarChannel .o_contact_lifecycle_snoozed_mark");
            expect.verifySteps([["action_lifecycle_snooze", [channelId], until]]);
        });
    }
});

describe("desktop", () => {
    describe.current.tags("desktop");

    test("a date and time of one's own (I4)", async () => {
        mockDate("2030-05-15 08:20:00", +2);
        stepCalls(expect.step, "action_lifecycle_snooze");
        const { channelId } = await openLivechat();
        await click(SNOOZE);
        await click(`${ITEM}:contains(Date and time…)`);
        await insertText(".modal input", "06/01/2030 14:30:00", { replace: true });
        await click(".modal-footer button", { text: "Snooze" });
        await contains(".modal", { count: 0 });
        expect.verifySteps([["action_lifecycle_snooze", [channelId], "2030-06-01 12:30:00"]]);
    });

    test("no day after one year is offered (I4)", async () => {
        mockDate("2030-05-15 08:20:00", +2);
        await openLivechat();
        await click(SNOOZE);
        await click(`${ITEM}:contains(Date and time…)`);
        await click(".modal input");
        for (let month = 0; month < 12; month++) {
            await click(".o_datetime_picker .o_next");
        }
        await contains(".o_datetime_picker_header", { text: "May 2031" });
        await contains(".o_date_item_cell:not([disabled])", { text: "15" });
        await contains(".o_date_item_cell[disabled]", { text: "16" });
    });

    test("a snoozed conversation is woken or snoozed anew", async () => {
        const { pyEnv, channelId } = await openLivechat({
            lifecycle_snoozed_until: "2099-01-01 12:00:00",
            lifecycle_status: "snoozed",
        });
        await contains(`${SNOOZE}[title^='Snoozed until Jan 1, 2099']:contains(Jan 1, 2099)`);
        await click(SNOOZE);
        await contains(`${ITEM}:contains(Tomorrow)`);
        await click(`${ITEM}:contains(Wake)`);
        await contains(`${SNOOZE}[title='Snooze']`, { text: "" });
        const [channel] = pyEnv["discuss.channel"].browse(channelId);
        expect(channel.lifecycle_status).toBe("open");
    });

    test("a closed conversation cannot be snoozed", async () => {
        await openLivechat({ lifecycle_stage_id: 1, lifecycle_status: "closed" });
        await contains(".o-mail-DiscussContent-header .o_contact_lifecycle_stage_picker");
        await contains(SNOOZE, { count: 0 });
        await contains(".o_contact_lifecycle_snooze", { count: 0 });
    });

    test("a refusal keeps the dialog open and says why", async () => {
        onRpc("discuss.channel", "action_lifecycle_snooze", () => {
            const error = new Error("Choose a later moment.");
            throw Object.assign(error, { data: { message: error.message } });
        });
        await openLivechat();
        await click(SNOOZE);
        await click(`${ITEM}:contains(Date and time…)`);
        await click(".modal-footer button", { text: "Snooze" });
        await contains(".o_notification", { text: "Choose a later moment." });
        await contains(".modal .o_contact_lifecycle_snooze_preset", { count: 3 });
    });

    test("the menu of a chat window snoozes", async () => {
        const pyEnv = await startServer();
        const channelId = createLivechat(pyEnv);
        stepCalls(({ 0: method, 1: ids }) => expect.step([method, ids]), "action_lifecycle_snooze");
        setupChatHub({ opened: [channelId] });
        await start();
        await click(".o-mail-ChatWindow-moreActions");
        await click("button[name='lifecycle-snooze-dialog']", { text: "Snooze" });
        await click(".modal .o_contact_lifecycle_snooze_preset:contains(Tomorrow)");
        await contains(".modal", { count: 0 });
        expect.verifySteps([["action_lifecycle_snooze", [channelId]]]);
    });
});
