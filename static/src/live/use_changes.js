import { onWillDestroy } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

/** Milliseconds in which several changes are shown by one reload */
const PATIENCE = 500;

/**
 * Refreshes a component soon after the server told agents that something changed, never what (M2).
 *
 * @param {() => void} refresh called once for several changes
 * @param {string} what `changed`, or `written` where it is no more than a message
 * @returns {() => void} asks for another call, where `refresh` comes at a bad moment
 */
export function useChanges(refresh, what = "changed") {
    const bus = useService("bus_service");
    const type = `contact_lifecycle/${what}`;
    let timeout;

    function refreshSoon() {
        timeout ??= browser.setTimeout(() => {
            timeout = undefined;
            refresh();
        }, PATIENCE);
    }

    bus.subscribe(type, refreshSoon);
    onWillDestroy(() => {
        bus.unsubscribe(type, refreshSoon);
        browser.clearTimeout(timeout);
    });
    return refreshSoon;
}
