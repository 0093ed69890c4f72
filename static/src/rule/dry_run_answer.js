import { Component } from "@odoo/owl";

import { Figure } from "../dashboard/figure";

/** What a rule would do, and whom it would leave alone and why: each number opens its contacts. */
export class DryRunAnswer extends Component {
    static template = "contact_lifecycle.DryRunAnswer";
    static components = { Figure };
    static props = {
        /** of the result, the id of the stage or false, the number of contacts, and what is said of them */
        counts: Array,
        /** of the id and the name of the first contacts that would move */
        names: Array,
        /** Gets the result, the id of the stage, false or null, and whether to open a new window */
        onOpen: Function,
    };

    get numbers() {
        return this.props.counts.map(([result, stageId, count, text]) => ({
            result,
            stageId,
            count,
            text,
        }));
    }

    /** Each with the address of its form: where they are shown stays open. */
    get names() {
        return this.props.names.map(([id, name]) => ({
            id,
            name,
            href: `/odoo/res.partner/${id}`,
        }));
    }

    get moved() {
        return this.numbers.filter((line) => line.result === "acted");
    }

    get left() {
        return this.numbers.filter((line) => line.result !== "acted");
    }

    openMoved() {
        return this.open({ result: "acted", stageId: null });
    }

    open({ result, stageId }, newWindow) {
        return this.props.onOpen(result, result === "acted" ? stageId : null, newWindow);
    }
}
