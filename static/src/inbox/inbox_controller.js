import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { InboxBar } from "@contact_lifecycle/inbox/inbox_bar";
import { InboxChat } from "@contact_lifecycle/inbox/inbox_chat";
import { InboxRow } from "@contact_lifecycle/inbox/inbox_row";
import { InboxTabs } from "@contact_lifecycle/inbox/inbox_tabs";
import { SearchHelper } from "@contact_lifecycle/stage_board/search_helper";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { useModelWithSampleData } from "@web/model/model";
import { extractFieldsFromArchInfo } from "@web/model/relational_model/utils";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { usePager } from "@web/search/pager_hook";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";

const LIMIT = 40;

/** The list of conversations, what is done with them, and the chat of the one that is open (I10). */
export class InboxController extends Component {
    static template = "contact_lifecycle.Inbox";
    static components = {
        InboxBar,
        InboxChat,
        InboxRow,
        InboxTabs,
        Layout,
        SearchBar,
        SearchHelper,
    };
    static props = { ...standardViewProps, archInfo: Object, Model: Function };

    setup() {
        this.store = useService("mail.store");
        this.rootRef = useRef("root");
        this.listRef = useRef("list");
        this.chatRef = useRef("chat");
        /** `currentId`: where the keys are; `openId`: whose chat is shown; both ids of conversations */
        this.state = useState({ currentId: false, openId: false, ...this.props.state?.inbox });
        this.model = useState(useModelWithSampleData(this.props.Model, this.modelParams));
        this.searchBarToggler = useSearchBarToggler();
        useSetupAction({
            rootRef: this.rootRef,
            getLocalState: () => ({
                inbox: { ...this.state },
                modelState: this.model.exportState(),
            }),
        });
        usePager(() => {
            const { count, hasLimitedCount, limit, offset } = this.model.root;
            return {
                offset,
                limit,
                total: count,
                onUpdate: (page) => this.model.root.load(page),
                updateTotal: hasLimitedCount ? () => this.model.root.fetchCount() : undefined,
            };
        });
        this.useKeys();
        useEffect(
            () => this.focusCurrent(),
            () => [],
        );
        this.store.fetchLifecycleStages();
    }

    get modelParams() {
        const { archInfo, limit, resModel, state } = this.props;
        const { activeFields, fields } = extractFieldsFromArchInfo(archInfo, this.props.fields);
        return {
            config: state?.modelState?.config ?? { activeFields, fields, resModel },
            state: state?.modelState,
            limit: limit || LIMIT,
            defaultOrderBy: archInfo.defaultOrder,
        };
    }

    get records() {
        return this.model.root.records ?? [];
    }

    get current() {
        return this.records.find(({ resId }) => resId === this.state.currentId) ?? this.records[0];
    }

    /** What the buttons above the list are for: the ticked conversations, else the current one. */
    get targets() {
        const { selection } = this.model.root;
        if (selection?.length) {
            return selection;
        }
        // without keys there is no current one
        return this.current && !this.env.isSmall ? [this.current] : [];
    }

    useKeys() {
        const inList = { allowRepeat: true, area: () => this.listRef.el };
        useHotkey("arrowdown", () => this.walk(1), inList);
        useHotkey("arrowup", () => this.walk(-1), inList);
        useHotkey("escape", () => this.focusCurrent(), {
            area: () => this.chatRef.el,
            bypassEditableProtection: true,
        });
    }

    walk(step) {
        const index = this.records.indexOf(this.current) + step;
        const next = this.records[Math.max(0, Math.min(index, this.records.length - 1))];
        if (next) {
            this.state.currentId = next.resId;
            this.focusCurrent();
        }
    }

    focusCurrent() {
        const { resId } = this.current ?? {};
        this.listRef.el
            ?.querySelector(`.o_contact_lifecycle_inbox_open[data-id="${resId}"]`)
            ?.focus();
    }

    async open(record) {
        this.state.currentId = record.resId;
        if (this.env.isSmall) {
            const thread = await this.store.Thread.getOrFetch({
                model: "discuss.channel",
                id: record.resId,
            });
            await thread?.openChatWindow({ focus: true });
        } else {
            this.state.openId = record.resId;
        }
    }

    /** What was done may take conversations out of the list, and changes numbers. */
    onDone() {
        for (const record of [...(this.model.root.selection ?? [])]) {
            record.toggleSelection(false);
        }
        return this.env.searchModel._notify();
    }
}
