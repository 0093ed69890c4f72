import { Component, useState } from "@odoo/owl";

import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";

const { DateTime } = luxon;

/** Asks for the date and time until when a conversation is snoozed. */
export class SnoozeDialog extends Component {
    static template = "contact_lifecycle.SnoozeDialog";
    static components = { DateTimeInput, Dialog };
    static props = { close: Function, thread: Object };

    setup() {
        this.state = useState({
            moment: DateTime.now().plus({ days: 1 }).startOf("day").set({ hour: 9 }),
        });
    }

    get minDate() {
        return DateTime.now();
    }

    onChange(moment) {
        this.state.moment = moment;
    }

    async confirm() {
        if (await this.props.thread.snooze(this.state.moment)) {
            this.props.close();
        }
    }
}
