import { Component } from "@odoo/owl";

import { emojiFont } from "./emoji_font";

/** As many as Odoo's tags have */
const COLORS = 11;

/**
 * A stage where there is no room for its name: its emoji, or what `default` shows where it has none. In a browser
 * that has no emoji, the first letter of the name, in a colour of its own.
 */
export class LifecycleStageMark extends Component {
    static template = "contact_lifecycle.StageMark";
    static props = {
        id: Number,
        name: { type: String, optional: true },
        emoji: { type: [String, { value: false }], optional: true },
        slots: { type: Object, optional: true },
    };

    get isReadable() {
        return emojiFont.isThere();
    }

    get letter() {
        return [...(this.props.name ?? "")][0]?.toLocaleUpperCase();
    }

    get color() {
        return 1 + (this.props.id % COLORS);
    }
}
