import { _t } from "@web/core/l10n/translation";

/**
 * How a stay in a stage can have ended, or not yet, in the order of the chart: these make up what entered.
 * The colours are places in Odoo's palette of the charts, which has six; a merge, by which nobody came or went, has none.
 */
export const OUTCOMES = [
    { name: "converted", label: _t("Converted"), color: 2 },
    { name: "remaining", label: _t("Still There"), color: 0 },
    { name: "returned", label: _t("Returned"), color: 5 },
    { name: "lost", label: _t("Lost"), color: 1 },
    { name: "cleared", label: _t("Cleared"), color: 3 },
    { name: "deleted", label: _t("Stage Deleted"), color: 4 },
    { name: "merged", label: _t("Merged") },
];

const RARE = ["deleted", "merged"];

/** @returns {typeof OUTCOMES} without the deletion of a stage and the merge of contacts, unless it happened */
export function shownOutcomes(stages) {
    return OUTCOMES.filter(
        ({ name }) => !RARE.includes(name) || stages.some((stage) => stage[name]),
    );
}
