import { Macro } from "@web/core/macro";
import { rpcBus } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";

const MINUTE = 60000;

const pending = new Set();
rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => pending.add(detail.data.id));
rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => pending.delete(detail.data.id));

/**
 * Our tours wait for what they need, however busy the machine is: Odoo gives each step up after ten
 * seconds, and closes the page as the last one is done, with what was still to be saved.
 */
patch(Macro.prototype, {
    start() {
        if (this.name?.startsWith("contact_lifecycle")) {
            this.steps.push({ trigger: () => !pending.size });
            for (const step of this.steps) {
                step.timeout = MINUTE;
            }
        }
        return super.start(...arguments);
    },
});
