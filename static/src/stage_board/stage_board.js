import { useColumnHeads } from "@contact_lifecycle/stage_board/column_heads";
import { SearchHelper } from "@contact_lifecycle/stage_board/search_helper";
import { StageHeader } from "@contact_lifecycle/stage_board/stage_header";
import { rottingKanbanView } from "@mail/js/rotting_mixin/rotting_kanban_view";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KanbanArchParser } from "@web/views/kanban/kanban_arch_parser";

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

/** The pipeline, whose columns say what is in them. */
export class PipelineRenderer extends stagesFirst(rottingKanbanView.Renderer) {
    static components = { ...super.components, KanbanHeader: StageHeader };

    setup() {
        super.setup();
        this.whileMoving = useColumnHeads();
    }

    sortRecordDrop() {
        return this.whileMoving(() => super.sortRecordDrop(...arguments));
    }
}

/** What a column says of its stage to who points at it: words in the options of a view are not translated. */
export class StageBoardArchParser extends KanbanArchParser {
    parse() {
        const archInfo = super.parse(...arguments);
        archInfo.tooltipInfo.lifecycle_stage_id = {
            description: _t("Description"),
            entry_criteria: _t("Entry Criteria"),
        };
        return archInfo;
    }
}

registry.category("views").add("lifecycle_pipeline_kanban", {
    ...rottingKanbanView,
    ArchParser: StageBoardArchParser,
    Renderer: PipelineRenderer,
});
