import { LifecycleThreadStage } from "@contact_lifecycle/discuss/stage/thread_stage";
import { STAGE_HOTKEY } from "@contact_lifecycle/stage_picker/stage_picker";
import { registerThreadAction } from "@mail/core/common/thread_actions";
import { _t } from "@web/core/l10n/translation";

registerThreadAction("lifecycle-stage", {
    component: LifecycleThreadStage,
    componentProps: ({ thread }) => ({ hotkey: STAGE_HOTKEY, thread }),
    condition: ({ owner, thread }) => owner.isDiscussContent && thread?.hasLifecycle,
    name: _t("Lifecycle Stage"),
    sequence: 10,
    sequenceGroup: 90,
});
