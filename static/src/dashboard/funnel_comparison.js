import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

/** How to tell the difference of a figure: as exactly as the figure is shown. */
export const COUNT = { scale: 1, format: (difference) => formatInteger(difference) };
export const SHARE = {
    scale: 100,
    format: (difference) => _t("%s pp", formatInteger(difference * 100)),
};
export const DAYS = {
    scale: 10,
    format: (difference) => formatFloat(difference, { digits: [false, 1] }),
};

/**
 * @param {number | null} now
 * @param {number | null} before
 * @param {{ scale: number, format: Function }} unit
 * @param {boolean} [isLessBetter]
 * @returns {{ icon: string, color: string, difference: string, words: string } | null} null where there is no
 *  difference, or nothing to compare with
 */
export function compare(now, before, { scale, format }, isLessBetter = false) {
    if (now === null || before === null) {
        return null;
    }
    const steps = Math.round(now * scale) - Math.round(before * scale);
    if (!steps) {
        return null;
    }
    const difference = format(Math.abs(steps) / scale);
    return {
        icon: steps > 0 ? "fa-caret-up" : "fa-caret-down",
        color: steps > 0 === isLessBetter ? "text-danger" : "text-success",
        difference,
        words:
            steps > 0
                ? _t("%(difference)s more than in the period before", { difference })
                : _t("%(difference)s less than in the period before", { difference }),
    };
}

/** @returns {string} the days of a period, as people write them */
export function formatPeriod({ date_from, date_to }) {
    const days = new Set([date_from, date_to]);
    return [...days].map((day) => formatDate(deserializeDate(day))).join(" – ");
}
