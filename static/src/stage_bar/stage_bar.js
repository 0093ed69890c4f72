import {
    STAGE_DOMAIN,
    STAGE_FIELDS,
    STAGE_HOTKEY,
} from "@contact_lifecycle/stage_picker/stage_picker";
import { getStagePalette } from "@contact_lifecycle/stage_picker/stage_palette";
import {
    RottingStatusBarDurationField,
    rottingStatusBarDurationField,
} from "@mail/js/rotting_mixin/rotting_statusbar";
import { useCommand } from "@web/core/commands/command_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** The bar at the top of a contact; by its key one chooses among all stages, lost ones as well (A3). */
export class LifecycleStageBar extends RottingStatusBarDurationField {
    setup() {
        super.setup();
        this.orm = useService("orm");
        useCommand(_t("Set Stage"), () => this.getPalette(), {
            category: "smart_action",
            hotkey: `alt+${STAGE_HOTKEY}`,
            hotkeyOptions: { bypassEditableProtection: true },
            isAvailable: () => !this.props.isDisabled,
        });
    }

    async getPalette() {
        const { name, record } = this.props;
        const stages = await this.orm.searchRead("lifecycle.stage", STAGE_DOMAIN, STAGE_FIELDS);
        return getStagePalette(stages, Boolean(record.data[name]), (stage) => this.setStage(stage));
    }

    async setStage(stage) {
        const { name, record } = this.props;
        await record.update({
            [name]: stage && { id: stage.id, display_name: stage.display_name },
        });
        await record.save();
    }
}

registry.category("fields").add("lifecycle_stage_bar", {
    ...rottingStatusBarDurationField,
    // Odoo's styles go by the name of its own widget: without them the bar is as short as a button
    additionalClasses: ["o_field_rotting_statusbar_duration"],
    component: LifecycleStageBar,
});
