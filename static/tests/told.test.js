import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";

import { tellChange } from "@contact_lifecycle/../tests/live_test_helpers";
import { makeMockEnv, onRpc } from "@web/../tests/web_test_helpers";
import { cookie } from "@web/core/browser/cookie";

import { defineDashboard, MODEL, openDashboard } from "./dashboard/dashboard_test_helpers";

const told = () => cookie.get("lifecycle_told");

defineDashboard();

test("the server is let know what this browser was told of (M9)", async () => {
    await makeMockEnv();
    expect(told()).toBe(undefined);
    tellChange(101);
    expect(told()).toBe("101");
    // one that was committed later, with a lower id
    tellChange(100);
    expect(told()).toBe("101-100");
});

test("what several tabs are told is kept once (M9)", async () => {
    await makeMockEnv();
    cookie.set("lifecycle_told", "100-101");
    tellChange(101);
    tellChange(102);
    expect(told()).toBe("100-101-102");
});

test("what was told last is kept, not all of it (M9)", async () => {
    await makeMockEnv();
    for (let id = 1; id <= 25; id++) {
        tellChange(id);
    }
    expect(told()).toBe("16-17-18-19-20-21-22-23-24-25");
});

test("a page that reads anew has let the server know before, and asks once (M9)", async () => {
    await openDashboard();
    onRpc(MODEL, "get_metrics", () => {
        expect.step(told());
    });
    tellChange(7);
    await advanceTime(500);
    await animationFrame();
    expect.verifySteps(["7"]);
    await advanceTime(600000);
    expect.verifySteps([]);
});
