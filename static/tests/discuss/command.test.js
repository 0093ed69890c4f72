import { describe, expect, test } from "@odoo/hoot";

import {
    click,
    contains,
    insertText,
    openDiscuss,
    start,
    startServer,
    triggerHotkey,
} from "@mail/../tests/mail_test_helpers";
import {
    createLivechat,
    defineLifecycleModels,
    openLivechat,
    stepCalls,
} from "@contact_lifecycle/../tests/discuss/lifecycle_test_helpers";
import { onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineLifecycleModels();

const INPUT = ".o-mail-Composer-input";
const SEND = ".o-mail-Composer button[title='Send']:enabled";
const SUGGESTION = ".o-mail-Composer-suggestion strong";

test("/stage is completed and posts no message (A10)", async () => {
    onRpc("discuss.channel", "execute_command_stage", ({ args, kwargs }) => {
        expect.step([args[0], kwargs.body]);
        return true;
    });
    onRpc("/mail/message/post", () => expect.step("posted"));
    const { channelId } = await openLivechat();
    await insertText(INPUT, "/sta");
    await contains(SUGGESTION, { text: "stage" });
    await insertText(INPUT, "ge ");
    await contains(SUGGESTION, { count: 4 });
    await insertText(INPUT, "lead");
    await contains(SUGGESTION, { count: 2 });
    await click(SUGGESTION, { text: "stage Cold Lead" });
    await contains(INPUT, { value: "/stage Cold Lead " });
    await contains(SUGGESTION, { count: 0 });
    await click(SEND);
    await expect.waitForSteps([[[channelId], "/stage Cold Lead"]]);
    await contains(".o-mail-Message", { count: 0 });
});

test("a whole name needs no completion", async () => {
    await openLivechat();
    await insertText(INPUT, "/stage custom");
    await contains(SUGGESTION, { text: "stage Customer" });
    await insertText(INPUT, "er");
    await contains(SUGGESTION, { count: 0 });
});

test("/stage is offered in conversations with customers only", async () => {
    const pyEnv = await startServer();
    createLivechat(pyEnv);
    const channelId = pyEnv["discuss.channel"].create({ name: "General" });
    await start();
    await openDiscuss(channelId);
    await insertText(INPUT, "/");
    await contains(SUGGESTION, { text: "help" });
    await contains(SUGGESTION, { text: "stage", count: 0 });
});

test("/stage is not offered without data, as to who is no agent (P1)", async () => {
    await openLivechat({ lifecycle_stage_id: 1, lifecycle_status: false });
    await insertText(INPUT, "/");
    await contains(SUGGESTION, { text: "help" });
    await contains(SUGGESTION, { text: "stage", count: 0 });
});

test("the command palette sets the stage (A10)", async () => {
    stepCalls(expect.step, "action_lifecycle_set_stage");
    const { channelId } = await openLivechat({ lifecycle_stage_id: 1 });
    await contains(".o-mail-DiscussContent-header .o_contact_lifecycle_stage_picker");
    await triggerHotkey("control+k");
    await insertText(".o_command_palette_search input", "lifecycle");
    await click(".o_command:contains(Set the lifecycle stage of Visitor 11)");
    await contains(".o_command:contains(Clear selection)");
    await click(".o_command:contains(Customer)");
    await contains(".o_command_palette", { count: 0 });
    await contains(".o-mail-DiscussContent-header .o_contact_lifecycle_stage", {
        text: "🤩 Customer",
    });
    expect.verifySteps([["action_lifecycle_set_stage", [channelId], 2]]);
});

test("in Discuss, the command comes first and Enter takes it (A10)", async () => {
    await openLivechat({ lifecycle_stage_id: 1 });
    await contains(".o-mail-DiscussContent-header .o_contact_lifecycle_stage_picker");
    await triggerHotkey("control+k");
    await contains(".o_command_palette_search", { text: "@" });
    await insertText(".o_command_palette_search input", "stage");
    await contains(".o_command:contains(Create Channel)");
    await contains(".o_command.focused:contains(Set the lifecycle stage of Visitor 11)");
    // in a category of its own, so that it is first in whatever order the providers come
    expect(".o_command_category:eq(0) .o_command").toHaveCount(1);
    await triggerHotkey("enter");
    await contains(".o_command:contains(Clear selection)");
});

test("without an open live chat, Odoo's own commands are alone (A10)", async () => {
    const pyEnv = await startServer();
    const channelId = pyEnv["discuss.channel"].create({ name: "General" });
    await start();
    await openDiscuss(channelId);
    await triggerHotkey("control+k");
    await insertText(".o_command_palette_search input", "stage");
    await contains("#o_command_0:contains(Create Channel)");
    await contains(".o_command:contains(lifecycle)", { count: 0 });
});
