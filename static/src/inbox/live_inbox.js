import { status } from "@odoo/owl";

import { stagesFirst } from "@contact_lifecycle/stage_board/stage_board";
import { useChanges } from "@contact_lifecycle/live/use_changes";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/**
 * Shows what anybody changes, and counts the inboxes again: the server says that something changed,
 * to agents only and never what. Work in progress is not disturbed.
 */
function live(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            this.refreshSoon = useChanges(() => this.refresh());
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
    Renderer: stagesFirst(kanbanView.Renderer),
});

registry.category("views").add("lifecycle_inbox_list", {
    ...listView,
    Controller: live(listView.Controller),
});
