import { Component, useRef } from "@odoo/owl";

import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { LifecycleStageMark } from "@contact_lifecycle/stage_badge/stage_mark";
import { LifecycleStagePicker, STAGE_HOTKEY } from "@contact_lifecycle/stage_picker/stage_picker";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** The stage of a conversation, which agents see and change (A3, I5). */
export class LifecycleThreadStage extends Component {
    static template = "contact_lifecycle.ThreadStage";
    static components = { LifecycleStageMark, LifecycleStagePicker };
    static props = {
        thread: Object,
        /** Show no more than the emoji, but on a phone, where a chat has the whole screen */
        compact: { type: Boolean, optional: true },
        /** See `LifecycleStagePicker`; a chat window has its own one */
        hotkey: { type: String, optional: true },
    };

    setup() {
        this.store = useService("mail.store");
        this.ui = useService("ui");
        if (this.props.compact) {
            this.useWindowHotkey();
        }
    }

    /** For the chat window that one writes in, as several may be open. */
    useWindowHotkey() {
        const togglerRef = useRef("toggler");
        useHotkey(`alt+${STAGE_HOTKEY}`, () => togglerRef.el.closest("button").click(), {
            area: () => togglerRef.el?.closest(".o-mail-ChatWindow"),
            bypassEditableProtection: true,
        });
    }

    get stage() {
        return this.props.thread.lifecycle_stage_id ?? false;
    }

    get stageName() {
        return readableName(this.stage.display_name);
    }

    get pickerProps() {
        const { thread } = this.props;
        return {
            beforeOpen: () => this.store.fetchLifecycleStages(),
            hotkey: this.props.hotkey,
            label: _t("Lifecycle Stage"),
            onSelect: (stage) => thread.setLifecycleStage(stage && stage.id),
            stage: this.stage,
            stages: this.store.lifecycleStages,
        };
    }
}
