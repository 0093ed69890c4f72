import { onWillDestroy, status } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/** Milliseconds in which several changes are shown by one reload */
const PATIENCE = 500;

/**
 * Shows what anybody changes, and counts the inboxes again: the server says that something changed,
 * to agents only and never what. Work in progress is not disturbed.
 */
function live(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            const bus = useService("bus_service");
            const refreshSoon = () => {
                this.refreshTimeout ??= browser.setTimeout(() => this.refresh(), PATIENCE);
            };
            this.refreshSoon = refreshSoon;
            bus.subscribe("contact_lifecycle/changed", refreshSoon);
            onWillDestroy(() => {
                bus.unsubscribe("contact_lifecycle/changed", refreshSoon);
                browser.clearTimeout(this.refreshTimeout);
            });
        }

        get isBusy() {
            const { root } = this.model;
            return (
                root.editedRecord ||
                root.selection?.length ||
                this.rootRef?.el?.querySelector(".o_dragged")
            );
        }

        refresh() {
            this.refreshTimeout = undefined;
            if (status(this) !== "mounted" || this.isBusy) {
                this.refreshSoon();
                return;
            }
            this.env.searchModel._notify();
        }
    };
}

registry.category("views").add("lifecycle_inbox_kanban", {
    ...kanbanView,
    Controller: live(kanbanView.Controller),
});

registry.category("views").add("lifecycle_inbox_list", {
    ...listView,
    Controller: live(listView.Controller),
});
