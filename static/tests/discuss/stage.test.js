import { describe, expect, test } from "@odoo/hoot";

import {
    click,
    contains,
    openDiscuss,
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

const PANEL = ".o_contact_lifecycle_info";
const HEADER = ".o-mail-DiscussContent-header";
const PICKER = ".o_contact_lifecycle_stage_picker";
const BADGE = ".o_contact_lifecycle_stage";
const ITEM = ".o_contact_lifecycle_stage_menu .o-dropdown-item";

defineLifecycleModels();

describe("desktop", () => {
    describe.current.tags("desktop");

    test("the panel sets a stage and clears it (A3, A4)", async () => {
        stepCalls(expect.step, "action_lifecycle_set_stage");
        const { channelId } = await openLivechat();
        await click(`${PANEL} ${PICKER}`, { text: "Set Stage" });
        await contains(ITEM, { count: 4 });
        await contains(`${ITEM}:eq(0):contains(Wants to buy)`); // S15
        await contains(".dropdown-header", { text: "Lost" });
        await contains(`${ITEM}:contains(Clear selection)`, { count: 0 });
        await click(`${ITEM}:contains(Cold Lead)`);
        await contains(`${PANEL} ${BADGE}`, { text: "🧊 Cold Lead" });
        expect.verifySteps([["action_lifecycle_set_stage", [channelId], 4]]);
        await click(`${PANEL} ${PICKER}`);
        await click(`${ITEM}:contains(Clear selection)`);
        await contains(`${PANEL} ${BADGE}`, { count: 0 });
        await contains(`${PANEL} ${PICKER}`, { text: "Set Stage" });
        expect.verifySteps([["action_lifecycle_set_stage", [channelId], false]]);
    });

    test("the list shows a stage that was added after the page was opened", async () => {
        const { pyEnv } = await openLivechat();
        await click(`${PANEL} ${PICKER}`);
        await contains(ITEM, { count: 4 });
        await click(`${ITEM}:contains(Customer)`);
        pyEnv["lifecycle.stage"].create({ name: "Partner", display_name: "Partner" });
        await click(`${PANEL} ${PICKER}`);
        await contains(`${ITEM}:contains(Partner)`);
    });

    test("the header shows the stage and sets it (I5)", async () => {
        await openLivechat({ lifecycle_stage_id: 1 });
        await click(`${HEADER} ${PICKER}[aria-label='Lifecycle Stage: 🔥 Hot Lead']`);
        await click(`${ITEM}:contains(Customer)`);
        await contains(`${HEADER} ${BADGE}`, { text: "🤩 Customer" });
        await contains(`${PANEL} ${BADGE}`, { text: "🤩 Customer" });
    });

    test("a refusal by the server is told, and the stage stays", async () => {
        onRpc("discuss.channel", "action_lifecycle_set_stage", () => {
            const error = new Error("This stage is being deleted.");
            throw Object.assign(error, { data: { message: error.message } });
        });
        await openLivechat({ lifecycle_stage_id: 1 });
        await click(`${HEADER} ${PICKER}`);
        await click(`${ITEM}:contains(Customer)`);
        await contains(".o_notification", { text: "This stage is being deleted." });
        await contains(`${HEADER} ${BADGE}`, { text: "🔥 Hot Lead" });
    });

    test("a change by somebody else shows at once (A7)", async () => {
        const { channelId, pyEnv } = await openLivechat({ lifecycle_stage_id: 1 });
        await contains(`${HEADER} ${BADGE}`, { text: "🔥 Hot Lead" });
        pyEnv["discuss.channel"]._lifecycle_write([channelId], { lifecycle_stage_id: 2 });
        await contains(`${HEADER} ${BADGE}`, { text: "🤩 Customer" });
        await contains(`${PANEL} ${BADGE}`, { text: "🤩 Customer" });
        await contains(".o-mail-DiscussSidebarChannel [aria-label='🤩 Customer']", { text: "🤩" });
    });

    test("nothing shows without data, and nothing is asked (P1, S2)", async () => {
        onRpc("lifecycle.stage", "*", () => expect.step("read"));
        onRpc("res.users", "has_group", ({ args }) => expect.step(args[1]));
        await openLivechat({ lifecycle_stage_id: 1, lifecycle_status: false });
        await contains(".o-livechat-ChannelInfoList h6", { text: "Status" });
        await contains("[class*='o_contact_lifecycle']", { count: 0 });
        await contains("button[name='lifecycle-snooze']", { count: 0 });
        expect.verifySteps([]);
    });

    test("a chat window shows the emoji and sets the stage", async () => {
        const pyEnv = await startServer();
        const channelId = createLivechat(pyEnv, { lifecycle_stage_id: 1 });
        setupChatHub({ opened: [channelId] });
        await start();
        await contains(".o-mail-ChatWindow-header [title='🔥 Hot Lead']", { text: "🔥" });
        await click(`.o-mail-ChatWindow-header ${PICKER}`);
        await click(`${ITEM}:contains(Prospect)`);
        await contains(".o-mail-ChatWindow-header [title='Prospect']", { text: "Prospect" });
        await contains(".o-mail-ChatWindow .o-mail-Composer"); // it is not folded
    });

    test("the messaging menu shows the emoji", async () => {
        const pyEnv = await startServer();
        createLivechat(pyEnv, { lifecycle_stage_id: 1 });
        await start();
        await click(".o_menu_systray i[aria-label='Messages']");
        await contains(".o-mail-NotificationItem [aria-label='🔥 Hot Lead']", { text: "🔥" });
    });
});

test.tags("mobile");
test("a phone sets the stage from the header of the conversation", async () => {
    const pyEnv = await startServer();
    const channelId = createLivechat(pyEnv, { lifecycle_stage_id: 1 });
    await start();
    await openDiscuss(channelId);
    await click(`.o-mail-ChatWindow-header ${PICKER}`);
    await click(`${ITEM}:contains(Customer)`);
    await contains(".o-mail-ChatWindow-header [title='🤩 Customer']", { text: "🤩 Customer" });
});
