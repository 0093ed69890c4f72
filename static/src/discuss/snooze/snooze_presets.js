import { Component } from "@odoo/owl";

import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** Until when a conversation is snoozed in one click (I4): moments where the user is. */
export function getSnoozePresets() {
    const now = DateTime.now();
    const later = now.plus({ hours: 3 }).startOf("minute"); // as it is shown
    const morning = (date) => date.startOf("day").set({ hour: 9 });
    return [
        {
            id: "later",
            label: later.hasSame(now, "day") ? _t("Later today") : _t("In three hours"),
            moment: later,
        },
        { id: "tomorrow", label: _t("Tomorrow"), moment: morning(now.plus({ days: 1 })) },
        {
            id: "next_week",
            label: _t("Next week"),
            moment: morning(now.startOf("week").plus({ weeks: 1 })),
        },
    ];
}

/** @param {import("luxon").DateTime} moment */
export function formatMoment(moment) {
    return moment.hasSame(DateTime.now(), "day")
        ? moment.toLocaleString(DateTime.TIME_SIMPLE)
        : toLocaleDateTimeString(moment);
}

/** The presets as a list of buttons, in a dialog. */
export class SnoozePresets extends Component {
    static template = "contact_lifecycle.SnoozePresets";
    static props = {
        /** Gets the moment of the preset, a `luxon.DateTime` */
        onSelect: Function,
    };

    setup() {
        this.formatMoment = formatMoment;
        this.presets = getSnoozePresets();
    }
}
