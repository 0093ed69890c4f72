import { Component } from "@odoo/owl";

import { useBus } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

/** Open, snoozed and closed conversations, each with their number (I10). */
export class InboxTabs extends Component {
    static template = "contact_lifecycle.InboxTabs";
    static props = {};

    setup() {
        this.formatInteger = formatInteger;
        // as the panel does: numbers come after the list
        useBus(this.env.searchModel, "update", async () => {
            await this.env.searchModel.sectionsPromise;
            this.render();
        });
        this.env.searchModel.sectionsPromise?.then(() => this.render());
    }
}
