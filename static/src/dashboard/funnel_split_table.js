import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { DashboardError } from "./dashboard_error";
import { Figure } from "./figure";
import { formatDays, formatShare } from "./funnel_table";
import { useLiveData } from "./live_data";
import { STAGE_SHAPE, stageName } from "./stage_name";

/** What the funnel says of a stage, and the drop-off from it, for each value of what they are split by, live (M3, M4). */
export class FunnelSplitTable extends Component {
    static template = "contact_lifecycle.FunnelSplitTable";
    static components = { DashboardError, Figure };
    static props = {
        split: { type: Object, shape: { name: String, label: String } },
        stage: { type: Object, shape: STAGE_SHAPE },
        /** From the last stage there is nowhere to convert to */
        isLast: Boolean,
        dates: { type: Array, element: String },
        onOpen: Function,
    };

    setup() {
        this.stageName = stageName;
        this.orm = useService("orm");
        this.answer = useLiveData(() => this.load());
    }

    get data() {
        return this.answer.state.data;
    }

    get columns() {
        return [
            { name: "entered", label: _t("Entered") },
            { name: "converted", label: _t("Converted"), isDetail: true },
            {
                name: "conversion",
                label: _t("Conversion"),
                format: (share) => formatShare(this.props.isLast && !share ? null : share),
            },
            { name: "lost", label: _t("Lost"), isDetail: true },
            { name: "remaining", label: _t("Still There"), isDetail: true },
            { name: "median_days", label: _t("Median Days"), format: formatDays, isDetail: true },
        ];
    }

    get dropOffTitle() {
        return _t("Drop-off from %s", stageName(this.props.stage));
    }

    get dropOffRows() {
        return this.data.rows.filter((row) => Object.keys(row.drop_off).length);
    }

    load() {
        const { dates, stage, split } = this.props;
        return this.orm.silent.call("lifecycle.dashboard", "get_funnel_split", [
            ...dates,
            stage.id,
            split.name,
        ]);
    }

    /** On a phone, there is room for the essential. */
    getClass(column) {
        return column.isDetail ? "d-none d-md-table-cell d-print-table-cell" : "";
    }

    getLabel(row, label) {
        return _t("%(value)s, %(figure)s", { value: row.name, figure: label });
    }

    openStays(row, outcome, newWindow) {
        const { dates, stage, split } = this.props;
        const args = [stage.id, outcome, ...dates, split.name, row.value];
        return this.props.onOpen("action_open_stays", args, newWindow);
    }

    openLost(row, lostStage, newWindow) {
        const { dates, stage, split } = this.props;
        const args = [stage.id, lostStage.id, ...dates, split.name, row.value];
        return this.props.onOpen("action_open_lost_stays", args, newWindow);
    }
}
