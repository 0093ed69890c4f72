import { cookie } from "@web/core/browser/cookie";
import { registry } from "@web/core/registry";

const COOKIE = "lifecycle_told";
/** Several are committed at once, and a replica may have the later ones before the earlier ones. */
const KEPT = 10;
/** Seconds: as long as Odoo keeps notifications */
const LIFE = 24 * 60 * 60;

/**
 * Lets the server know which changes this browser was told of last, so that no page is answered by a
 * replica that does not know of them yet (M9, `controllers/dataset.py`).
 */
export const toldService = {
    dependencies: ["bus_service"],
    start(env, { bus_service: bus }) {
        function remember(payload, { id }) {
            const told = new Set(cookie.get(COOKIE)?.split("-")).add(String(id));
            cookie.set(COOKIE, [...told].slice(-KEPT).join("-"), LIFE);
        }

        bus.subscribe("contact_lifecycle/changed", remember);
        bus.subscribe("contact_lifecycle/written", remember);
    },
};

registry.category("services").add("contact_lifecycle.told", toldService);
