import { Macro } from "@web/core/macro";
import { patch } from "@web/core/utils/patch";

const MINUTE = 60000;

/** Our tours wait for what they need, however busy the machine is; Odoo gives each step up after ten seconds. */
patch(Macro.prototype, {
    start() {
        if (this.name?.startsWith("contact_lifecycle")) {
            for (const step of this.steps) {
                step.timeout = MINUTE;
            }
        }
        return super.start(...arguments);
    },
});
