import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Figure } from "../dashboard/figure";

/** What a rule would do, and whom it would leave alone and why: each number opens its contacts. */
export class DryRunCounts extends Component {
    static template = "contact_lifecycle.DryRunCounts";
    static components = { Figure };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get numbers() {
        const counts = this.props.record.data[this.props.name] || [];
        return counts.map(([result, stageId, count, text]) => ({ result, stageId, count, text }));
    }

    /** The first of those who would move, each with the address of its form: the dialog stays open. */
    get names() {
        const names = this.props.record.data.names || [];
        return names.map(([id, name]) => ({ id, name, href: `/odoo/res.partner/${id}` }));
    }

    get moved() {
        return this.numbers.filter((line) => line.result === "acted");
    }

    get left() {
        return this.numbers.filter((line) => line.result !== "acted");
    }

    openMoved() {
        return this.open({ result: "acted", stageId: null });
    }

    async open({ result, stageId }, newWindow) {
        const ruleId = this.props.record.data.rule_id.id;
        const args = [ruleId, result, result === "acted" ? stageId : null];
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
