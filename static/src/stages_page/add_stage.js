import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { InPlaceText } from "./in_place_text";

/** At the foot of a column: asks for the name of a new stage, which is enough. */
export class AddStage extends Component {
    static template = "contact_lifecycle.AddStage";
    static components = { InPlaceText };
    static props = {
        placeholder: String,
        hotkey: { type: String, optional: true },
        /** Gets the name */
        onAdd: Function,
    };

    setup() {
        this.state = useState({ isOpen: false });
    }

    get label() {
        return _t("Name of the new stage");
    }

    async add(name) {
        await this.props.onAdd(name);
        this.state.isOpen = false;
    }
}
