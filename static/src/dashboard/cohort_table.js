import { Component } from "@odoo/owl";

import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatPercentage } from "@web/views/fields/formatters";

import { Figure } from "./figure";
import { STAGE_SHAPE, stageName } from "./stage_name";

/** How far those have come who entered their first stage in a month; each number opens its contacts (M3, M7). */
export class CohortTable extends Component {
    static template = "contact_lifecycle.CohortTable";
    static components = { Figure };
    static props = {
        /** Those of get_cohorts() */
        stages: { type: Array, element: { type: Object, shape: STAGE_SHAPE } },
        cohorts: Array,
        /** Gets the cohort, the stage or nothing for all of the cohort, and whether to open a new window */
        onOpen: Function,
    };

    setup() {
        this.stageName = stageName;
    }

    formatMonth({ month }) {
        return deserializeDate(month).toFormat("LLL yyyy");
    }

    formatShare({ share }) {
        return formatPercentage(share, { digits: [false, 0] });
    }

    formatMedian({ median_days }) {
        if (median_days === null) {
            return "";
        }
        return median_days === 1
            ? _t("1 day")
            : _t("%s days", formatFloat(median_days, { digits: [false, 1] }));
    }

    getLabel(cohort, stage) {
        const month = this.formatMonth(cohort);
        return stage
            ? _t("First entered in %(month)s, reached %(stage)s", {
                  month,
                  stage: stageName(stage),
              })
            : _t("First entered in %(month)s", { month });
    }
}
