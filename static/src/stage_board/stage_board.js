import { SearchHelper } from "@contact_lifecycle/stage_board/search_helper";
import { registry } from "@web/core/registry";
import { rottingKanbanView } from "@mail/js/rotting_mixin/rotting_kanban_view";

/**
 * A phone shows one column at a time: those of stages come before the one of what has none, which Odoo
 * puts first.
 */
export function stagesFirst(Renderer) {
    return class extends Renderer {
        static components = { ...Renderer.components, ActionHelper: SearchHelper };

        getGroupsOrRecords() {
            const columns = super.getGroupsOrRecords();
            const isNone = ({ group }) => group && !group.value;
            return this.env.isSmall
                ? [...columns.filter((column) => !isNone(column)), ...columns.filter(isNone)]
                : columns;
        }
    };
}

registry.category("views").add("lifecycle_pipeline_kanban", {
    ...rottingKanbanView,
    Renderer: stagesFirst(rottingKanbanView.Renderer),
});
