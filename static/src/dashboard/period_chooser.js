import { Component } from "@odoo/owl";

import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { getDates, PERIODS } from "./period";

/** Chooses the days whose moves are counted (M3). */
export class PeriodChooser extends Component {
    static template = "contact_lifecycle.PeriodChooser";
    static components = { CheckboxItem, DateTimeInput, Dropdown };
    static props = {
        period: { type: Object, shape: { name: String, "*": true } },
        /** Gets the chosen period */
        onSelect: Function,
    };

    setup() {
        this.periods = PERIODS;
    }

    get label() {
        return PERIODS.find(({ name }) => name === this.props.period.name).label;
    }

    get buttonLabel() {
        return _t("Period: %s", this.label);
    }

    get dates() {
        return getDates(this.props.period).map((date) => deserializeDate(date));
    }

    get datesText() {
        return this.dates.map((date) => formatDate(date)).join(" – ");
    }

    onSelected({ name }) {
        const [from, to] = getDates(this.props.period);
        this.props.onSelect(name === "custom" ? { name, from, to } : { name });
    }

    /** A period that would end before it begins becomes the one day that was chosen. */
    onDateChange(end, date) {
        if (!date) {
            return;
        }
        const period = { ...this.props.period, [end]: serializeDate(date) };
        if (period.from > period.to) {
            period.from = period.to = period[end];
        }
        this.props.onSelect(period);
    }
}
