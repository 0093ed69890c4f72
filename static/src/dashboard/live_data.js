import { onWillStart, status, useComponent, useState } from "@odoo/owl";

import { useChanges } from "@contact_lifecycle/live/use_changes";
import { useReconnected } from "@contact_lifecycle/live/use_reconnected";
import { ConnectionLostError } from "@web/core/network/rpc";

/** Milliseconds from which an answer is hard work for the database; how many times as long it is then left in peace */
const SLOW = 3000;
const REST = 10;

/**
 * Data of the server that follows every change which the server tells agents of (M2).
 *
 * There is never more than one request on its way. What a change needs waits for it; an answer to what
 * is no longer asked is dropped. Where the server could not be reached, it is asked again as soon as it can be.
 * What takes long to count is counted the less often, however much changes (M8).
 *
 * @param {() => Promise<any>} load
 * @param {any} [data] what is shown until the first answer
 */
export function useLiveData(load, data) {
    const component = useComponent();
    const state = useState({ data, error: undefined, isLoading: false });
    let question = 0;
    let restsUntil = 0;

    async function run() {
        const asked = question;
        const began = Date.now();
        state.isLoading = true;
        let answer;
        try {
            answer = { data: await load(), error: undefined };
        } catch (error) {
            answer = { error };
        }
        const took = Date.now() - began;
        restsUntil = took > SLOW ? Date.now() + REST * took : 0;
        if (status(component) === "destroyed") {
            return;
        }
        if (asked !== question) {
            return run();
        }
        Object.assign(state, answer, { isLoading: false });
    }

    const refreshSoon = useChanges(() =>
        state.isLoading || Date.now() < restsUntil ? refreshSoon() : run(),
    );
    onWillStart(() => {
        run();
    });

    useReconnected(() => {
        if (state.error instanceof ConnectionLostError && !state.isLoading) {
            run();
        }
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
