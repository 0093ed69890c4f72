import { beforeEach } from "@odoo/hoot";

import {
    createLivechat,
    DiscussChannel,
    LifecycleStage,
} from "@contact_lifecycle/../tests/discuss/lifecycle_test_helpers";
import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { livechatModels } from "@im_livechat/../tests/livechat_test_helpers";
import { start, startServer } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, getService } from "@web/../tests/web_test_helpers";

const STAGE_INBOXES = [
    { id: "none", display_name: "No stage", parent: false },
    { id: 1, display_name: "🔥 Hot Lead", parent: false },
    { id: "lost", display_name: "Lost", parent: false },
    { id: 4, display_name: "🧊 Cold Lead", parent: "lost" },
];

class InboxChannel extends DiscussChannel {
    _name = "discuss.channel";

    lifecycle_agent_ids = fields.Many2many({ relation: "res.partner" });
    lifecycle_assignment = fields.Selection({
        selection: [
            ["mine", "Mine"],
            ["unassigned", "Unassigned"],
        ],
    });
    lifecycle_customer_name = fields.Char();
    lifecycle_is_unassigned = fields.Boolean();
    lifecycle_is_unread = fields.Boolean();
    lifecycle_last_message = fields.Char();

    _views = {
        lifecycle_inbox: `
            <lifecycle_inbox default_order="last_interest_dt desc, id desc">
                <field name="lifecycle_customer_name"/>
                <field name="last_interest_dt"/>
                <field name="lifecycle_stage_id"/>
                <field name="lifecycle_last_message"/>
                <field name="lifecycle_is_unread"/>
                <field name="lifecycle_status"/>
                <field name="lifecycle_snoozed_until"/>
                <field name="lifecycle_is_unassigned"/>
                <field name="channel_type"/>
            </lifecycle_inbox>`,
        search: `
            <search>
                <field name="lifecycle_customer_name"/>
                <filter name="lifecycle_open" string="Open" domain="[('lifecycle_status', '=', 'open')]"/>
                <filter name="lifecycle_snoozed" string="Snoozed" domain="[('lifecycle_status', '=', 'snoozed')]"/>
                <filter name="lifecycle_closed" string="Closed" domain="[('lifecycle_status', '=', 'closed')]"/>
                <searchpanel view_types="lifecycle_inbox">
                    <field name="lifecycle_assignment" string="Inboxes" enable_counters="1"/>
                    <field name="lifecycle_stage_id" string="Stages" enable_counters="1" hierarchize="0"/>
                </searchpanel>
            </search>`,
    };

    search_panel_select_range(fieldName) {
        const count = this.search_count([["lifecycle_status", "=", "open"]]);
        const all = { id: false, display_name: "All", parent: -1, __count: count };
        const inboxes =
            fieldName === "lifecycle_stage_id"
                ? STAGE_INBOXES
                : [{ id: "unassigned", display_name: "Unassigned", parent: false }];
        return {
            parent_field: "parent",
            values: [all, ...inboxes.map((inbox) => ({ __count: 0, ...inbox }))],
        };
    }

    lifecycle_count_inboxes(inboxes) {
        return Object.fromEntries(
            Object.entries(inboxes).map(([key, domain]) => [key, this.search_count(domain)]),
        );
    }

    lifecycle_colleagues() {
        return [
            { id: 71, name: "Ann" },
            { id: 72, name: "Ben" },
        ];
    }

    action_lifecycle_take_over(ids) {
        this.write(ids, { lifecycle_is_unassigned: false });
        return false;
    }

    action_lifecycle_assign() {
        return false;
    }
}

export function defineInboxModels() {
    beforeEach(() => mockEmojiFont());
    return defineModels({ ...livechatModels, DiscussChannel: InboxChannel, LifecycleStage });
}

/** Opens the inbox with three open conversations, the last one first, and one that is snoozed. */
export async function openInbox() {
    const pyEnv = await startServer();
    const make = (name, values) =>
        createLivechat(pyEnv, { lifecycle_customer_name: name, ...values }, name);
    const ids = [
        make("Ann Visitor", {
            last_interest_dt: "2019-03-11 08:00:00",
            lifecycle_is_unassigned: true,
            lifecycle_last_message: "Hello?",
        }),
        make("Ben Visitor", {
            last_interest_dt: "2019-03-11 09:00:00",
            lifecycle_is_unread: true,
            lifecycle_stage_id: 1,
        }),
        make("Cleo Visitor", {
            last_interest_dt: "2018-03-11 07:00:00",
            lifecycle_is_unassigned: true,
            lifecycle_stage_id: 3,
        }),
        make("Dora Visitor", {
            last_interest_dt: "2019-03-11 06:00:00",
            lifecycle_snoozed_until: "2019-03-20 09:00:00",
            lifecycle_status: "snoozed",
        }),
    ];
    await start();
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "discuss.channel",
        name: "Conversations",
        views: [
            [false, "lifecycle_inbox"],
            [false, "search"],
        ],
        context: { search_default_lifecycle_open: 1 },
    });
    return { pyEnv, ids };
}
