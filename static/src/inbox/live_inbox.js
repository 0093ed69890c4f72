import { status } from "@odoo/owl";

import { useChanges } from "@contact_lifecycle/live/use_changes";

/**
 * Shows what anybody changes, and counts the inboxes again: the server says that something changed,
 * to agents only and never what. A message changes their order alone. Work in progress is not disturbed.
 */
export function live(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            this.refreshSoon = useChanges(() => this.refresh());
            this.reorderSoon = useChanges(() => this.reorder(), "written");
        }

        get isDisturbed() {
            const { root } = this.model;
            return (
                status(this) !== "mounted" ||
                root.editedRecord ||
                root.selection?.length ||
                this.rootRef?.el?.querySelector(".o_dragged")
            );
        }

        refresh() {
            if (this.isDisturbed) {
                this.refreshSoon();
                return;
            }
            this.env.searchModel._notify();
        }

        reorder() {
            if (this.isDisturbed) {
                this.reorderSoon();
                return;
            }
            // by the search: what is searched for may be changing at this moment
            this.env.searchModel.search();
        }
    };
}
