import { Component } from "@odoo/owl";

import {
    LifecycleStagePicker,
    STAGE_DOMAIN,
    STAGE_FIELDS,
    STAGE_HOTKEY,
} from "@contact_lifecycle/stage_picker/stage_picker";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useSpecialData } from "@web/views/fields/relational_utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A many2one to lifecycle.stage: the badge, and the list of stages to choose from. */
export class LifecycleStageField extends Component {
    static template = "contact_lifecycle.StageField";
    static components = { LifecycleStagePicker };
    static props = {
        ...standardFieldProps,
        autosave: { type: Boolean, optional: true },
        /** Returns the domain of the stages to choose from, of those that are not being deleted */
        domain: { type: Function, optional: true },
        isRequired: { type: Boolean, optional: true },
        string: { type: String, optional: true },
        hotkey: { type: String, optional: true },
    };

    setup() {
        this.stages = useSpecialData((orm, { domain }) =>
            orm.searchRead(
                "lifecycle.stage",
                Domain.and([STAGE_DOMAIN, domain?.() ?? []]).toList(),
                STAGE_FIELDS,
            ),
        );
    }

    onSelect(stage) {
        const value = stage && { id: stage.id, display_name: stage.display_name };
        return this.props.record.update(
            { [this.props.name]: value },
            { save: this.props.autosave },
        );
    }
}

export const lifecycleStageField = {
    component: LifecycleStageField,
    displayName: _t("Lifecycle Stage"),
    supportedOptions: [
        {
            label: _t("Autosave"),
            name: "autosave",
            type: "boolean",
            help: _t("Save the record at once when a stage is chosen, as lists and cards do."),
        },
    ],
    supportedTypes: ["many2one"],
    extractProps: ({ options, string, viewType }, { domain, readonly, required }) => ({
        autosave: options.autosave ?? viewType !== "form",
        domain,
        isRequired: required,
        hotkey: options.has_hotkey ? STAGE_HOTKEY : undefined,
        readonly,
        string,
    }),
};

registry.category("fields").add("lifecycle_stage", lifecycleStageField);
