import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";

import { Figure } from "./figure";
import { stageName } from "./stage_name";

/** From which stage contacts went to which lost stage, and whom of them to approach again (M4). */
export class DropOff extends Component {
    static template = "contact_lifecycle.DropOff";
    static components = { Figure };
    static props = {
        /** The `drop_off` of get_funnel() */
        rows: Array,
        /** Gets the row, or an empty object for all of them, and whether to open a new window */
        onOpen: Function,
        /** Gets the row, and whether to open a new window */
        onReengage: Function,
    };

    get rows() {
        return this.props.rows.map((row) => ({
            ...row,
            key: `${row.from_id}-${row.to_id}`,
            from: stageName({ emoji: row.from_emoji, name: row.from_name }),
            to: stageName({ emoji: row.to_emoji, name: row.to_name }),
            share: formatPercentage(row.count / this.total, { digits: [false, 0] }),
        }));
    }

    get total() {
        return this.props.rows.reduce((total, { count }) => total + count, 0);
    }

    getCountLabel(row) {
        return _t("Lost from %(from)s to %(to)s", { from: row.from, to: row.to });
    }

    getReengageText(row) {
        return _t("Re-engage %s", formatInteger(row.reengage));
    }

    getLabel(row) {
        return _t("Re-engage contacts lost from %(from)s to %(to)s: %(count)s", {
            from: row.from,
            to: row.to,
            count: formatInteger(row.reengage),
        });
    }
}
