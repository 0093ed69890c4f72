import { Component, useState } from "@odoo/owl";

import { formatMoment } from "@contact_lifecycle/discuss/snooze/snooze_presets";
import { LifecycleStageMark } from "@contact_lifecycle/stage_badge/stage_mark";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;

const ICONS = { livechat: "fa-comments-o", whatsapp: "fa-whatsapp" };

/** A conversation in two lines: with whom and when; its stage and the last message (I10). */
export class InboxRow extends Component {
    static template = "contact_lifecycle.InboxRow";
    static components = { LifecycleStageMark };
    static props = {
        record: Object,
        isCurrent: Boolean,
        isOpen: Boolean,
        onOpen: Function,
    };

    setup() {
        this.store = useState(useService("mail.store"));
        this.formatMoment = formatMoment;
    }

    get data() {
        return this.props.record.data;
    }

    /** What is known here is newer than the list: the chat of the conversation has been read meanwhile. */
    get isUnread() {
        const thread = this.store.Thread.get({
            model: "discuss.channel",
            id: this.props.record.resId,
        });
        return thread?.self_member_id ? thread.isUnread : this.data.lifecycle_is_unread;
    }

    /** Its emoji and its name without it, once they are known */
    get stage() {
        return this.store["lifecycle.stage"].get(this.data.lifecycle_stage_id.id);
    }

    get when() {
        const moment = this.data.last_interest_dt;
        if (!moment) {
            return "";
        }
        const now = DateTime.now();
        if (moment.hasSame(now, "day")) {
            return moment.toLocaleString(DateTime.TIME_SIMPLE);
        }
        return moment.toLocaleString(
            moment.hasSame(now, "year")
                ? { month: "short", day: "numeric" }
                : { year: "numeric", month: "short", day: "numeric" },
        );
    }

    get kind() {
        const { channel_type, livechat_channel_id } = this.data;
        const { selection } = this.props.record.fields.channel_type;
        const name = Object.fromEntries(selection)[channel_type];
        return {
            icon: ICONS[channel_type] ?? "fa-comment-o",
            name: livechat_channel_id ? livechat_channel_id.display_name : name,
        };
    }

    toggle() {
        this.props.record.toggleSelection();
    }
}
