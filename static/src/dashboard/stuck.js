import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

import { Figure } from "./figure";
import { STAGE_SHAPE, stageName } from "./stage_name";

/** The contacts that have been in their stage for too long, by stage (M5). */
export class Stuck extends Component {
    static template = "contact_lifecycle.Stuck";
    static components = { Figure };
    static props = {
        /** The answer of get_stuck() */
        stages: { type: Array, element: { type: Object, shape: STAGE_SHAPE } },
        /** Gets the stage, and whether to open a new window */
        onOpen: Function,
    };

    setup() {
        this.stageName = stageName;
    }

    getDays({ days }) {
        return days === 1 ? _t("1 day") : _t("%s days", formatInteger(days));
    }

    getLabel(stage) {
        const values = { stage: stageName(stage), days: formatInteger(stage.days) };
        return stage.days === 1
            ? _t("%(stage)s, contacts for more than 1 day", values)
            : _t("%(stage)s, contacts for more than %(days)s days", values);
    }
}
