import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";

import { PeriodChooser } from "@contact_lifecycle/dashboard/period_chooser";
import { contains, mountWithCleanup } from "@web/../tests/web_test_helpers";

import { defineDashboard } from "./dashboard_test_helpers";

const BUTTON = ".o_contact_lifecycle_period";

defineDashboard();

/** On March 31st; what is chosen is a step. */
const choose = (period) =>
    mountWithCleanup(PeriodChooser, {
        props: { period, onSelect: (chosen) => expect.step(chosen) },
    });

test("the button says the period, and beside it are its days (M3)", async () => {
    await choose({ name: "last_month" });
    expect(BUTTON).toHaveText("Last Month");
    expect(BUTTON).toHaveAttribute("aria-label", "Period: Last Month");
    expect("span:contains(02/01/2026 – 02/28/2026):visible").toHaveCount(1);
    expect("input").toHaveCount(0);
});

test("each period is offered, and the one that is chosen is marked (M3)", async () => {
    await choose({ name: "last_30" });
    await contains(BUTTON).click();
    expect(queryAllTexts(".o-dropdown-item")).toEqual([
        "Last 7 Days",
        "Last 30 Days",
        "Last 90 Days",
        "This Month",
        "Last Month",
        "This Quarter",
        "This Year",
        "Custom Period",
    ]);
    expect(".o-dropdown-item[aria-checked=true]").toHaveText("Last 30 Days");
    await contains(".o-dropdown-item:contains(This Year)").click();
    expect.verifySteps([{ name: "this_year" }]);
});

test("a period of one's own begins with the days that were shown (M3)", async () => {
    await choose({ name: "last_7" });
    await contains(BUTTON).click();
    await contains(".o-dropdown-item:contains(Custom Period)").click();
    expect.verifySteps([{ name: "custom", from: "2026-03-25", to: "2026-03-31" }]);
});

test("its two days have labels, and stand on paper as a text (M3)", async () => {
    await choose({ name: "custom", from: "2026-03-01", to: "2026-03-15" });
    expect("label[for=o_contact_lifecycle_from]").toHaveText("From");
    expect("#o_contact_lifecycle_from").toHaveValue("03/01/2026");
    expect("label[for=o_contact_lifecycle_to]").toHaveText("Until");
    expect("#o_contact_lifecycle_to").toHaveValue("03/15/2026");
    expect("span.d-print-inline").toHaveText("03/01/2026 – 03/15/2026", { raw: true });
    expect("span.d-print-inline").not.toBeVisible();
});

test("a day that is emptied changes nothing (M3)", async () => {
    const chooser = await choose({ name: "custom", from: "2026-03-01", to: "2026-03-15" });
    chooser.onDateChange("from", false);
    expect.verifySteps([]);
    chooser.onDateChange("from", luxon.DateTime.fromISO("2026-03-20"));
    expect.verifySteps([{ name: "custom", from: "2026-03-20", to: "2026-03-20" }]);
});
