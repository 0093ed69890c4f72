import { STAGE_DOMAIN, STAGE_FIELDS } from "@contact_lifecycle/stage_picker/stage_picker";
import { fields } from "@mail/core/common/record";
import { Store } from "@mail/core/common/store_service";
import { patch } from "@web/core/utils/patch";

patch(Store.prototype, {
    setup() {
        super.setup(...arguments);
        /** All stages in their order, once they were fetched. */
        this.lifecycleStages = fields.Many("lifecycle.stage");
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
