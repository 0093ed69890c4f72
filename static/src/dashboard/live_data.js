import { onWillDestroy, onWillStart, status, useComponent, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

/** Milliseconds in which several changes are shown by one reload */
const PATIENCE = 500;

/**
 * Data of the server that follows every change which the server tells agents of (M2).
 *
 * There is never more than one request on its way. What a change needs waits for it; an answer to what
 * is no longer asked is dropped.
 *
 * @param {() => Promise<any>} load
 * @param {any} [data] what is shown until the first answer
 */
export function useLiveData(load, data) {
    const component = useComponent();
    const bus = useService("bus_service");
    const state = useState({ data, error: undefined, isLoading: false });
    let question = 0;
    let timeout;

    async function run() {
        const asked = question;
        state.isLoading = true;
        let answer;
        try {
            answer = { data: await load(), error: undefined };
        } catch (error) {
            answer = { error };
        }
        if (status(component) === "destroyed") {
            return;
        }
        if (asked !== question) {
            return run();
        }
        Object.assign(state, answer, { isLoading: false });
    }

    function refresh() {
        timeout = undefined;
        if (state.isLoading) {
            refreshSoon();
        } else {
            run();
        }
    }

    function refreshSoon() {
        timeout ??= browser.setTimeout(refresh, PATIENCE);
    }

    bus.subscribe("contact_lifecycle/changed", refreshSoon);
    onWillStart(() => {
        run();
    });
    onWillDestroy(() => {
        bus.unsubscribe("contact_lifecycle/changed", refreshSoon);
        browser.clearTimeout(timeout);
    });

    return {
        state,
        /** Asks anew, because the question is another one or the last answer was an error. */
        reload() {
            question++;
            return state.isLoading ? undefined : run();
        },
    };
}
