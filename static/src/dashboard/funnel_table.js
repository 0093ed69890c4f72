import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatPercentage } from "@web/views/fields/formatters";

import { Figure } from "./figure";
import { shownOutcomes } from "./funnel_outcomes";
import { STAGE_SHAPE, stageName } from "./stage_name";

/** The figures of the chart, and those that it does not show: each number opens what it counts (M3). */
export class FunnelTable extends Component {
    static template = "contact_lifecycle.FunnelTable";
    static components = { Figure };
    static props = {
        stages: { type: Array, element: { type: Object, shape: STAGE_SHAPE } },
        /** Gets the stage, the outcome, and whether to open a new window */
        onOpen: Function,
    };

    setup() {
        this.stageName = stageName;
    }

    get columns() {
        const [converted, ...others] = shownOutcomes(this.props.stages);
        return [
            { name: "entered", label: _t("Entered") },
            {
                name: "passed",
                label: _t("Passed through"),
                help: _t("Skipped on the way to a later stage: entered and converted as well."),
                isDetail: true,
            },
            converted,
            { label: _t("Conversion"), format: (stage) => this.formatConversion(stage) },
            {
                label: _t("Median days"),
                format: (stage) => this.formatDays(stage.median_days),
                isDetail: true,
            },
            {
                label: _t("Mean days"),
                format: (stage) => this.formatDays(stage.mean_days),
                isDetail: true,
            },
            ...others.map((outcome) => ({ ...outcome, isDetail: true })),
        ];
    }

    /** On a phone, there is room for the essential; the chart has the outcomes. */
    getClass(column) {
        return column.isDetail ? "d-none d-md-table-cell d-print-table-cell" : "";
    }

    /** From the last stage there is nowhere to convert to. */
    formatConversion(stage) {
        if (
            stage.conversion === null ||
            (stage === this.props.stages.at(-1) && !stage.conversion)
        ) {
            return "–";
        }
        return formatPercentage(stage.conversion, { digits: [false, 0] });
    }

    formatDays(days) {
        return days === null ? "–" : formatFloat(days, { digits: [false, 1] });
    }

    getLabel(stage, column) {
        return _t("%(stage)s, %(figure)s", { stage: stageName(stage), figure: column.label });
    }
}
