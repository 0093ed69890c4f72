import { Component } from "@odoo/owl";
import { SaveInboxDialog } from "@contact_lifecycle/inbox/save_inbox_dialog";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

/** One's own and shared searches of conversations, each with its number, and a button that adds one (I10). */
export class SavedInboxes extends Component {
    static template = "contact_lifecycle.SavedInboxes";
    static props = {
        onChosen: { type: Function, optional: true },
    };

    setup() {
        this.dialog = useService("dialog");
        this.formatInteger = formatInteger;
    }

    choose(inbox) {
        this.props.onChosen?.();
        this.env.searchModel.toggleSavedInbox(inbox.id);
    }

    add() {
        this.props.onChosen?.();
        this.dialog.add(SaveInboxDialog, { searchModel: this.env.searchModel });
    }
}
