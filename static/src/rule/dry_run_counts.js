import { Component, xml } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { DryRunAnswer } from "./dry_run_answer";

/** The answer in the dialog of the dry run of a saved rule. */
export class DryRunCounts extends Component {
    static template = xml`<DryRunAnswer counts="counts" names="names" onOpen.bind="open"/>`;
    static components = { DryRunAnswer };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get counts() {
        return this.props.record.data[this.props.name] || [];
    }

    get names() {
        return this.props.record.data.names || [];
    }

    async open(result, stageId, newWindow) {
        const ruleId = this.props.record.data.rule_id.id;
        const args = [ruleId, result, stageId];
        const action = await this.orm.call("lifecycle.rule", "action_open_result", args);
        await this.action.doAction(action, { newWindow });
    }
}

registry.category("fields").add("lifecycle_dry_run_counts", {
    component: DryRunCounts,
    displayName: _t("Dry Run"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "names", type: "json" }],
});
