import { TRIGGER_FILTERS } from "@base_automation/utils";

const isStage = TRIGGER_FILTERS.on_stage_set;

/** “Stage is set to” is about the lifecycle stage too, in the editor and in the menu of a kanban column (T11). */
TRIGGER_FILTERS.on_stage_set = (field) =>
    isStage(field) ||
    (field.name === "lifecycle_stage_id" &&
        field.ttype === "many2one" &&
        field.relation === "lifecycle.stage");
