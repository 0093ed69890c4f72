import { useExternalListener } from "@odoo/owl";

import { useBus, useService } from "@web/core/utils/hooks";

/**
 * Calls back each time that the server can be reached again.
 *
 * @param {() => void} callback
 */
export function useReconnected(callback) {
    useExternalListener(window, "online", callback);
    useBus(useService("bus_service"), "BUS:RECONNECT", callback);
}
