import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// long enough to read what has happened, and to take it back
const SHOWN_FOR = 15000;

/**
 * Says what has been done to several contacts, with a button that opens the dialog to undo it (D5).
 *
 * @param {Object} env
 * @param {Object} action with the params `message`, `type`, `undo` (the action of the dialog) and `next`
 * @returns {Object} the action that comes next
 */
export function showBatchNotice(env, { params }) {
    const close = env.services.notification.add(params.message, {
        type: params.type,
        autocloseDelay: SHOWN_FOR,
        buttons: [
            {
                name: _t("Undo"),
                onClick: () => {
                    close();
                    return env.services.action.doAction(params.undo, {
                        onClose: () => env.services.action.doAction("soft_reload"),
                    });
                },
            },
        ],
    });
    return params.next;
}

registry.category("actions").add("lifecycle_batch_notice", showBatchNotice);
