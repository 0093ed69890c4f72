import { Component, useState } from "@odoo/owl";

import { useDropdownDialog } from "@contact_lifecycle/inbox/dropdown_dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** From how many colleagues on there is a field to find one by */
const MANY = 8;

/** The colleagues who can take care of a conversation (I10). */
export class AssignMenu extends Component {
    static template = "contact_lifecycle.AssignMenu";
    static components = { Dropdown, DropdownItem };
    static props = {
        /** Gets the id of the chosen user */
        onSelect: Function,
    };

    setup() {
        this.dialog = useDropdownDialog(_t("Assign to…"));
        this.orm = useService("orm");
        this.state = useState({ colleagues: [], text: "" });
    }

    get hasField() {
        return this.state.colleagues.length > MANY;
    }

    get colleagues() {
        const text = this.state.text.toLowerCase();
        return this.state.colleagues.filter(({ name }) => name.toLowerCase().includes(text));
    }

    async load() {
        this.state.text = "";
        this.state.colleagues = await this.orm.call("discuss.channel", "lifecycle_colleagues", []);
    }
}
