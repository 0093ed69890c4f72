import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { EmojiButton } from "./emoji_button";

/** A char that holds one emoji, chosen from Odoo's own picker. */
export class LifecycleEmojiField extends Component {
    static template = "contact_lifecycle.EmojiField";
    static components = { EmojiButton };
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    update(value) {
        this.props.record.update({ [this.props.name]: value });
    }
}

export const lifecycleEmojiField = {
    component: LifecycleEmojiField,
    displayName: _t("Emoji"),
    supportedTypes: ["char"],
};

registry.category("fields").add("lifecycle_emoji", lifecycleEmojiField);
