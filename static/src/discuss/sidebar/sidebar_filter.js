import { Component, onWillStart } from "@odoo/owl";

import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { LifecycleStageMark } from "@contact_lifecycle/stage_badge/stage_mark";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

/** Narrows the live chats of the sidebar down to those in one stage. */
export class LifecycleSidebarFilter extends Component {
    static template = "contact_lifecycle.SidebarFilter";
    static components = { CheckboxItem, Dropdown, LifecycleStageMark };
    static props = { category: Object };

    setup() {
        this.store = useService("mail.store");
        onWillStart(() => this.forgetDeletedStage());
    }

    get options() {
        return [
            { value: "all", label: _t("All Stages") },
            ...this.store.lifecycleStages.map((stage) => ({
                value: String(stage.id),
                label: readableName(stage.display_name),
                stage,
            })),
            { value: "none", label: _t("No stage") },
        ];
    }

    get current() {
        const { lifecycleFilter } = this.store.discuss;
        return this.options.find(({ value }) => value === lifecycleFilter) ?? this.options[0];
    }

    get isActive() {
        return this.store.discuss.lifecycleFilter !== "all";
    }

    get unreadCount() {
        return this.props.category.threads.filter(
            (thread) =>
                thread.displayInSidebar &&
                thread.isUnread &&
                this.store.discuss.isHiddenByLifecycleFilter(thread),
        ).length;
    }

    get title() {
        const title = _t("Filter by lifecycle stage: %s", this.current.label);
        return this.unreadCount
            ? _t("%(title)s (unread and not shown: %(count)s)", {
                  title,
                  count: formatInteger(this.unreadCount),
              })
            : title;
    }

    /** The filter on a stage that is gone would hide every conversation. */
    async forgetDeletedStage() {
        const { discuss } = this.store;
        if (!["all", "none"].includes(discuss.lifecycleFilter)) {
            await this.store.fetchLifecycleStages();
            if (this.current.value !== discuss.lifecycleFilter) {
                discuss.setLifecycleFilter("all");
            }
        }
    }
}
