import { LifecycleSidebarFilter } from "@contact_lifecycle/discuss/sidebar/sidebar_filter";
import { LifecycleThreadMarks } from "@contact_lifecycle/discuss/stage/thread_marks";
import {
    DiscussSidebarCategories,
    DiscussSidebarCategory,
    DiscussSidebarChannel,
} from "@mail/discuss/core/public_web/discuss_sidebar_categories";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

Object.assign(DiscussSidebarCategory.components, { LifecycleSidebarFilter });
Object.assign(DiscussSidebarChannel.components, { LifecycleThreadMarks });

patch(DiscussSidebarCategories.prototype, {
    filteredThreads(threads) {
        return super
            .filteredThreads(threads)
            .filter((thread) => !this.store.discuss.isHiddenByLifecycleFilter(thread));
    },
});

patch(DiscussSidebarCategory.prototype, {
    get actions() {
        const { discuss } = this.store;
        if (
            !this.hasLifecycleFilter ||
            !discuss.isSidebarCompact ||
            discuss.lifecycleFilter === "all"
        ) {
            return super.actions;
        }
        // a narrow sidebar has no room for the filter itself
        const showAll = {
            icon: "fa fa-filter text-primary",
            label: _t("Show All Lifecycle Stages"),
            onSelect: () => discuss.setLifecycleFilter("all"),
        };
        return [...super.actions, showAll];
    },
    get hasLifecycleFilter() {
        return (
            this.category.notEq(this.store.discuss.livechatLookingForHelpCategory) &&
            this.category.threads.some((thread) => thread.hasLifecycle)
        );
    },
});
