import { isLifecycleStage } from "@contact_lifecycle/automation/trigger_filters_patch";
import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { patch } from "@web/core/utils/patch";
import { Group } from "@web/model/relational_model/group";

patch(Group.prototype, {
    /** The column of a stage has no empty box before its name, nor has its group in a list. */
    setup() {
        super.setup(...arguments);
        if (this.value && isLifecycleStage(this.groupByField)) {
            this.displayName = readableName(this.displayName);
        }
    },
});
