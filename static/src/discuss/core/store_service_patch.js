import { STAGE_DOMAIN, STAGE_FIELDS } from "@contact_lifecycle/stage_picker/stage_picker";
import { fields } from "@mail/core/common/record";
import { Store } from "@mail/core/common/store_service";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";

patch(Store.prototype, {
    setup() {
        super.setup(...arguments);
        /** Whether the user may change stages: known once a conversation with a stage is loaded. */
        this.isLifecycleAgent = false;
        /** All stages in their order, once they were fetched. */
        this.lifecycleStages = fields.Many("lifecycle.stage");
    },
    async loadIsLifecycleAgent() {
        this.isLifecycleAgent = await user.hasGroup("contact_lifecycle.group_agent");
    },
    /** Fetched whenever a list of them opens: somebody may have added one in the meantime. */
    async fetchLifecycleStages() {
        const stages = await this.env.services.orm.searchRead("lifecycle.stage", STAGE_DOMAIN, [
            ...STAGE_FIELDS,
            "emoji",
            "name",
        ]);
        this.insert({ "lifecycle.stage": stages });
        this.lifecycleStages = stages.map(({ id }) => id);
    },
});
