import { Component } from "@odoo/owl";

import { formatInteger } from "@web/views/fields/formatters";

/** A number that opens the records it counts; where there are none, just the number. */
export class Figure extends Component {
    static template = "contact_lifecycle.Figure";
    static props = {
        count: Number,
        /** What is counted, for those who do not see where the number stands */
        label: String,
        /** What is written beside the number */
        text: { type: String, optional: true },
        /** Gets whether to open a new window */
        onOpen: Function,
        class: { type: String, optional: true },
        numberClass: { type: String, optional: true },
        textClass: { type: String, optional: true },
    };

    get numberClass() {
        const { count, numberClass = "" } = this.props;
        return count ? numberClass : `text-700 ${numberClass}`;
    }

    get number() {
        return formatInteger(this.props.count);
    }

    /** What is seen comes first, so that it can be said to a computer. */
    get name() {
        const { label, text } = this.props;
        const seen = text ? `${this.number} ${text}` : this.number;
        return `${seen}, ${label}`;
    }
}
