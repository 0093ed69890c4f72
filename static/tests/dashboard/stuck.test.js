import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";

import { Stuck } from "@contact_lifecycle/dashboard/stuck";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

import { defineDashboard } from "./dashboard_test_helpers";

defineDashboard();

const stage = (id, name, days, count) => ({ id, name, emoji: false, days, count });

/** What is opened is a step. */
const show = (...stages) =>
    mountWithCleanup(Stuck, {
        props: { stages, onOpen: ({ id }, newWindow) => expect.step([id, newWindow]) },
    });

test("a line for each stage: after how many days, and how many contacts (M5)", async () => {
    await show(stage(1, "New Lead", 1, 2), stage(2, "Hot Lead", 1500, 3));
    expect(queryAllTexts("tbody td")).toEqual([
        "New Lead",
        "1 day",
        "2",
        "Hot Lead",
        "1,500 days",
        "3",
    ]);
    expect("caption").toHaveText("Contacts that are stuck in their stage", { raw: true });
    expect("tbody tr:eq(0) button").toHaveAttribute(
        "aria-label",
        "2, New Lead, contacts for more than 1 day",
    );
    expect("tbody tr:eq(1) button").toHaveAttribute(
        "aria-label",
        "3, Hot Lead, contacts for more than 1,500 days",
    );
});

test("a number opens its contacts, with the middle button in a new window (M5)", async () => {
    await show(stage(1, "New Lead", 7, 2), stage(2, "Hot Lead", 7, 3));
    await click("tr[data-stage-id='2'] button");
    await click("tr[data-stage-id='1'] button", { button: 1 });
    expect.verifySteps([
        [2, false],
        [1, true],
    ]);
});

test("nobody is stuck there: nothing to open, and no stop for the keyboard (M5)", async () => {
    await show(stage(1, "New Lead", 7, 0));
    expect("tbody").toHaveText(/7 days\s+0/);
    expect("button").toHaveCount(0);
});

test("in no stage contacts count as stuck: it says where that is set (M5)", async () => {
    await show();
    expect("table").toHaveCount(0);
    expect("p").toHaveText(/set “Stuck after” on a lifecycle stage/);
});
