import { TRIGGER_FILTERS } from "@base_automation/utils";

const isStage = TRIGGER_FILTERS.on_stage_set;

/** Whether a field is the lifecycle stage of a model. */
export const isLifecycleStage = ({ name, relation, type }) =>
    name === "lifecycle_stage_id" && type === "many2one" && relation === "lifecycle.stage";

/** “Stage is set to” is about the lifecycle stage too, in the editor (T11). */
TRIGGER_FILTERS.on_stage_set = (field) =>
    isStage(field) || isLifecycleStage({ ...field, type: field.ttype });
