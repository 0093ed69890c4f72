import { Component, status, useState } from "@odoo/owl";

import { useReconnected } from "@contact_lifecycle/live/use_reconnected";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { DryRunAnswer } from "./dry_run_answer";

const DELAY = 400;

/** The dry run of the rule that stands in the form, saved or not: asked again as something in it changes (T14). */
export class RuleDryRun extends Component {
    static template = "contact_lifecycle.RuleDryRun";
    static components = { DryRunAnswer };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ answer: null, message: "", waiting: true });
        const ask = useDebounced(() => this.ask(), DELAY);
        useRecordObserver((record) => {
            this.observe(record);
            if (this.wasDirty && !record.dirty) {
                this.asked = null; // what is saved now may have been changed after the last question
            }
            this.wasDirty = record.dirty;
            ask();
        });
        useReconnected(ask);
    }

    /** Reads all that is asked about, so that each change of it is heard of. */
    observe(record) {
        for (const value of Object.values(record.data)) {
            value?.currentIds?.join();
        }
    }

    /** @returns {Promise<[number[], Object]>} the rule, none while it is new, and what has been changed in the form */
    async getForm() {
        const { record } = this.props;
        const vals = await record.getChanges({ withReadonly: true });
        return [record.resId ? [record.resId] : [], vals];
    }

    async ask() {
        const form = await this.getForm();
        const asked = JSON.stringify(form);
        if (asked === this.asked || status(this) === "destroyed") {
            return;
        }
        this.asked = asked;
        this.state.waiting = true;
        const call = this.orm.silent.call("lifecycle.rule", "get_dry_run", form);
        let answer = null;
        let message = "";
        try {
            answer = await this.keepLast.add(call);
        } catch (error) {
            this.asked = undefined; // the same question may have an answer next time
            message = this.tell(error);
        }
        Object.assign(this.state, { answer, message, waiting: false });
    }

    /** @returns {string} what is said in place of an answer */
    tell(error) {
        if (error instanceof ConnectionLostError) {
            return _t("The server cannot be reached. The dry run goes on once it can be.");
        }
        if (error instanceof RPCError) {
            return error.data?.message || error.message;
        }
        this.state.waiting = false;
        throw error;
    }

    get canSwitchOn() {
        return this.props.record.data.active === false;
    }

    /** Saves what stands in the form, too: it is what the answer is about. Where that fails, the form says why. */
    async switchOn() {
        const { record } = this.props;
        await record.update({ active: true });
        await record.save();
    }

    /** What is not saved stays in the form: the contacts open beside it. */
    async open(result, stageId, newWindow) {
        const [ids, vals] = await this.getForm();
        const isSaved = ids.length && !Object.keys(vals).length;
        const args = [ids, result, stageId, isSaved ? null : vals];
        const action = await this.orm.call("lifecycle.rule", "action_open_result", args);
        await this.action.doAction(action, { newWindow: newWindow || !isSaved });
    }
}

registry.category("view_widgets").add("lifecycle_rule_dry_run", { component: RuleDryRun });
