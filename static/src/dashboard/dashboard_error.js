import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";

const TOLD_BY_SERVER = ["odoo.exceptions.AccessError", "odoo.exceptions.UserError"];

/** Says why there are no figures, or only old ones, and what to do. */
export class DashboardError extends Component {
    static template = "contact_lifecycle.DashboardError";
    static props = {
        error: Object,
        /** Whether figures from before are still shown */
        isOutdated: Boolean,
        onRetry: Function,
        /** What is said instead of “figures”, by pages that show something else */
        failed: { type: String, optional: true },
        outdated: { type: String, optional: true },
    };

    get message() {
        const outdated = this.props.outdated ?? _t("The figures below are from before.");
        return this.props.isOutdated ? `${this.reason} ${outdated}` : this.reason;
    }

    /** Not who may not see it: they will not the next time either. */
    get canRetry() {
        return this.props.error.exceptionName !== "odoo.exceptions.AccessError";
    }

    get reason() {
        const { error } = this.props;
        if (error instanceof ConnectionLostError) {
            return _t("The server cannot be reached. Check your connection, then try again.");
        }
        if (TOLD_BY_SERVER.includes(error.exceptionName)) {
            return error.data?.message || error.message;
        }
        return (
            this.props.failed ??
            _t(
                "The figures could not be read. Try again; if that does not help, tell your administrator.",
            )
        );
    }
}
