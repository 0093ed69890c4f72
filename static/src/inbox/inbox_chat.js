import { Component, onWillUnmount, useEffect, useState, useSubEnv } from "@odoo/owl";

import { Discuss } from "@mail/core/public_web/discuss";
import { useService } from "@web/core/utils/hooks";

/** The chat of a conversation as Discuss shows it: messages, header, panel (I10). */
export class InboxChat extends Component {
    static template = "contact_lifecycle.InboxChat";
    static components = { Discuss };
    static props = {
        /** id of a `discuss.channel`, or false */
        channelId: [Number, { value: false }],
    };

    setup() {
        this.store = useState(useService("mail.store"));
        // the page is the inbox, whatever is open in it
        useSubEnv({ config: { ...this.env.config, setDisplayName() {} } });
        useEffect(
            (channelId) => {
                this.show(channelId);
            },
            () => [this.props.channelId],
        );
        onWillUnmount(() => {
            this.store.lifecycleInboxThread = undefined;
        });
    }

    get thread() {
        return this.store.lifecycleInboxThread;
    }

    async show(id) {
        const thread = id && (await this.store.Thread.getOrFetch({ model: "discuss.channel", id }));
        if (id === this.props.channelId) {
            this.store.lifecycleInboxThread = thread || undefined;
        }
    }
}
