import { Component, useState } from "@odoo/owl";

import { getSnoozePresets, SnoozePresets } from "@contact_lifecycle/discuss/snooze/snooze_presets";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";

const { DateTime } = luxon;

/** Asks until when a conversation is snoozed, by a preset or a date and time, or wakes it (I4). */
export class SnoozeDialog extends Component {
    static template = "contact_lifecycle.SnoozeDialog";
    static components = { DateTimeInput, Dialog, SnoozePresets };
    static props = { close: Function, thread: Object };

    setup() {
        this.minDate = DateTime.now();
        this.maxDate = this.minDate.plus({ years: 1 });
        this.state = useState({
            moment: getSnoozePresets().find(({ id }) => id === "tomorrow").moment,
        });
    }

    onChange(moment) {
        this.state.moment = moment;
    }

    async snooze(moment) {
        if (await this.props.thread.snooze(moment)) {
            this.props.close();
        }
    }

    async wake() {
        if (await this.props.thread.wake()) {
            this.props.close();
        }
    }
}
