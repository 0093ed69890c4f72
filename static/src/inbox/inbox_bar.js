import { Component, useRef } from "@odoo/owl";

import { AssignMenu } from "@contact_lifecycle/inbox/assign_menu";
import { LifecycleStagePicker } from "@contact_lifecycle/stage_picker/stage_picker";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

/** What is done with one conversation or with several, by buttons and keys (I10). */
export class InboxBar extends Component {
    static template = "contact_lifecycle.InboxBar";
    static components = { AssignMenu, LifecycleStagePicker };
    static props = {
        records: Array,
        /** Those of `records` that something is done with */
        targets: Array,
        onDone: Function,
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.store = useService("mail.store");
        this.rootRef = useRef("root");
        // wherever one is in the inbox, but not while one writes
        const area = () => this.rootRef.el?.closest(".o_contact_lifecycle_inbox");
        useHotkey("s", () => this.openStages(), { area });
        useHotkey("z", () => this.snooze(), { area });
    }

    get ids() {
        return this.props.targets.map(({ resId }) => resId);
    }

    get selected() {
        return this.props.records.filter((record) => record.selected);
    }

    get selectedNumber() {
        return formatInteger(this.selected.length);
    }

    get selectedText() {
        return _t("%s selected", this.selectedNumber);
    }

    get areAllSelected() {
        const { records } = this.props;
        return Boolean(records.length) && this.selected.length === records.length;
    }

    get canSnooze() {
        return this.hasOnly(({ lifecycle_status }) => lifecycle_status !== "closed");
    }

    get canTakeOver() {
        return this.hasOnly(
            ({ lifecycle_is_unassigned, lifecycle_status }) =>
                lifecycle_is_unassigned && lifecycle_status !== "closed",
        );
    }

    get stagePickerProps() {
        const stages = this.props.targets.map(({ data }) => data.lifecycle_stage_id);
        const isOne = stages.length && stages.every(({ id }) => id === stages[0].id);
        return {
            beforeOpen: () => this.store.fetchLifecycleStages(),
            label: _t("Set Stage"),
            onSelect: (stage) => this.call("action_lifecycle_set_stage", stage && stage.id),
            stage: isOne ? stages[0] : false,
            stages: this.store.lifecycleStages,
        };
    }

    hasOnly(predicate) {
        const { targets } = this.props;
        return Boolean(targets.length) && targets.every(({ data }) => predicate(data));
    }

    toggleAll() {
        const selected = !this.areAllSelected;
        for (const record of this.props.records) {
            record.toggleSelection(selected);
        }
    }

    openStages() {
        this.rootRef.el.querySelector(".o_contact_lifecycle_stage_picker")?.click();
    }

    async call(method, ...args) {
        await this.orm.call("discuss.channel", method, [this.ids, ...args]);
        await this.props.onDone();
    }

    snooze() {
        if (this.canSnooze) {
            this.action.doAction("contact_lifecycle.lifecycle_conversation_snooze_action", {
                additionalContext: { active_ids: this.ids, active_model: "discuss.channel" },
                onClose: (infos) => !infos?.dismiss && this.props.onDone(),
            });
        }
    }
}
