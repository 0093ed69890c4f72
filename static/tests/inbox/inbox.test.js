import { describe, expect, mockDate, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { stepCalls } from "@contact_lifecycle/../tests/discuss/lifecycle_test_helpers";
import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { defineInboxModels, openInbox } from "@contact_lifecycle/../tests/inbox/inbox_test_helpers";
import { click, contains, insertText } from "@mail/../tests/mail_test_helpers";
import { mockService, onRpc, serverState } from "@web/../tests/web_test_helpers";

const ROW = ".o_contact_lifecycle_inbox_row";
const NAME = `${ROW} .o_contact_lifecycle_inbox_name`;
const OPEN = `${ROW} .o_contact_lifecycle_inbox_open`;
const TAB = ".o_contact_lifecycle_inbox_tabs button";
const BAR = ".o_contact_lifecycle_inbox_bar";
const CHAT = ".o_contact_lifecycle_inbox_chat";
const SAVED = ".o_contact_lifecycle_saved_inboxes";

defineInboxModels();

const names = () => queryAllTexts(NAME);

async function told(pyEnv, what) {
    const [partner] = pyEnv["res.partner"].read(serverState.partnerId);
    pyEnv["bus.bus"]._sendone(partner, `contact_lifecycle/${what}`, {});
    await animationFrame();
    await advanceTime(600);
    await animationFrame();
}

describe("desktop", () => {
    describe.current.tags("desktop");

    test("a conversation is two lines, the last one first (I10)", async () => {
        mockDate("2019-03-11 12:00:00", 0);
        await openInbox();
        expect(names()).toEqual(["Ben Visitor", "Ann Visitor", "Cleo Visitor"]);
        await contains(`${ROW}:eq(0) [aria-label='🔥 Hot Lead']`, { text: "🔥" });
        await contains(`${ROW}:eq(0) .fw-bolder [aria-label='Unread']`);
        await contains(`${ROW}:eq(1):contains(Hello?)`);
        await contains(`${ROW}:eq(1) [aria-label='Unread']`, { count: 0 });
        await contains(`${ROW}:eq(2) [aria-label='Prospect'] i.fa-tag`);
        expect(queryAllTexts(`${ROW} small`)).toEqual(["9:00 AM", "8:00 AM", "Mar 11, 2018"]);
    });

    test("tabs are by state, each with its number, and go on when one searches (I10)", async () => {
        await openInbox();
        await contains(`${TAB}.active`, { text: "Open 3" });
        expect(queryAllTexts(TAB)).toEqual(["Open 3", "Snoozed 1", "Closed 0"]);
        await click(`${TAB}:contains(Snoozed)`);
        await contains(NAME, { text: "Dora Visitor" });
        await contains(ROW, { count: 1 });
        await contains(`${ROW} .o_contact_lifecycle_inbox_snoozed .fa-moon-o`);
        await contains(`${TAB}.active`, { text: "Snoozed 1" });
        await contains(".o_searchview_facet", { count: 1, text: "Snoozed" });
    });

    test("no stage and the lost stages are inboxes (I10)", async () => {
        await openInbox();
        await click(".o_search_panel_category_value header:contains(No stage)");
        await contains(ROW, { count: 1 });
        expect(names()).toEqual(["Ann Visitor"]);
        await contains(".o_search_panel_category_value:contains(Cold Lead)", { count: 0 });
        onRpc("discuss.channel", "web_search_read", ({ kwargs }) => {
            expect.step(kwargs.domain.find(([name]) => name.startsWith("lifecycle_stage_id")));
            return { length: 0, records: [] };
        });
        await click(".o_search_panel_category_value header:contains(Lost)");
        await contains(".o_search_panel_category_value header:contains(Cold Lead)");
        await contains(".o_contact_lifecycle_inbox_empty");
        expect.verifySteps([["lifecycle_stage_id.is_lost", "=", true]]);
    });

    test("in a browser without emoji an inbox is its stage's name alone (I5)", async () => {
        mockEmojiFont(false);
        await openInbox();
        await contains(".o_search_panel_label_title", { text: "Hot Lead", count: 1 });
        await contains(".o_search_panel_label_title:contains(🔥)", { count: 0 });
    });

    test("zeros are numbers, too (P18)", async () => {
        await openInbox();
        await contains(".o_search_panel_category_value header:contains(Hot Lead) small", {
            text: "0",
        });
    });

    test("what is searched for is saved as an inbox, whatever tab is open (I10)", async () => {
        onRpc("ir.filters", "create_filter", ({ args: [filter] }) => {
            expect.step([filter.name, filter.domain, filter.user_ids]);
            return [9];
        });
        await openInbox();
        await click(".o_search_panel_category_value header:contains(No stage)");
        await contains(ROW, { count: 1 });
        await click(`${SAVED} .o_contact_lifecycle_save_inbox`);
        await contains(".modal .btn-primary:disabled");
        await insertText(".modal input[type=text]", "New ones");
        await click(".modal .o-checkbox input");
        await click(".modal .btn-primary:enabled");
        await contains(`${SAVED} button.active`, { text: "New ones1" });
        expect.verifySteps([["New ones", `[("lifecycle_stage_id", "=", False)]`, []]]);
        await contains(`${TAB}.active`, { text: "Open 1" });
        await click(`${SAVED} button.active`);
        await contains(ROW, { count: 3 });
        await click(`${SAVED} button:contains(New ones)`);
        await contains(ROW, { count: 1 });
        await contains(`${TAB}.active`, { text: "Open 1" });
        await click(".o_search_panel_category_value header:contains(All):eq(0)");
        await contains(ROW, { count: 3 });
        await contains(`${SAVED} button.active`, { count: 0 });
    });

    test("the chat is shown beside the list as in Discuss (I10)", async () => {
        await openInbox();
        await contains(`${CHAT}:contains(Choose a conversation)`);
        await click(`${OPEN}:contains(Ben)`);
        await contains(`${CHAT} .o-mail-DiscussContent-header .o_contact_lifecycle_stage`, {
            text: "🔥 Hot Lead",
        });
        await contains(`${CHAT} .o_contact_lifecycle_info`);
        await contains(`${CHAT} .o-mail-Composer-input`);
        await contains(".o_breadcrumb", { text: "Conversations" });
        await click(`${OPEN}:contains(Ann)`);
        await contains(`${CHAT} .o-mail-DiscussContent-header .o_contact_lifecycle_stage`, {
            count: 0,
        });
        await contains(`${CHAT} .o-mail-DiscussContent`, { count: 1 });
    });

    test("keys walk the list, open, set the stage and snooze (I10)", async () => {
        mockService("action", {
            doAction(action, options) {
                if (typeof action === "string") {
                    expect.step([action, options.additionalContext.active_ids]);
                    return;
                }
                return super.doAction(...arguments);
            },
        });
        stepCalls(expect.step, "action_lifecycle_set_stage");
        const { ids } = await openInbox();
        await contains(`${OPEN}:contains(Ben):focus`);
        await press("ArrowDown");
        await contains(`${OPEN}:contains(Ann):focus`);
        await press("ArrowDown");
        await press("ArrowDown");
        await contains(`${OPEN}:contains(Cleo):focus`);
        await press("ArrowUp");
        await contains(`${OPEN}:contains(Ann):focus`);
        await press("z");
        await animationFrame();
        expect.verifySteps([["contact_lifecycle.lifecycle_conversation_snooze_action", [ids[0]]]]);
        await press("s");
        await click(".o_contact_lifecycle_stage_menu .o-dropdown-item:contains(Customer)");
        await contains(`${ROW}:contains(Ann) [aria-label='🤩 Customer']`);
        expect.verifySteps([["action_lifecycle_set_stage", [ids[0]], 2]]);
        document.querySelector(`.o_contact_lifecycle_inbox_open[data-id='${ids[0]}']`).focus();
        await press("Enter");
        await contains(`${CHAT} .o-mail-Composer-input:focus`);
        // whoever writes does not press keys of the list
        await press("s");
        await contains(".o_contact_lifecycle_stage_menu", { count: 0 });
        await press("Escape");
        await contains(`${OPEN}:contains(Ann):focus`);
    });

    test("something is done with several at once (I10)", async () => {
        stepCalls(expect.step, "action_lifecycle_take_over", "action_lifecycle_assign");
        const { ids } = await openInbox();
        await contains(`${BAR} button:disabled:contains(Take Over)`);
        await click(`${ROW}:contains(Ann) input`);
        await click(`${ROW}:contains(Cleo) input`);
        await contains(`${BAR} .o_contact_lifecycle_inbox_selected`, { text: "2 selected" });
        await click(`${BAR} button:enabled:contains(Take Over)`);
        await contains(`${ROW} input:checked`, { count: 0 });
        expect.verifySteps([["action_lifecycle_take_over", [ids[0], ids[2]]]]);
        await click(`${BAR} input`);
        await contains(`${ROW} input:checked`, { count: 3 });
        await click(`${BAR} button:contains(Assign to)`);
        await click(".o_contact_lifecycle_assign_menu .o-dropdown-item:contains(Ben)");
        await contains(`${ROW} input:checked`, { count: 0 });
        expect.verifySteps([["action_lifecycle_assign", [ids[1], ids[0], ids[2]], 72]]);
    });

    test("what somebody else does shows, but takes no ticks away (I10)", async () => {
        const { ids, pyEnv } = await openInbox();
        pyEnv["discuss.channel"].write([ids[0]], { lifecycle_status: "closed" });
        await told(pyEnv, "changed");
        await contains(ROW, { count: 2 });
        await contains(`${TAB}:contains(Closed)`, { text: "Closed 1" });
        pyEnv["discuss.channel"].write([ids[2]], { last_interest_dt: "2019-03-11 10:00:00" });
        await told(pyEnv, "written");
        await contains(`${ROW}:first:contains(Cleo)`);
        expect(names()).toEqual(["Cleo Visitor", "Ben Visitor"]);
        await click(`${ROW}:contains(Cleo) input`);
        pyEnv["discuss.channel"].write([ids[2]], { lifecycle_status: "closed" });
        await told(pyEnv, "changed");
        await contains(`${ROW} input:checked`, { count: 1 });
        await click(`${ROW}:contains(Cleo) input`);
        await advanceTime(600);
        await contains(ROW, { count: 1 });
    });
});

describe("mobile", () => {
    describe.current.tags("mobile");

    test("the inboxes are behind one button, the chat follows the list (I10)", async () => {
        await openInbox();
        await contains(".o_contact_lifecycle_inbox_current", { text: "All3" });
        await contains(CHAT, { count: 0 });
        await contains(`${BAR} button`, { count: 0 });
        await click(".o_contact_lifecycle_inbox_current");
        await click(".o_search_panel_category_value header:contains(No stage)");
        await contains(".o_contact_lifecycle_inbox_current", { text: "No stage0" });
        await click(`${OPEN}:contains(Ann)`);
        await contains(".o-mail-ChatWindow .o-mail-Composer-input");
    });
});
