import { Component, useRef } from "@odoo/owl";

import { emojiFont } from "@contact_lifecycle/stage_badge/emoji_font";
import { isMobileOS } from "@web/core/browser/feature_detection";
import { useEmojiPicker } from "@web/core/emoji_picker/emoji_picker";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** An emoji that opens Odoo's own picker, and a cross that takes it away. */
export class EmojiButton extends Component {
    static template = "contact_lifecycle.EmojiButton";
    static props = {
        value: [String, { value: false }],
        /** Gets the emoji, or false */
        onSelect: Function,
        id: { type: String, optional: true },
        class: { type: String, optional: true },
    };
    static defaultProps = { class: "fs-2" };

    setup() {
        this.buttonRef = useRef("button");
        this.ui = useService("ui");
        this.picker = useEmojiPicker(undefined, {
            onSelect: (emoji) => this.props.onSelect(emoji),
            onClose: () => this.buttonRef.el?.focus(),
        });
    }

    /** Not the empty box of a browser that has no emoji */
    get isReadable() {
        return this.props.value && emojiFont.isThere();
    }

    get label() {
        return this.props.value ? _t("Change emoji %s", this.props.value) : _t("Choose emoji");
    }

    togglePicker() {
        // without a target it is a dialog; on phones, Odoo would draw it inside the target
        this.picker.toggle(this.ui.isSmall || isMobileOS() ? undefined : this.buttonRef);
    }
}
