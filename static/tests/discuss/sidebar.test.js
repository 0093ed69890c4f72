import { describe, expect, test } from "@odoo/hoot";

import { click, contains, openDiscuss, start, startServer } from "@mail/../tests/mail_test_helpers";
import {
    createLivechat,
    defineLifecycleModels,
} from "@contact_lifecycle/../tests/discuss/lifecycle_test_helpers";
import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { browser } from "@web/core/browser/browser";

describe.current.tags("desktop");
defineLifecycleModels();

const ROW = ".o-mail-DiscussSidebarChannel";
const FILTER = ".o_contact_lifecycle_sidebar_filter";
const KEY = "contact_lifecycle.sidebar_stage";

/** Opens Discuss on no conversation, with a live chat in each of these stages. */
async function openSidebar() {
    const pyEnv = await startServer();
    createLivechat(pyEnv, { lifecycle_stage_id: 1 }, "Hot visitor");
    createLivechat(pyEnv, { lifecycle_stage_id: 2 }, "Customer visitor");
    createLivechat(pyEnv, {}, "New visitor");
    pyEnv["discuss.channel"].create({ name: "General", channel_type: "channel" });
    await start();
    await openDiscuss();
    await contains(`${ROW}:contains(General)`);
    return pyEnv;
}

test("a row shows the emoji of the stage, and its name to who does not see it (I5)", async () => {
    const pyEnv = await startServer();
    createLivechat(pyEnv, { lifecycle_stage_id: 1, lifecycle_status: "snoozed" });
    createLivechat(pyEnv, { lifecycle_stage_id: 3 }, "Prospect visitor");
    await start();
    await openDiscuss();
    await contains(`${ROW}:contains(Visitor 11) [role='img'][aria-label='🔥 Hot Lead']`, {
        text: "🔥",
    });
    await contains(`${ROW}:contains(Visitor 11) [role='img'][aria-label='Snoozed']`);
    await contains(`${ROW}:contains(Prospect visitor) [aria-label='Prospect'] i.fa-tag`);
});

test("a browser without emoji shows the first letter of the stage (I5)", async () => {
    mockEmojiFont(false);
    await openSidebar();
    await contains(`${ROW}:contains(Hot visitor) [aria-label='🔥 Hot Lead']`, { text: "H" });
    await click(FILTER);
    await click(".o-dropdown-item:contains(Customer)");
    await contains(FILTER, { text: "C" });
});

test("the filter shows one stage, none or all of them", async () => {
    await openSidebar();
    await contains(`${ROW}:contains(visitor)`, { count: 3 });
    await click(FILTER);
    await click(".o-dropdown-item:contains(Hot Lead)");
    await contains(`${ROW}:contains(visitor)`, { count: 1 });
    await contains(`${ROW}:contains(Hot visitor)`);
    await contains(`${ROW}:contains(General)`);
    await contains(`${FILTER}[title*='Hot Lead']`);
    await click(FILTER);
    await click(".o-dropdown-item:contains(No stage)");
    await contains(`${ROW}:contains(Hot visitor)`, { count: 0 });
    await contains(`${ROW}:contains(New visitor)`);
    await click(FILTER);
    await click(".o-dropdown-item:contains(All Stages)");
    await contains(`${ROW}:contains(visitor)`, { count: 3 });
});

test("the filter is kept when the page is reloaded", async () => {
    browser.localStorage.setItem(KEY, "2");
    await openSidebar();
    await contains(`${ROW}:contains(visitor)`, { count: 1 });
    await contains(`${ROW}:contains(Customer visitor)`);
    await click(FILTER);
    await click(".o-dropdown-item:contains(Hot Lead)");
    await contains(`${ROW}:contains(Hot visitor)`);
    expect(browser.localStorage.getItem(KEY)).toBe("1");
});

test("the filter is forgotten when its stage is gone", async () => {
    browser.localStorage.setItem(KEY, "99");
    await openSidebar();
    await contains(`${ROW}:contains(visitor)`, { count: 3 });
    expect(browser.localStorage.getItem(KEY)).toBe("all");
});

test("a conversation appears as soon as it enters the stage", async () => {
    const pyEnv = await openSidebar();
    await click(FILTER);
    await click(".o-dropdown-item:contains(Hot Lead)");
    await contains(`${ROW}:contains(Customer visitor)`, { count: 0 });
    const [channelId] = pyEnv["discuss.channel"].search([["lifecycle_stage_id", "=", 2]]);
    pyEnv["discuss.channel"]._lifecycle_write([channelId], { lifecycle_stage_id: 1 });
    await contains(`${ROW}:contains(Customer visitor)`);
});
