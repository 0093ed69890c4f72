import { parseDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

export const DEFAULT_PERIOD = { name: "last_30" };

/**
 * The periods to choose from; their days are those of the user's time zone, today included.
 *
 * `begin` and `end`, which is today where it is not said, are written as in domains: the filters of the reports that
 * are called the same say the same (M7).
 */
export const PERIODS = [
    { name: "last_7", label: _t("Last 7 Days"), begin: "today -6d" },
    { name: "last_30", label: _t("Last 30 Days"), begin: "today -29d" },
    { name: "last_90", label: _t("Last 90 Days"), begin: "today -89d" },
    { name: "this_month", label: _t("This Month"), begin: "today =1d" },
    {
        name: "last_month",
        label: _t("Last Month"),
        begin: "today -1m =1d",
        end: "today =1d -1d",
    },
    {
        name: "this_quarter",
        label: _t("This Quarter"),
        // domains have no word for it
        begin: () => DateTime.local().startOf("quarter"),
    },
    { name: "this_year", label: _t("This Year"), begin: "today =1m =1d" },
    { name: "custom", label: _t("Custom Period") },
];

const findPeriod = (name) => PERIODS.find((period) => period.name === name);

/**
 * @param {{ name: string, from?: string, to?: string }} period with the dates, ISO, of a custom one
 * @returns {[string, string]} the first and the last day of it, ISO
 */
export function getDates({ name, from, to }) {
    if (name === "custom") {
        return [from, to];
    }
    const { begin, end = "today" } = findPeriod(name);
    return [begin, end].map((day) =>
        serializeDate(typeof day === "string" ? parseDate(day) : day()),
    );
}

/** @returns {string|undefined} a period as the address of the page says it; nothing for the default one */
export function periodToAddress({ name, from, to }) {
    if (name === DEFAULT_PERIOD.name) {
        return undefined;
    }
    return name === "custom" ? `${from}_${to}` : name;
}

/** @returns {{ name: string, from?: string, to?: string }|undefined} what an address says, when it is a period */
export function periodFromAddress(text) {
    const [from, to] = String(text ?? "").split("_");
    const isDate = (day) => /^\d{4}-\d\d-\d\d$/.test(day) && DateTime.fromISO(day).isValid;
    if (isDate(from) && isDate(to) && from <= to) {
        return { name: "custom", from, to };
    }
    return text !== "custom" && findPeriod(text) ? { name: text } : undefined;
}
