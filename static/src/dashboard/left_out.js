import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

const PARTS = [
    { name: "contacts_without", label: (count) => _t("Contacts without a stage: %s", count) },
    { name: "contacts_lost", label: (count) => _t("Lost contacts: %s", count) },
    {
        name: "conversations_without",
        label: (count) => _t("Conversations without a stage: %s", count),
    },
    { name: "conversations_lost", label: (count) => _t("Lost conversations: %s", count) },
];

/** What the cards of the lifecycle stages leave out, in a small line; each part opens what it counts (M7). */
export class LeftOut extends Component {
    static template = "contact_lifecycle.LeftOut";
    static props = {
        /** The `left_out` of get_metrics(): numbers by part */
        counts: Object,
        /** Gets the name of a part, and whether to open a new window */
        onOpen: Function,
    };

    get parts() {
        const { counts } = this.props;
        return PARTS.filter(({ name }) => counts[name]).map(({ name, label }) => ({
            name,
            text: label(formatInteger(counts[name])),
        }));
    }
}
