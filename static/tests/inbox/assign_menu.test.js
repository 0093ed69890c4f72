import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";

import { AssignMenu } from "@contact_lifecycle/inbox/assign_menu";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

const BUTTON = ".o_contact_lifecycle_assign";
const MENU = ".o_contact_lifecycle_assign_menu";
const NAMES = ["Ann", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hal", "Annika"];

defineMailModels();

/** Opens it with as many colleagues; whom one chooses is a step, and so is each question to the server. */
async function open(count) {
    onRpc("discuss.channel", "lifecycle_colleagues", () => {
        expect.step("asked");
        return NAMES.slice(0, count).map((name, index) => ({ id: index + 1, name }));
    });
    await mountWithCleanup(AssignMenu, { props: { onSelect: (id) => expect.step(id) } });
    expect.verifySteps([]);
    await contains(BUTTON).click();
    expect.verifySteps(["asked"]);
}

test("the colleagues are asked for as it opens, each time (I10)", async () => {
    await open(2);
    expect(queryAllTexts(`${MENU} .o-dropdown-item`)).toEqual(["Ann", "Ben"]);
    await contains(`${MENU} .o-dropdown-item:contains(Ben)`).click();
    expect.verifySteps([2]);
    expect(MENU).toHaveCount(0);
    await contains(BUTTON).click();
    expect.verifySteps(["asked"]);
});

test("a few have no field to find them by (I10)", async () => {
    await open(8);
    expect(`${MENU} .o-dropdown-item`).toHaveCount(8);
    expect(`${MENU} input`).toHaveCount(0);
});

test("of many one is found by a part of the name; it is a dialog for who does not see it (I10)", async () => {
    await open(9);
    expect(MENU).toHaveAttribute("role", "dialog");
    expect(MENU).toHaveAttribute("aria-label", "Assign to…");
    expect(`${MENU} [role=menu]`).toHaveAttribute("aria-label", "Assign to…");
    await contains(`${MENU} input[aria-label='Find a colleague']`).edit("ANN", { confirm: false });
    await animationFrame();
    expect(queryAllTexts(`${MENU} .o-dropdown-item`)).toEqual(["Ann", "Annika"]);
    await contains(`${MENU} .o-dropdown-item:contains(Annika)`).click();
    expect.verifySteps([9]);
    // the next time it begins anew
    await contains(BUTTON).click();
    expect.verifySteps(["asked"]);
    expect(`${MENU} .o-dropdown-item`).toHaveCount(9);
    expect(`${MENU} input`).toHaveValue("");
});
