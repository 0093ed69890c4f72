import { beforeEach, expect, mockDate } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { mockChanges } from "@contact_lifecycle/../tests/live_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

export const MODEL = "lifecycle.dashboard";

/** What the server answers, for tests to change. */
export const server = {};

const stageOf = (id, name, emoji, values) => ({ id, name, emoji, ...values });

/** To be called at the top of each file: on March 31st, with two stages. */
export function defineDashboard() {
    defineMailModels();
    preloadBundle("web.chartjs_lib");
    beforeEach(() => {
        mockDate("2026-03-31 12:00:00");
        mockChanges();
        mockEmojiFont();
        server.metrics = {
            stages: [
                stageOf(1, "Hot Lead", "🔥", {
                    contacts: 1500,
                    open: 4,
                    snoozed: 2,
                    unassigned: 1,
                }),
                stageOf(2, "Customer", false, {
                    contacts: 500,
                    open: 0,
                    snoozed: 0,
                    unassigned: 0,
                }),
            ],
            left_out: {
                contacts_without: 1037,
                contacts_lost: 3,
                conversations_without: 14,
                conversations_lost: 0,
            },
        };
        server.first_steps = { is_owner: false, owners: "", administrators: "", steps: [] };
        server.stuck = [stageOf(1, "Hot Lead", "🔥", { count: 3, days: 14 })];
        const nothing = {
            passed: 0,
            returned: 0,
            cleared: 0,
            deleted: 0,
            merged: 0,
            lost: 0,
            lost_stages: [],
        };
        server.funnel = {
            stages: [
                stageOf(1, "Hot Lead", "🔥", {
                    ...nothing,
                    entered: 8,
                    converted: 2,
                    passed: 1,
                    lost: 1,
                    remaining: 5,
                    conversion: 0.25,
                    median_days: 1.25,
                    mean_days: 2,
                }),
                stageOf(2, "Customer", false, {
                    ...nothing,
                    entered: 2,
                    converted: 0,
                    remaining: 2,
                    conversion: 0,
                    median_days: null,
                    mean_days: null,
                }),
            ],
            drop_off: [
                {
                    from_id: 1,
                    from_name: "Hot Lead",
                    from_emoji: "🔥",
                    to_id: 9,
                    to_name: "Cold Lead",
                    to_emoji: "🧊",
                    count: 4,
                    reengage: 3,
                },
            ],
        };
        server.cohorts = {
            stages: [stageOf(1, "Hot Lead", "🔥"), stageOf(2, "Customer", false)],
            cohorts: [
                {
                    month: "2026-01-01",
                    count: 200,
                    reached: [
                        { count: 150, share: 0.75, median_days: 0 },
                        { count: 50, share: 0.25, median_days: 12.5 },
                    ],
                },
                {
                    month: "2026-03-01",
                    count: 4,
                    reached: [
                        { count: 0, share: 0, median_days: null },
                        { count: 0, share: 0, median_days: null },
                    ],
                },
            ],
        };
        onRpc("lifecycle.first.steps", "get_steps", () => server.first_steps);
        onRpc("has_group", ({ args }) =>
            args.includes("contact_lifecycle.group_owner")
                ? server.first_steps.is_owner
                : undefined,
        );
        onRpc(MODEL, "get_cohorts", () => server.cohorts);
        onRpc(MODEL, "get_metrics", () => server.metrics);
        onRpc(MODEL, "get_stuck", () => server.stuck);
        onRpc(MODEL, "get_funnel", ({ args: [date_from, date_to] }) => ({
            date_from,
            date_to,
            ...server.funnel,
        }));
    });
}

export async function openDashboard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "contact_lifecycle.dashboard",
    });
    await animationFrame();
}

/** Opens an action for each click: what was asked for, and what the server answered, are steps. */
export function stepActions() {
    for (const method of [
        "action_open",
        "action_open_cohort",
        "action_open_left_out",
        "action_open_lost_moves",
        "action_open_stays",
        "action_reengage",
    ]) {
        onRpc(MODEL, method, ({ args }) => {
            expect.step([method, ...args]);
            return { type: "ir.actions.act_window", name: method };
        });
    }
    patchWithCleanup(getService("action"), {
        doAction: (action, { newWindow }) =>
            expect.step(`${action.name}${newWindow ? " in a new window" : ""}`),
    });
}

export const contactsOnCards = () =>
    queryAllTexts(
        ".o_contact_lifecycle_card h3 + div .o_contact_lifecycle_figure span:first-child",
    );
