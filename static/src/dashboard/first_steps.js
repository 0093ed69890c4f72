import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

const STAGE_SETS = "contact_lifecycle.lifecycle_stage_set_apply_action";

/** The four steps to a running lifecycle, each with what does it, or whom to ask (S1). */
export class FirstSteps extends Component {
    static template = "contact_lifecycle.FirstSteps";
    static props = {
        /** The answer of get_steps() */
        data: Object,
        /** Gets the name of a method of the server and its arguments */
        onCall: Function,
        /** Gets an action to open */
        onOpen: Function,
    };

    setup() {
        this.doneText = _t("Done");
        this.openText = _t("To do");
    }

    get steps() {
        const { administrators, owners, steps } = this.props.data;
        return steps.map((step) => ({
            ...step,
            ...this[step.name](step),
            ask:
                step.name === "roles"
                    ? _t("Roles are given by administrators. Ask one of them: %s", administrators)
                    : _t("This is for owners of the lifecycle. Ask one of them: %s", owners),
        }));
    }

    get progress() {
        const { steps } = this.props.data;
        return _t("%(done)s of %(count)s done", {
            done: formatInteger(steps.filter((step) => step.is_done).length),
            count: formatInteger(steps.length),
        });
    }

    stages({ stages }) {
        return {
            title: _t("Choose your stages"),
            text: _t("Now there are: %s", stages),
            buttons: [
                { text: _t("Choose a Stage Set"), onClick: () => this.props.onOpen(STAGE_SETS) },
                {
                    text: _t("Keep These Stages"),
                    onClick: () => this.props.onCall("action_keep_stages"),
                },
            ],
        };
    }

    contacts({ count, is_done, is_running, stage }) {
        if (is_done) {
            return { title: _t("Let your contacts start in %s", stage) };
        }
        if (is_running) {
            return {
                title: _t("Let your contacts start in %s", stage),
                text: _t(
                    "They are starting in the background. Still to come: %s",
                    formatInteger(count),
                ),
                buttons: [],
            };
        }
        if (!count) {
            return {
                title: _t("Add a first contact"),
                text: _t("New contacts start in %s by themselves.", stage),
                buttons: [{ text: _t("Add a Contact"), onClick: () => this.addContact() }],
            };
        }
        return {
            title:
                count === 1
                    ? _t("Let 1 contact start in %s", stage)
                    : _t("Let %(count)s contacts start in %(stage)s", {
                          count: formatInteger(count),
                          stage,
                      }),
            text: _t("They have no stage yet. New contacts start there by themselves."),
            buttons: [
                {
                    text: _t("Let Them Start"),
                    onClick: () => this.props.onCall("action_start_contacts"),
                },
            ],
        };
    }

    roles() {
        return {
            title: _t("Who does what"),
            text: _t(
                "Agents set stages, managers see the figures, owners decide on stages and rules. Give your colleagues their roles.",
            ),
            buttons: [
                {
                    text: _t("Open the Users"),
                    onClick: () => this.props.onCall("action_open_users"),
                },
            ],
        };
    }

    rule({ suggestions }) {
        return {
            title: _t("Switch on a first rule"),
            text: _t("A dry run says whom a rule would move, before it is switched on."),
            choices: suggestions.map(({ name, text }) => ({
                name,
                text,
                label: _t("Dry Run: %s", text),
                onClick: () => this.props.onCall("action_suggest_rule", name),
            })),
            buttons: [],
        };
    }

    addContact() {
        return this.props.onOpen({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            views: [[false, "form"]],
            target: "current",
        });
    }
}
