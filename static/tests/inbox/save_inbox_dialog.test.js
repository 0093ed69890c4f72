import { expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";

import { SaveInboxDialog } from "@contact_lifecycle/inbox/save_inbox_dialog";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, makeDialogMockEnv, mountWithCleanup } from "@web/../tests/web_test_helpers";

const NAME = "#o_contact_lifecycle_inbox_name";
const SAVE = ".btn-primary:contains(Save)";

defineMailModels();

/** What is saved is a step, and so is closing. */
async function open(saved) {
    await mountWithCleanup(SaveInboxDialog, {
        env: await makeDialogMockEnv(),
        props: {
            close: () => expect.step("closed"),
            searchModel: {
                createNewFavorite({ description, isDefault, isShared }) {
                    expect.step([description, isDefault, isShared]);
                    return saved;
                },
            },
        },
    });
}

test("the name comes first, and without one nothing is saved (I10)", async () => {
    await open();
    expect(`label[for=${NAME.slice(1)}]`).toHaveText("Name");
    expect(NAME).toBeFocused();
    expect(SAVE).not.toBeEnabled();
    await contains(NAME).edit("   ", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect(SAVE).not.toBeEnabled();
    expect.verifySteps([]);
});

test("it is mine, unless I show it to everybody, and never what the page opens with (I10)", async () => {
    await open();
    await contains(NAME).edit(" Hot and mine ", { confirm: false });
    await contains(SAVE).click();
    expect.verifySteps([["Hot and mine", false, false], "closed"]);
    await contains("input[type=checkbox]").click();
    await contains(NAME).focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([["Hot and mine", false, true], "closed"]);
});

test("it stays until it is saved (I10)", async () => {
    const saved = new Deferred();
    await open(saved);
    await contains(NAME).edit("Hot", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect.verifySteps([["Hot", false, false]]);
    saved.resolve();
    await animationFrame();
    expect.verifySteps(["closed"]);
});

test("it can be left (I10)", async () => {
    await open();
    await contains(".btn-secondary:contains(Discard)").click();
    expect.verifySteps(["closed"]);
});
