import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger, formatPercentage } from "@web/views/fields/formatters";

import { Figure } from "./figure";
import { compare, COUNT, DAYS, formatPeriod, SHARE } from "./funnel_comparison";
import { shownOutcomes } from "./funnel_outcomes";
import { STAGE_SHAPE, stageName } from "./stage_name";

/** @returns {string} */
export function formatShare(share) {
    return share === null ? "–" : formatPercentage(share, { digits: [false, 0] });
}

/** @returns {string} */
export function formatDays(days) {
    return days === null ? "–" : formatFloat(days, { digits: [false, 1] });
}

/**
 * The figures of the chart, and those that it does not show: each number opens what it counts, and the main ones say
 * how they differ from the period before (M3).
 */
export class FunnelTable extends Component {
    static template = "contact_lifecycle.FunnelTable";
    static components = { Figure };
    static props = {
        stages: { type: Array, element: { type: Object, shape: STAGE_SHAPE } },
        /** The `before` of get_funnel(): the days of the period before */
        before: { type: [Object, { value: null }], optional: true },
        /** Gets the stage, the outcome, and whether to open a new window */
        onOpen: Function,
    };

    setup() {
        this.stageName = stageName;
    }

    get columns() {
        const [converted, ...others] = shownOutcomes(this.props.stages);
        return [
            { name: "entered", label: _t("Entered"), unit: COUNT },
            {
                name: "passed",
                label: _t("Passed Through"),
                help: _t("Skipped on the way to a later stage: entered and converted as well."),
                isDetail: true,
            },
            { ...converted, unit: COUNT },
            {
                name: "conversion",
                label: _t("Conversion"),
                help: _t(
                    "Of those who left: went on to a later stage. Contacts that are still there, or were merged, do not count.",
                ),
                format: formatShare,
                unit: SHARE,
            },
            {
                name: "median_days",
                label: _t("Median Days"),
                format: formatDays,
                unit: DAYS,
                isLessBetter: true,
                isDetail: true,
            },
            { name: "mean_days", label: _t("Mean Days"), format: formatDays, isDetail: true },
            ...others.map((outcome) => ({
                ...outcome,
                isDetail: true,
                ...(outcome.name === "lost" && { unit: COUNT, isLessBetter: true }),
            })),
        ];
    }

    /** On a phone, there is room for the essential; the chart has the outcomes. */
    getClass(column) {
        return column.isDetail ? "d-none d-md-table-cell d-print-table-cell" : "";
    }

    /** From the last stage there is nowhere to convert to. */
    getValue(stage, column) {
        const value = stage[column.name];
        const isLast = column.name === "conversion" && stage === this.props.stages.at(-1);
        return isLast && !value ? null : value;
    }

    getComparison(stage, column) {
        if (!this.props.before || !column.unit || this.getValue(stage, column) === null) {
            return null;
        }
        const before = stage.before[column.name];
        const comparison = compare(stage[column.name], before, column.unit, column.isLessBetter);
        return (
            comparison && {
                ...comparison,
                hint: _t("%(period)s: %(figure)s", {
                    period: formatPeriod(this.props.before),
                    figure: (column.format ?? formatInteger)(before),
                }),
            }
        );
    }

    getRemainingShare(stage, column) {
        return column.name === "remaining" && stage.remaining
            ? formatShare(stage.remaining / stage.entered)
            : null;
    }

    getLabel(stage, column) {
        return _t("%(stage)s, %(figure)s", { stage: stageName(stage), figure: column.label });
    }
}
