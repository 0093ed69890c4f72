import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatPercentage } from "@web/views/fields/formatters";

import { Figure } from "./figure";
import { STAGE_SHAPE, stageName } from "./stage_name";

/** How many contacts and conversations are in a stage (M1). */
export class StageCard extends Component {
    static template = "contact_lifecycle.StageCard";
    static components = { Figure };
    static props = {
        stage: { type: Object, shape: STAGE_SHAPE },
        /** Number of contacts in all stages */
        total: Number,
        /** Gets the name of a figure, and whether to open a new window */
        onOpen: Function,
    };

    get name() {
        return stageName(this.props.stage);
    }

    get isEmpty() {
        const { contacts, open, snoozed } = this.props.stage;
        return !contacts && !open && !snoozed;
    }

    get share() {
        return this.props.total ? this.props.stage.contacts / this.props.total : 0;
    }

    get shareText() {
        return _t(
            "%s of those in lifecycle stages",
            formatPercentage(this.share, { digits: [false, 0] }),
        );
    }

    get contactsText() {
        return this.props.stage.contacts === 1 ? _t("contact") : _t("contacts");
    }

    get conversations() {
        const { stage } = this.props;
        return [
            { name: "open", text: _t("Open"), label: _t("%s, open conversations", this.name) },
            {
                name: "snoozed",
                text: _t("Snoozed"),
                label: _t("%s, snoozed conversations", this.name),
            },
            {
                name: "unassigned",
                text: _t("Unassigned"),
                label: _t("%s, unassigned conversations", this.name),
            },
        ].map((figure) => ({ ...figure, count: stage[figure.name] }));
    }
}
