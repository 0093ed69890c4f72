import { Component, onMounted, useRef, useState } from "@odoo/owl";

import { useAutoresize } from "@web/core/utils/autoresize";

/** A text that is edited where it stands, and saved when one leaves it. What the server refuses stays as it was typed. */
export class InPlaceText extends Component {
    static template = "contact_lifecycle.InPlaceText";
    static props = {
        value: [String, { value: false }],
        /** What the text is, for those who do not see where it stands */
        label: String,
        placeholder: { type: String, optional: true },
        class: { type: String, optional: true },
        hasLines: { type: Boolean, optional: true },
        hasFocus: { type: Boolean, optional: true },
        isReadonly: { type: Boolean, optional: true },
        /** Gets the text that was typed, and fails where it is refused */
        onSave: Function,
        /** Called when one leaves it as it was */
        onLeave: { type: Function, optional: true },
    };

    setup() {
        this.state = useState({ typed: undefined, isRefused: false });
        this.textRef = useRef("text");
        useAutoresize(this.textRef);
        onMounted(() => this.props.hasFocus && this.textRef.el?.focus());
    }

    get text() {
        return this.state.typed ?? (this.props.value || "");
    }

    onInput(ev) {
        this.state.typed = ev.target.value;
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            this.forget();
            ev.target.blur();
        } else if (ev.key === "Enter" && !this.props.hasLines && !ev.isComposing) {
            ev.preventDefault();
            ev.target.blur();
        }
    }

    async onBlur(ev) {
        if (document.activeElement === ev.target) {
            return; // it is the window that one has left
        }
        const { typed } = this.state;
        if (typed === undefined || typed === (this.props.value || "")) {
            this.forget();
            return this.props.onLeave?.();
        }
        if (typed === this.saving) {
            return;
        }
        this.state.isRefused = false;
        this.saving = typed;
        try {
            await this.props.onSave(typed);
        } catch (error) {
            this.state.isRefused = true;
            throw error;
        } finally {
            this.saving = undefined;
        }
        if (this.state.typed === typed) {
            this.forget();
        }
    }

    forget() {
        Object.assign(this.state, { typed: undefined, isRefused: false });
    }
}
