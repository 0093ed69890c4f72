import { useDropdownDialog } from "@contact_lifecycle/inbox/dropdown_dialog";
import { SavedInboxes } from "@contact_lifecycle/inbox/saved_inboxes";
import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { _t } from "@web/core/l10n/translation";
import { SearchPanel } from "@web/search/search_panel/search_panel";
import { formatInteger } from "@web/views/fields/formatters";

/** The inboxes at the left; on a phone behind one button, which says what is chosen (I10). */
export class InboxPanel extends SearchPanel {
    static template = "contact_lifecycle.InboxPanel";
    static components = { ...SearchPanel.components, SavedInboxes };
    static subTemplates = {
        ...SearchPanel.subTemplates,
        category: "contact_lifecycle.InboxPanel.Category",
    };

    setup() {
        super.setup();
        this.dialog = useDropdownDialog(_t("Inboxes"));
        this.formatInteger = formatInteger;
        this.readableName = readableName;
    }

    /** What is chosen, and how many conversations are in it */
    get current() {
        const saved = this.env.searchModel.savedInboxes.find((inbox) => inbox.isActive);
        if (saved) {
            return { name: saved.description, count: saved.count };
        }
        const categories = this.sections.filter(({ type }) => type === "category");
        const chosen = categories.filter((category) => category.activeValueId);
        const values = (chosen.length ? chosen : categories.slice(0, 1)).map((category) =>
            category.values.get(category.activeValueId),
        );
        return {
            name: values.map((value) => readableName(value?.display_name ?? "")).join(" · "),
            count: values.at(-1)?.__count,
        };
    }

    /** Any other inbox is chosen in place of a saved one, also the one that was chosen before. */
    async toggleCategory(category, value) {
        const isChange = category.activeValueId !== value.id;
        const hasLeft = this.env.searchModel.leaveSavedInbox();
        await super.toggleCategory(category, value);
        if (hasLeft && !isChange) {
            this.env.searchModel._notify();
        }
    }

    /** One menu has them all. */
    getDropdownState() {
        return super.getDropdownState("inboxes");
    }
}
