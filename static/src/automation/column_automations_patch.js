import "@base_automation/group_config_menu_patch"; // which this one comes after

import { patch } from "@web/core/utils/patch";
import { GroupConfigMenu } from "@web/views/view_components/group_config_menu";
import { isLifecycleStage } from "./trigger_filters_patch";

patch(GroupConfigMenu.prototype, {
    /** The column of a lifecycle stage leads to its automations, as the stage itself does (T11). */
    async openAutomations() {
        const { groupByField, value } = this.group;
        if (!value || !isLifecycleStage(groupByField)) {
            return super.openAutomations();
        }
        const action = await this.orm.call("lifecycle.stage", "action_automations", [[value]]);
        return this.action.doAction(action);
    },
});
