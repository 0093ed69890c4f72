import { useState } from "@odoo/owl";

import { RottingKanbanHeader } from "@mail/js/rotting_mixin/rotting_kanban_header";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { formatPercentage } from "@web/views/fields/formatters";

import { isPipeline } from "./column_heads";

/** The head of a column of the pipeline: under its name, what is in it, and how many go on from there (M7). */
export class StageHeader extends RottingKanbanHeader {
    static template = "contact_lifecycle.StageHeader";

    setup() {
        super.setup();
        this.columns = useState(this.env.lifecycleColumns);
    }

    /** Whether there is a line for it, also before it is known, so that the cards stay where they are. */
    get hasLine() {
        return isPipeline(this.props.list) && (this.env.isSmall || !this.group.isFolded);
    }

    /** Whether some of the column's cards are hidden, as its bar or the number of who is stuck was clicked. */
    get isFiltered() {
        const { activeBars, rotIsFiltered } = this.props.progressBarState ?? {};
        return Boolean(activeBars?.[this.group.serverValue] || rotIsFiltered?.[this.group.id]);
    }

    /** @returns {{ name: string, text: string, title: string }[]} */
    get facts() {
        const {
            amount,
            currency_id,
            conversion = null,
        } = this.columns.heads[this.group.value] ?? {};
        const facts = [];
        if (amount && !this.isFiltered) {
            facts.push({
                name: "amount",
                text: formatCurrency(amount, currency_id, { digits: [false, 0] }),
                title: _t("Expected revenue of the open opportunities: %(amount)s", {
                    amount: formatCurrency(amount, currency_id),
                }),
            });
        }
        if (conversion !== null) {
            facts.push({
                name: "share",
                text: _t("%(share)s went on", {
                    share: formatPercentage(conversion, { digits: [false, 0] }),
                }),
                title: _t(
                    "Of all contacts that came here in the last 30 days and have left, the share that went on to a later stage.",
                ),
            });
        }
        return facts;
    }
}
