import { serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

export const DEFAULT_PERIOD = { name: "last_30" };

/** The periods to choose from; their days are those of the user's time zone, today included. */
export const PERIODS = [
    { name: "last_7", label: _t("Last 7 days"), begin: (today) => today.minus({ days: 6 }) },
    { name: "last_30", label: _t("Last 30 days"), begin: (today) => today.minus({ days: 29 }) },
    { name: "last_90", label: _t("Last 90 days"), begin: (today) => today.minus({ days: 89 }) },
    { name: "this_month", label: _t("This month"), begin: (today) => today.startOf("month") },
    {
        name: "last_month",
        label: _t("Last month"),
        begin: (today) => today.minus({ months: 1 }).startOf("month"),
        end: (today) => today.minus({ months: 1 }).endOf("month"),
    },
    { name: "this_quarter", label: _t("This quarter"), begin: (today) => today.startOf("quarter") },
    { name: "this_year", label: _t("This year"), begin: (today) => today.startOf("year") },
    { name: "custom", label: _t("Custom period") },
];

/**
 * @param {{ name: string, from?: string, to?: string }} period with the dates, ISO, of a custom one
 * @returns {[string, string]} the first and the last day of it, ISO
 */
export function getDates({ name, from, to }) {
    if (name === "custom") {
        return [from, to];
    }
    const today = DateTime.local();
    const { begin, end } = PERIODS.find((period) => period.name === name);
    return [begin(today), end ? end(today) : today].map((date) => serializeDate(date));
}
