import { Component } from "@odoo/owl";

import { formatInteger } from "@web/views/fields/formatters";

/** A number that opens the records it counts. */
export class Figure extends Component {
    static template = "contact_lifecycle.Figure";
    static props = {
        count: Number,
        /** What is counted, for those who do not see where the number stands */
        label: String,
        /** Gets whether to open a new window */
        onOpen: Function,
        class: { type: String, optional: true },
        numberClass: { type: String, optional: true },
        /** `default`: what is written beside the number */
        slots: { type: Object, optional: true },
    };

    get number() {
        return formatInteger(this.props.count);
    }
}
