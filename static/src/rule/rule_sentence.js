import { Component, useRef } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What in a field takes the focus, the best first; a condition is edited by its button. */
const TARGETS = ["input", "select", "textarea", ".o_field_domain_dialog_button", "button"];

/** What a rule does, in words: what in them comes from a field is a chip that leads to it (T1). */
export class RuleSentence extends Component {
    static template = "contact_lifecycle.RuleSentence";
    static props = { ...standardFieldProps };

    setup() {
        this.rootRef = useRef("root");
    }

    get parts() {
        return this.props.record.data.sentence_parts || [];
    }

    /** Who may not change the rule reads the same words. */
    get isEditable() {
        const { data, isInEdition } = this.props.record;
        return isInEdition && !data.is_standard;
    }

    focusField(name) {
        const form = this.rootRef.el.closest(".o_form_renderer");
        const field = form.querySelector(`.o_field_widget[name='${name}']`);
        const target = TARGETS.map((selector) =>
            field?.querySelector(`${selector}:not([disabled])`),
        ).find(Boolean);
        target?.scrollIntoView({ block: "center" });
        target?.focus({ focusVisible: true });
    }
}

registry.category("fields").add("lifecycle_rule_sentence", {
    component: RuleSentence,
    displayName: _t("What a rule does"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "sentence_parts", type: "json" },
        { name: "is_standard", type: "boolean" },
    ],
});
