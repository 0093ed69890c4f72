import { fields } from "@mail/core/common/record";
import { Store } from "@mail/core/common/store_service";
import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";

patch(Store.prototype, {
    setup() {
        super.setup(...arguments);
        /** The conversation whose chat the inbox shows */
        this.lifecycleInboxThread = fields.One("Thread");
    },
});

/** A chat in the inbox is shown as one in Discuss is: it is read, and hears of messages. */
patch(Thread.prototype, {
    get isInLifecycleInbox() {
        return Boolean(this.eq(this.store.lifecycleInboxThread));
    },
    computeIsDisplayed() {
        return this.isInLifecycleInbox || super.computeIsDisplayed();
    },
    get shouldSubscribeToBusChannel() {
        return (
            super.shouldSubscribeToBusChannel || (this.isInLifecycleInbox && !this.self_member_id)
        );
    },
});
