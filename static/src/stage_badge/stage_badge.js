import { Component } from "@odoo/owl";

import { readableName } from "./emoji_font";

/** A stage, shown: red where contacts in it are lost. */
export class LifecycleStageBadge extends Component {
    static template = "contact_lifecycle.StageBadge";
    static props = {
        name: String,
        isLost: { type: Boolean, optional: true },
    };

    get name() {
        return readableName(this.props.name);
    }
}
