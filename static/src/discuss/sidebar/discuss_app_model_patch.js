import { fields } from "@mail/core/common/record";
import { DiscussApp } from "@mail/core/public_web/discuss_app_model";
import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";

export const SIDEBAR_STAGE_LS = "contact_lifecycle.sidebar_stage";

patch(DiscussApp.prototype, {
    setup() {
        super.setup(...arguments);
        this._recomputeLifecycleFilter = 0;
        /**
         * Which live chats the sidebar shows: "all", "none" for those without a stage, or a stage's
         * id as a string. It outlives the page, and other tabs follow.
         */
        this.lifecycleFilter = fields.Attr("all", {
            compute() {
                void this._recomputeLifecycleFilter;
                return browser.localStorage.getItem(SIDEBAR_STAGE_LS) ?? "all";
            },
        });
    },
    setLifecycleFilter(value) {
        browser.localStorage.setItem(SIDEBAR_STAGE_LS, value);
        this.lifecycleFilter = value;
    },
    /** @param {import("models").Thread} thread */
    isHiddenByLifecycleFilter(thread) {
        const filter = this.lifecycleFilter;
        if (
            filter === "all" ||
            !thread.hasLifecycle ||
            thread.eq(this.thread) ||
            // who waits for help is everybody's business
            thread.discussAppCategory?.eq(this.livechatLookingForHelpCategory)
        ) {
            return false;
        }
        return filter !== String(thread.lifecycle_stage_id?.id ?? "none");
    },
    onStorage(ev) {
        super.onStorage(ev);
        if (ev.key === SIDEBAR_STAGE_LS) {
            this._recomputeLifecycleFilter++;
        }
    },
});
