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
        const stages = await this._readLifecycleStages(STAGE_DOMAIN);
        this.lifecycleStages = stages.map(({ id }) => id);
    },
    /**
     * A change that somebody else made names the stage by its id alone: what it is called is read
     * here, in the language of this page. Those that come together are read together.
     *
     * @param {number} id
     */
    async nameLifecycleStage(id) {
        this.unnamedLifecycleStages ??= new Set();
        this.unnamedLifecycleStages.add(id);
        await Promise.resolve();
        const ids = [...this.unnamedLifecycleStages];
        this.unnamedLifecycleStages.clear();
        if (ids.length) {
            await this._readLifecycleStages([["id", "in", ids]]);
        }
    },
    async _readLifecycleStages(domain) {
        const stages = await this.env.services.orm.searchRead("lifecycle.stage", domain, [
            ...STAGE_FIELDS,
            "emoji",
            "name",
        ]);
        this.insert({ "lifecycle.stage": stages });
        return stages;
    },
});
