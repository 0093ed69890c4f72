import { beforeEach, expect } from "@odoo/hoot";
import { press, queryAll } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { mockChanges } from "@contact_lifecycle/../tests/live_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

export const MODEL = "lifecycle.stage";
export const LOST_MODEL = "lifecycle.lost.stage";

/** What the server has, for tests to change. */
export const server = {
    create(model, [{ name }]) {
        const isLost = model === LOST_MODEL;
        const values = isLost ? { is_lost: true, lost_stage_ids: [500] } : {};
        server.stages.push(stageOf(50, name, values));
        return isLost ? [500] : [50];
    },

    action_convert_to_lost(model, [id]) {
        server.stages = server.stages.map((stage) =>
            stage.id === id ? { ...stage, is_lost: true, lost_stage_ids: [10 * id] } : stage,
        );
    },
};

const stageOf = (id, name, values) => ({
    id,
    name,
    display_name: `🔥 ${name}`,
    emoji: "🔥",
    description: false,
    entry_criteria: false,
    is_default: false,
    is_won: false,
    is_lost: false,
    lost_stage_ids: [],
    deletion_pending: false,
    contact_count: 0,
    rule_count: 0,
    automation_count: 0,
    ...values,
});

/** To be called at the top of each file: three lifecycle stages and a lost one, which an owner looks at. */
export function defineStagesPage() {
    defineMailModels();
    preloadBundle("web.assets_emoji");
    beforeEach(() => {
        mockChanges();
        mockEmojiFont();
        server.refusal = undefined;
        server.is_editable = true;
        server.stages = [
            stageOf(1, "New", { is_default: true, contact_count: 21, rule_count: 2 }),
            stageOf(2, "Hot", { contact_count: 1, automation_count: 3, description: "Warm" }),
            stageOf(3, "Won", { is_won: true }),
            stageOf(9, "Cold", { is_lost: true, lost_stage_ids: [90], rule_count: 1 }),
        ];
        onRpc(MODEL, "get_page", () => ({
            is_editable: server.is_editable,
            stages: server.stages,
        }));
        for (const model of [MODEL, LOST_MODEL]) {
            for (const method of [
                "action_convert_to_lifecycle",
                "action_convert_to_lost",
                "action_set_default",
                "create",
                "web_resequence",
                "write",
            ]) {
                onRpc(model, method, ({ args }) => {
                    expect.step([model, method, ...args]);
                    if (server.refusal) {
                        throw makeServerError({ message: server.refusal });
                    }
                    return server[method]?.(model, ...args) ?? true;
                });
            }
        }
    });
}

export async function openStagesPage() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "contact_lifecycle.stages",
    });
    await animationFrame();
}

export const row = (id) => `.o_contact_lifecycle_stage_row[data-id='${id}']`;
export const text = (id, what) => `${row(id)} textarea[aria-label$='${what}']`;

/** @returns {string[]} the ids of the stages in a column, in order */
export const idsIn = (kind) =>
    queryAll(
        `.o_contact_lifecycle_stage_rows[data-kind=${kind}] .o_contact_lifecycle_stage_row`,
    ).map((el) => el.dataset.id);

export async function choose(id, action) {
    await contains(`${row(id)} .o_contact_lifecycle_stage_actions`).click();
    await contains(`.o-dropdown-item:contains(${action})`).click();
}

/** Types a text, then Enter. */
export async function enter(selector, value) {
    await contains(selector).edit(value, { confirm: false });
    await press("Enter");
    await animationFrame();
}
