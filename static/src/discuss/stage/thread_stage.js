import { Component } from "@odoo/owl";

import { LifecycleStageMark } from "@contact_lifecycle/stage_badge/stage_mark";
import { LifecycleStagePicker } from "@contact_lifecycle/stage_picker/stage_picker";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** The stage of a conversation, which agents see and change (A3, I5). */
export class LifecycleThreadStage extends Component {
    static template = "contact_lifecycle.ThreadStage";
    static components = { LifecycleStageMark, LifecycleStagePicker };
    static props = {
        thread: Object,
        /** Show no more than the emoji */
        compact: { type: Boolean, optional: true },
    };

    setup() {
        this.store = useService("mail.store");
    }

    get stage() {
        return this.props.thread.lifecycle_stage_id ?? false;
    }

    get pickerProps() {
        const { thread } = this.props;
        return {
            beforeOpen: () => this.store.fetchLifecycleStages(),
            label: _t("Lifecycle Stage"),
            onSelect: (stage) => thread.setLifecycleStage(stage && stage.id),
            stage: this.stage,
            stages: this.store.lifecycleStages,
        };
    }
}
