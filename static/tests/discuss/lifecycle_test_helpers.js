import { beforeEach } from "@odoo/hoot";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { livechatModels } from "@im_livechat/../tests/livechat_test_helpers";
import { openDiscuss, start, startServer } from "@mail/../tests/mail_test_helpers";
import { mailDataHelpers } from "@mail/../tests/mock_server/mail_mock_server";
import {
    Command,
    defineModels,
    fields,
    makeKwArgs,
    models,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";

const LIFECYCLE_FIELDS = ["lifecycle_snoozed_until", "lifecycle_status"];
const STAGE_FIELDS = ["display_name", "emoji", "is_lost", "name"];

export class LifecycleStage extends models.Model {
    _name = "lifecycle.stage";
    _order = "is_lost, sequence, id";

    name = fields.Char();
    display_name = fields.Char();
    emoji = fields.Char();
    sequence = fields.Integer();
    is_lost = fields.Boolean();
    deletion_pending = fields.Boolean();
    description = fields.Text();
    entry_criteria = fields.Text();

    _records = [
        ["Hot Lead", "🔥", "Wants to buy"],
        ["Customer", "🤩"],
        ["Prospect", false],
        ["Cold Lead", "🧊"],
    ].map(([name, emoji, entry_criteria = false], index) => ({
        id: index + 1,
        name,
        emoji,
        display_name: emoji ? `${emoji} ${name}` : name,
        sequence: index,
        entry_criteria,
        is_lost: name === "Cold Lead",
    }));
}

export class DiscussChannel extends livechatModels.DiscussChannel {
    lifecycle_partner_id = fields.Many2one({ relation: "res.partner" });
    lifecycle_snoozed_until = fields.Datetime();
    lifecycle_stage_id = fields.Many2one({ relation: "lifecycle.stage" });
    lifecycle_status = fields.Char();

    _to_store(store) {
        super._to_store(...arguments);
        for (const channel of this) {
            if (channel.lifecycle_status) {
                store._add_record_fields(this.browse(channel.id), this._lifecycle_values(channel));
            }
        }
    }

    _lifecycle_values(channel, stageFields = STAGE_FIELDS, contactFields = ["name"]) {
        const { Store } = mailDataHelpers;
        return {
            ...Object.fromEntries(LIFECYCLE_FIELDS.map((name) => [name, channel[name]])),
            lifecycle_partner_id: Store.one(
                this.env["res.partner"].browse(channel.lifecycle_partner_id),
                makeKwArgs({ fields: contactFields }),
            ),
            lifecycle_stage_id: Store.one(
                this.env["lifecycle.stage"].browse(channel.lifecycle_stage_id),
                makeKwArgs({ fields: stageFields }),
            ),
        };
    }

    /** As the server does: the change goes to every page through the bus, of stage and contact no more than their ids. */
    _lifecycle_write(ids, values) {
        this.write(ids, values);
        for (const channel of this.browse(ids)) {
            this.env["bus.bus"]._sendone(
                channel,
                "mail.record/insert",
                new mailDataHelpers.Store(
                    this.browse(channel.id),
                    this._lifecycle_values(channel, ["is_lost"], []),
                ).get_result(),
            );
        }
    }

    action_lifecycle_set_stage(ids, stageId) {
        this._lifecycle_write(ids, { lifecycle_stage_id: stageId });
    }

    action_lifecycle_set_contact(ids, partnerId) {
        this._lifecycle_write(ids, { lifecycle_partner_id: partnerId });
    }

    action_lifecycle_snooze(ids, until) {
        this._lifecycle_write(ids, {
            lifecycle_snoozed_until: until,
            lifecycle_status: "snoozed",
        });
    }

    action_lifecycle_wake(ids) {
        this._lifecycle_write(ids, { lifecycle_snoozed_until: false, lifecycle_status: "open" });
    }

    execute_command_stage() {
        return true;
    }
}

export function defineLifecycleModels() {
    beforeEach(() => mockEmojiFont());
    return defineModels({ ...livechatModels, DiscussChannel, LifecycleStage });
}

/** @returns {number} id of a live chat with a visitor */
export function createLivechat(pyEnv, values = {}, visitor = "Visitor 11") {
    return pyEnv["discuss.channel"].create({
        channel_member_ids: [
            Command.create({ partner_id: serverState.partnerId, livechat_member_type: "agent" }),
            Command.create({
                guest_id: pyEnv["mail.guest"].create({ name: visitor }),
                livechat_member_type: "visitor",
            }),
        ],
        channel_type: "livechat",
        lifecycle_status: "open",
        livechat_operator_id: serverState.partnerId,
        ...values,
    });
}

/** Opens Discuss on a live chat with `values`. */
export async function openLivechat(values) {
    const pyEnv = await startServer();
    const channelId = createLivechat(pyEnv, values);
    await start();
    await openDiscuss(channelId);
    return { pyEnv, channelId };
}

/** Steps through the calls of `methods`, as `[method, ids, ...args]`. */
export function stepCalls(step, ...methods) {
    for (const method of methods) {
        onRpc("discuss.channel", method, ({ args }) => step([method, ...args]));
    }
}
