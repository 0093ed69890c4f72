import { Component } from "@odoo/owl";

import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

import { FunnelSplitTable } from "./funnel_split_table";
import { STAGE_SHAPE, stageName } from "./stage_name";

/** What the funnel can be split by: fields of lifecycle.funnel.report. */
export const SPLITS = [
    { name: "first_source", label: _t("First Source") },
    { name: "utm_source_id", label: _t("UTM Source") },
    { name: "utm_medium_id", label: _t("UTM Medium") },
    { name: "livechat_channel_id", label: _t("Live Chat Channel") },
    { name: "salesperson_id", label: _t("Salesperson") },
    { name: "country_id", label: _t("Country") },
    { name: "company_id", label: _t("Company") },
];

/** Chooses what the funnel of which stage is split by, and shows it (M3). */
export class FunnelSplit extends Component {
    static template = "contact_lifecycle.FunnelSplit";
    static components = { CheckboxItem, Dropdown, FunnelSplitTable };
    static props = {
        stages: { type: Array, element: { type: Object, shape: STAGE_SHAPE } },
        /** First and last day, ISO */
        dates: { type: Array, element: String },
        /** `name`: of the split, none unless chosen; `stageId`: none for the first stage */
        choice: {
            type: Object,
            shape: {
                name: { type: String, optional: true },
                stageId: { type: Number, optional: true },
            },
        },
        /** Gets the choice */
        onChoose: Function,
        /** Gets a method of the server, its arguments, and whether to open a new window */
        onOpen: Function,
    };

    setup() {
        this.stageName = stageName;
        this.splits = SPLITS.filter(
            ({ name }) => name !== "company_id" || user.allowedCompanies.length > 1,
        );
    }

    get split() {
        return this.splits.find(({ name }) => name === this.props.choice.name);
    }

    get stage() {
        const { stages, choice } = this.props;
        return stages.find(({ id }) => id === choice.stageId) ?? stages[0];
    }

    get label() {
        return this.split ? _t("Split by: %s", this.split.label) : _t("Split by");
    }

    get stageLabel() {
        return _t("Stage: %s", stageName(this.stage));
    }

    /** Another question is another table. */
    get key() {
        return [this.split.name, this.stage.id, ...this.props.dates].join();
    }
}
