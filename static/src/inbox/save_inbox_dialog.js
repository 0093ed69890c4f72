import { Component, useState } from "@odoo/owl";

import { CheckBox } from "@web/core/checkbox/checkbox";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Saves what is searched for, with what is chosen at the left, under a name (I10). */
export class SaveInboxDialog extends Component {
    static template = "contact_lifecycle.SaveInboxDialog";
    static components = { CheckBox, Dialog };
    static props = { close: Function, searchModel: Object };

    setup() {
        this.state = useState({ name: "", isShared: false });
        useAutofocus({ refName: "name" });
    }

    get name() {
        return this.state.name.trim();
    }

    async save() {
        if (!this.name) {
            return;
        }
        await this.props.searchModel.createNewFavorite({
            description: this.name,
            isDefault: false,
            isShared: this.state.isShared,
            embeddedActionId: false,
        });
        this.props.close();
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.save();
        }
    }
}
