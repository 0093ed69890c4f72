import { Component, useRef } from "@odoo/owl";

import { isMobileOS } from "@web/core/browser/feature_detection";
import { useEmojiPicker } from "@web/core/emoji_picker/emoji_picker";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A char that holds one emoji, chosen from Odoo's own picker. */
export class LifecycleEmojiField extends Component {
    static template = "contact_lifecycle.EmojiField";
    static props = { ...standardFieldProps };

    setup() {
        this.buttonRef = useRef("button");
        this.ui = useService("ui");
        this.picker = useEmojiPicker(undefined, {
            onSelect: (emoji) => this.update(emoji),
            onClose: () => this.buttonRef.el?.focus(),
        });
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.value ? _t("Change emoji %s", this.value) : _t("Choose emoji");
    }

    togglePicker() {
        // without a target it is a dialog; on phones, Odoo would draw it inside the target
        this.picker.toggle(this.ui.isSmall || isMobileOS() ? undefined : this.buttonRef);
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
