import { Component } from "@odoo/owl";

import { SnoozeDialog } from "@contact_lifecycle/discuss/snooze/snooze_dialog";
import { formatMoment, getSnoozePresets } from "@contact_lifecycle/discuss/snooze/snooze_presets";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useService } from "@web/core/utils/hooks";

/** The items of the snooze menu of a conversation (I4). */
export class SnoozeMenu extends Component {
    static template = "contact_lifecycle.SnoozeMenu";
    static components = { DropdownItem };
    static props = { thread: Object };

    setup() {
        this.dialog = useService("dialog");
        this.formatMoment = formatMoment;
    }

    get presets() {
        return getSnoozePresets();
    }

    chooseMoment() {
        this.dialog.add(SnoozeDialog, { thread: this.props.thread });
    }
}
