import { Component } from "@odoo/owl";

import { LifecycleThreadStage } from "@contact_lifecycle/discuss/stage/thread_stage";
import { SnoozeMenu } from "@contact_lifecycle/discuss/snooze/snooze_menu";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";

/** Stage, contact and snooze of a conversation, for the panel beside it (A3, I4, I6). */
export class LifecycleInfo extends Component {
    static template = "contact_lifecycle.LifecycleInfo";
    static components = { Dropdown, LifecycleThreadStage, SnoozeMenu };
    static props = { thread: Object };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.store = useService("mail.store");
        this.ui = useService("ui");
    }

    get contact() {
        return this.props.thread.lifecycle_partner_id;
    }

    /** Odoo's own panel leads to a visitor who is logged in. */
    get hasContactButton() {
        return (
            this.contact && this.contact.notEq(this.props.thread.livechatVisitorMember?.partner_id)
        );
    }

    /** Keeps the conversation in sight beside the contact, as Odoo's own button does. */
    openContact() {
        const { thread } = this.props;
        if (this.ui.isSmall) {
            this.store.ChatWindow.get({ thread })?.fold();
        } else {
            thread.openChatWindow({ focus: true });
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.contact.id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    chooseContact() {
        this.dialog.add(SelectCreateDialog, {
            resModel: "res.partner",
            title: _t("Set as Contact"),
            domain: [["partner_share", "=", true]],
            multiSelect: false,
            onSelected: ([partnerId]) => this.props.thread.setLifecycleContact(partnerId),
        });
    }
}
