import { LifecycleThreadStage } from "@contact_lifecycle/discuss/stage/thread_stage";
import { registerThreadAction } from "@mail/core/common/thread_actions";
import { _t } from "@web/core/l10n/translation";

registerThreadAction("lifecycle-stage", {
    component: LifecycleThreadStage,
    componentProps: ({ thread }) => ({ thread }),
    condition: ({ owner, thread }) => owner.isDiscussContent && thread?.hasLifecycle,
    name: _t("Lifecycle Stage"),
    sequence: 10,
    sequenceGroup: 90,
});
