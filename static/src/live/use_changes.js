import { onWillDestroy } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

/** Milliseconds in which several changes are shown by one reload */
const PATIENCE = 500;

/**
 * Refreshes a component soon after the server told agents that something changed, never what (M2).
 *
 * @param {() => void} refresh called once for several changes
 * @returns {() => void} asks for another call, where `refresh` comes at a bad moment
 */
export function useChanges(refresh) {
    const bus = useService("bus_service");
    let timeout;

    function refreshSoon() {
        timeout ??= browser.setTimeout(() => {
            timeout = undefined;
            refresh();
        }, PATIENCE);
    }

    bus.subscribe("contact_lifecycle/changed", refreshSoon);
    onWillDestroy(() => {
        bus.unsubscribe("contact_lifecycle/changed", refreshSoon);
        browser.clearTimeout(timeout);
    });
    return refreshSoon;
}
